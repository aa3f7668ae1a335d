using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.World.Oracle;

/// <summary>
/// One incident, told again by the oracle: from the events that the audit chain holds, by the workflow's table (simulator/Hub/Incidents/README.md) and not by the
/// hub's rules. What an event changes is in <see cref="Tell"/>; whether it may happen, in the other part.
/// </summary>
internal sealed partial class Story(IncidentEvent.Opened opened)
{
    /// <summary>The last turn of a key at a box that called somebody: when, at which box, and how many it has reached.</summary>
    private (DateTimeOffset At, string Actor, int Reached)? _keyTurned;

    public long Id { get; } = opened.IncidentId;

    public IncidentKind Kind { get; } = opened.Kind;

    public string CallPointId { get; } = opened.CallPointId;

    public ZoneClass ZoneClass { get; } = opened.ZoneClass;

    public DateTimeOffset OpenedAt { get; } = opened.At;

    public SignalFacts First { get; } = opened.Signal;

    public long? Follows { get; } = opened.Follows;

    public long? SplitFrom { get; } = opened.SplitFrom;

    public long Version { get; private set; } = 1;

    public Stage Stage { get; private set; } = Stage.Received;

    public DateTimeOffset StageSince { get; private set; } = opened.At;

    public DateTimeOffset LastSignalAt { get; private set; } = opened.Signal.ReceivedAt;

    public int SignalCount { get; private set; } = opened.SplitFrom is null ? 1 : 0;

    public long Weight { get; private set; } = Math.Max(1, opened.Signal.Count);

    public List<Call> Calls { get; } = opened.SplitFrom is null && opened.Signal.Call != 0 ? [new Call(opened.Signal.Identity with { Sequence = opened.Signal.Call }, opened.Signal.Zone) { Count = opened.Signal.Count }] : [];

    /// <summary>Calls that were too many and that it no longer has, since somebody last looked: another incident may speak for them now.</summary>
    public List<SignalIdentity> Forgotten { get; } = [];

    public HashSet<string> ActiveZones { get; } = opened.SplitFrom is null ? [ZoneOf(opened.Signal)] : [];

    /// <summary>The words by which its zones are known were erased with time: two of them may be one now.</summary>
    public bool AreZonesErased { get; private set; } = opened.Signal.Detail == ErasedWords.Tombstone;

    public string? AcceptedBy { get; private set; }

    public DateTimeOffset? AcceptedAt { get; private set; }

    public Assessment? Assessment { get; private set; }

    public List<Sent> Sent { get; } = [];

    public DateTimeOffset? RestoredAt { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    public bool WasCancelled { get; private set; }

    public bool WasReopened { get; private set; }

    public DateTimeOffset? CallBackDueSince { get; private set; }

    public DateTimeOffset? HandledAt { get; private set; }

    public Disposition? Disposition { get; private set; }

    public string? Report { get; private set; }

    public string? FollowUp { get; private set; }

    public (string Supervisor, string Reason)? Waiver { get; private set; }

    public (DateTimeOffset Referred, DateTimeOffset? Ended, DateTimeOffset? FollowedUp)? Mediation { get; private set; }

    public (DateTimeOffset Handed, DateTimeOffset? Taken, DateTimeOffset? FedBack)? Case { get; private set; }

    public long? MergedInto { get; private set; }

    public DateTimeOffset? MergedAt { get; private set; }

    /// <summary>The incident from which it was last parted, and when.</summary>
    public (long From, long AtUs)? Parted { get; set; }

    public List<Raised> Raised { get; private set; } = [];

    public List<string> Informed { get; } = [];

    public Neighbours? Watch { get; private set; }

    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>When the oracle saw its stage change, by the true time.</summary>
    public long StageSeenUs { get; set; }

    /// <summary>When the oracle saw it change in any way.</summary>
    public long ChangedUs { get; set; }

    public bool IsOpen => Stage != Stage.Closed;

    public bool IsSilent => Kind == IncidentKind.Silent;

    public bool HasOpenLoop => Mediation is { FollowedUp: null } || Case is { FedBack: null };

    /// <summary>Until a person has taken it: it rings.</summary>
    public bool IsWaiting => IsOpen && AcceptedAt is null && MergedInto is null;

    /// <summary>1 where a life may depend on it, 2 where property or animals do, 3 where only the equipment does.</summary>
    public int Priority => Kind is IncidentKind.Help or IncidentKind.Silent or IncidentKind.Smoke or IncidentKind.Gas || IsMarkedLife ? 1
        : Kind is IncidentKind.Mains or IncidentKind.Battery or IncidentKind.Fault ? 3 : 2;

    /// <summary>What depends on it travels with the calls.</summary>
    private bool IsMarkedLife => First.Identity.Lane is "call" or "volatile" && Kind is IncidentKind.Door or IncidentKind.Pen or IncidentKind.Water or IncidentKind.Sensor;

    public Sent? Out(string id) => Sent.Find(sent => sent.Id == id && sent.IsOut);

    public static string ZoneOf(SignalFacts signal) =>
        signal is { Kind: "fault", Detail.Length: > 0 } ? $"{signal.Identity.Device}/{signal.Zone}/{signal.Detail}" : $"{signal.Identity.Device}/{signal.Zone}";

    /// <summary>Goes on with an event.</summary>
    public void Tell(IncidentEvent happened)
    {
        var (stage, merged) = (Stage, MergedInto);
        Change(happened);
        Version++;
        if (IsAct(happened))
        {
            _acts.Add((Version, happened.Actor));
        }

        if (stage != Stage || merged != MergedInto)
        {
            StageSince = happened.At;
        }

        if (Raised.Count > 0)
        {
            var running = Clocks().Select(static clock => clock.Clock).ToList();
            Raised.RemoveAll(raised => !running.Contains(raised.Clock));
        }
    }

    private void Change(IncidentEvent happened)
    {
        AreZonesErased |= happened is IncidentEvent.SignalJoined { Signal.Detail: ErasedWords.Tombstone } or IncidentEvent.Restored { Signal.Detail: ErasedWords.Tombstone };
        switch (happened)
        {
            case IncidentEvent.SignalJoined joined:
                Join(joined.Signal);
                break;
            case IncidentEvent.Restored restored:
                ActiveZones.Remove(ZoneOf(restored.Signal));
                RestoredAt = ActiveZones.Count > 0 ? null : RestoredAt ?? happened.At;
                break;
            case IncidentEvent.Cancelled cancelled:
                Cancel(cancelled);
                break;
            case IncidentEvent.Accepted:
                (AcceptedBy, AcceptedAt) = (happened.Actor, happened.At);
                break;
            case IncidentEvent.Assessed assessed:
                Assessment = assessed.Assessment;
                Stage = Stage == Stage.Received ? Stage.Assessed : Stage;
                break;
            case IncidentEvent.Handled:
                (Stage, HandledAt) = (Stage.Handled, happened.At);
                Sent.FindAll(static sent => sent.IsOut).ForEach(sent => sent.ReleasedAt = happened.At);
                break;
            case IncidentEvent.Reported reported:
                (Stage, Report, Disposition) = (Stage.Reported, reported.Text, reported.Disposition);
                break;
            case IncidentEvent.FollowedUp { Result: not FollowUpResult.NotMet } followedUp:
                (Stage, FollowUp) = (Stage.FollowedUp, followedUp.Text);
                break;
            case IncidentEvent.FollowUpWaived waived:
                (Stage, Waiver) = (Stage.FollowedUp, (waived.Supervisor, waived.Reason));
                break;
            case IncidentEvent.CalledBack { Result: not CallBackResult.NoAnswer } calledBack:
                CalledBack(calledBack.Result);
                break;
            case IncidentEvent.Merged into:
                (MergedInto, MergedAt) = (into.IntoIncidentId, happened.At);
                break;
            case IncidentEvent.Unmerged:
                (MergedInto, MergedAt) = (null, null);
                break;
            case IncidentEvent.Reopened:
                WasReopened = true;
                BackToWork();
                break;
            case IncidentEvent.Closed:
                (Stage, ClosedAt) = (Stage.Closed, happened.At);
                break;
            case IncidentEvent.Escalated escalated:
                Raised.Add(new Raised(escalated.Clock, escalated.Level, happened.At));
                break;
            case IncidentEvent.EscalationAcknowledged known:
                Raised.FindAll(raised => raised.Clock == known.Clock && raised.Level == known.Level && raised.By is null).ForEach(raised => (raised.By, raised.ByAt) = (happened.Actor, happened.At));
                break;
            default:
                ChangePeople(happened);
                break;
        }
    }

    private void ChangePeople(IncidentEvent happened)
    {
        switch (happened)
        {
            case IncidentEvent.Reached { Channel: ReachChannel.Box, State: ReachState.Answered }:
                _keyTurned = (happened.At, happened.Actor, _keyTurned is var (at, actor, reached) && (at, actor) == (happened.At, happened.Actor) ? reached + 1 : 1);
                break;
            case IncidentEvent.Dispatched dispatched:
                Send(dispatched);
                break;
            case IncidentEvent.WentOut wentOut:
                Out(wentOut.ResponderId)!.EnRouteAt = happened.At;
                StageOfSent();
                break;
            case IncidentEvent.Arrived arrived:
                Out(arrived.ResponderId)!.OnSceneAt = happened.At;
                StageOfSent();
                break;
            case IncidentEvent.Released released:
                Out(released.ResponderId)!.ReleasedAt = happened.At;
                StageOfSent();
                break;
            case IncidentEvent.Answered answered when Out(answered.ResponderId) is { } sent:
                sent.AnsweredAt ??= happened.At;
                break;
            case IncidentEvent.Unanswered unanswered:
                Sent.FindAll(sent => sent.IsOut && unanswered.ResponderIds.Contains(sent.Id)).ForEach(sent => sent.UnansweredAt = happened.At);
                break;
            case IncidentEvent.Informed informed:
                Informed.AddRange(informed.ResponderIds);
                break;
            case IncidentEvent.WatchAlerted alerted:
                Watch = new Neighbours(alerted.GroupId, happened.At, alerted.Boards, alerted.Loudspeakers);
                break;
            case IncidentEvent.WatchSounded sounded:
                Watch!.Sounding.Add(sounded.Device);
                break;
            case IncidentEvent.WatchAnswered answered:
                Watch!.Answered.Add(answered.Device);
                break;
            case IncidentEvent.WatchStopped:
                Watch!.StoppedAt = happened.At;
                break;
            case IncidentEvent.HandedToCaseTeam:
                Case = (happened.At, null, null);
                break;
            case IncidentEvent.CaseTaken:
                Case = Case!.Value with { Taken = happened.At };
                break;
            case IncidentEvent.CaseFedBack:
                Case = Case!.Value with { FedBack = happened.At };
                break;
            case IncidentEvent.ReferredToMediation:
                Mediation = (happened.At, null, null);
                break;
            case IncidentEvent.MediationEnded:
                Mediation = Mediation!.Value with { Ended = happened.At };
                break;
            case IncidentEvent.MediationFollowedUp:
                Mediation = Mediation!.Value with { FollowedUp = happened.At };
                break;
        }
    }

    /// <summary>A board counts all presses of a latched call: what is new is the difference.</summary>
    private void Join(SignalFacts signal)
    {
        long added = Math.Max(1, signal.Count);
        if (signal.Call != 0)
        {
            var key = signal.Identity with { Sequence = signal.Call };
            if (Calls.Find(call => call.Key == key) is { } known)
            {
                added = Math.Max(0, signal.Count - known.Count);
                known.Count = Math.Max(known.Count, signal.Count);
                known.IsCancelled &= added == 0;
            }
            else
            {
                Calls.Add(new Call(key, signal.Zone) { Count = signal.Count });
                if (Calls.Count > Incident.CallsMax)
                {
                    Forgotten.Add(Calls[0].Key);
                    Calls.RemoveAt(0);
                }
            }
        }

        SignalCount++;
        Weight += added;
        LastSignalAt = signal.ReceivedAt > LastSignalAt ? signal.ReceivedAt : LastSignalAt;
        if (ActiveZones.Count < Incident.PlacesMax)
        {
            ActiveZones.Add(ZoneOf(signal));
        }

        (RestoredAt, CancelledAt) = (null, null);
    }

    private void Cancel(IncidentEvent.Cancelled cancelled)
    {
        var signal = cancelled.Signal;
        var key = signal.Call != 0 ? signal.Identity with { Sequence = signal.Call } : cancelled.Call?.FirstPress;
        var taken = key is { } named ? Calls.Find(call => call.Key == named) : Calls.FindLast(call => call.Key.Device == signal.Identity.Device && call.Zone == signal.Zone);
        if (taken is not null)
        {
            taken.IsCancelled = true;
        }

        if (taken is not null || key is null)
        {
            CancelledAt = Calls.TrueForAll(static call => call.IsCancelled) ? cancelled.At : CancelledAt;
        }
        else if (Calls.Count < Incident.CallsMax)
        {
            // A duplicate's, merged into this: the work itself stands.
            Calls.Add(new Call(key.Value, cancelled.Call?.Zone ?? signal.Zone) { Count = cancelled.Call?.Count ?? signal.Count, IsCancelled = true });
        }

        CallBackDueSince ??= cancelled.At;
        WasCancelled = true;
    }

    private void CalledBack(CallBackResult result)
    {
        CallBackDueSince = null;
        if (result == CallBackResult.HelpNeeded)
        {
            CancelledAt = null;
            Calls.ForEach(static call => call.IsCancelled = false);
            if (Stage >= Stage.Handled)
            {
                BackToWork();
            }
        }
    }

    private void BackToWork()
    {
        Stage = Stage.Assessed;
        (HandledAt, Disposition, Report, FollowUp, Waiver) = (null, null, null, null, null);
    }

    private void Send(IncidentEvent.Dispatched dispatched)
    {
        Sent.RemoveAll(sent => !sent.IsOut && dispatched.ResponderIds.Contains(sent.Id));
        Sent.AddRange(dispatched.ResponderIds.Select(id => new Sent(id, dispatched.At, dispatched.EtaMin)));
        while (Sent.Count > Incident.AssignmentsMax && Sent.Find(static sent => !sent.IsOut) is { } released)
        {
            Sent.Remove(released);
        }

        StageOfSent();
    }

    /// <summary>What the furthest of those who are out has reached; with nobody out, the assessment.</summary>
    private void StageOfSent() => Stage = !Sent.Exists(static sent => sent.IsOut) ? Stage.Assessed
        : Sent.Exists(static sent => sent is { IsOut: true, OnSceneAt: not null }) ? Stage.OnScene
        : Sent.Exists(static sent => sent is { IsOut: true, EnRouteAt: not null }) ? Stage.EnRoute
        : Stage.Dispatched;
}
