using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Hub.Api;

/// <summary>Every refusal of the API is a problem document (RFC 9457): <c>refusal</c> holds its name, for programs; <c>detail</c> the sentence, for people.</summary>
public static partial class Problems
{
    public const string RefusalMember = "refusal";

    public static ProblemHttpResult Refused(string name, string text, int status = StatusCodes.Status409Conflict) =>
        TypedResults.Problem(statusCode: status, title: name, detail: text, extensions: new Dictionary<string, object?> { [RefusalMember] = name });

    public static ProblemHttpResult Unknown(string what) =>
        Refused("unknown-" + what, $"There is no such {what}.", StatusCodes.Status404NotFound);

    /// <summary>The request itself is wrong: <c>errors</c> names the member, as the JSON or the query spells it.</summary>
    public static ProblemHttpResult Invalid(string member, string text, string name = "invalid-request") =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status400BadRequest,
            title: name,
            detail: text,
            extensions: new Dictionary<string, object?> { [RefusalMember] = name, ["errors"] = new Dictionary<string, string[]> { [member] = [text] } });

    /// <summary>Several places of the request are wrong: a sentence or more for each.</summary>
    public static ProblemHttpResult Invalid(string name, IReadOnlyDictionary<string, string[]> errors) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status400BadRequest,
            title: name,
            detail: string.Join(' ', errors.Take(3).Select(error => $"{error.Key}: {error.Value[0]}")),
            extensions: new Dictionary<string, object?> { [RefusalMember] = name, ["errors"] = errors });

    /// <summary>What broke before or outside a handler, told like every other refusal; never a stack trace.</summary>
    public static Task WriteException(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        ProblemHttpResult problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => InvalidJson(json),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Refused("too-large", "The request body is larger than this endpoint takes.", StatusCodes.Status413PayloadTooLarge),
            HubUnavailableException => Refused("nothing-can-be-stored", "The hub cannot store anything now, and so it did nothing.", StatusCodes.Status503ServiceUnavailable),
            BadHttpRequestException bad when Parameter().Match(bad.Message) is { Success: true } named => Invalid(named.Groups[1].Value, $"'{named.Groups[1].Value}' is not what the document describes."),
            BadHttpRequestException bad => Refused("invalid-request", "The request is not what the document describes: is its body JSON, and is it there?", bad.StatusCode),
            NotSupportedException kind when kind.Message.Contains("type discriminator", StringComparison.Ordinal) => Invalid("type", "The member 'type' is missing: it says which command this is.", "missing-member"),
            _ => Refused("internal-error", "The hub could not do this. The reason is in its log.", StatusCodes.Status500InternalServerError),
        };
        context.Response.StatusCode = problem.StatusCode;
        return problem.ExecuteAsync(context);
    }

    /// <summary>Bodies for answers that are a bare status: 401, 403, 404, 405, 415, 429.</summary>
    public static Task WriteStatus(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var (name, text) = status switch
        {
            StatusCodes.Status401Unauthorized => ("not-signed-in", "Sign in, or send a bearer token."),
            StatusCodes.Status403Forbidden => ("not-allowed", "Your duties do not include this."),
            StatusCodes.Status404NotFound => ("not-found", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => ("wrong-method", "This address knows other methods."),
            StatusCodes.Status413PayloadTooLarge => ("too-large", "The request body is larger than this endpoint takes."),
            StatusCodes.Status415UnsupportedMediaType => ("wrong-media-type", "Send application/json."),
            StatusCodes.Status429TooManyRequests => ("too-many-tries", "Too many tries. Wait a minute."),
            _ => ("status-" + status, "The hub answered with status " + status + "."),
        };
        return Refused(name, text, status).ExecuteAsync(context);
    }

    /// <summary>The serialiser knows a wrong member by its path; missing ones only in its message, quoted after a colon (a test holds us to its wording).</summary>
    private static ProblemHttpResult InvalidJson(JsonException exception)
    {
        const string MissingMark = "including: ";
        var missing = exception.Message.IndexOf(MissingMark, StringComparison.Ordinal);
        if (missing >= 0)
        {
            var name = exception.Message[(missing + MissingMark.Length)..].Split('\'')[1];
            return Invalid(name, $"The member '{name}' is missing.", "missing-member");
        }

        var member = exception.Path is { Length: > 2 } path ? path[2..] : "$";
        return Invalid(member, member == "$"
            ? "The body is not JSON, or not the object that the document describes; a 'type' must be one of those in the document."
            : $"The member '{member}' is not what the document describes.");
    }

    /// <summary>"Failed to bind parameter "Nullable&lt;int&gt; limit" from "abc".": the name is all that the framework gives us.</summary>
    [GeneratedRegex("^Failed to bind parameter \"[^\"]* ([A-Za-z]+)\"")]
    private static partial Regex Parameter();
}
