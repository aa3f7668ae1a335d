using System.Globalization;
using System.Security.Claims;

namespace Gateway.Hub.Accounts;

/// <summary>How an account or a token looks as a <see cref="ClaimsPrincipal"/>, and back.</summary>
public static class AccountIdentity
{
    public const string RightClaim = "right";
    public const string UnitClaim = "unit";
    private const string StampClaim = "stamp";
    private const string SessionClaim = "session";

    /// <param name="rights">What it may do now (<see cref="AccountService.RightsOf"/>).</param>
    public static ClaimsPrincipal Of(Account account, IReadOnlyList<string> rights, string session, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, account.Id.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(ClaimTypes.Name, account.Name));
        identity.AddClaim(new Claim(StampClaim, account.Stamp));
        identity.AddClaims(account.Roles.Select(role => new Claim(ClaimTypes.Role, role)));
        identity.AddClaim(new Claim(SessionClaim, session));
        identity.AddClaim(new Claim(UnitClaim, account.Unit));
        identity.AddClaims(rights.Select(right => new Claim(RightClaim, right)));
        return new ClaimsPrincipal(identity);
    }

    public static ClaimsPrincipal Of(ApiToken token, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, "token:" + token.Name));
        identity.AddClaim(new Claim(UnitClaim, token.Unit));
        identity.AddClaims(token.Scopes.Select(scope => new Claim(RightClaim, scope)));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The account's id and stamp and the session in a cookie's principal; null for anything else.</summary>
    public static (long Id, string Stamp, string Session)? AccountOf(ClaimsPrincipal? principal) =>
        long.TryParse(principal?.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && principal.FindFirstValue(StampClaim) is { } stamp && principal.FindFirstValue(SessionClaim) is { } session ? (id, stamp, session) : null;

    public static bool HasRight(this ClaimsPrincipal principal, string right) => principal.HasClaim(RightClaim, right);

    /// <summary>Who did it, as the audit and the timeline name them.</summary>
    public static string ActorOf(ClaimsPrincipal principal) => principal.Identity?.Name ?? "nobody";
}
