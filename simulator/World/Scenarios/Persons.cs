using System.Security.Claims;
using Gateway.Hub.Accounts;

namespace Gateway.World.Scenarios;

/// <summary>Who acts in a scenario: an account with a duty, and the rights that the hub gives to that duty.</summary>
internal static class Persons
{
    public static readonly IReadOnlyDictionary<string, (string Account, string Role)> All = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["the operator"] = ("operator-1", Roles.Operator),
        ["the next operator"] = ("operator-2", Roles.Operator),
        ["the supervisor"] = ("supervisor-1", Roles.Supervisor),
        ["the community officer"] = ("community-1", Roles.CommunityTeam),
        ["the case team"] = ("case-1", Roles.CaseTeam),
        ["the legal officer"] = ("legal-1", Roles.LegalOfficer),
        ["the auditor"] = ("auditor-1", Roles.Auditor),
        ["the observer"] = ("observer-1", Roles.Observer),
    };

    /// <summary>"the operator of urad-south": somebody of a station, or of a level above. Without it: of the whole hub.</summary>
    private const string Of = " of ";

    public static string UnitOf(string who) => who.Split(Of, 2) is [_, var unit] ? unit : "";

    public static string PersonOf(string who) => who.Split(Of, 2)[0];

    public static string AccountOf(string who) => UnitOf(who) is { Length: > 0 } unit ? $"{All[PersonOf(who)].Account} {unit}" : All[who].Account;

    /// <summary>The duty, of <see cref="Roles"/>.</summary>
    public static string RoleOf(string who) => All[PersonOf(who)].Role;

    public static bool HasRight(string who, string right) => Roles.RightsOf([RoleOf(who)]).Contains(right);

    public static ClaimsPrincipal PrincipalOf(string who) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, AccountOf(who)), .. Roles.RightsOf([RoleOf(who)]).Select(right => new Claim(AccountIdentity.RightClaim, right))], "scenario"));
}
