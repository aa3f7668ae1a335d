using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>Sending, going, arriving and calling off.</summary>
public static partial class IncidentRules
{
    private static Decision Dispatch(Incident incident, IncidentCommand.Dispatch dispatch, DecideContext context)
    {
        if (incident.Stage >= Stage.Handled)
        {
            return AlreadyHandled();
        }

        if (context.Station is { } station && dispatch.ResponderIds.FirstOrDefault(id => station.FindResponder(id) is null) is { } unknown)
        {
            return Decision.Refuse(RefusalNames.UnknownResponder, $"The station has no responder \"{unknown}\".");
        }

        if (dispatch.ResponderIds.FirstOrDefault(id => ActiveAssignment(incident, id) is not null) is { } sent)
        {
            return Decision.Refuse(RefusalNames.AlreadySent, $"\"{sent}\" was sent already.");
        }

        if (incident.Assignments.Count(assignment => assignment.IsActive) + dispatch.ResponderIds.Length > Incident.AssignmentsMax)
        {
            return Decision.Refuse(RefusalNames.OutOfBounds, $"At most {Incident.AssignmentsMax} responders can be out for one incident.");
        }

        if (dispatch.JointResponseId is { } template && context.Station is { } joint && joint.FindJointResponse(template) is null)
        {
            return Decision.Refuse(RefusalNames.UnknownJointResponse, $"The station has no joint response \"{template}\".");
        }

        // One key: whoever sends somebody has taken the call and judged it.
        var events = ImmutableArray.CreateBuilder<IncidentEvent>();
        if (incident.AcceptedBy is null)
        {
            events.Add(new IncidentEvent.Accepted(context.Now, context.Actor));
        }

        if (incident.Stage == Stage.Received)
        {
            events.Add(new IncidentEvent.Assessed(context.Now, context.Actor, new Assessment("")));
        }

        events.Add(new IncidentEvent.Dispatched(context.Now, context.Actor, dispatch.ResponderIds, dispatch.EtaMin, dispatch.JointResponseId));
        return Decision.Of(events.ToImmutable());
    }

    private static Decision EnRoute(Incident incident, IncidentCommand.EnRoute enRoute, DecideContext context)
    {
        if (RefuseUnlessOut(incident, enRoute.ResponderId) is { } refused)
        {
            return refused;
        }

        return ActiveAssignment(incident, enRoute.ResponderId)!.EnRouteAt is not null
            ? Decision.Refuse(RefusalNames.AlreadyEnRoute, $"\"{enRoute.ResponderId}\" is on the way already.")
            : Decision.Of(new IncidentEvent.WentOut(context.Now, context.Actor, enRoute.ResponderId));
    }

    private static Decision Arrive(Incident incident, IncidentCommand.Arrive arrive, DecideContext context)
    {
        if (RefuseUnlessOut(incident, arrive.ResponderId) is { } refused)
        {
            return refused;
        }

        var assignment = ActiveAssignment(incident, arrive.ResponderId)!;
        if (assignment.OnSceneAt is not null)
        {
            return Decision.Refuse(RefusalNames.AlreadyOnScene, $"\"{arrive.ResponderId}\" is there already.");
        }

        // Whoever is there was on the way: said late, but said.
        var arrived = new IncidentEvent.Arrived(context.Now, context.Actor, arrive.ResponderId);
        return assignment.EnRouteAt is null
            ? Decision.Of(new IncidentEvent.WentOut(context.Now, context.Actor, arrive.ResponderId), arrived)
            : Decision.Of(arrived);
    }

    private static Decision Release(Incident incident, IncidentCommand.Release release, DecideContext context) =>
        RefuseUnlessOut(incident, release.ResponderId)
            ?? Decision.Of(new IncidentEvent.Released(context.Now, context.Actor, release.ResponderId, release.Reason));

    /// <summary>A reversal that is one: only who has not answered, gone or arrived is called off, and the responder's phone, the box and the timeline all say so.</summary>
    private static Decision UndoDispatch(Incident incident, DecideContext context)
    {
        var active = incident.Assignments.Where(assignment => assignment.IsActive).ToList();
        var last = active.Count == 0 ? (DateTimeOffset?)null : active.Max(assignment => assignment.DispatchedAt);
        if (incident.Stage >= Stage.Handled || last is null || context.Now - last > TimeSpan.FromSeconds(IncidentCommand.UndoMaxS))
        {
            return Decision.Refuse(RefusalNames.NothingToUndo, $"Nobody was sent in the last {IncidentCommand.UndoMaxS} s: call responders off by name, with a reason.");
        }

        var silent = active.Where(assignment => assignment.DispatchedAt == last && assignment is { AnsweredAt: null, EnRouteAt: null, OnSceneAt: null })
            .Select(IncidentEvent (assignment) => new IncidentEvent.Released(context.Now, context.Actor, assignment.ResponderId, "undone"))
            .ToImmutableArray();
        return silent.IsEmpty
            ? Decision.Refuse(RefusalNames.NothingToUndo, "Whoever was sent has answered already: call them off by name, with a reason.")
            : Decision.Of(silent);
    }

    private static Decision? RefuseUnlessOut(Incident incident, string responderId)
    {
        if (incident.Stage >= Stage.Handled)
        {
            return AlreadyHandled();
        }

        return ActiveAssignment(incident, responderId) is null
            ? Decision.Refuse(RefusalNames.NotSent, $"\"{responderId}\" was not sent to this incident.")
            : null;
    }

    private static Assignment? ActiveAssignment(Incident incident, string responderId) =>
        incident.Assignments.FirstOrDefault(assignment => assignment.ResponderId == responderId && assignment.IsActive);
}
