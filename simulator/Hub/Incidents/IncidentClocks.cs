using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>A clock of an incident's present step.</summary>
/// <param name="WarnAt">When three quarters of the time are gone.</param>
/// <param name="Deadline">When the step is overdue.</param>
/// <param name="DueAt">When the next escalation is due: the deadline at first; <see cref="DateTimeOffset.MaxValue"/> when it has reached the top.</param>
/// <param name="Level">Whom that escalation reaches; <see cref="EscalationLevel.None"/> when it has reached the top.</param>
public sealed record ClockDue(
    ClockName Clock, DateTimeOffset StartedAt, DateTimeOffset WarnAt, DateTimeOffset Deadline, DateTimeOffset DueAt, EscalationLevel Level);

/// <summary>
/// The clocks of I9. Deadlines are derived from the incident's own events, so that a restart changes none of them: whoever asks next finds what is overdue.
/// The caller's "now" must not follow steps of the wall clock while the hub runs.
/// </summary>
public static class IncidentClocks
{
    /// <summary>The clock that escalates next; null when none can.</summary>
    public static ClockDue? Due(Incident incident, StationTargets targets)
    {
        ClockDue? first = null;
        foreach (var due in All(incident, targets))
        {
            if (due.Level != EscalationLevel.None && (first is null || due.DueAt < first.DueAt))
            {
                first = due;
            }
        }

        return first;
    }

    /// <summary>Every running clock, the nearest deadline first.</summary>
    public static ImmutableArray<ClockDue> All(Incident incident, StationTargets targets) =>
        [.. Running(incident).Select(clock => Due(incident, clock.Clock, clock.StartedAt, targets)).OrderBy(due => due.Deadline).ThenBy(due => due.Clock)];

    /// <summary>
    /// What the hub keeps time for: the running clocks, and the answer of everybody who was sent. The answer's clock is that of whoever was sent first; the others' time
    /// runs meanwhile, and must not begin anew when it comes to them.
    /// </summary>
    public static IEnumerable<ClockDue> Timed(Incident incident, StationTargets targets)
    {
        foreach (var clock in All(incident, targets))
        {
            yield return clock;
        }

        foreach (var assignment in incident.Assignments)
        {
            if (assignment.AwaitsAnswer && incident.IsOpen)
            {
                yield return Due(incident, ClockName.Answer, assignment.DispatchedAt, targets);
            }
        }
    }

    /// <summary>Which clocks run, and since when. Every open incident has at least one.</summary>
    public static IEnumerable<(ClockName Clock, DateTimeOffset StartedAt)> Running(Incident incident)
    {
        if (!incident.IsOpen)
        {
            yield break;
        }

        if (incident.CallBackDueSince is { } since)
        {
            yield return (ClockName.CallBack, since);
        }

        foreach (var clock in Beside(incident))
        {
            yield return clock;
        }

        if (incident.MergedAt is { } mergedAt)
        {
            yield return (ClockName.Close, mergedAt);
            yield break;
        }

        switch (incident.Stage)
        {
            case Stage.Received when incident.AcceptedAt is { } acceptedAt:
                yield return (ClockName.Assess, Later(acceptedAt, incident.StageSince));
                break;
            case Stage.Dispatched:
                yield return (ClockName.GoOut, incident.StageSince);
                yield return (ClockName.Arrive, FirstDispatch(incident));
                break;
            case Stage.EnRoute:
                yield return (ClockName.Arrive, FirstDispatch(incident));
                break;
            default:
                yield return (ClockOf(incident.Stage), incident.StageSince);
                break;
        }
    }

    /// <summary>The clocks of what goes on beside the stages.</summary>
    private static IEnumerable<(ClockName Clock, DateTimeOffset StartedAt)> Beside(Incident incident)
    {
        if (incident.Mediation is { IsOpen: true } mediation)
        {
            yield return mediation.EndedAt is { } endedAt ? (ClockName.MediationFollowUp, endedAt) : (ClockName.Mediate, mediation.ReferredAt);
        }

        if (incident.Case is { IsOpen: true } file)
        {
            yield return file.TakenAt is { } takenAt ? (ClockName.CaseFeedback, takenAt) : (ClockName.CaseTake, file.HandedAt);
        }

        DateTimeOffset? asked = null;
        foreach (var assignment in incident.Assignments)
        {
            if (assignment.AwaitsAnswer && (asked is null || assignment.DispatchedAt < asked))
            {
                asked = assignment.DispatchedAt;
            }
        }

        if (asked is { } since)
        {
            yield return (ClockName.Answer, since);
        }
    }

    private static ClockName ClockOf(Stage stage) => stage switch
    {
        Stage.Received => ClockName.Accept,
        Stage.Assessed => ClockName.Dispatch,
        Stage.OnScene => ClockName.Handle,
        Stage.Handled => ClockName.Report,
        Stage.Reported => ClockName.FollowUp,
        Stage.FollowedUp => ClockName.Close,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A stage without a single clock."),
    };

    private static ClockDue Due(Incident incident, ClockName clock, DateTimeOffset startedAt, StationTargets targets)
    {
        var span = TimeSpan.FromSeconds(SpanS(incident, clock, targets));
        var deadline = startedAt + span;
        var warnAt = startedAt + (span * 0.75);
        var highest = incident.Escalations.Where(escalation => escalation.Clock == clock).MaxBy(escalation => escalation.Level);

        // Whoever acknowledged owns the step; if it is still not done after as long again, it goes on upward.
        return highest?.Level switch
        {
            null => new(clock, startedAt, warnAt, deadline, deadline, EscalationLevel.ShiftLeader),
            EscalationLevel.ShiftLeader => new(clock, startedAt, warnAt, deadline,
                (highest.AcknowledgedAt ?? highest.At).AddSeconds(targets.EscalateAgainS), EscalationLevel.BannerSupervisor),
            _ => new(clock, startedAt, warnAt, deadline, DateTimeOffset.MaxValue, EscalationLevel.None),
        };
    }

    private static long SpanS(Incident incident, ClockName clock, StationTargets targets) => clock switch
    {
        ClockName.Accept => targets.AcceptS,
        ClockName.Assess => targets.AssessS,
        ClockName.Dispatch => targets.DispatchS,
        ClockName.GoOut => targets.GoOutS,
        ClockName.Arrive => targets.ArriveS(incident.ZoneClass),
        ClockName.Handle => targets.HandleS,
        ClockName.Report => targets.ReportS,
        ClockName.FollowUp => targets.FollowUpSOf(incident.Kind.ToString()),
        // A duplicate waits for the whole rest of the incident that it joined.
        ClockName.Close => incident.MergedInto is null ? targets.CloseS : (long)targets.HandleS + targets.ReportS + targets.FollowUpS + targets.CloseS,
        ClockName.CallBack => targets.CallBackS,
        ClockName.Answer => targets.AnswerS,
        ClockName.Mediate => targets.MediateS,
        ClockName.MediationFollowUp => targets.MediationFollowUpS,
        ClockName.CaseTake => targets.CaseTakeS,
        ClockName.CaseFeedback => targets.CaseFeedbackS,
        _ => throw new ArgumentOutOfRangeException(nameof(clock), clock, "No such clock."),
    };

    private static DateTimeOffset FirstDispatch(Incident incident) =>
        incident.Assignments.Where(assignment => assignment.IsActive).Select(assignment => assignment.DispatchedAt).DefaultIfEmpty(incident.StageSince).Min();

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
