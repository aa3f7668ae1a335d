using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>4+N (S5): the four, and the N around them.</summary>
public enum ResponderRole
{
    Officer,
    Auxiliary,
    VillagePolice,
    Volunteer,
    Watch,
    Keeper,
    Ranger,
    Militia,
}

/// <summary>Somebody who can be sent. People are role names such as "Volunteer 3, Bayanbulag": no person's name is needed.</summary>
/// <param name="Skills">Of <see cref="SkillNames"/>.</param>
/// <param name="Languages">BCP 47 primary tags, such as <c>mn</c>, <c>zh</c>.</param>
/// <param name="Means">At least one.</param>
/// <param name="ReadyMin">Minutes from the order to the start, 0..60.</param>
/// <param name="OnDuty">Whether the roster has this person on duty when the file is loaded; the running state is <see cref="Dispatch.ResponderState"/>.</param>
public sealed record Responder(
    string Id, LocalText Name, ResponderRole Role, string VillageId, ImmutableArray<string> Skills, ImmutableArray<string> Languages,
    ImmutableArray<TravelMeans> Means, int ReadyMin, bool OnDuty)
{
    /// <summary>The box by which they are called; empty for the one in their village.</summary>
    public string BoxDevice { get; init; } = "";

    /// <summary>Their duty telephone; empty when there is none.</summary>
    public string Telephone { get; init; } = "";

    public bool TelephoneSynthetic { get; init; }

    /// <summary>The station that they come from, where they are looked at as help for a neighbour; null at their own.</summary>
    public LocalText? AidFrom { get; init; }

    /// <summary>Officer, auxiliary or village police: those who may act with the law's force.</summary>
    public bool IsPolice => Role is ResponderRole.Officer or ResponderRole.Auxiliary or ResponderRole.VillagePolice;
}

/// <summary>The skills that the rules know.</summary>
public static class SkillNames
{
    public const string FirstAid = "firstAid";
    public const string Mediation = "mediation";
    public const string Fire = "fire";
    public const string Livestock = "livestock";
    public const string Water = "water";
    public const string Electrical = "electrical";

    public static ImmutableArray<string> All { get; } = [FirstAid, Mediation, Fire, Livestock, Water, Electrical];
}
