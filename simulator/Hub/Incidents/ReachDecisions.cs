using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>Who was told, by which way, and who answered.</summary>
public static partial class IncidentRules
{
    private static Decision Answer(Incident incident, string responderId, DecideContext context)
    {
        if (incident.Stage >= Stage.Handled)
        {
            return AlreadyHandled();
        }

        var assignment = ActiveAssignment(incident, responderId);
        var informed = incident.Informed.FirstOrDefault(person => person.ResponderId == responderId);
        if (assignment is null && informed is null)
        {
            return Decision.Refuse(RefusalNames.NotSent, $"\"{responderId}\" was neither sent nor informed.");
        }

        return HasAnswered(assignment, informed)
            ? Decision.Refuse(RefusalNames.AlreadyAnswered, $"\"{responderId}\" has answered already.")
            : Decision.Of(new IncidentEvent.Answered(context.Now, context.Actor, responderId));
    }

    private static Decision RecordCall(Incident incident, IncidentCommand.RecordCall call, DecideContext context)
    {
        var reached = new IncidentEvent.Reached(
            context.Now, context.Actor, call.ResponderId, ReachChannel.Telephone, call.Answered ? ReachState.Answered : ReachState.Failed, call.Answered ? "" : "no-answer");
        var answered = Answer(incident, call.ResponderId, context);
        if (answered.Refusal is { Name: not RefusalNames.AlreadyAnswered })
        {
            return answered;
        }

        return call.Answered && !answered.IsRefused ? Decision.Of(reached, answered.Events[0]) : Decision.Of(reached);
    }

    /// <summary>The clock ran out: whoever has not answered is marked, and the next is sent beside them. A person may undo either with one key.</summary>
    private static Decision NoAnswer(Incident incident, IncidentCommand.NoAnswer command, DecideContext context)
    {
        var late = incident.Assignments
            .Where(assignment => assignment.AwaitsAnswer && assignment.DispatchedAt.AddSeconds(context.Targets.AnswerS) <= context.Now)
            .Select(assignment => assignment.ResponderId).ToImmutableArray();
        if (late.IsEmpty || incident.Stage >= Stage.Handled)
        {
            return Decision.Refuse(RefusalNames.NotDue, "Everybody who was sent has answered, or still has time.");
        }

        var events = ImmutableArray.Create<IncidentEvent>(new IncidentEvent.Unanswered(context.Now, context.Actor, late));
        return command.NextId is { } next && ActiveAssignment(incident, next) is null && incident.Assignments.Count(assignment => assignment.IsActive) < Incident.AssignmentsMax
            ? Decision.Of(events.Add(new IncidentEvent.Dispatched(context.Now, context.Actor, [next], command.EtaMin)))
            : Decision.Of(events);
    }

    private static Decision Inform(Incident incident, IncidentCommand.Inform inform, DecideContext context)
    {
        var room = Incident.AssignmentsMax - incident.Informed.Length;
        var fresh = inform.ResponderIds.Where(id => incident.Informed.All(person => person.ResponderId != id)).Take(room).ToImmutableArray();
        return fresh.IsEmpty ? Decision.Of() : Decision.Of(new IncidentEvent.Informed(context.Now, context.Actor, fresh, inform.Why));
    }

    /// <summary>An answer may overtake the news that the channel was through: it stays one until the channel is tried again.</summary>
    private static Decision ReachBy(Incident incident, IncidentCommand.ReachBy reach, DecideContext context) =>
        reach.State is ReachState.Delivered or ReachState.Failed
            && incident.Reaches.Any(known => known.ResponderId == reach.ResponderId && known.Channel == reach.Channel && known.State == ReachState.Answered)
            ? Decision.Of()
            : Decision.Of(new IncidentEvent.Reached(context.Now, context.Actor, reach.ResponderId, reach.Channel, reach.State, reach.Detail));

    private static Decision StartWatch(Incident incident, IncidentCommand.StartWatch start, DecideContext context) =>
        incident.Watch is not null || incident.IsSilent
            ? Decision.Of()
            : Decision.Of(new IncidentEvent.WatchAlerted(context.Now, context.Actor, start.GroupId, start.Boards, start.Loudspeakers));

    private static Decision WatchSounds(Incident incident, IncidentCommand.WatchSounds sounds, DecideContext context) =>
        incident.Watch is { StoppedAt: null } watch && !watch.Sounding.Contains(sounds.Device)
            ? Decision.Of(new IncidentEvent.WatchSounded(context.Now, context.Actor, sounds.Device))
            : Decision.Of();

    private static Decision WatchAnswers(Incident incident, IncidentCommand.WatchAnswers answers, DecideContext context) =>
        incident.Watch is { } watch && watch.Boards.Contains(answers.Device) && !watch.Answered.Contains(answers.Device)
            ? Decision.Of(new IncidentEvent.WatchAnswered(context.Now, context.Actor, answers.Device))
            : Decision.Of();

    private static Decision StopWatch(Incident incident, DecideContext context) =>
        incident.Watch is { StoppedAt: null } ? Decision.Of(new IncidentEvent.WatchStopped(context.Now, context.Actor)) : Decision.Of();

    /// <summary>True while the neighbours' boxes are to sound: until somebody has taken the call, or the presser took it back.</summary>
    public static bool WatchShouldSound(Incident incident) =>
        incident.Watch is { StoppedAt: null } && incident.IsOpen && incident.AcceptedAt is null && incident.CancelledAt is null && incident.MergedInto is null;

    private static bool HasAnswered(Assignment? assignment, InformedPerson? informed) =>
        assignment is not null ? assignment.AnsweredAt is not null || assignment.EnRouteAt is not null || assignment.OnSceneAt is not null : informed?.AnsweredAt is not null;

    private static Incident AfterAnswered(Incident incident, IncidentEvent.Answered answered) => incident with
    {
        Assignments = [.. incident.Assignments.Select(assignment =>
            assignment.ResponderId == answered.ResponderId && assignment.IsActive ? assignment with { AnsweredAt = assignment.AnsweredAt ?? answered.At } : assignment)],
        Informed = [.. incident.Informed.Select(person =>
            person.ResponderId == answered.ResponderId ? person with { AnsweredAt = person.AnsweredAt ?? answered.At } : person)],
    };

    private static Incident AfterUnanswered(Incident incident, IncidentEvent.Unanswered unanswered) => incident with
    {
        Assignments = [.. incident.Assignments.Select(assignment =>
            unanswered.ResponderIds.Contains(assignment.ResponderId) && assignment.IsActive ? assignment with { UnansweredAt = unanswered.At } : assignment)],
    };

    private static Incident AfterReached(Incident incident, IncidentEvent.Reached reached)
    {
        var now = new Reach(reached.ResponderId, reached.Channel, reached.State, reached.At, reached.Detail);
        var known = incident.Reaches.FirstOrDefault(reach => reach.ResponderId == now.ResponderId && reach.Channel == now.Channel);
        var reaches = known is null ? incident.Reaches.Add(now) : incident.Reaches.Replace(known, now);
        return incident with { Reaches = reaches.Length > Incident.ReachesMax ? reaches.RemoveAt(0) : reaches };
    }

    private static WatchAlert? AfterSounded(WatchAlert? watch, string device) => watch is null ? null : watch with { Sounding = watch.Sounding.Add(device) };
}
