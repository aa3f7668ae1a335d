using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>Who is on duty in a shift of the patrol plan, by role id.</summary>
public sealed record RosterEntry(string ShiftId, ImmutableArray<string> ResponderIds);

/// <summary>Which roles and means go together for some kinds of incident (联动处置): a proposal that a person sends with one key.</summary>
/// <param name="Kinds">Names of incident kinds, in camel case.</param>
public sealed record JointResponse(string Id, LocalText Name, ImmutableArray<string> Kinds, ImmutableArray<JointMember> Members);

/// <summary>One place in a joint response.</summary>
/// <param name="Roles">Any of these fills it.</param>
/// <param name="Skill">Of <see cref="SkillNames"/>; empty for none.</param>
/// <param name="Means">One of these is needed; empty for any.</param>
/// <param name="Count">1..8.</param>
public sealed record JointMember(ImmutableArray<ResponderRole> Roles, string Skill, ImmutableArray<TravelMeans> Means, int Count);

/// <summary>
/// Neighbours who watch over each other (邻里守望). A call point alerts its group only where its consent is recorded; without it the group is a list of names.
/// </summary>
/// <param name="VolunteerIds">Who of the group's volunteers hears of a call when on duty.</param>
/// <param name="Loudspeakers">Boards with a loudspeaker or siren output.</param>
public sealed record WatchGroup(
    string Id, LocalText Name, ImmutableArray<string> CallPointIds, ImmutableArray<string> VolunteerIds, ImmutableArray<string> Loudspeakers, ImmutableArray<WatchConsent> Consents)
{
    public bool HasConsentOf(string callPointId) => Consents.Any(consent => consent.CallPointId == callPointId);
}

/// <summary>The people of a call point agreed that their calls alert the neighbours.</summary>
/// <param name="RecordedOn">The day, yyyy-mm-dd.</param>
/// <param name="RecordedBy">The office that holds the paper.</param>
public sealed record WatchConsent(string CallPointId, string RecordedOn, string RecordedBy);

/// <summary>A forest, grassland or lake with a named warden (林草湖警长, S2): smoke and water there reach the warden first.</summary>
public sealed record Area(string Id, LocalText Name, AreaKind Kind, ImmutableArray<string> VillageIds, string WardenId);

public enum AreaKind
{
    Forest,
    Grassland,
    Lake,
}
