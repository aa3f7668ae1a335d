using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>What everybody may do with the own account, and with no other: sessions, password, second factor. A token has no account.</summary>
public static class OwnAccountEndpoints
{
    public static void MapOwnAccount(this RouteGroupBuilder api)
    {
        var own = api.MapGroup("/account").RequireAuthorization(Rights.Any).WithTags("session");
        own.MapGet("/sessions", ListSessions)
            .WithName("listOwnSessions").WithSummary("Where am I signed in").ProducesProblem(StatusCodes.Status409Conflict);
        own.MapDelete("/sessions/{id}", EndSession)
            .WithName("endOwnSession").WithSummary("Sign out one of my browsers").ProducesProblem(StatusCodes.Status404NotFound);
        own.MapPost("/password", SetPassword).RequireRateLimiting(ApiServices.SignInLimit)
            .WithName("changeOwnPassword").WithSummary("Change my password; my other sessions end")
            .WithExample(new ChangePasswordRequest("a long and quiet sentence", "another quiet sentence"), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        own.MapPost("/second-factor", Offer)
            .WithName("offerSecondFactor").WithSummary("Draw the secret for an authenticator app; it counts once confirmed").ProducesProblem(StatusCodes.Status409Conflict);
        own.MapPost("/second-factor/confirm", Confirm).RequireRateLimiting(ApiServices.SignInLimit)
            .WithName("confirmSecondFactor").WithSummary("Confirm it with a code; the recovery codes are in this answer and nowhere else")
            .WithExample(new ConfirmSecondFactorRequest("492039"), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Results<Ok<List<OwnSessionResource>>, ProblemHttpResult> ListSessions(ClaimsPrincipal user, SessionStore sessions) =>
        AccountIdentity.AccountOf(user) is { } own
            ? TypedResults.Ok(sessions.Of(own.Id).Select(session => new OwnSessionResource(session.Id, session.OpenedAt, session.SeenAt, session.Browser, session.Id == own.Session)).ToList())
            : NoAccount();

    private static Results<NoContent, ProblemHttpResult> EndSession(string id, ClaimsPrincipal user, SessionStore sessions)
    {
        if (AccountIdentity.AccountOf(user) is not { } own)
        {
            return NoAccount();
        }

        return sessions.End(own.Id, id) ? TypedResults.NoContent() : Problems.Unknown("session");
    }

    private static async Task<Results<Ok<SessionResource>, ProblemHttpResult>> SetPassword(
        ChangePasswordRequest request, ClaimsPrincipal user, AccountService accounts, SessionStore sessions, HttpContext context)
    {
        if (AccountIdentity.AccountOf(user) is not { } own)
        {
            return NoAccount();
        }

        var outcome = await accounts.SetPasswordAsync(own.Id, request.Password, AccountIdentity.ActorOf(user), request.OldPassword, isOwn: true);
        if (outcome.Account is not { } account)
        {
            return outcome.Member is { } member ? Problems.Invalid(member, outcome.Text!, outcome.Refusal!) : Problems.Refused(outcome.Refusal!, outcome.Text!);
        }

        sessions.EndAll(own.Id);
        return TypedResults.Ok(await SessionEndpoints.Enter(context, account));
    }

    private static async Task<Results<Ok<SecondFactorResource>, ProblemHttpResult>> Offer(ClaimsPrincipal user, AccountService accounts)
    {
        if (AccountOf(user, accounts) is not { } account)
        {
            return NoAccount();
        }

        var (offer, outcome) = await accounts.OfferSecondFactorAsync(account);
        return offer is null
            ? Problems.Refused(outcome.Refusal!, outcome.Text!)
            : TypedResults.Ok(new SecondFactorResource(offer.Secret, offer.Uri, QrPicture.Svg(offer.Uri)));
    }

    private static async Task<Results<Ok<RecoveryCodesResource>, ProblemHttpResult>> Confirm(
        ConfirmSecondFactorRequest request, ClaimsPrincipal user, AccountService accounts, SessionStore sessions, HttpContext context)
    {
        if (AccountOf(user, accounts) is not { } account)
        {
            return NoAccount();
        }

        var (codes, outcome) = await accounts.ConfirmSecondFactorAsync(account, request.Code);
        if (codes is null)
        {
            return outcome.Member is { } member ? Problems.Invalid(member, outcome.Text!, outcome.Refusal!) : Problems.Refused(outcome.Refusal!, outcome.Text!);
        }

        // Whoever signed in elsewhere without a code must come with one.
        sessions.EndAll(account.Id);
        await SessionEndpoints.Enter(context, outcome.Account!);
        return TypedResults.Ok(new RecoveryCodesResource(codes, string.Join('\n', codes)));
    }

    private static Account? AccountOf(ClaimsPrincipal user, AccountService accounts) => AccountIdentity.AccountOf(user) is { } own ? accounts.Find(own.Id) : null;

    private static ProblemHttpResult NoAccount() => Problems.Refused("no-account", "A token has no account: sign in as a person.");
}

public sealed record OwnSessionResource(
    string Id, DateTimeOffset OpenedAt, [property: Description("To within five minutes.")] DateTimeOffset SeenAt,
    [property: Description("What the browser says it is.")] string Browser, [property: Description("This very session.")] bool Present);

public sealed record ChangePasswordRequest(string OldPassword, [property: Description("10 to 128 characters, not containing the name.")] string Password);

public sealed record SecondFactorResource(
    [property: Description("Base32, for apps that take no picture.")] string Secret, string Uri, [property: Description("The URI as a QR code: an SVG document.")] string Qr);

public sealed record ConfirmSecondFactorRequest([property: Description("The code that the app shows now.")] string Code);

public sealed record RecoveryCodesResource([property: Description("Each works once, in the place of a code.")] IReadOnlyList<string> RecoveryCodes, [property: Description("The same, one per line.")] string Text);
