using System.ComponentModel;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Api;

/// <summary>A page of a list.</summary>
/// <param name="Next">Send it back as <c>cursor</c> for what is older; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>A text in the station's languages.</summary>
public sealed record TextResource(string Zh, string En)
{
    public static TextResource Of(LocalText text) => new(text.Zh, text.En);
}

/// <summary>Where the call came from and how to reach it.</summary>
public sealed record PlaceResource(
    string CallPointId,
    TextResource? Name,
    string VillageId,
    TextResource? Village,
    TextResource Station,
    [property: Description("Whose incident it is; stays, wherever its call point goes later.")] string StationId,
    [property: Description("The banner, county or district above the station.")] TextResource Region,
    [property: Description("Null for a silent call: nobody calls back.")] string? CallBackNumber,
    TextResource? Directions,
    string Device,
    [property: Description("Zone number on the device; 0 is the device itself.")] int Zone,
    TextResource? ZoneName);

/// <summary>A deadline that runs now.</summary>
public sealed record ClockResource(
    ClockName Name,
    [property: Description("When three quarters of the time are gone: from then on the step is shown as soon overdue.")] DateTimeOffset WarnAt,
    [property: Description("When the step is overdue, and goes upward.")] DateTimeOffset DueAt)
{
    public static ClockResource Of(ClockDue due) => new(due.Clock, due.WarnAt, due.Deadline);
}

/// <summary>An incident as it stands.</summary>
public sealed record IncidentResource(
    long Id,
    [property: Description("Rises with every change.")] long Version,
    IncidentKind Kind,
    [property: Description("1 a person's life, 2 danger or calls that may not reach the hub, 3 equipment.")] int Priority,
    [property: Description("A silent call: no loud call-back, no siren, and everyone who is sent must be told.")] bool Silent,
    [property: Description("From a virtual board: nobody is in danger.")] bool Virtual,
    Stage Stage,
    DateTimeOffset StageSince,
    DateTimeOffset OpenedAt,
    [property: Description("When it happened; null when nobody knows.")] DateTimeOffset? HappenedAt,
    DateTimeOffset ReceivedAt,
    [property: Description("It came more than 20 s after it happened, or nobody knows.")] bool Late,
    [property: Description("Presses or alarms counted by the boards.")] int Presses,
    PlaceResource Place,
    [property: Description("The nearest of `clocks`; null when it is closed.")] ClockResource? Clock,
    [property: Description("Every deadline that runs, the nearest first: beside the stage's own those of call-back, answer, mediation and case.")] IReadOnlyList<ClockResource> Clocks,
    EscalationLevel EscalatedTo,
    string? AcceptedBy,
    DateTimeOffset? AcceptedAt,
    Assessment? Assessment,
    IReadOnlyList<Assignment> Assignments,
    DateTimeOffset? CancelledAt,
    [property: Description("Since when somebody must call back.")] DateTimeOffset? CallBackDueSince,
    DateTimeOffset? RestoredAt,
    Disposition? Disposition,
    string? ReportText,
    string? FollowUpText,
    Waiver? FollowUpWaiver,
    long? MergedInto,
    long? Follows,
    DateTimeOffset? ClosedAt,
    IReadOnlyList<Escalation> Escalations,
    Mediation? Mediation,
    CaseFile? Case,
    long? SplitFrom,
    IReadOnlyList<long> SplitOffs,
    string? JointResponseId,
    [property: Description("Told without being sent: wardens, volunteers of the watch.")] IReadOnlyList<InformedPerson> Informed,
    [property: Description("How everybody was reached: one entry per person and channel.")] IReadOnlyList<Reach> Reaches,
    WatchAlert? Watch,
    IReadOnlyList<PartyRole> FollowUpParties,
    FollowUpResult? FollowUpResult)
{
    public static IncidentResource Of(Incident incident, HubSnapshot hub)
    {
        var signal = incident.FirstSignal;
        var device = signal.Identity.Device;
        var station = hub.Stations.Of(incident);
        var point = hub.Station.FindCallPoint(incident.CallPointId);
        var place = new PlaceResource(
            incident.CallPointId,
            point is null ? null : TextResource.Of(point.Name),
            incident.VillageId,
            hub.Station.FindVillage(incident.VillageId) is { } village ? TextResource.Of(village.Name) : null,
            TextResource.Of(station.Name),
            hub.Stations.IdOf(hub.Stations.CodeOf(incident.StationId)),
            TextResource.Of(station.Region),
            incident.IsSilent ? null : point?.CallBackNumber,
            point is null ? null : TextResource.Of(point.Directions),
            device,
            signal.Zone,
            hub.Station.FindBoard(device)?.FindZone(signal.Zone) is { } zone ? TextResource.Of(zone.Name) : null);
        var clocks = IncidentClocks.All(incident, station.Targets).Select(ClockResource.Of).ToList();
        return new IncidentResource(
            incident.Id, incident.Version, incident.Kind, Urgency.PriorityOf(incident), incident.IsSilent, hub.Gateways.GetValueOrDefault(device)?.Virtual == true,
            incident.Stage, incident.StageSince, incident.OpenedAt, signal.OccurredAt, signal.ReceivedAt, signal.Late, incident.Weight, place, clocks.FirstOrDefault(), clocks, incident.EscalatedTo,
            incident.AcceptedBy, incident.AcceptedAt, incident.Assessment, incident.Assignments, incident.CancelledAt, incident.CallBackDueSince, incident.RestoredAt,
            incident.Disposition, incident.ReportText, incident.FollowUpText, incident.FollowUpWaiver, incident.MergedInto, incident.Follows, incident.ClosedAt,
            incident.Escalations, incident.Mediation, incident.Case, incident.SplitFrom, incident.SplitOffs, incident.JointResponseId, incident.Informed, incident.Reaches,
            incident.Watch, incident.FollowUpParties, incident.FollowUpResult);
    }
}

/// <summary>An incident with its whole story.</summary>
public sealed record IncidentDetailResource(IncidentResource Incident, IReadOnlyList<IncidentTimelineEntry> Timeline, IReadOnlyList<SignalResource> Signals);

/// <summary>What a command came to.</summary>
public sealed record CommandResource(long IncidentId, [property: Description("The incident's version after it.")] long Version);

/// <summary>Somebody who could go.</summary>
public sealed record SuggestionResource(
    int Rank,
    string ResponderId,
    TextResource Name,
    ResponderRole Role,
    TravelMeans Means,
    double Km,
    [property: Description("Minutes until this person is there, getting ready included.")] int EtaMinutes,
    [property: Description("Among those whom the rules would send now.")] bool Recommended,
    IReadOnlyList<ReasonResource> Reasons);

/// <summary>Why somebody is suggested.</summary>
public sealed record ReasonResource([property: Description("Its stable name, for programs.")] string Key, string Zh, string En);

/// <summary>A committed signal.</summary>
public sealed record SignalResource(
    long Id,
    string Device,
    [property: Description("call, event or volatile.")] string Lane,
    [property: Description("8 hex digits.")] string Epoch,
    uint Sequence,
    string Kind,
    int Zone,
    string State,
    int Count,
    int Value,
    string Detail,
    bool Test,
    [property: Description("When it happened; null when nobody knows.")] DateTimeOffset? OccurredAt,
    [property: Description("How well that is known: by the board's own clock, by the hub's time that it had from a receipt, by the hub's memory of that boot, or not at all.")] OccurrenceQuality ClockQuality,
    bool Late,
    DateTimeOffset ReceivedAt,
    [property: Description("The same identity came before with other bytes.")] bool Conflict,
    [property: Description("Kind, state or zone is none that the hub knows.")] bool Unknown,
    long? IncidentId,
    [property: Description("The bytes as received; ASCII.")] string Payload)
{
    public static SignalResource Of(SignalRecord signal) => new(
        signal.Id, signal.Device, signal.Lane.ToString().ToLowerInvariant(), signal.Epoch.ToString("x8"), signal.Seq, signal.Kind, signal.Zone, signal.State, signal.Count,
        signal.Value, signal.Detail, signal.Test, signal.OccurredAt, signal.Quality, signal.Late, signal.ReceivedAt, signal.Conflict, signal.Unknown, signal.IncidentId,
        signal.Payload);
}
