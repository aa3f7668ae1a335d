namespace Gateway.Hub.Incidents;

/// <summary>What the presser may be told of a call: the truth and nothing else [GW-37].</summary>
/// <param name="Stage">The notice's <c>stage</c> of PROTOCOL.md section 8.</param>
/// <param name="EtaMin">Minutes from the dispatch until the first able person is there; null when nobody knows or somebody is there.</param>
public sealed record PresserView(string Stage, int? EtaMin)
{
    /// <summary>The latest notice for a call of an incident; null when there is nothing to say yet, or nothing may be said [GW-38] (I7).</summary>
    /// <param name="mergedInto">The incident where its work goes on, if it was merged.</param>
    /// <param name="call">One of its calls: one that was taken back says so, also while another stands. Null: what all of them are told.</param>
    public static PresserView? Of(Incident incident, Incident? mergedInto = null, LatchedCall? call = null)
    {
        if (incident.IsSilent || incident.Calls.IsEmpty)
        {
            return null;
        }

        var work = incident.IsOpen && mergedInto is { IsSilent: false } ? mergedInto : incident;
        var isTakenBack = incident is { IsOpen: true, CallBackDueSince: not null } && (incident.CancelledAt is not null || call is { Cancelled: true });

        // Taken back after the merge: that went to where the work is.
        var isTakenBackThere = work is { IsOpen: true, CallBackDueSince: not null } && work.Calls.Any(known => known.FirstPress == call?.FirstPress && known.Cancelled);
        if (isTakenBack || isTakenBackThere)
        {
            return new("cancelled", null);
        }

        return work.Stage switch
        {
            Incidents.Stage.Received => work.AcceptedAt is null ? null : new("accepted", null),
            Incidents.Stage.Assessed => new("accepted", null),
            Incidents.Stage.Dispatched => new("dispatched", EtaOf(work)),
            Incidents.Stage.EnRoute => new("enRoute", EtaOf(work)),
            Incidents.Stage.OnScene => new("onScene", null),
            Incidents.Stage.Closed => new("closed", null),
            _ => new(work.Assignments.Any(assignment => assignment.OnSceneAt is not null) ? "onScene" : "accepted", null),
        };
    }

    private static int? EtaOf(Incident incident) =>
        incident.Assignments.Where(assignment => assignment.IsActive).Min(assignment => assignment.EtaMin);
}
