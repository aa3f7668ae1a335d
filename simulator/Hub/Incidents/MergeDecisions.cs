using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>Duplicates. A merged incident keeps its signals (I2), rests, and closes only after the one that it joined has closed under I10.</summary>
public static partial class IncidentRules
{
    /// <summary>The duplicates that can close now that <paramref name="closedId"/> has: give each a <see cref="IncidentCommand.Close"/>.</summary>
    public static ImmutableArray<long> ClosesWith(IEnumerable<Incident> openIncidents, long closedId) =>
        [.. openIncidents.Where(incident => incident.IsOpen && incident.MergedInto == closedId).Select(incident => incident.Id).Order()];

    private static Decision MergeInto(Incident incident, IncidentCommand.MergeInto merge, DecideContext context)
    {
        if (incident.Stage >= Stage.Handled)
        {
            return AlreadyHandled();
        }

        if (incident.CallBackDueSince is not null)
        {
            return Decision.Refuse(RefusalNames.NoCallBack, "Call the presser back before merging.");
        }

        if (incident.Assignments.Any(assignment => assignment.IsActive))
        {
            return Decision.Refuse(RefusalNames.RespondersOut, "Responders are out for this incident: call them off, or merge the other one into this.");
        }

        if (RefuseWhileLoopsAreOpen(incident) is { } loops)
        {
            return loops;
        }

        // Another station's work is not this one's to take over, nor to know of.
        if (merge.IncidentId == incident.Id || !context.OpenIncidents.TryGetValue(merge.IncidentId, out var target) || target.StationId != incident.StationId)
        {
            return Decision.Refuse(RefusalNames.BadMerge, $"{merge.IncidentId} is not another open incident.");
        }

        if (target.MergedInto is { } further)
        {
            return Decision.Refuse(RefusalNames.BadMerge, $"Incident {target.Id} was merged into {further}: merge into that one.");
        }

        if (target.Stage >= Stage.Handled)
        {
            return Decision.Refuse(RefusalNames.BadMerge, $"The work of incident {target.Id} is over.");
        }

        // Else what is shown at a room of the one would tell of the other (I7).
        return target.IsSilent != incident.IsSilent
            ? Decision.Refuse(RefusalNames.BadMerge, "A silent call and another call are never merged.")
            : Decision.Of(new IncidentEvent.Merged(context.Now, context.Actor, target.Id));
    }

    private static Decision Unmerge(Incident incident, IncidentCommand.Unmerge unmerge, DecideContext context) =>
        incident.MergedInto is null
            ? Decision.Refuse(RefusalNames.NotMerged, "This incident is not merged.")
            : Decision.Of(new IncidentEvent.Unmerged(context.Now, context.Actor, unmerge.Reason));

    private static Decision CloseDuplicate(Incident incident, DecideContext context)
    {
        // The view must hold this incident itself: a context without a view of the open incidents proves nothing about the target.
        var target = incident.MergedInto!.Value;
        return !context.OpenIncidents.ContainsKey(incident.Id) || context.OpenIncidents.ContainsKey(target)
            ? Decision.Refuse(RefusalNames.TargetOpen, $"Incident {target}, into which this was merged, is still open.")
            : Decision.Of(new IncidentEvent.Closed(context.Now, context.Actor));
    }
}
