using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>
/// The workflow: what a command comes to, and what an event changes. Pure: same input, same output, no clock, no chance.
/// The order of the work is that of <see cref="Stage"/>; every illegal command is a named refusal.
/// </summary>
public static partial class IncidentRules
{
    /// <summary>Decides a command. Nothing has changed until its events are stored.</summary>
    /// <param name="incident">As it stands; null for <see cref="IncidentCommand.OpenBySignal"/> only.</param>
    public static Decision Decide(Incident? incident, IncidentCommand command, DecideContext context)
    {
        if (CommandBounds.Offence(command) is { } offence)
        {
            return new Decision([], offence);
        }

        if (incident is null)
        {
            return command switch
            {
                IncidentCommand.OpenBySignal open => Open(open, context),
                IncidentCommand.OpenBySplit split => Decision.Of(new IncidentEvent.Opened(
                    context.Now, context.Actor, split.IncidentId, split.Kind, split.CallPointId, split.VillageId, split.ZoneClass, split.Signal, null, split.SplitFrom, split.StationId)),
                _ => Decision.Refuse(RefusalNames.NoIncident, "There is no such incident."),
            };
        }

        if (command is IncidentCommand.OpenBySignal or IncidentCommand.OpenBySplit)
        {
            return Decision.Refuse(RefusalNames.AlreadyOpen, $"Incident {incident.Id} is open already.");
        }

        if (!incident.IsOpen)
        {
            return Decision.Refuse(RefusalNames.Closed, $"Incident {incident.Id} is closed; a closed incident does not change.");
        }

        if (incident.MergedInto is { } target && !IsLegalWhenMerged(command))
        {
            return Decision.Refuse(RefusalNames.IsMerged, $"Incident {incident.Id} was merged into {target}: its work goes on there.");
        }

        if (command.ExpectedVersion is { } seen && seen < incident.ActedVersion && incident.ActedBy != context.Actor)
        {
            return Decision.Refuse(RefusalNames.ChangedMeanwhile, $"{incident.ActedBy} has acted on this call since you looked. Look again, then decide.");
        }

        return command.TappedAt is { } tapped ? DecideTapped(incident, command, tapped, context) : DecideOpen(incident, command, context);
    }

    private static bool IsLegalWhenMerged(IncidentCommand command) =>
        command.IsFromHub
        || command is IncidentCommand.Unmerge or IncidentCommand.Close or IncidentCommand.CallBack or IncidentCommand.Note or IncidentCommand.AcknowledgeEscalation;

    private static Decision DecideOpen(Incident incident, IncidentCommand command, DecideContext context) => command switch
    {
        IncidentCommand.JoinSignal join => Decision.Of(new IncidentEvent.SignalJoined(context.Now, context.Actor, join.Signal, join.CallPointId)),
        IncidentCommand.RestoreBySignal restore => Decision.Of(new IncidentEvent.Restored(context.Now, context.Actor, restore.Signal)),
        IncidentCommand.CancelByPresser cancel => Decision.Of(new IncidentEvent.Cancelled(context.Now, context.Actor, cancel.Signal, cancel.Call)),
        IncidentCommand.Escalate escalate => Escalate(incident, escalate, context),
        IncidentCommand.Accept accept => Accept(incident, accept, context),
        IncidentCommand.Assess assess => Assess(incident, assess, context),
        IncidentCommand.Dispatch dispatch => Dispatch(incident, dispatch, context),
        IncidentCommand.Answer answer => Answer(incident, answer.ResponderId, context),
        IncidentCommand.EnRoute enRoute => EnRoute(incident, enRoute, context),
        IncidentCommand.Arrive arrive => Arrive(incident, arrive, context),
        IncidentCommand.Release release => Release(incident, release, context),
        IncidentCommand.UndoDispatch => UndoDispatch(incident, context),
        IncidentCommand.Handle handle => Handle(incident, handle, context),
        IncidentCommand.Report report => Report(incident, report, context),
        IncidentCommand.FollowUp followUp => FollowUp(incident, new IncidentEvent.FollowedUp(context.Now, context.Actor, followUp.Text, followUp.Parties, followUp.Result)),
        IncidentCommand.WaiveFollowUp waive => FollowUp(incident, new IncidentEvent.FollowUpWaived(context.Now, context.Actor, waive.Supervisor, waive.Reason)),
        IncidentCommand.CallBack callBack => CallBack(incident, callBack, context),
        IncidentCommand.HandToCaseTeam hand => HandToCaseTeam(incident, hand, context),
        IncidentCommand.MergeInto merge => MergeInto(incident, merge, context),
        IncidentCommand.Unmerge unmerge => Unmerge(incident, unmerge, context),
        IncidentCommand.AcknowledgeEscalation acknowledge => AcknowledgeEscalation(incident, acknowledge, context),
        IncidentCommand.Split split => Split(incident, split, context),
        IncidentCommand.ReferToMediation refer => ReferToMediation(incident, refer, context),
        IncidentCommand.EndMediation end => EndMediation(incident, end, context),
        IncidentCommand.FollowUpMediation followUp => FollowUpMediation(incident, followUp, context),
        IncidentCommand.TakeCase take => TakeCase(incident, take, context),
        IncidentCommand.FeedBackCase feedBack => FeedBackCase(incident, feedBack, context),
        IncidentCommand.RecordCall call => RecordCall(incident, call, context),
        IncidentCommand.NoAnswer noAnswer => NoAnswer(incident, noAnswer, context),
        IncidentCommand.Inform inform => Inform(incident, inform, context),
        IncidentCommand.ReachBy reach => ReachBy(incident, reach, context),
        IncidentCommand.StartWatch start => StartWatch(incident, start, context),
        IncidentCommand.WatchSounds sounds => WatchSounds(incident, sounds, context),
        IncidentCommand.WatchAnswers answers => WatchAnswers(incident, answers, context),
        IncidentCommand.StopWatch => StopWatch(incident, context),
        IncidentCommand.Note note => Decision.Of(new IncidentEvent.Noted(context.Now, context.Actor, note.Text)),
        IncidentCommand.Reopen reopen => Reopen(incident, reopen, context),
        IncidentCommand.Close => Close(incident, context),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "A command without a rule."),
    };

    private static Decision Open(IncidentCommand.OpenBySignal open, DecideContext context)
    {
        var opened = new IncidentEvent.Opened(
            context.Now, context.Actor, open.IncidentId, open.Kind, open.CallPointId, open.VillageId, open.ZoneClass, open.Signal, open.Follows, null, open.StationId);

        // A cancel whose press never came (its record is missing): somebody still calls back.
        return open.Signal.Kind == SignalKinds.Cancel
            ? Decision.Of(opened, new IncidentEvent.Cancelled(context.Now, context.Actor, open.Signal))
            : Decision.Of(opened);
    }

    private static Decision Accept(Incident incident, IncidentCommand.Accept accept, DecideContext context)
    {
        if (incident.AcceptedBy is { } by)
        {
            return Decision.Refuse(RefusalNames.AlreadyAccepted, $"{by} has taken this incident.");
        }

        ImmutableArray<IncidentEvent> events = [new IncidentEvent.Accepted(context.Now, context.Actor)];
        return Decision.Of(accept.Assessment is { } assessment ? events.Add(new IncidentEvent.Assessed(context.Now, context.Actor, assessment)) : events);
    }

    private static Decision Assess(Incident incident, IncidentCommand.Assess assess, DecideContext context)
    {
        if (incident.AcceptedBy is null)
        {
            return Decision.Refuse(RefusalNames.NotAccepted, "Accept the call first.");
        }

        return incident.Stage >= Stage.Handled
            ? AlreadyHandled()
            : Decision.Of(new IncidentEvent.Assessed(context.Now, context.Actor, assess.Assessment));
    }

    private static Decision Handle(Incident incident, IncidentCommand.Handle handle, DecideContext context) => incident.Stage switch
    {
        // From the command room, when nobody has to go.
        Stage.Assessed or Stage.OnScene => Decision.Of(new IncidentEvent.Handled(context.Now, context.Actor, handle.Text)),
        Stage.Received => Decision.Refuse(RefusalNames.NotAssessed, "Accept and assess the call first."),
        Stage.Dispatched or Stage.EnRoute => Decision.Refuse(RefusalNames.NobodyThere, "Nobody is on the scene yet: record an arrival, or call the responders off first."),
        _ => AlreadyHandled(),
    };

    private static Decision Report(Incident incident, IncidentCommand.Report report, DecideContext context)
    {
        if (incident.Stage < Stage.Handled)
        {
            return Decision.Refuse(RefusalNames.NotHandled, "A report comes after the call was handled.");
        }

        if (incident.Stage > Stage.Handled)
        {
            return Decision.Refuse(RefusalNames.AlreadyReported, "There is a report already. Reopen the incident to write another.");
        }

        if (report.Disposition == Disposition.CancelledByPresser && !incident.WasCancelled)
        {
            return Decision.Refuse(RefusalNames.NotCancelled, "The presser did not take this call back.");
        }

        return Decision.Of(new IncidentEvent.Reported(context.Now, context.Actor, report.Text, report.Disposition));
    }

    private static Decision FollowUp(Incident incident, IncidentEvent followedUp) => incident.Stage switch
    {
        Stage.Reported => Decision.Of(followedUp),
        < Stage.Reported => Decision.Refuse(RefusalNames.NoReport, "The follow-up comes after the report."),
        _ => Decision.Refuse(RefusalNames.AlreadyFollowedUp, "The follow-up is settled already."),
    };

    private static Decision CallBack(Incident incident, IncidentCommand.CallBack callBack, DecideContext context) =>
        incident.CallBackDueSince is null
            ? Decision.Refuse(RefusalNames.NoCallBackDue, "No call-back is due.")
            : Decision.Of(new IncidentEvent.CalledBack(context.Now, context.Actor, callBack.Result, callBack.Text));

    private static Decision Reopen(Incident incident, IncidentCommand.Reopen reopen, DecideContext context) =>
        incident.Stage < Stage.Handled
            ? Decision.Refuse(RefusalNames.NotHandled, "The work is still going on: there is nothing to reopen.")
            : Decision.Of(new IncidentEvent.Reopened(context.Now, context.Actor, reopen.Reason));

    /// <summary>I10: no close without a report, without the follow-up done or waived, or while somebody must call back.</summary>
    private static Decision Close(Incident incident, DecideContext context)
    {
        if (incident.CallBackDueSince is not null)
        {
            return Decision.Refuse(RefusalNames.NoCallBack, "The presser took the call back, and nobody has called back yet.");
        }

        if (incident.MergedInto is not null)
        {
            return CloseDuplicate(incident, context);
        }

        return incident.Stage switch
        {
            Stage.FollowedUp when RefuseWhileLoopsAreOpen(incident) is { } open => open,
            Stage.FollowedUp => Decision.Of(new IncidentEvent.Closed(context.Now, context.Actor)),
            Stage.Reported => Decision.Refuse(RefusalNames.NoFollowUp, "The follow-up is neither done nor waived by a supervisor."),
            _ => Decision.Refuse(RefusalNames.NoReport, "There is no report yet."),
        };
    }

    private static Decision Escalate(Incident incident, IncidentCommand.Escalate escalate, DecideContext context)
    {
        var due = IncidentClocks.All(incident, context.Targets).FirstOrDefault(clock => clock.Clock == escalate.Clock);

        // Nobody can hear it: a call that nobody has taken does not wait for its deadline. Once; from there on it goes upward like any other.
        if (escalate.Unheard && due is { Clock: ClockName.Accept, Level: EscalationLevel.ShiftLeader })
        {
            return Decision.Of(new IncidentEvent.Escalated(context.Now, context.Actor, due.Clock, due.Level, due.DueAt, Unheard: true));
        }

        return due is null or { Clock: ClockName.Answer } || due.Level == EscalationLevel.None || due.DueAt > context.Now
            ? Decision.Refuse(RefusalNames.NotDue, $"The clock {escalate.Clock} is not due.")
            : Decision.Of(new IncidentEvent.Escalated(context.Now, context.Actor, due.Clock, due.Level, due.DueAt));
    }

    private static Decision AcknowledgeEscalation(Incident incident, IncidentCommand.AcknowledgeEscalation acknowledge, DecideContext context)
    {
        var upTo = acknowledge.UpTo ?? EscalationLevel.BannerSupervisor;
        var open = incident.Escalations.Where(escalation => escalation.AcknowledgedBy is null && escalation.Level <= upTo)
            .Select(IncidentEvent (escalation) => new IncidentEvent.EscalationAcknowledged(context.Now, context.Actor, escalation.Clock, escalation.Level))
            .ToImmutableArray();
        return open.IsEmpty ? Decision.Refuse(RefusalNames.NothingEscalated, "No escalation waits for an answer.") : Decision.Of(open);
    }

    private static Decision AlreadyHandled() => Decision.Refuse(RefusalNames.AlreadyHandled, "The call was handled already. Reopen the incident if the work goes on.");
}
