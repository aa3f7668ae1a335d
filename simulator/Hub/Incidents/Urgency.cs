namespace Gateway.Hub.Incidents;

/// <summary>In which order people meet incidents. Pure.</summary>
public static class Urgency
{
    /// <summary>1: a person's life. 2: danger to property or animals, or calls that may not reach us. 3: the equipment needs someone.</summary>
    public static int PriorityOf(Incident incident) => incident.Kind switch
    {
        var kind when SignalKinds.IsLife(kind) || IsMarkedLife(incident) => 1,
        IncidentKind.Mains or IncidentKind.Battery or IncidentKind.Fault => 3,
        _ => 2,
    };

    /// <summary>
    /// A sensor on whose zone a life depends, as it was configured: a board sends such a zone in the call lane, or from RAM when its journal refuses, and no other
    /// sensor of these kinds there. What opened the incident decides.
    /// </summary>
    private static bool IsMarkedLife(Incident incident) =>
        incident.Kind is IncidentKind.Door or IncidentKind.Pen or IncidentKind.Water or IncidentKind.Sensor && incident.FirstSignal.Identity.Lane is "call" or "volatile";

    /// <summary>True until a person has taken it: it rings.</summary>
    public static bool IsWaiting(Incident incident) => incident.IsOpen && incident.AcceptedAt is null && incident.MergedInto is null;

    /// <summary>True when only its paper is left: it stands below what still needs somebody.</summary>
    public static bool IsPaperwork(Incident incident) => incident.Stage >= Stage.Handled || incident.MergedInto is not null;

    /// <summary>When it happened, or, unknown, when it came: the age that people see.</summary>
    public static DateTimeOffset HappenedAt(Incident incident) => incident.FirstSignal.OccurredAt ?? incident.FirstSignal.ReceivedAt;

    /// <summary>
    /// What nobody has taken stands first, then what is being worked on, then paperwork; within each the priority, then those that the presser has not taken back,
    /// then the one that waits longest.
    /// </summary>
    public static IReadOnlyList<Incident> Order(IEnumerable<Incident> open) =>
    [
        .. open
            .OrderBy(incident => IsWaiting(incident) ? 0 : IsPaperwork(incident) ? 2 : 1)
            .ThenBy(PriorityOf)
            .ThenBy(incident => incident.CancelledAt is null ? 0 : 1)
            .ThenBy(HappenedAt)
            .ThenBy(incident => incident.Id),
    ];
}
