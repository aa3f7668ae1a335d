using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Api;

/// <summary>Coming in and going out by browser, and the first account.</summary>
public static class SessionEndpoints
{
    public static void MapSession(this RouteGroupBuilder api)
    {
        api.MapPost("/session", SignIn).AllowAnonymous().RequireRateLimiting(ApiServices.SignInLimit)
            .WithName("signIn").WithTags("session").WithSummary("Sign in with name and password")
            .WithDescription("Sets an HttpOnly session cookie. For browsers: programs use a bearer token. After 5 wrong passwords the account is locked for 5 minutes.")
            .WithExample(new SignInRequest("Desk 1", "a long and quiet sentence"), new SessionResource("Desk 1", [Roles.Operator], [Rights.Operate, Rights.Read]))
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/session", Show).RequireAuthorization(Rights.Any)
            .WithName("showSession").WithTags("session").WithSummary("Who am I, and what may I do");
        api.MapDelete("/session", (Delegate)SignOut).RequireAuthorization(Rights.Any)
            .WithName("signOut").WithTags("session").WithSummary("Sign out of this browser");
        api.MapPost("/setup", SetUp).AllowAnonymous().RequireRateLimiting(ApiServices.SignInLimit)
            .WithName("setUp").WithTags("session").WithSummary("Make the first account with the one-time setup key")
            .WithDescription("The hub prints the key in a link when it starts and has no account. The key is spent by this call; the session cookie is set.")
            .WithExample(new SetUpRequest("the key of the printed link", "Desk 1", "a long and quiet sentence"), null)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<Results<Ok<SessionResource>, ProblemHttpResult>> SignIn(SignInRequest request, AccountService accounts, HttpContext context)
    {
        var outcome = await accounts.SignInAsync(request.Name, request.Password, request.Code);
        if (outcome.Account is not { } account)
        {
            return Problems.Refused(outcome.Refusal!, outcome.Text!, StatusCodes.Status401Unauthorized);
        }

        return TypedResults.Ok(await Enter(context, account, request.Stay && AccountRules.MayStay(account)));
    }

    private static async Task<Results<Ok<SessionResource>, ProblemHttpResult>> SetUp(SetUpRequest request, AccountService accounts, HttpContext context)
    {
        var outcome = await accounts.SetUpAsync(request.Key, request.Name, request.Password);
        if (outcome.Account is { } account)
        {
            return TypedResults.Ok(await Enter(context, account));
        }

        return outcome.Member is null or "key"
            ? Problems.Refused(outcome.Refusal!, outcome.Text!, StatusCodes.Status403Forbidden)
            : Problems.Invalid(outcome.Member, outcome.Text!, outcome.Refusal!);
    }

    internal static async Task<SessionResource> Enter(HttpContext context, Account account, bool stay = false)
    {
        var session = context.RequestServices.GetRequiredService<SessionStore>().Open(account, context.Request.Headers.UserAgent);
        var rights = AccountAuthentication.RightsIn(context, account.Unit, context.RequestServices.GetRequiredService<AccountService>().RightsOf(account));
        var principal = AccountIdentity.Of(account, rights, session.Id, AccountAuthentication.Cookie);
        await context.SignInAsync(AccountAuthentication.Cookie, principal, stay ? AccountAuthentication.Staying(context.RequestServices.GetRequiredService<TimeProvider>()) : null);
        return ResourceOf(principal);
    }

    private static Ok<SessionResource> Show(ClaimsPrincipal user) => TypedResults.Ok(ResourceOf(user));

    private static async Task<NoContent> SignOut(HttpContext context)
    {
        if (AccountIdentity.AccountOf(context.User) is { } own)
        {
            context.RequestServices.GetRequiredService<SessionStore>().End(own.Id, own.Session);
        }

        await context.SignOutAsync(AccountAuthentication.Cookie);
        return TypedResults.NoContent();
    }

    private static SessionResource ResourceOf(ClaimsPrincipal user) => new(
        AccountIdentity.ActorOf(user),
        [.. user.FindAll(ClaimTypes.Role).Select(claim => claim.Value)],
        [.. user.FindAll(AccountIdentity.RightClaim).Select(claim => claim.Value)],
        HubView.UnitOf(user) ?? "");
}

public sealed record SignInRequest(
    [property: Description("The account's name; case does not matter.")] string Name,
    string Password,
    [property: Description("Keep me signed in on this phone for 90 days, renewed while it is used. Not given to supervisors and administrators.")] bool Stay = false,
    [property: Description("Code of the authenticator app, or a recovery code; for accounts with a second factor (`code-needed` asks for it).")] string? Code = null);

public sealed record SetUpRequest(
    [property: Description("The key in the printed setup link.")] string Key,
    string Name,
    [property: Description("10 to 128 characters, not containing the name.")] string Password);

public sealed record SessionResource(
    string Name,
    [property: Description("Duties of the account; empty for a token.")] IReadOnlyList<string> Roles,
    [property: Description("What the caller may do: read, operate, supervise, maintain, provision, audit, administer, demo.")] IReadOnlyList<string> Rights,
    [property: Description("The station, or the level above, that the caller belongs to; empty for the whole hub.")] string Unit = "");
