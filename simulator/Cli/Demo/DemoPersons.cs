using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Cli.Demo;

/// <summary>
/// The people of a scenario that is told to a running demo: each gets a token with the rights of a duty, so that a story can tell who may do what. In a demo process only, and
/// for whoever may drive its boards. A token is random, lives for a day at most, and is revoked when the story is over and when the demo starts again.
/// </summary>
internal static class DemoPersons
{
    /// <summary>A little more than the longest story that is told (<c>run --longest</c>), h.</summary>
    public const int LifeH = 25;

    private const string Prefix = "story ";
    private const int NameMaxChars = 48;

    /// <summary>Adds the endpoints; the caller says who may use them.</summary>
    public static RouteGroupBuilder MapDemoPersons(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/demo/persons").WithTags("Demo persons");
        group.MapPost("", Add).WithName("addPerson").WithSummary("A token with the rights of a duty, for a person of a scenario")
            .WithDescription($"Roles: those of accounts, but for the administrator's. Lives for {LifeH} h at most; one of the same name is revoked. Its text is in this answer and nowhere else.")
            .WithExample(new PersonRequest("operator-1", Roles.Operator), new PersonToken("token:story operator-1", "gw_..."))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("", async (TokenService tokens, ClaimsPrincipal user) =>
            {
                await RevokeAsync(tokens, AccountIdentity.ActorOf(user));
                return TypedResults.NoContent();
            })
            .WithName("revokePersons").WithSummary("Revoke the tokens of all persons of scenarios: the story is over");
        return group;
    }

    /// <summary>None that was given before is good any longer.</summary>
    public static async Task RevokeAsync(TokenService tokens, string actor)
    {
        foreach (var token in tokens.List().Where(token => token.Name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            await tokens.RevokeAsync(token.Id, actor);
        }
    }

    private static async Task<Results<Ok<PersonToken>, ProblemHttpResult>> Add(PersonRequest request, HubService hub, TokenService tokens, TimeProvider time, ClaimsPrincipal user)
    {
        if (request.Name is not { Length: >= 1 and <= NameMaxChars } || string.IsNullOrWhiteSpace(request.Name))
        {
            return Problems.Invalid("name", $"'name' has 1 to {NameMaxChars} characters.");
        }

        if (!Roles.IsKnown(request.Role) || request.Role == Roles.Administrator)
        {
            return Problems.Invalid("role", "'role' is a duty of accounts, but for the administrator's.");
        }

        if (hub.Current.Stations.In(request.Unit).IsEmpty)
        {
            return Problems.Unknown("unit");
        }

        try
        {
            var created = await tokens.CreateAsync(
                Prefix + request.Name, Roles.RightsOf([request.Role]), time.GetUtcNow().AddHours(LifeH), AccountIdentity.ActorOf(user), request.Unit);
            return TypedResults.Ok(new PersonToken("token:" + created.Token.Name, created.Text));
        }
        catch (InvalidOperationException full)
        {
            return Problems.Refused("tokens-full", full.Message);
        }
    }
}

/// <param name="Unit">A station, or a level above; empty for the whole hub.</param>
internal sealed record PersonRequest(
    [property: Description("1 to 48 characters.")] string Name, [property: Description("The duty, such as operator.")] string Role,
    [property: Description("A station, or a level above; left out for the whole hub.")] string Unit = "");

internal sealed record PersonToken([property: Description("As the audit names whoever acts by it.")] string Actor, [property: Description("Send it as 'Authorization: Bearer ...'.")] string Token);
