using System.Collections.Frozen;

namespace Gateway.Hub.Accounts;

/// <summary>What a person or a program may do. Roles and token scopes are both sets of rights; every endpoint names the one right it needs.</summary>
public static class Rights
{
    /// <summary>See incidents, gateways, signals and the station.</summary>
    public const string Read = "read";
    /// <summary>Take an incident through its stages.</summary>
    public const string Operate = "operate";
    /// <summary>Take what was handed to the case team, and say what came of it.</summary>
    public const string Casework = "casework";
    /// <summary>Waive a follow-up visit, with a reason (I10).</summary>
    public const string Supervise = "supervise";
    /// <summary>See early warnings: which call points call again and again.</summary>
    public const string Warnings = "warnings";
    /// <summary>Judge closed incidents as the legal officer.</summary>
    public const string Review = "review";
    /// <summary>Answer one's own calls on a phone: those that one is sent to, and no others.</summary>
    public const string Respond = "respond";
    /// <summary>Send commands to a gateway, and set it.</summary>
    public const string Maintain = "maintain";
    /// <summary>Give a gateway its identity and keys, and take them away.</summary>
    public const string Provision = "provision";
    /// <summary>Read the audit chain, and have it checked.</summary>
    public const string Audit = "audit";
    /// <summary>Make accounts and tokens, lock and unlock them.</summary>
    public const string Administer = "administer";
    /// <summary>Drive the virtual boards of a demo; no other process has endpoints that ask for it.</summary>
    public const string Demo = "demo";

    /// <summary>No right at all, said aloud: whoever is signed in. An endpoint that names neither this nor a right fails a test.</summary>
    public const string Any = "any";

    public static readonly FrozenSet<string> All = new[] { Read, Operate, Casework, Respond, Supervise, Warnings, Review, Maintain, Provision, Audit, Administer, Demo }.ToFrozenSet();
}

/// <summary>The duties of a station. An account has at least one; what it may do is the union of their rights.</summary>
public static class Roles
{
    public const string Operator = "operator";
    public const string CommunityTeam = "community-team";
    public const string CaseTeam = "case-team";
    public const string Volunteer = "volunteer";
    public const string LegalOfficer = "legal-officer";
    public const string Supervisor = "supervisor";
    public const string Auditor = "auditor";
    public const string Administrator = "administrator";
    /// <summary>A level above (banner, city): sees the calls of the station at the same moment as its room does, and changes nothing.</summary>
    public const string Observer = "observer";

    private static readonly FrozenDictionary<string, string[]> RightsByRole = new Dictionary<string, string[]>
    {
        [Operator] = [Rights.Read, Rights.Operate],
        [CommunityTeam] = [Rights.Read, Rights.Operate, Rights.Respond, Rights.Warnings],
        [CaseTeam] = [Rights.Read, Rights.Casework],
        // A volunteer learns of the calls that he is sent to, not of the station's list.
        [Volunteer] = [Rights.Respond],
        [LegalOfficer] = [Rights.Read, Rights.Review],
        [Supervisor] = [Rights.Read, Rights.Operate, Rights.Supervise, Rights.Warnings, Rights.Audit],
        [Auditor] = [Rights.Read, Rights.Warnings, Rights.Audit],
        [Observer] = [Rights.Read],
        [Administrator] = [Rights.Read, Rights.Maintain, Rights.Provision, Rights.Audit, Rights.Administer, Rights.Demo],
    }.ToFrozenDictionary();

    /// <summary>Every role, in the order in which a page lists them.</summary>
    public static readonly IReadOnlyList<string> All = [Operator, CommunityTeam, CaseTeam, Volunteer, LegalOfficer, Supervisor, Auditor, Observer, Administrator];

    /// <summary>The first account of a hub: somebody has to be able to do everything until there are others.</summary>
    public static readonly IReadOnlyList<string> OfFirstAccount = [Operator, Supervisor, Administrator];

    public static bool IsKnown(string role) => RightsByRole.ContainsKey(role);

    public static IReadOnlyList<string> RightsOf(IEnumerable<string> roles) =>
        [.. roles.Where(IsKnown).SelectMany(role => RightsByRole[role]).Distinct().Order(StringComparer.Ordinal)];
}
