using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.World.Oracle;

/// <content>Which clocks run, what may happen when, and what the hub's own record must then say.</content>
internal sealed partial class Story
{
    /// <summary>With one key a dispatch can be taken back for so long, s; and so many can be out for one incident: what the hub says of itself when it refuses more.</summary>
    private const long UndoS = 20;
    private const int OutMax = 32;

    /// <summary>What people at desks did to it, by versions: whoever looks at an older one decides on what is no longer so.</summary>
    private readonly List<(long Version, string Actor)> _acts = [];

    /// <summary>Somebody else at a desk has acted since this was seen.</summary>
    public bool HasActedSince(long seen, string than) => _acts.Count > 0 && _acts[^1].Actor != than && _acts[^1].Version > seen;

    /// <summary>Its newest act, one of this person, was decided on what another had changed meanwhile.</summary>
    public bool WasDecidedBlindly(long seen, string by) =>
        _acts.Count > 1 && _acts[^1].Version == Version && _acts[^1].Actor == by && _acts[^2].Actor != by && _acts[^2].Version > seen;

    private static bool IsAct(IncidentEvent happened) =>
        happened is IncidentEvent.Accepted or IncidentEvent.Assessed or IncidentEvent.Dispatched or IncidentEvent.Released or IncidentEvent.Handled or IncidentEvent.Reported
            or IncidentEvent.FollowedUp or IncidentEvent.FollowUpWaived or IncidentEvent.CalledBack or IncidentEvent.HandedToCaseTeam or IncidentEvent.Merged or IncidentEvent.Unmerged
            or IncidentEvent.Reopened or IncidentEvent.Closed or IncidentEvent.SplitOff or IncidentEvent.ReferredToMediation or IncidentEvent.MediationEnded
            or IncidentEvent.MediationFollowedUp or IncidentEvent.CaseTaken or IncidentEvent.CaseFedBack;

    /// <summary>Which clocks run, and since when: the table of the workflow.</summary>
    public IEnumerable<(ClockName Clock, DateTimeOffset Since)> Clocks()
    {
        if (!IsOpen)
        {
            yield break;
        }

        if (CallBackDueSince is { } due)
        {
            yield return (ClockName.CallBack, due);
        }

        if (Mediation is { FollowedUp: null } mediation)
        {
            yield return mediation.Ended is { } ended ? (ClockName.MediationFollowUp, ended) : (ClockName.Mediate, mediation.Referred);
        }

        if (Case is { FedBack: null } file)
        {
            yield return file.Taken is { } taken ? (ClockName.CaseFeedback, taken) : (ClockName.CaseTake, file.Handed);
        }

        if (Sent.Exists(static sent => sent.IsAwaited))
        {
            yield return (ClockName.Answer, Sent.FindAll(static sent => sent.IsAwaited).Min(static sent => sent.At));
        }

        if (MergedAt is { } merged)
        {
            yield return (ClockName.Close, merged);
            yield break;
        }

        yield return Stage switch
        {
            Stage.Received when AcceptedAt is { } accepted => (ClockName.Assess, accepted > StageSince ? accepted : StageSince),
            Stage.Received => (ClockName.Accept, StageSince),
            Stage.Assessed => (ClockName.Dispatch, StageSince),
            Stage.Dispatched => (ClockName.GoOut, StageSince),
            Stage.EnRoute => (ClockName.Arrive, FirstSent),
            Stage.OnScene => (ClockName.Handle, StageSince),
            Stage.Handled => (ClockName.Report, StageSince),
            Stage.Reported => (ClockName.FollowUp, StageSince),
            _ => (ClockName.Close, StageSince),
        };
        if (Stage == Stage.Dispatched)
        {
            yield return (ClockName.Arrive, FirstSent);
        }
    }

    private DateTimeOffset FirstSent => Sent.FindAll(static sent => sent.IsOut).Select(static sent => sent.At).DefaultIfEmpty(StageSince).Min();

    private long SpanS(ClockName clock, StationTargets targets) => clock switch
    {
        ClockName.Accept => targets.AcceptS,
        ClockName.Assess => targets.AssessS,
        ClockName.Dispatch => targets.DispatchS,
        ClockName.GoOut => targets.GoOutS,
        ClockName.Arrive => ZoneClass switch { ZoneClass.Core => targets.ArriveCoreS, ZoneClass.Key => targets.ArriveKeyS, _ => targets.ArriveGeneralS },
        ClockName.Handle => targets.HandleS,
        ClockName.Report => targets.ReportS,
        ClockName.FollowUp => targets.FollowUpS,
        ClockName.Close when MergedInto is not null => (long)targets.HandleS + targets.ReportS + targets.FollowUpS + targets.CloseS,
        ClockName.Close => targets.CloseS,
        ClockName.CallBack => targets.CallBackS,
        ClockName.Answer => targets.AnswerS,
        ClockName.Mediate => targets.MediateS,
        ClockName.MediationFollowUp => targets.MediationFollowUpS,
        ClockName.CaseTake => targets.CaseTakeS,
        _ => targets.CaseFeedbackS,
    };

    /// <summary>Why this must not happen now; null when it may.</summary>
    /// <param name="others">Every incident, as it stands at this moment of the chain.</param>
    public string? Objection(IncidentEvent happened, StationTargets targets, IReadOnlyDictionary<long, Story> others)
    {
        if (!IsOpen)
        {
            return "it is closed";
        }

        var isHubs = happened is IncidentEvent.SignalJoined or IncidentEvent.Restored or IncidentEvent.Cancelled or IncidentEvent.Escalated or IncidentEvent.Unanswered
            or IncidentEvent.Informed or IncidentEvent.Reached or IncidentEvent.WatchAlerted or IncidentEvent.WatchSounded or IncidentEvent.WatchAnswered or IncidentEvent.WatchStopped;
        if (MergedInto is not null && !isHubs
            && happened is not (IncidentEvent.Unmerged or IncidentEvent.Closed or IncidentEvent.CalledBack or IncidentEvent.Noted or IncidentEvent.EscalationAcknowledged))
        {
            return "it was merged, and its work goes on elsewhere";
        }

        return happened switch
        {
            IncidentEvent.Accepted when AcceptedBy is not null => "somebody has taken it",
            IncidentEvent.Assessed when AcceptedBy is null || Stage >= Stage.Handled => "it is not taken, or handled",
            IncidentEvent.Handled when Stage is not (Stage.Assessed or Stage.OnScene) => "nobody is there, or it is handled",
            IncidentEvent.Reported reported when Stage != Stage.Handled || string.IsNullOrWhiteSpace(reported.Text) || (reported.Disposition == Gateway.Hub.Incidents.Disposition.CancelledByPresser && !WasCancelled) =>
                "it is not handled, reported already, or nobody took it back",
            IncidentEvent.FollowedUp when Stage != Stage.Reported => "there is no report, or the follow-up is settled",
            IncidentEvent.FollowUpWaived waived when Stage != Stage.Reported || string.IsNullOrWhiteSpace(waived.Supervisor) || string.IsNullOrWhiteSpace(waived.Reason) =>
                "there is no report, or no name and reason",
            IncidentEvent.CalledBack when CallBackDueSince is null => "no call-back is due",
            IncidentEvent.Reopened when Stage < Stage.Handled => "the work goes on",
            IncidentEvent.Closed => ObjectionToClose(others),
            IncidentEvent.Merged merged => ObjectionToMerge(merged.IntoIncidentId, others),
            IncidentEvent.Unmerged when MergedInto is null => "it is not merged",
            IncidentEvent.SplitOff when AcceptedAt is null => "nobody has taken it",
            IncidentEvent.Escalated escalated => ObjectionToEscalation(escalated, targets),
            IncidentEvent.EscalationAcknowledged known when !Raised.Exists(raised => raised.Clock == known.Clock && raised.Level == known.Level && raised.By is null) => "nothing waits for that answer",
            _ => ObjectionToPeople(happened, targets),
        };
    }

    private string? ObjectionToPeople(IncidentEvent happened, StationTargets targets) => happened switch
    {
        IncidentEvent.Dispatched when Stage >= Stage.Handled || AcceptedBy is null || Stage == Stage.Received => "it is handled, or not judged",
        IncidentEvent.Dispatched dispatched when dispatched.ResponderIds.Any(id => Out(id) is not null) => "one of them is out for it",
        IncidentEvent.Dispatched dispatched when dispatched.ResponderIds.Length is var sent && (sent == 0 || sent != dispatched.ResponderIds.Distinct().Count() || sent + Sent.Count(static known => known.IsOut) > OutMax) =>
            "nobody is named, somebody twice, or they are too many",
        IncidentEvent.WentOut wentOut when Stage >= Stage.Handled || Out(wentOut.ResponderId) is not { EnRouteAt: null } => "that one was not sent, or is on the way",
        IncidentEvent.Arrived arrived when Stage >= Stage.Handled || Out(arrived.ResponderId) is not { OnSceneAt: null, EnRouteAt: not null } => "that one was not sent, did not set out, or is there",
        IncidentEvent.Released { Reason: "undone" } undone when Out(undone.ResponderId) is { } sent && ((sent.AnsweredAt ?? sent.EnRouteAt ?? sent.OnSceneAt) is not null || Sent.Exists(other => other.IsOut && other.At > sent.At)) => "that one has answered, or was sent before the others",
        IncidentEvent.Released { Reason: "undone" } undone when Out(undone.ResponderId) is { } sent && undone.At > sent.At.AddSeconds(UndoS) => "it is too late to take that back",
        IncidentEvent.Answered answered when _keyTurned is var (at, actor, several) && several > 1 && (answered.At, answered.Actor) == (at, actor) => "the key was that of several, and nobody knows whose hand it was",
        IncidentEvent.Released released when Stage >= Stage.Handled || Out(released.ResponderId) is null => "that one was not sent",
        IncidentEvent.Answered answered when Stage >= Stage.Handled || (Out(answered.ResponderId) is null && !Informed.Contains(answered.ResponderId)) => "that one was not sent",
        IncidentEvent.Answered answered when Out(answered.ResponderId) is { } sent && (sent.AnsweredAt ?? sent.EnRouteAt ?? sent.OnSceneAt) is not null => "that one has answered",
        IncidentEvent.Unanswered unanswered when unanswered.ResponderIds.Any(id => Out(id) is not { IsAwaited: true } sent || sent.At.AddSeconds(targets.AnswerS) > happened.At) => "somebody has answered, or still has time",
        IncidentEvent.WatchAlerted when Watch is not null || IsSilent => "the neighbours were called, or it is silent",
        IncidentEvent.WatchSounded sounded when Watch is not { StoppedAt: null } watch || watch.Sounding.Contains(sounded.Device) => "that box does not sound for it",
        IncidentEvent.WatchAnswered answered when Watch is null || !Watch.Boards.Contains(answered.Device) || Watch.Answered.Contains(answered.Device) => "that box was not asked, or has answered",
        IncidentEvent.WatchStopped when Watch is not { StoppedAt: null } || (IsWaiting && CancelledAt is null) => "no neighbour's box sounds for it, or it still rings",
        IncidentEvent.CaseTaken when Case is not { Taken: null } => "there is no such case",
        IncidentEvent.CaseFedBack when Case is not { Taken: not null, FedBack: null } => "there is no such case",
        IncidentEvent.MediationEnded when Mediation is not { Ended: null } => "there is no such mediation",
        IncidentEvent.MediationFollowedUp when Mediation is not { Ended: not null, FollowedUp: null } => "there is no such mediation",
        IncidentEvent.ReferredToMediation when Stage == Stage.Received || Mediation is { FollowedUp: null } => "nobody has judged it, or one goes on",
        IncidentEvent.HandedToCaseTeam when Stage == Stage.Received || Case is not null => "nobody has judged it, or they have it",
        _ => null,
    };

    /// <summary>I10, by the oracle's own book.</summary>
    private string? ObjectionToClose(IReadOnlyDictionary<long, Story> others)
    {
        if (CallBackDueSince is not null)
        {
            return "nobody has called back";
        }

        if (MergedInto is { } target)
        {
            return others.TryGetValue(target, out var other) && other.IsOpen ? $"incident {target}, which it joined, is open" : null;
        }

        return Stage != Stage.FollowedUp || Report is null || (FollowUp is null && Waiver is null) ? "there is no report or follow-up" : HasOpenLoop ? "a loop beside it is open" : null;
    }

    private string? ObjectionToMerge(long target, IReadOnlyDictionary<long, Story> others)
    {
        if (Stage >= Stage.Handled || CallBackDueSince is not null || HasOpenLoop || Sent.Exists(static sent => sent.IsOut))
        {
            return "it is handled, or somebody is out for it or owes something";
        }

        return !others.TryGetValue(target, out var other) || target == Id || !other.IsOpen || other.MergedInto is not null || other.Stage >= Stage.Handled ? "the other one is not at work"
            : other.IsSilent != IsSilent ? "one of them is silent"
            : null;
    }

    /// <summary>Nobody above is troubled before the time, out of turn, or for a step that is not due.</summary>
    private string? ObjectionToEscalation(IncidentEvent.Escalated escalated, StationTargets targets)
    {
        var clock = Clocks().FirstOrDefault(clock => clock.Clock == escalated.Clock);
        if (clock == default || escalated.Clock == ClockName.Answer)
        {
            return "that clock does not run";
        }

        var highest = Raised.Where(raised => raised.Clock == escalated.Clock).MaxBy(static raised => raised.Level);
        if (escalated.Unheard == true)
        {
            // Nobody can hear it: at once, and only the first rung of a call that nobody has taken.
            return escalated is { Clock: ClockName.Accept, Level: EscalationLevel.ShiftLeader } && highest is null && IsWaiting ? null : "it does not ring, or somebody has been told";
        }

        var (level, due) = highest is null
            ? (EscalationLevel.ShiftLeader, clock.Since.AddSeconds(SpanS(escalated.Clock, targets)))
            : (EscalationLevel.BannerSupervisor, (highest.ByAt ?? highest.At).AddSeconds(targets.EscalateAgainS));
        return highest?.Level == EscalationLevel.BannerSupervisor || escalated.Level != level ? $"the next one to hear of it is {level}"
            : escalated.DueAt != due || escalated.At < due ? $"it is due at {due:O}"
            : null;
    }

    /// <summary>What the hub's record says otherwise; null when it is as told here.</summary>
    public string? Difference(Incident incident)
    {
        (string Name, object? Hub, object? Told)[] members =
        [
            ("version", incident.Version, Version), ("kind", incident.Kind, Kind), ("stage", incident.Stage, Stage), ("stageSince", incident.StageSince, StageSince),
            ("callPointId", incident.CallPointId, CallPointId), ("zoneClass", incident.ZoneClass, ZoneClass), ("openedAt", incident.OpenedAt, OpenedAt),
            ("firstSignal", incident.FirstSignal.Identity, First.Identity), ("lastSignalAt", incident.LastSignalAt, LastSignalAt), ("signalCount", incident.SignalCount, SignalCount),
            ("weight", (long)incident.Weight, Weight), ("acceptedBy", incident.AcceptedBy, AcceptedBy), ("acceptedAt", incident.AcceptedAt, AcceptedAt), ("assessment", incident.Assessment, Assessment),
            ("restoredAt", incident.RestoredAt, RestoredAt), ("cancelledAt", incident.CancelledAt, CancelledAt), ("wasCancelled", incident.WasCancelled, WasCancelled),
            ("callBackDueSince", incident.CallBackDueSince, CallBackDueSince), ("handledAt", incident.HandledAt, HandledAt), ("disposition", incident.Disposition, Disposition),
            ("reportText", incident.ReportText, Report), ("followUpText", incident.FollowUpText, FollowUp), ("waiver", incident.FollowUpWaiver is { } waiver ? (waiver.Supervisor, waiver.Reason) : null, Waiver),
            ("mergedInto", incident.MergedInto, MergedInto), ("mergedAt", incident.MergedAt, MergedAt), ("follows", incident.Follows, Follows), ("splitFrom", incident.SplitFrom, SplitFrom),
            ("closedAt", incident.ClosedAt, ClosedAt),
            ("mediation", incident.Mediation is { } mediation ? (mediation.ReferredAt, mediation.EndedAt, mediation.FollowedUpAt) : null, Mediation),
            ("case", incident.Case is { } file ? (file.HandedAt, file.TakenAt, file.FedBackAt) : null, Case),
        ];
        foreach (var (name, hub, told) in members)
        {
            // A closed incident's words are erased some time, and with them which zone came to rest last.
            var isErased = !IsOpen && (hub?.ToString()?.Contains(ErasedWords.Tombstone, StringComparison.Ordinal) == true || (AreZonesErased && name == "restoredAt"));
            if (!isErased && !Equals(hub, told))
            {
                return $"{name} is \"{hub}\", and by its events \"{told}\"";
            }
        }

        return !incident.Assignments.Select(static a => (a.ResponderId, a.DispatchedAt, a.EtaMin, a.EnRouteAt, a.OnSceneAt, a.ReleasedAt, a.AnsweredAt, a.UnansweredAt))
                .SequenceEqual(Sent.Select(static s => (s.Id, s.At, s.EtaMin, s.EnRouteAt, s.OnSceneAt, s.ReleasedAt, s.AnsweredAt, s.UnansweredAt))) ? "those who were sent are others than by its events"
            : !incident.Calls.Select(static c => (c.FirstPress, c.Zone, c.Count, c.Cancelled)).SequenceEqual(Calls.Select(static c => (c.Key, c.Zone, c.Count, c.IsCancelled))) ? "its calls are others than by its events"
            : !incident.Escalations.Select(static e => (e.Clock, e.Level, e.At, e.AcknowledgedBy, e.AcknowledgedAt)).SequenceEqual(Raised.Select(static r => (r.Clock, r.Level, r.At, r.By, r.ByAt))) ? "its escalations are others than by its events"
            : (incident.Watch is null) != (Watch is null) || (incident.Watch is { } watch && !IsSame(watch, Watch!)) ? "its neighbours are others than by its events"
            : !incident.ActiveZones.SetEquals(ActiveZones) && (IsOpen || !AreZonesErased) ? $"{string.Join(' ', incident.ActiveZones.Except(ActiveZones))} counts as in alarm, or {string.Join(' ', ActiveZones.Except(incident.ActiveZones))} does not"
            : null;
    }

    private static bool IsSame(WatchAlert hub, Neighbours told) =>
        (hub.GroupId, hub.At, hub.StoppedAt) == (told.GroupId, told.At, told.StoppedAt) && hub.Boards.SequenceEqual(told.Boards) && hub.Loudspeakers.SequenceEqual(told.Loudspeakers)
        && hub.Sounding.SetEquals(told.Sounding) && hub.Answered.SetEquals(told.Answered);
}
