using System.Collections.Immutable;

namespace Gateway.Hub.Incidents;

/// <summary>What each event changes. Never refuses: what is stored has happened.</summary>
public static partial class IncidentRules
{
    /// <summary>The incident after all of these events.</summary>
    /// <exception cref="InvalidOperationException">The events do not begin with <see cref="IncidentEvent.Opened"/>.</exception>
    public static Incident Evolve(Incident? incident, IEnumerable<IncidentEvent> events)
    {
        foreach (var happened in events)
        {
            incident = Evolve(incident, happened);
        }

        return incident ?? throw new InvalidOperationException("No events make no incident.");
    }

    /// <summary>The incident after this event.</summary>
    /// <exception cref="InvalidOperationException">There is no incident, and the event opens none.</exception>
    public static Incident Evolve(Incident? incident, IncidentEvent happened)
    {
        if (happened is IncidentEvent.Opened opened)
        {
            return AfterOpened(opened);
        }

        if (incident is null)
        {
            throw new InvalidOperationException($"{IncidentJson.TypeOf(happened)} without an incident: the stored events are incomplete.");
        }

        var next = Apply(incident, happened) with { Version = incident.Version + 1 };
        if (IsDeskAct(happened))
        {
            next = next with { ActedVersion = next.Version, ActedBy = happened.Actor };
        }

        if (next.Stage != incident.Stage || next.MergedInto != incident.MergedInto)
        {
            next = next with { StageSince = happened.At };
        }

        return next.Escalations.IsEmpty ? next : next with { Escalations = OfRunningClocks(next) };
    }

    /// <summary>What two people at two desks can do against each other. What responders, boards and clocks say changes no decision of theirs.</summary>
    private static bool IsDeskAct(IncidentEvent happened) =>
        happened is IncidentEvent.Accepted or IncidentEvent.Assessed or IncidentEvent.Dispatched or IncidentEvent.Released or IncidentEvent.Handled
            or IncidentEvent.Reported or IncidentEvent.FollowedUp or IncidentEvent.FollowUpWaived or IncidentEvent.CalledBack or IncidentEvent.HandedToCaseTeam
            or IncidentEvent.Merged or IncidentEvent.Unmerged or IncidentEvent.Reopened or IncidentEvent.Closed
            or IncidentEvent.SplitOff or IncidentEvent.ReferredToMediation or IncidentEvent.MediationEnded or IncidentEvent.MediationFollowedUp
            or IncidentEvent.CaseTaken or IncidentEvent.CaseFedBack;

    private static Incident Apply(Incident incident, IncidentEvent happened) => happened switch
    {
        IncidentEvent.SignalJoined joined => AfterSignal(incident, joined),
        IncidentEvent.Restored restored => AfterRestored(incident, restored),
        IncidentEvent.Cancelled cancelled => AfterCancelled(incident, cancelled),
        IncidentEvent.Accepted => incident with { AcceptedBy = happened.Actor, AcceptedAt = happened.At },
        IncidentEvent.Assessed assessed => incident with
        {
            Assessment = assessed.Assessment,
            Stage = incident.Stage == Stage.Received ? Stage.Assessed : incident.Stage,
        },
        IncidentEvent.Dispatched dispatched => AfterDispatched(incident, dispatched),
        IncidentEvent.Answered answered => AfterAnswered(incident, answered),
        IncidentEvent.WentOut wentOut => WithAssignment(incident, wentOut.ResponderId, assignment => assignment with { EnRouteAt = happened.At }),
        IncidentEvent.Arrived arrived => WithAssignment(incident, arrived.ResponderId, assignment => assignment with { OnSceneAt = happened.At }),
        IncidentEvent.Released released => WithAssignment(incident, released.ResponderId, assignment => assignment with { ReleasedAt = happened.At }),
        IncidentEvent.Handled => incident with { Stage = Stage.Handled, HandledAt = happened.At, Assignments = AllReleased(incident, happened.At) },
        IncidentEvent.Reported reported => incident with { Stage = Stage.Reported, ReportText = reported.Text, Disposition = reported.Disposition },
        IncidentEvent.FollowedUp followedUp => AfterFollowedUp(incident, followedUp),
        IncidentEvent.FollowUpWaived waived => incident with { Stage = Stage.FollowedUp, FollowUpWaiver = new(waived.Supervisor, waived.Reason, happened.At) },
        IncidentEvent.CalledBack calledBack => AfterCalledBack(incident, calledBack),
        IncidentEvent.HandedToCaseTeam handed => incident with { CaseTeam = handed.Team, Case = new(handed.Team, handed.At) },
        IncidentEvent.Merged merged => incident with { MergedInto = merged.IntoIncidentId, MergedAt = happened.At },
        IncidentEvent.Unmerged => incident with { MergedInto = null, MergedAt = null },
        IncidentEvent.Escalated escalated => incident with { Escalations = incident.Escalations.Add(new(escalated.Clock, escalated.Level, happened.At, null, null) { Unheard = escalated.Unheard == true }) },
        IncidentEvent.EscalationAcknowledged acknowledged => incident with { Escalations = Acknowledged(incident, acknowledged) },
        IncidentEvent.Noted => incident,
        IncidentEvent.Reopened => BackToWork(incident),
        IncidentEvent.Closed => incident with { Stage = Stage.Closed, ClosedAt = happened.At },
        IncidentEvent.SplitOff split => incident with { SplitOffs = incident.SplitOffs.Add(split.NewIncidentId) },
        IncidentEvent.ReferredToMediation referred => incident with { Mediation = new(referred.Team, referred.Parties, referred.At) },
        IncidentEvent.MediationEnded ended => incident with { Mediation = incident.Mediation! with { Result = ended.Result, EndedAt = ended.At } },
        IncidentEvent.MediationFollowedUp => incident with { Mediation = incident.Mediation! with { FollowedUpAt = happened.At } },
        IncidentEvent.CaseTaken taken => incident with { Case = incident.Case! with { Reference = taken.Reference, TakenAt = taken.At } },
        IncidentEvent.CaseFedBack => incident with { Case = incident.Case! with { FedBackAt = happened.At } },
        IncidentEvent.Unanswered unanswered => AfterUnanswered(incident, unanswered),
        IncidentEvent.Informed informed => incident with
        {
            Informed = incident.Informed.AddRange(informed.ResponderIds.Select(id => new InformedPerson(id, informed.Why, informed.At, null))),
        },
        IncidentEvent.Reached reached => AfterReached(incident, reached),
        IncidentEvent.WatchAlerted alerted => incident with { Watch = new(alerted.GroupId, alerted.At, alerted.Boards, alerted.Loudspeakers) },
        IncidentEvent.WatchSounded sounded => incident with { Watch = AfterSounded(incident.Watch, sounded.Device) },
        IncidentEvent.WatchAnswered answered => incident with { Watch = incident.Watch is { } heard ? heard with { Answered = heard.Answered.Add(answered.Device) } : null },
        IncidentEvent.WatchStopped => incident with { Watch = incident.Watch is { } watch ? watch with { StoppedAt = happened.At } : null },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "An event without a rule."),
    };

    private static Incident AfterOpened(IncidentEvent.Opened opened) => new()
    {
        Id = opened.IncidentId,
        Version = 1,
        Kind = opened.Kind,
        Stage = Stage.Received,
        StageSince = opened.At,
        CallPointId = opened.CallPointId,
        VillageId = opened.VillageId,
        StationId = opened.StationId ?? "",
        ZoneClass = opened.ZoneClass,
        OpenedAt = opened.At,
        FirstSignal = opened.Signal,
        LastSignalAt = opened.Signal.ReceivedAt,
        SignalCount = opened.SplitFrom is null ? 1 : 0,
        Weight = Math.Max(1, opened.Signal.Count),
        // What was split off has the signal as its story, not as its own: the call at the button stays with the first.
        Calls = opened.SplitFrom is null && SignalRouting.CallOf(opened.Signal) is { } call ? [call] : [],
        CallPoints = opened.CallPointId.Length > 0 ? [opened.CallPointId] : [],
        ActiveZones = opened.SplitFrom is null ? [SignalRouting.ZoneKey(opened.Signal)] : [],
        Follows = opened.Follows,
        SplitFrom = opened.SplitFrom,
    };

    private static Incident AfterSignal(Incident incident, IncidentEvent.SignalJoined joined)
    {
        var signal = joined.Signal;
        var calls = incident.Calls;
        var added = Math.Max(1, signal.Count);
        if (SignalRouting.CallOf(signal) is { } call)
        {
            var known = calls.FirstOrDefault(other => other.FirstPress == call.FirstPress);
            var isKnown = known != default;

            // A board counts all presses of a latched call: what is new is the difference, and a late one adds nothing.
            added = isKnown ? Math.Max(0, call.Count - known.Count) : added;
            calls = isKnown ? calls.Replace(known, known with { Count = Math.Max(known.Count, call.Count), Cancelled = known.Cancelled && added == 0 }) : calls.Add(call);
            calls = calls.Length > Incident.CallsMax ? calls.RemoveAt(0) : calls;
        }

        var zone = SignalRouting.ZoneKey(signal);
        return incident with
        {
            SignalCount = incident.SignalCount + 1,
            Weight = (int)Math.Min(int.MaxValue, (long)incident.Weight + added),
            Calls = calls,
            LastSignalAt = signal.ReceivedAt > incident.LastSignalAt ? signal.ReceivedAt : incident.LastSignalAt,
            CallPoints = joined.CallPointId.Length > 0 && incident.CallPoints.Count < Incident.PlacesMax ? incident.CallPoints.Add(joined.CallPointId) : incident.CallPoints,
            ActiveZones = incident.ActiveZones.Count < Incident.PlacesMax ? incident.ActiveZones.Add(zone) : incident.ActiveZones,
            RestoredAt = null,
            CancelledAt = null,
        };
    }

    /// <summary>
    /// One call is taken back; the incident is, when none stands any more. Somebody calls back in any case. A call that it did not hold is one of a duplicate that was merged into it: it is
    /// held here from now on, as a press on it would be, and the work itself stands.
    /// </summary>
    private static Incident AfterCancelled(Incident incident, IncidentEvent.Cancelled cancelled)
    {
        var taken = cancelled.Call ?? SignalRouting.CallIn(incident, cancelled.Signal) ?? SignalRouting.CallOf(cancelled.Signal);
        var isOthers = taken is { } found && !incident.Calls.Any(call => call.FirstPress == found.FirstPress);
        var calls = incident.Calls.Select(call => call.FirstPress == taken?.FirstPress ? call with { Cancelled = true } : call).ToImmutableArray();

        // What is taken back displaces nothing that stands.
        calls = isOthers && calls.Length < Incident.CallsMax ? calls.Add(taken!.Value with { Cancelled = true }) : calls;
        return incident with
        {
            Calls = calls, CancelledAt = !isOthers && calls.All(static call => call.Cancelled) ? cancelled.At : incident.CancelledAt,
            WasCancelled = true, CallBackDueSince = incident.CallBackDueSince ?? cancelled.At,
        };
    }

    private static Incident AfterRestored(Incident incident, IncidentEvent.Restored restored)
    {
        var active = incident.ActiveZones.Remove(SignalRouting.ZoneKey(restored.Signal));
        return incident with { ActiveZones = active, RestoredAt = active.IsEmpty ? incident.RestoredAt ?? restored.At : null };
    }

    private static Incident AfterDispatched(Incident incident, IncidentEvent.Dispatched dispatched)
    {
        var assignments = incident.Assignments.RemoveAll(assignment => !assignment.IsActive && dispatched.ResponderIds.Contains(assignment.ResponderId))
            .AddRange(dispatched.ResponderIds.Select(id => new Assignment(id, dispatched.At, dispatched.EtaMin, null, null, null)));
        while (assignments.Length > Incident.AssignmentsMax && assignments.FirstOrDefault(assignment => !assignment.IsActive) is { } released)
        {
            assignments = assignments.Remove(released);
        }

        return WithStageOfAssignments(incident with { Assignments = assignments, JointResponseId = dispatched.JointResponseId ?? incident.JointResponseId });
    }

    private static Incident WithAssignment(Incident incident, string responderId, Func<Assignment, Assignment> change) =>
        WithStageOfAssignments(incident with
        {
            Assignments = [.. incident.Assignments.Select(assignment => assignment.ResponderId == responderId && assignment.IsActive ? change(assignment) : assignment)],
        });

    /// <summary>The stage is what the furthest of those who are out has reached; with nobody out, it is back at the assessment.</summary>
    private static Incident WithStageOfAssignments(Incident incident)
    {
        var active = incident.Assignments.Where(assignment => assignment.IsActive).ToList();
        var stage = active.Any(assignment => assignment.OnSceneAt is not null) ? Stage.OnScene
            : active.Any(assignment => assignment.EnRouteAt is not null) ? Stage.EnRoute
            : active.Count > 0 ? Stage.Dispatched
            : Stage.Assessed;
        return incident with { Stage = stage };
    }

    private static ImmutableArray<Assignment> AllReleased(Incident incident, DateTimeOffset at) =>
        [.. incident.Assignments.Select(assignment => assignment.IsActive ? assignment with { ReleasedAt = at } : assignment)];

    private static Incident AfterCalledBack(Incident incident, IncidentEvent.CalledBack calledBack) => calledBack.Result switch
    {
        CallBackResult.NoAnswer => incident,
        CallBackResult.PresserSafe => incident with { CallBackDueSince = null },
        _ => BackToWorkIfOver(incident with { CallBackDueSince = null, CancelledAt = null, Calls = [.. incident.Calls.Select(static call => call with { Cancelled = false })] }),
    };

    private static Incident AfterFollowedUp(Incident incident, IncidentEvent.FollowedUp followedUp) => incident with
    {
        Stage = followedUp.Result == Incidents.FollowUpResult.NotMet ? incident.Stage : Stage.FollowedUp,
        FollowUpText = followedUp.Result == Incidents.FollowUpResult.NotMet ? incident.FollowUpText : followedUp.Text,
        FollowUpResult = followedUp.Result,
        FollowUpParties = followedUp.Parties is { IsDefault: false } parties ? parties : [],
    };

    private static Incident BackToWorkIfOver(Incident incident) => incident.Stage >= Stage.Handled ? BackToWork(incident) : incident;

    /// <summary>Report and follow-up are due again (I10); what was written stays in the events.</summary>
    private static Incident BackToWork(Incident incident) => incident with
    {
        Stage = Stage.Assessed,
        HandledAt = null,
        Disposition = null,
        ReportText = null,
        FollowUpText = null,
        FollowUpResult = null,
        FollowUpParties = [],
        FollowUpWaiver = null,
    };

    private static ImmutableArray<Escalation> Acknowledged(Incident incident, IncidentEvent.EscalationAcknowledged acknowledged) =>
        [.. incident.Escalations.Select(escalation =>
            escalation.Clock == acknowledged.Clock && escalation.Level == acknowledged.Level && escalation.AcknowledgedBy is null
                ? escalation with { AcknowledgedBy = acknowledged.Actor, AcknowledgedAt = acknowledged.At }
                : escalation)];

    private static ImmutableArray<Escalation> OfRunningClocks(Incident incident)
    {
        var running = IncidentClocks.Running(incident).Select(clock => clock.Clock).ToHashSet();
        return incident.Escalations.RemoveAll(escalation => !running.Contains(escalation.Clock));
    }
}
