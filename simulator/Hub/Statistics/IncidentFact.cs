using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Statistics;

/// <summary>
/// What statistics and warnings know of one incident: a flat row, derived from the incident alone. Times are when a step was reached first; a reopened incident
/// loses those of the steps that are due again.
/// </summary>
/// <param name="Virtual">Made by a virtual board: counts nowhere.</param>
/// <param name="Merged">A duplicate: its work counts with the incident that it joined.</param>
/// <param name="Weighed">The early warning has looked at it.</param>
public sealed record IncidentFact(
    long Id, IncidentKind Kind, string CallPointId, string VillageId, ZoneClass ZoneClass, bool Virtual, bool Merged, DateTimeOffset OpenedAt, DateTimeOffset? AcceptedAt,
    DateTimeOffset? DispatchedAt, DateTimeOffset? ArrivedAt, DateTimeOffset? HandledAt, DateTimeOffset? ReportedAt, DateTimeOffset? FollowedUpAt, DateTimeOffset? ClosedAt,
    Disposition? Disposition, bool Waived, bool Cancelled, EscalationLevel EscalatedTo, int Weight, int Responders, bool Weighed = false)
{
    /// <summary>Whose it is, as <see cref="Stations.StationBook.CodeOf"/> writes it: empty for the hub's home station.</summary>
    public string Station { get; init; } = "";

    /// <summary>The fact after the incident changed.</summary>
    /// <param name="before">The fact before; null for a new incident.</param>
    public static IncidentFact Of(IncidentFact? before, Incident incident, bool isVirtual)
    {
        DateTimeOffset? Reached(Stage stage, DateTimeOffset? known) =>
            incident.Stage < stage ? null : known ?? (incident.Stage == stage ? Ms(incident.StageSince) : null);

        var sent = incident.Assignments;
        return new IncidentFact(
            incident.Id, incident.Kind, incident.CallPointId, incident.VillageId, incident.ZoneClass, before?.Virtual ?? isVirtual, incident.MergedInto is not null,
            Ms(incident.OpenedAt)!.Value, Ms(incident.AcceptedAt),
            before?.DispatchedAt ?? (sent.IsEmpty ? null : Ms(sent.Min(assignment => assignment.DispatchedAt))),
            before?.ArrivedAt ?? (sent.IsEmpty ? null : Ms(sent.Min(assignment => assignment.OnSceneAt))),
            incident.Stage < Stage.Handled ? null : Ms(incident.HandledAt),
            Reached(Stage.Reported, before?.ReportedAt), Reached(Stage.FollowedUp, before?.FollowedUpAt), Ms(incident.ClosedAt),
            incident.Disposition, incident.FollowUpWaiver is not null, incident.WasCancelled,
            before is { } known && known.EscalatedTo > incident.EscalatedTo ? known.EscalatedTo : incident.EscalatedTo,
            incident.Weight, sent.Length, before?.Weighed ?? false);
    }

    /// <summary>As precise as it is stored: what is taken back later must be what was added.</summary>
    private static DateTimeOffset? Ms(DateTimeOffset? at) => at is { } moment ? DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds()) : null;

    /// <summary>Counts in statistics and warnings: real, and no duplicate.</summary>
    public bool Counts => !Virtual && !Merged;

    /// <summary>A call or alarm from a place, not a fault of the equipment.</summary>
    public bool IsCall => Counts && !SignalKinds.IsTechnical(Kind);

    /// <summary>For the early warning: a call that turned out to be none does not count.</summary>
    public bool CountsForWarning => IsCall && CallPointId.Length > 0 && Disposition is not (Incidents.Disposition.FalseAlarm or Incidents.Disposition.TechnicalFixed);
}
