using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>Accounts and tokens, for administrators.</summary>
public static class AccountEndpoints
{
    public static void MapAccounts(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/accounts").RequireAuthorization(Rights.Administer).WithTags("accounts");
        accounts.MapGet("", (AccountService service) => TypedResults.Ok(service.List().Select(AccountResource.Of).ToList()))
            .WithName("listAccounts").WithSummary("List all accounts");
        accounts.MapPost("", Create)
            .WithName("createAccount").WithSummary("Make an account")
            .WithDescription("Roles: " + string.Join(", ", Roles.All) + ". `unit` is a station's id, or that of a level above (`GET /api/stations`): the account sees and acts within it. An administrator is of the whole hub.")
            .WithExample(new CreateAccountRequest("Desk 2", "another quiet sentence", [Roles.Operator]), new AccountResource(2, "Desk 2", [Roles.Operator], false, null))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        accounts.MapPost("/{id:long}/disable", async (long id, AccountService service, ClaimsPrincipal user) => Changed(await service.SetDisabledAsync(id, true, AccountIdentity.ActorOf(user))))
            .WithName("disableAccount").WithSummary("Disable an account; its open sessions end").ProducesProblem(StatusCodes.Status409Conflict);
        accounts.MapPost("/{id:long}/enable", async (long id, AccountService service, ClaimsPrincipal user) => Changed(await service.SetDisabledAsync(id, false, AccountIdentity.ActorOf(user))))
            .WithName("enableAccount").WithSummary("Enable an account").ProducesProblem(StatusCodes.Status409Conflict);

        accounts.MapPut("/{id:long}/roles", async (long id, RolesRequest request, AccountService service, ClaimsPrincipal user) => Changed(await service.SetRolesAsync(id, request.Roles, AccountIdentity.ActorOf(user))))
            .WithName("setRoles").WithSummary("Change the duties of an account").WithExample(new RolesRequest([Roles.Operator, Roles.Supervisor]), null).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        accounts.MapPut("/{id:long}/unit", async (long id, UnitRequest request, AccountService service, HubView hub, ClaimsPrincipal user) =>
                UnknownUnit(hub, request.Unit) is { } unknown ? unknown : Changed(await service.SetUnitAsync(id, request.Unit ?? "", AccountIdentity.ActorOf(user))))
            .WithName("setUnit").WithSummary("Say to which station, or level above, an account belongs").WithExample(new UnitRequest("sumitu"), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        accounts.MapPut("/{id:long}/password", async (long id, PasswordRequest request, AccountService service, SessionStore sessions, ClaimsPrincipal user) =>
            {
                var outcome = await service.SetPasswordAsync(id, request.Password, AccountIdentity.ActorOf(user));
                if (outcome.Done)
                {
                    sessions.EndAll(id);
                }

                return Changed(outcome);
            })
            .WithName("setPassword").WithSummary("Give an account a new password; its sessions end").WithExample(new PasswordRequest("another quiet sentence"), null).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        accounts.MapGet("/{id:long}/sessions", (long id, AccountService service, SessionStore sessions) => service.Find(id) is null
                ? (Results<Ok<List<AccountSessionResource>>, ProblemHttpResult>)Problems.Unknown("account")
                : TypedResults.Ok(sessions.Of(id).Select(AccountSessionResource.Of).ToList()))
            .WithName("listAccountSessions").WithSummary("Where is an account signed in").ProducesProblem(StatusCodes.Status404NotFound);
        accounts.MapDelete("/{id:long}/sessions/{session}", async (long id, string session, AccountService service, SessionStore sessions, ClaimsPrincipal user) =>
                await service.EndSessionAsync(id, session, sessions, AccountIdentity.ActorOf(user)) ? (Results<NoContent, ProblemHttpResult>)TypedResults.NoContent() : Problems.Unknown("session"))
            .WithName("endAccountSession").WithSummary("Sign an account out of one browser").ProducesProblem(StatusCodes.Status404NotFound);
        accounts.MapDelete("/{id:long}/sessions", async (long id, AccountService service, SessionStore sessions, ClaimsPrincipal user) =>
            {
                var outcome = await service.EndSessionsAsync(id, AccountIdentity.ActorOf(user));
                if (outcome.Done)
                {
                    sessions.EndAll(id);
                }

                return Changed(outcome);
            })
            .WithName("endAccountSessions").WithSummary("Sign an account out everywhere").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        accounts.MapDelete("/{id:long}/second-factor", async (long id, AccountService service, ClaimsPrincipal user) => Changed(await service.TakeSecondFactorAsync(id, AccountIdentity.ActorOf(user))))
            .WithName("takeSecondFactor").WithSummary("Take away the second factor of an account whose telephone is lost").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        var tokens = api.MapGroup("/tokens").RequireAuthorization(Rights.Administer).WithTags("accounts");
        tokens.MapGet("", (TokenService service) => TypedResults.Ok(service.List().Select(TokenResource.Of).ToList()))
            .WithName("listTokens").WithSummary("List the live tokens, without their texts");
        tokens.MapPost("", CreateToken)
            .WithName("createToken").WithSummary("Make a bearer token for a program")
            .WithDescription("The text is in this answer and nowhere else. Scopes: " + string.Join(", ", Rights.All.Order(StringComparer.Ordinal)) + ". A live token of the same name is revoked.")
            .WithExample(new CreateTokenRequest("night report", [Rights.Read], null), null)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        tokens.MapDelete("/{id:long}", async (long id, TokenService service, ClaimsPrincipal user) => await service.RevokeAsync(id, AccountIdentity.ActorOf(user))
                ? (Results<NoContent, ProblemHttpResult>)TypedResults.NoContent()
                : Problems.Unknown("token"))
            .WithName("revokeToken").WithSummary("Revoke a token").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Null when the hub knows the unit.</summary>
    private static ProblemHttpResult? UnknownUnit(HubView hub, string? unit) =>
        hub.Current.Stations.In(unit ?? "").IsEmpty ? Problems.Invalid("unit", $"The hub has no station or level above of the id '{unit}'.", "unknown-unit") : null;

    private static async Task<Results<Created<AccountResource>, ProblemHttpResult>> Create(CreateAccountRequest request, AccountService accounts, HubView hub, ClaimsPrincipal user)
    {
        if (UnknownUnit(hub, request.Unit) is { } unknown)
        {
            return unknown;
        }

        var outcome = await accounts.CreateAsync(request.Name, request.Password, request.Roles, AccountIdentity.ActorOf(user), request.Unit ?? "");
        return outcome switch
        {
            { Account: { } account } => TypedResults.Created($"/api/accounts/{account.Id}", AccountResource.Of(account)),
            { Refusal: "name-taken" or "accounts-full" } => Problems.Refused(outcome.Refusal, outcome.Text!),
            _ => Problems.Invalid(outcome.Member!, outcome.Text!, outcome.Refusal!),
        };
    }

    private static Results<Ok<AccountResource>, ProblemHttpResult> Changed(AccountOutcome outcome) => outcome switch
    {
        { Account: { } account } => TypedResults.Ok(AccountResource.Of(account)),
        { Refusal: "account-unknown" } => Problems.Unknown("account"),
        { Member: { } member } => Problems.Invalid(member, outcome.Text!, outcome.Refusal!),
        _ => Problems.Refused(outcome.Refusal!, outcome.Text!),
    };

    private static async Task<Results<Ok<CreatedTokenResource>, ProblemHttpResult>> CreateToken(CreateTokenRequest request, TokenService tokens, HubView hub, ClaimsPrincipal user)
    {
        if (UnknownUnit(hub, request.Unit) is { } unknown)
        {
            return unknown;
        }

        try
        {
            var created = await tokens.CreateAsync(request.Name, request.Scopes, request.ExpiresAt, AccountIdentity.ActorOf(user), request.Unit ?? "");
            return TypedResults.Ok(new CreatedTokenResource(created.Token.Id, created.Token.Name, created.Token.Scopes, created.Text));
        }
        catch (ArgumentException wrong)
        {
            return Problems.Invalid(wrong.ParamName!, wrong.Message.Split(" (Parameter", 2)[0]);
        }
        catch (InvalidOperationException full)
        {
            return Problems.Refused("tokens-full", full.Message);
        }
    }
}

public sealed record CreateAccountRequest(string Name, [property: Description("10 to 128 characters, not containing the name.")] string Password, IReadOnlyList<string> Roles,
    [property: Description("A station, or a level above; left out for the whole hub.")] string? Unit = null);

public sealed record UnitRequest([property: Description("A station, or a level above; null for the whole hub.")] string? Unit);

public sealed record AccountSessionResource(
    string Id, DateTimeOffset OpenedAt, [property: Description("To within five minutes.")] DateTimeOffset SeenAt, [property: Description("What the browser says it is.")] string Browser)
{
    public static AccountSessionResource Of(Session session) => new(session.Id, session.OpenedAt, session.SeenAt, session.Browser);
}

public sealed record RolesRequest(IReadOnlyList<string> Roles);

public sealed record PasswordRequest([property: Description("10 to 128 characters, not containing the name.")] string Password);

public sealed record AccountResource(
    long Id, string Name, IReadOnlyList<string> Roles, bool Disabled, DateTimeOffset? LockedUntil, [property: Description("When its second factor was confirmed.")] DateTimeOffset? SecondFactorAt = null,
    [property: Description("The station, or the level above, that it belongs to; empty for the whole hub.")] string Unit = "")
{
    public static AccountResource Of(Account account) => new(account.Id, account.Name, account.Roles, account.Disabled, account.LockedUntil, account.SecondFactorAt, account.Unit);
}

public sealed record CreateTokenRequest(
    string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null, [property: Description("A station, or a level above; left out for the whole hub.")] string? Unit = null);

public sealed record TokenResource(long Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string Unit = "")
{
    public static TokenResource Of(ApiToken token) => new(token.Id, token.Name, token.Scopes, token.CreatedAt, token.ExpiresAt, token.Unit);
}

public sealed record CreatedTokenResource(long Id, string Name, IReadOnlyList<string> Scopes, [property: Description("Send it as 'Authorization: Bearer ...'.")] string Token);
