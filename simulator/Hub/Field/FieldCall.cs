using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Field;

/// <summary>How far a responder is with a call, as the responder's own steps go.</summary>
public enum FieldStep
{
    /// <summary>Sent, and nothing said yet: it rings.</summary>
    Sent,
    Accepted,
    EnRoute,
    OnScene,

    /// <summary>The work at the place is over, and its report is not written.</summary>
    Handled,
}

/// <summary>Somebody else who is sent to the same call.</summary>
public sealed record FieldCompanion(LocalText Name, FieldStep Step);

/// <summary>
/// What somebody who is sent may know of a call: what, where, how to find it, whom to ring, who else comes. Nothing of earlier calls of the place or of other incidents.
/// </summary>
/// <param name="HappenedAt">When it happened, or, unknown, when it reached the hub.</param>
/// <param name="CallBackNumber">Null for a silent call: ringing there could betray the caller (I7).</param>
/// <param name="Said">What the command room made of it; empty when nothing.</param>
/// <param name="EtaMin">Minutes that the suggestion gave for the first of those sent; null when nobody knows.</param>
public sealed record FieldCall(
    long IncidentId, long Version, IncidentKind Kind, int Priority, bool Silent, bool Virtual, FieldStep Step, DateTimeOffset HappenedAt, DateTimeOffset SentAt,
    LocalText Place, LocalText Village, LocalText Button, LocalText Directions, string? CallBackNumber, string Said, int? EtaMin, ImmutableArray<FieldCompanion> Companions);

/// <summary>The calls of one responder. Pure.</summary>
public static class FieldCalls
{
    /// <summary>The most urgent first; those with only their report left, last.</summary>
    public static ImmutableArray<FieldCall> Of(HubSnapshot hub, string responderId) =>
    [
        .. Urgency.Order(hub.OpenIncidents.Values.Where(incident => incident.Stage <= Stage.Handled && incident.MergedInto is null && AssignmentOf(incident, responderId) is not null))
            .Select(incident => CallOf(hub, incident, AssignmentOf(incident, responderId)!)),
    ];

    private static Assignment? AssignmentOf(Incident incident, string responderId) =>
        incident.Assignments.LastOrDefault(assignment => assignment.IsActive && assignment.ResponderId == responderId);

    private static FieldCall CallOf(HubSnapshot hub, Incident incident, Assignment mine)
    {
        var station = hub.Names;
        var signal = incident.FirstSignal;
        var point = station.FindCallPoint(incident.CallPointId);
        var zone = station.FindBoard(signal.Identity.Device)?.FindZone(signal.Zone);
        var companions = incident.Assignments
            .Where(other => other.IsActive && other.ResponderId != mine.ResponderId)
            .Select(other => new FieldCompanion(station.FindResponder(other.ResponderId)?.Name ?? new LocalText(other.ResponderId), StepOf(incident, other)))
            .ToImmutableArray();
        return new FieldCall(
            incident.Id, incident.Version, incident.Kind, Urgency.PriorityOf(incident), incident.IsSilent,
            hub.Gateways.GetValueOrDefault(signal.Identity.Device)?.Virtual == true, StepOf(incident, mine), Urgency.HappenedAt(incident), mine.DispatchedAt,
            point?.Name ?? new LocalText(signal.Identity.Device), station.FindVillage(incident.VillageId)?.Name ?? LocalText.Empty, zone?.Name ?? LocalText.Empty,
            point?.Directions ?? LocalText.Empty, incident.IsSilent ? null : point?.CallBackNumber, incident.Assessment?.Text ?? "", mine.EtaMin, companions);
    }

    private static FieldStep StepOf(Incident incident, Assignment assignment) =>
        incident.Stage == Stage.Handled ? FieldStep.Handled
        : assignment.OnSceneAt is not null ? FieldStep.OnScene
        : assignment.EnRouteAt is not null ? FieldStep.EnRoute
        : assignment.AnsweredAt is not null ? FieldStep.Accepted
        : FieldStep.Sent;
}
