using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>
/// I9 and I11 by the oracle's own clock, without asking the hub's: a step that takes too long has gone upward, rung by rung; whoever does not answer is not waited
/// for; a link that stays lost is an incident.
/// </content>
public sealed partial class Watcher
{
    /// <summary>I9's second, one for the sweep that saw the step begin, one for the commit.</summary>
    private const long StepGraceUs = 3 * VirtualTime.Second;

    /// <summary>So many more incidents than are open may be remembered.</summary>
    private const int OpenRoom = 100;

    /// <summary>When each was first seen.</summary>
    private readonly Dictionary<Step, long> _beganUs = [];

    /// <summary>Those who did not answer, and who was asked for them is known.</summary>
    private readonly HashSet<(long Incident, string Responder, DateTimeOffset Turned)> _silentOnes = [];

    private readonly Dictionary<string, (DateTimeOffset Change, long SinceUs)> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _inLinkIncidentUs = new(StringComparer.Ordinal);

    /// <summary>What somebody waits for. A step that begins anew is another one.</summary>
    /// <param name="Of">Whose answer, or what has become of the step; empty for the step itself.</param>
    /// <param name="Stage">When the stage came about that it is of, where that matters beside <paramref name="Since"/>.</param>
    private readonly record struct Step(long Incident, ClockName Clock, string Of, DateTimeOffset Stage, DateTimeOffset Since)
    {
        public override int GetHashCode() => HashCode.Combine(Incident, Since.UtcTicks);
    }

    /// <summary>When there is something to look at next in an incident that stays as it is; long.MaxValue for never.</summary>
    private readonly Dictionary<Incident, long> _lookAtUs = new(ReferenceEqualityComparer.Instance);
    private long _nextLookUs;

    private void ForgetSteps()
    {
        _beganUs.Clear();
        _lookAtUs.Clear();
        _links.Clear();
        _inLinkIncidentUs.Clear();
    }

    /// <summary>
    /// Once a second: every incident that has changed, and whatever became due in one that has not. Months of work that nobody does stand open beside what is done, and
    /// looking at each of them each second would take more time than the world itself.
    /// </summary>
    private void CheckAllSteps(Incident[] open, long steadyUs)
    {
        if (_lookAtUs.Count > 2 * (open.Length + OpenRoom))
        {
            _lookAtUs.Clear();
        }

        foreach (var incident in open)
        {
            if (_lookAtUs.TryGetValue(incident, out var lookUs) && world.Queue.NowUs < lookUs)
            {
                continue;
            }

            _nextLookUs = long.MaxValue;
            CheckTaken(incident, steadyUs);
            CheckSteps(incident, steadyUs);
            _lookAtUs[incident] = _nextLookUs;
        }
    }

    /// <summary>More time than this is over. While it is not, the incident needs no other look for it before then.</summary>
    private bool IsOver(long sinceUs, long spanUs)
    {
        if (world.Queue.NowUs - sinceUs > spanUs)
        {
            return true;
        }

        _nextLookUs = Math.Min(_nextLookUs, sinceUs + spanUs + 1);
        return false;
    }

    private void CheckSteps(Incident incident, long steadyUs)
    {
        var targets = world.Hub.Station.Targets;
        if (incident.MergedInto is null && StepOf(incident, targets) is { } step)
        {
            CheckStep(incident, step.Clock, step.SpanS, step.Since, steadyUs);
        }

        // The way to the presser counts from the dispatch, whoever sets out when.
        if (incident is { MergedInto: null, Stage: Stage.Dispatched })
        {
            CheckStep(incident, ClockName.Arrive, targets.ArriveS(incident.ZoneClass), FirstSent(incident), steadyUs);
        }

        if (incident.CallBackDueSince is { } due)
        {
            CheckStep(incident, ClockName.CallBack, targets.CallBackS, due, steadyUs);
        }

        foreach (var assignment in incident.Assignments)
        {
            CheckAnswer(incident, assignment, targets, steadyUs);
        }

        foreach (var escalation in incident.Escalations)
        {
            if (escalation.Level == EscalationLevel.BannerSupervisor && !WasRaised(incident, escalation.Clock, EscalationLevel.ShiftLeader))
            {
                Fail("I9", null, $"incident {incident.Id}: {escalation.Clock} went to {escalation.Level}, and the shift leader was left out");
            }
        }
    }

    private static bool WasRaised(Incident incident, ClockName clock, EscalationLevel level) => incident.Escalations.Any(raised => raised.Clock == clock && raised.Level == level);

    /// <summary>The step that the work is at, by the order of its stages; null when only its clock of arrival runs, which began earlier.</summary>
    private static (ClockName Clock, long SpanS, DateTimeOffset Since)? StepOf(Incident incident, StationTargets targets) => incident.Stage switch
    {
        Stage.Received when incident.AcceptedAt is { } acceptedAt => (ClockName.Assess, targets.AssessS, acceptedAt > incident.StageSince ? acceptedAt : incident.StageSince),
        Stage.Received => (ClockName.Accept, targets.AcceptS, incident.StageSince),
        Stage.Assessed => (ClockName.Dispatch, targets.DispatchS, incident.StageSince),
        Stage.Dispatched => (ClockName.GoOut, targets.GoOutS, incident.StageSince),
        Stage.EnRoute => (ClockName.Arrive, targets.ArriveS(incident.ZoneClass), FirstSent(incident)),
        Stage.OnScene => (ClockName.Handle, targets.HandleS, incident.StageSince),
        Stage.Handled => (ClockName.Report, targets.ReportS, incident.StageSince),
        Stage.Reported => (ClockName.FollowUp, targets.FollowUpSOf(incident.Kind.ToString()), incident.StageSince),
        Stage.FollowedUp => (ClockName.Close, targets.CloseS, incident.StageSince),
        _ => null,
    };

    private static DateTimeOffset FirstSent(Incident incident) =>
        incident.Assignments.Where(static assignment => assignment.IsActive).Select(static assignment => assignment.DispatchedAt).DefaultIfEmpty(incident.StageSince).Min();

    /// <summary>What is overdue has reached the shift leader; what nobody does even then, the banner.</summary>
    private void CheckStep(Incident incident, ClockName clock, long spanS, DateTimeOffset since, long steadyUs)
    {
        // What was merged and is no longer begins its step anew, also when the hub's clock says that this was before somebody took it.
        var step = new Step(incident.Id, clock, "", clock == ClockName.Assess ? incident.StageSince : default, since);
        if (!IsOver(SinceUs(step, steadyUs), (spanS * VirtualTime.Second) + StepGraceUs))
        {
            return;
        }

        // A step that comes back, because whoever was there was called off, may be overdue when it does: it goes upward within the second, or, if the hub's clock was set
        // back meanwhile, after its whole time.
        var backUs = StepGraceUs + (world.Hub.WasClockWrong ? spanS * VirtualTime.Second : 0);
        if (_stories.GetValueOrDefault(incident.Id) is { } story && !IsOver(story.StageSeenUs, backUs))
        {
            return;
        }

        Check("I9 step");

        // What was raised when the stage came an earlier time is not this time's; a hub whose clock was set may have written any time.
        var beganAt = since == incident.StageSince && clock != ClockName.Arrive && !world.Hub.WasClockWrong ? since : DateTimeOffset.MinValue;
        if (Highest(incident, clock, beganAt) is not { } raised)
        {
            Fail("I9", null, $"incident {incident.Id} ({incident.Kind}): {clock} is overdue, and has not escalated");
        }
        else if (raised is { Level: EscalationLevel.ShiftLeader, AcknowledgedAt: null } && IsOver(SinceUs(new Step(incident.Id, clock, "raised", default, raised.At), steadyUs), (world.Hub.Station.Targets.EscalateAgainS * VirtualTime.Second) + StepGraceUs))
        {
            Fail("I9", null, $"incident {incident.Id} ({incident.Kind}): {clock} has reached the shift leader, is still not done, and went no further");
        }
    }

    /// <summary>How high a step has been raised since; the newest of its like. Null when it has not been.</summary>
    private static Escalation? Highest(Incident incident, ClockName clock, DateTimeOffset since)
    {
        Escalation? highest = null;
        foreach (var escalation in incident.Escalations)
        {
            if (escalation.Clock == clock && escalation.At >= since && (highest is null || escalation.Level >= highest.Level))
            {
                highest = escalation;
            }
        }

        return highest;
    }

    /// <summary>Whoever was sent and says nothing is not waited for; the next is asked, while there is one.</summary>
    private void CheckAnswer(Incident incident, Assignment assignment, StationTargets targets, long steadyUs)
    {
        if (incident.Stage >= Stage.Handled)
        {
            return;
        }

        if (assignment.AwaitsAnswer && IsOver(SinceUs(new Step(incident.Id, ClockName.Answer, assignment.ResponderId, default, assignment.DispatchedAt), steadyUs), (targets.AnswerS * VirtualTime.Second) + StepGraceUs))
        {
            Fail("I9", null, $"incident {incident.Id}: {assignment.ResponderId} has not answered, and is still waited for");
        }
        else if (assignment.UnansweredAt is { } turned && _silentOnes.Add((incident.Id, assignment.ResponderId, turned)))
        {
            Check("I9 next asked");

            // Who is there to be asked is a matter of that moment: whoever comes on duty later is the command room's to send.
            // A silent call is for police only, and the hub asks three at most.
            var isFirst = !incident.IsSilent && incident.Assignments.Count(static other => other.UnansweredAt is not null) == 1;
            var wasAsked = incident.Assignments.Any(other => other.ResponderId != assignment.ResponderId && other.DispatchedAt >= turned);
            if (isFirst && !wasAsked && incident.Assignments.Select(static other => other.ResponderId).Distinct().Count() <= world.Hub.Station.Responders.Length / 2 && IsSomebodyFree(incident))
            {
                Fail("I9", null, $"incident {incident.Id}: {assignment.ResponderId} did not answer, and nobody else was asked");
            }
        }
    }

    /// <summary>Since when this has been so, as far as the hub was there to see it.</summary>
    private long SinceUs(in Step step, long steadyUs)
    {
        ref var began = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_beganUs, step, out var isKnown);
        began = isKnown ? began : world.Queue.NowUs;
        return Math.Max(began, steadyUs);
    }

    /// <summary>A link that stays lost is in an incident, and leaves it when it is back (I11).</summary>
    private void CheckLinkIncident(Boards.SimulatedBoard board, GatewayState gateway, long steadyUs)
    {
        var now = world.Queue.NowUs;
        var isLost = gateway.Link == LinkState.Lost;
        if (!isLost && gateway.Link != LinkState.Up)
        {
            // A hub that has just started does not know it yet.
            _links.Remove(board.Device);
            return;
        }

        if (!_links.TryGetValue(board.Device, out var link) || link.Change != gateway.LinkSince)
        {
            // What came about while the hub kept no time may have been told, worked on and closed meanwhile.
            var wasSeen = now - steadyUs > StepGraceUs;
            _links[board.Device] = link = (gateway.LinkSince, wasSeen ? now : long.MinValue);
        }

        var sinceUs = Math.Max(link.SinceUs, steadyUs);
        var inIncidentUs = _inLinkIncidentUs.GetValueOrDefault(board.Device, long.MinValue);
        if (isLost && now - sinceUs > (world.Hub.Station.Targets.LinkLostS * VirtualTime.Second) + StepGraceUs)
        {
            Check("I11 incident");
            if (inIncidentUs < link.SinceUs)
            {
                Fail("I11", board, $"its link is lost for {(now - link.SinceUs) / VirtualTime.Second} s, and that is in no incident");
            }
        }
        else if (!isLost && inIncidentUs == now && now - sinceUs > StepGraceUs)
        {
            Fail("I11", board, "its link is back, and the incident of its loss still counts it");
        }
    }

    private void NoteLinkIncident(Incident incident)
    {
        // One that was merged keeps its zones, and its work goes on elsewhere.
        if (incident.Kind != IncidentKind.LinkLost)
        {
            return;
        }

        foreach (var zone in incident.ActiveZones)
        {
            _inLinkIncidentUs[zone[..zone.IndexOf('/')]] = world.Queue.NowUs;
        }
    }
}
