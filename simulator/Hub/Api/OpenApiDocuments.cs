using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Gateway.Hub.Api;

/// <summary>The OpenAPI document: examples from the endpoints' own types, ways in, and what every operation has in common. Served at <c>/openapi/v1.json</c>.</summary>
public static class OpenApiDocuments
{
    private const string Introduction =
        """
        The station's hub. Drive a call with it: watch `/api/events` (server-sent events) or list `/api/incidents`, take one with `accept`, send somebody with `dispatch`
        (ask `suggestions` who is there first), then `enRoute`, `arrive`, `handle`, `report`, `followUp`, `close`: each is one POST to `/api/incidents/{id}/commands`, told by its `type`.

        **Ways in.** Programs: `Authorization: Bearer <token>`. Browsers: the session cookie, and then every change carries the header `X-Gateway-Console: 1`.
        **Refusals.** Problem documents (RFC 9457): `refusal` is the name for programs, `detail` the sentence for people, `errors` names the member of a malformed request.
        Every operation that needs a right may answer 401 (no way in) and 403 (the caller's duties do not include it), as such a document.
        **Repeating.** Every change of an incident takes an `Idempotency-Key` header (1 to 64 visible ASCII characters): sent twice, it is done once and answered alike.
        **Paging.** Lists answer `next`; send it back as `cursor`. `next` is null at the end.
        **Several stations.** A hub may have several (`listStations`). A caller of one station, or of a level above, finds what is of those stations and nothing else; `?station=ID` on any request limits it to one of them.
        **Examples** of answers without a story show the form: one of each list, and every member that there can be.
        **Times** are ISO 8601 with offset. **Texts** about places come in `zh` and `en`.
        """;

    public static IServiceCollection AddOpenApiDocuments(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Emergency-call gateway hub";
            document.Info.Version = "1";
            document.Info.Description = Introduction;
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token made by an administrator, or the one in a demo's demo.json." },
                ["session"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "gateway-session", Description = "Set by signIn." },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(ProblemDetails))
            {
                AddRefusal(schema);
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            AddSecurity(operation, context.Document, metadata);
            var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            foreach (var example in metadata.OfType<OperationExample>())
            {
                AddExamples(operation, example, json);
            }

            AddForms(operation, context.Description.SupportedResponseTypes, json);
            return Task.CompletedTask;
        });
    });

    /// <summary>An example request and answer, as values of the endpoint's own types: they cannot drift from them.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder endpoint, object? request, object? answer) =>
        endpoint.WithMetadata(new OperationExample("example", request, request?.GetType(), answer));

    /// <summary>One of several example requests. <typeparamref name="T"/> is the endpoint's body type, so that a case is written with its discriminator.</summary>
    public static RouteHandlerBuilder WithExample<T>(this RouteHandlerBuilder endpoint, string name, T request) =>
        endpoint.WithMetadata(new OperationExample(name, request, typeof(T), null));

    public static RouteHandlerBuilder WithAnswerExample(this RouteHandlerBuilder endpoint, object answer) =>
        endpoint.WithMetadata(new OperationExample("example", null, null, answer));

    private static void AddSecurity(OpenApiOperation operation, OpenApiDocument? document, IList<object> metadata)
    {
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            return;
        }

        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("session", document)] = [] },
        ];
        var right = metadata.OfType<IAuthorizeData>().Select(data => data.Policy).LastOrDefault(policy => policy is not null && Rights.All.Contains(policy));
        if (right is not null)
        {
            operation.Description = $"{operation.Description}{(operation.Description is null ? "" : "\n\n")}Needs the right `{right}`.";
        }
    }

    /// <summary>What every problem of ours has besides the members of RFC 9457.</summary>
    private static void AddRefusal(OpenApiSchema schema)
    {
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Properties["refusal"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The refusal's name, for programs: stable, in kebab case." };
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Of a malformed request: sentences by the member at fault.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
        schema.Examples = [new JsonObject { ["title"] = "no-report", ["status"] = 409, ["detail"] = "The follow-up comes after the report.", ["refusal"] = "no-report" }];
    }

    private static void AddExamples(OpenApiOperation operation, OperationExample example, JsonSerializerOptions json)
    {
        // A body that is no JSON: its text as it is.
        if (example.Request is string text && operation.RequestBody?.Content?.FirstOrDefault(content => content.Key != "application/json").Value is { } raw)
        {
            raw.Examples ??= new Dictionary<string, IOpenApiExample>();
            raw.Examples[example.Name] = new OpenApiExample { Value = text };
        }

        if (example.Request is { } request && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
        {
            body.Examples ??= new Dictionary<string, IOpenApiExample>();
            body.Examples[example.Name] = new OpenApiExample { Value = JsonSerializer.SerializeToNode(request, example.RequestType!, json) };
        }

        // An answer that is no JSON, too.
        if (example.Answer is string said && operation.Responses?.FirstOrDefault(response => response.Key.StartsWith('2')).Value?.Content?.FirstOrDefault(content => content.Key != "application/json").Value is { } plain)
        {
            plain.Example = said;
            return;
        }

        if (example.Answer is { } answer && operation.Responses?.FirstOrDefault(response => response.Key.StartsWith('2')).Value?.Content?.TryGetValue("application/json", out var ok) == true)
        {
            ok.Example = JsonSerializer.SerializeToNode(answer, answer.GetType(), json);
        }
    }

    /// <summary>An answer without an example of its own shows its form.</summary>
    private static void AddForms(OpenApiOperation operation, IEnumerable<ApiResponseType> answers, JsonSerializerOptions json)
    {
        foreach (var answer in answers.Where(answer => answer.StatusCode is >= 200 and < 300 && answer.Type is not null && answer.Type != typeof(void)))
        {
            if (operation.Responses?.TryGetValue(answer.StatusCode.ToString(CultureInfo.InvariantCulture), out var response) == true
                && response.Content?.TryGetValue("application/json", out var content) == true && content is { Example: null })
            {
                content.Example = AnswerExamples.Of(answer.Type!, json);
            }
        }
    }

    private sealed record OperationExample(string Name, object? Request, Type? RequestType, object? Answer);
}
