using Gateway.Hub.Delivery;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Ingest;

/// <content>What the buttons are told: notices and latch resets. A call may be in several open incidents: pressed again when the work of one was over, it has opened another.</content>
internal sealed partial class IncidentDesk
{
    /// <summary>
    /// Notices after a birth for each lane and epoch, and in all [GW-30]. A button shows one call, the newest of its epoch, and a board has room for sixteen messages at once: were the
    /// word of fifty calls sent each time, or of every epoch that the board has left, the resets behind it would never get there.
    /// </summary>
    private const int NoticesOfEpochMax = 4;
    private const int NoticesAfterBirthMax = 8;

    /// <summary>A board's reason to refuse a reset [GW-40]: a press on the call is still to come to the hub.</summary>
    private const string PressedAgain = "pressed-again";

    /// <summary>Latch resets that are due, oldest first: asked for by the end of a call's work, until the board has said that its latch is over.</summary>
    private readonly List<PendingReset> _resets = [];

    /// <summary>Boards whose answer left a latch as it was: they are asked again when they have nothing more to tell of calls.</summary>
    private readonly HashSet<string> _putOff = new(StringComparer.Ordinal);
    private readonly HashSet<string> _bornInBatch = new(StringComparer.Ordinal);
    private readonly HashSet<SignalIdentity> _toldAtBirth = [];
    private readonly HashSet<string> _askedAgainInBatch = new(StringComparer.Ordinal);

    /// <summary>Ids of the resets of calls on which some work ended in this batch.</summary>
    private readonly HashSet<string> _dueInBatch = new(StringComparer.Ordinal);

    /// <summary>The calls that this batch may have changed something for, in order, and what was told of each before it.</summary>
    private readonly Dictionary<SignalIdentity, Told?> _toldBefore = [];

    /// <summary>The calls of incidents that closed in this batch, each with the last of them.</summary>
    private readonly Dictionary<SignalIdentity, Incident> _closedInBatch = [];
    private long _nextCommand = 1;

    /// <summary>After a birth: the latest notices of the board's newest open calls [GW-30], and the latch resets that it has not answered.</summary>
    public void NoticesAfterBirth(string device) => _bornInBatch.Add(device);

    /// <summary>A board answered a command.</summary>
    public void Answered(string device, string commandId, string result, string reason, HubTime now)
    {
        _alerting.Answered(device, commandId, result, reason, now);
        if (_resets.FindIndex(reset => reset.Device == device && reset.CommandId == commandId) is >= 0 and var answered)
        {
            if (result == "done" || (result == "refused" && reason != PressedAgain))
            {
                _resets.RemoveAt(answered);
            }
            else
            {
                // The latch is as it was. A cut here costs nothing: the board gives birth to the next process, and is asked after that.
                _putOff.Add(device);
            }
        }
    }

    /// <summary>A board's heartbeat says that it has no call to tell: a reset that it could not take yet is sent again.</summary>
    public void NothingWaits(string device)
    {
        if (_putOff.Remove(device))
        {
            _askedAgainInBatch.Add(device);
        }
    }

    public string NextCommandId() => $"{_core.Identity.RunText}-{_nextCommand++}";

    /// <summary>Sends a command of the hub's own to a board; its id, or null when the board is not connected. It is in the gateway's record, as a person's would be.</summary>
    public string? SendToBoard(string device, GatewayCommand command, HubTime now)
    {
        if (!_core.Gateways.TryGetValue(device, out var gateway) || gateway.Link != Fleet.LinkState.Up || _core.DownlinkTo(gateway) is not { } downlink)
        {
            return null;
        }

        var id = NextCommandId();
        _core.Store.SaveCommand(id, device, command.Name, ClockActor, now.Utc);
        downlink.Command(id, command, now);
        return id;
    }

    /// <summary>The end of a batch: what the buttons must be told, in order, the receipts having gone before.</summary>
    public void EndBatch(HubTime now)
    {
        _alerting.EndBatch(_bornInBatch, now);
        LetGo(now);
        foreach (var device in _bornInBatch)
        {
            TellBorn(device, now);
        }

        // A board that has just given birth was told of its newest open calls; what has changed of another it hears here, and that one was closed in this very batch.
        foreach (var (call, before) in _toldBefore.Where(entry => !_toldAtBirth.Contains(entry.Key)))
        {
            if (ToldOf(call) is { } told && told != before)
            {
                Tell(call, told, now);
            }
        }

        // After the notice "closed": a board that is reset first no longer knows what was closed.
        if (_bornInBatch.Count + _askedAgainInBatch.Count + _dueInBatch.Count > 0)
        {
            foreach (var reset in _resets.Where(reset => _bornInBatch.Contains(reset.Device) || _askedAgainInBatch.Contains(reset.Device) || _dueInBatch.Contains(reset.CommandId)))
            {
                SendReset(reset, now);
            }
        }

        _bornInBatch.Clear();
        _toldAtBirth.Clear();
        _askedAgainInBatch.Clear();
        _dueInBatch.Clear();
        _toldBefore.Clear();
        _closedInBatch.Clear();
    }

    /// <summary>
    /// Before an incident is kept as it stands now: what is told of its calls, and of those that were merged into it and hear of its work, too. What differs at the
    /// end of the batch is told.
    /// </summary>
    private void NoteTold(Incident? before, Incident after)
    {
        NoteTold(after);
        if (before is not null)
        {
            // A call too many made it forget the oldest.
            NoteTold(before);
        }

        foreach (var merged in _open.AllMergedInto(after.Id))
        {
            NoteTold(merged);
        }

        foreach (var call in before is { IsOpen: true } && !after.IsOpen ? after.Calls : [])
        {
            _closedInBatch[call.FirstPress] = after;
        }
    }

    private void NoteTold(Incident incident)
    {
        foreach (var call in incident.Calls)
        {
            if (!_toldBefore.ContainsKey(call.FirstPress))
            {
                _toldBefore.Add(call.FirstPress, ToldOf(call.FirstPress));
            }
        }
    }

    /// <summary>The incident in which the work on a merged one goes on; null when it was not merged, or that one is no longer open.</summary>
    private Incident? WorkOf(Incident incident)
    {
        var work = incident.MergedInto is { } target ? _open.Find(target) : null;
        for (var steps = 0; steps < Open.Count && work?.MergedInto is { } further && _open.Find(further) is { } next; steps++)
        {
            work = next;
        }

        return work;
    }

    /// <summary>
    /// What is told of a call now [GW-37]: the newest of the open incidents that have it and have something to say of it says it. That it is closed, when the last of
    /// them has closed in this batch. Null when there is nothing to say.
    /// </summary>
    private Told? ToldOf(SignalIdentity call)
    {
        Told? told = null;
        var isOver = true;
        foreach (var incident in _open.Having(call))
        {
            isOver = false;
            told = ToldOf(incident, WorkOf(incident), call) ?? told;
        }

        return isOver && _closedInBatch.TryGetValue(call, out var closed) ? ToldOf(closed, null, call) : told;
    }

    private static Told? ToldOf(Incident incident, Incident? mergedInto, SignalIdentity firstPress)
    {
        if (PresserView.Of(incident, mergedInto, incident.Calls.First(call => call.FirstPress == firstPress)) is not { } view)
        {
            return null;
        }

        var sent = (mergedInto ?? incident).Assignments.Where(assignment => assignment.IsActive).Select(assignment => (DateTimeOffset?)assignment.DispatchedAt).Min();
        return new Told(view.Stage, view.EtaMin is { } minutes ? sent?.AddMinutes(minutes) : null);
    }

    /// <summary>
    /// The calls of what has closed are to be let go: stored here, in the transaction of the close. A reset that is due from an earlier end of the same call's work is
    /// asked for again.
    /// </summary>
    private void LetGo(HubTime now)
    {
        foreach (var call in _closedInBatch.Keys)
        {
            if (_resets.Find(reset => CallOf(reset) == call) is not { } due)
            {
                var lane = LaneNames.Parse(call.Lane);
                due = new PendingReset(NextCommandId(), call.Device, lane, call.Epoch, call.Sequence);
                _core.Store.SaveCommand(due.CommandId, due.Device, ResetText.Write(lane, due.Epoch, due.Seq), ClockActor, now.Utc);
                _resets.Add(due);
            }

            _dueInBatch.Add(due.CommandId);
        }
    }

    /// <summary>The newest first: it is the one that the button shows, and a board has room for few messages at once ([GW-29]). By its number: it may have joined an old incident. The epochs that the birth names go before those that the board has left.</summary>
    private void TellBorn(string device, HubTime now)
    {
        var room = NoticesAfterBirthMax;
        var session = _core.Gateways.GetValueOrDefault(device)?.Session;
        var epochs = _open.CallsOf(device).Reverse().GroupBy(static call => (call.Lane, call.Epoch));
        foreach (var epoch in epochs.OrderByDescending(epoch => session?.EpochOf(LaneNames.Parse(epoch.Key.Lane)) == epoch.Key.Epoch))
        {
            var toTell = epoch.OrderByDescending(static call => call.Sequence).Select(call => (Call: call, Told: ToldOf(call))).Where(static entry => entry.Told is not null);
            foreach (var (call, told) in toTell.Take(Math.Min(NoticesOfEpochMax, room)))
            {
                Tell(call, told!.Value, now);
                _toldAtBirth.Add(call);
                room--;
            }
        }
    }

    /// <summary>Not while an incident has the call: pressed again when the work of one was over, it has opened another, and the end of that asks again.</summary>
    private void SendReset(PendingReset reset, HubTime now)
    {
        if (!_open.Having(CallOf(reset)).Any() && _core.Gateways.TryGetValue(reset.Device, out var gateway))
        {
            _core.DownlinkTo(gateway)?.Command(reset.CommandId, new GatewayCommand.ResetLatch(reset.Lane, reset.Epoch, reset.Seq), now);
        }
    }

    private static SignalIdentity CallOf(PendingReset reset) => new(reset.Device, LaneNames.Of(reset.Lane), reset.Epoch, reset.Seq);

    private void Tell(SignalIdentity call, Told told, HubTime now)
    {
        if (_core.Gateways.TryGetValue(call.Device, out var gateway))
        {
            _core.DownlinkTo(gateway)?.Notice(LaneNames.Parse(call.Lane), call.Epoch, call.Sequence, told.Stage, told.EtaMin(now.Utc));
        }
    }

    /// <summary>What is told at the button: a stage, and when the first able person is expected, if somebody said so.</summary>
    private readonly record struct Told(string Stage, DateTimeOffset? ArrivalAt)
    {
        private const int EtaMaxMin = 1_440;

        public int? EtaMin(DateTimeOffset now) => ArrivalAt is { } at ? (int)Math.Clamp(Math.Ceiling((at - now).TotalMinutes), 0, EtaMaxMin) : null;
    }
}
