using Gateway.Hub.Delivery;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Ingest;

/// <content>What the buttons are told: notices and latch resets.</content>
internal sealed partial class IncidentDesk
{
    private readonly List<PendingReset> _resets = [];
    private readonly List<PendingReset> _newResets = [];
    private readonly HashSet<string> _bornInBatch = new(StringComparer.Ordinal);
    private readonly List<(CallKey Call, Told Told)> _notices = [];
    private long _nextCommand = 1;

    /// <summary>After a birth: the latest notice of every open call of the board [GW-30], and the latch resets that it has not answered.</summary>
    public void NoticesAfterBirth(string device) => _bornInBatch.Add(device);

    /// <summary>A board answered a command.</summary>
    public void Answered(string device, string commandId, string result, string reason, HubTime now)
    {
        _alerting.Answered(device, commandId, result, reason, now);

        // "expired" and "failed" leave the latch as it is: the reset is due again at the next birth.
        if (result is "done" or "refused")
        {
            _resets.RemoveAll(reset => reset.Device == device && reset.CommandId == commandId);
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
        if (_bornInBatch.Count > 0)
        {
            TellBorn(now);
        }

        foreach (var (call, told) in _notices)
        {
            if (!_bornInBatch.Contains(call.Device))
            {
                Tell(call, told, now);
            }
        }

        foreach (var reset in _newResets.Where(reset => !_bornInBatch.Contains(reset.Device)))
        {
            SendReset(reset, now);
        }

        _bornInBatch.Clear();
        _notices.Clear();
        _newResets.Clear();
    }

    private void QueueNotices(Incident? before, Incident after)
    {
        QueueNotices(before, before is null ? null : WorkOf(before), after);

        // The calls of those that were merged into it hear of its work too [GW-37], and of the work into which it is merged itself with them.
        var workBefore = before is null ? null : WorkOf(before) ?? before;
        foreach (var merged in _open.AllMergedInto(after.Id))
        {
            QueueNotices(workBefore is null ? null : merged, workBefore, merged);
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

    private void QueueNotices(Incident? before, Incident? workBefore, Incident after)
    {
        var work = WorkOf(after);
        foreach (var call in after.Calls)
        {
            if (ToldOf(after, work, call) is not { } told)
            {
                continue;
            }

            var known = before?.Calls.FirstOrDefault(other => other.FirstPress == call.FirstPress) ?? default;
            if (known == default || ToldOf(before!, workBefore, known) != told)
            {
                _notices.Add((CallKey.Of(call), told));
            }
        }
    }

    private static Told? ToldOf(Incident incident, Incident? mergedInto, LatchedCall call)
    {
        if (PresserView.Of(incident, mergedInto, call) is not { } view)
        {
            return null;
        }

        var sent = (mergedInto ?? incident).Assignments.Where(assignment => assignment.IsActive).Select(assignment => (DateTimeOffset?)assignment.DispatchedAt).Min();
        return new Told(view.Stage, view.EtaMin is { } minutes ? sent?.AddMinutes(minutes) : null);
    }

    /// <summary>Sent at the end of the batch, after the notice "closed": a board that is reset first no longer knows what was closed.</summary>
    private void ResetLatches(Incident closed, HubTime now)
    {
        foreach (var call in closed.Calls)
        {
            var key = CallKey.Of(call);
            var reset = new PendingReset(NextCommandId(), key.Device, key.Lane, key.Epoch, key.Seq);
            _core.Store.SaveCommand(reset.CommandId, key.Device, ResetText.Write(key.Lane, key.Epoch, key.Seq), ClockActor, now.Utc);
            _resets.Add(reset);
            _newResets.Add(reset);
        }
    }

    /// <summary>One walk over the open incidents, however many boards come back at once.</summary>
    private void TellBorn(HubTime now)
    {
        foreach (var incident in Open.Values.OrderBy(incident => incident.Id))
        {
            foreach (var call in incident.Calls.Where(call => _bornInBatch.Contains(call.FirstPress.Device)))
            {
                if (ToldOf(incident, WorkOf(incident), call) is { } told)
                {
                    Tell(CallKey.Of(call), told, now);
                }
            }
        }

        foreach (var reset in _resets.Where(reset => _bornInBatch.Contains(reset.Device)))
        {
            SendReset(reset, now);
        }
    }

    private void SendReset(PendingReset reset, HubTime now)
    {
        if (_core.Gateways.TryGetValue(reset.Device, out var gateway))
        {
            _core.DownlinkTo(gateway)?.Command(reset.CommandId, new GatewayCommand.ResetLatch(reset.Lane, reset.Epoch, reset.Seq), now);
        }
    }

    private void Tell(CallKey call, Told told, HubTime now)
    {
        if (_core.Gateways.TryGetValue(call.Device, out var gateway))
        {
            _core.DownlinkTo(gateway)?.Notice(call.Lane, call.Epoch, call.Seq, told.Stage, told.EtaMin(now.Utc));
        }
    }

    /// <summary>What is told at the button: a stage, and when the first able person is expected, if somebody said so.</summary>
    private readonly record struct Told(string Stage, DateTimeOffset? ArrivalAt)
    {
        private const int EtaMaxMin = 1_440;

        public int? EtaMin(DateTimeOffset now) => ArrivalAt is { } at ? (int)Math.Clamp(Math.Ceiling((at - now).TotalMinutes), 0, EtaMaxMin) : null;
    }

    private readonly record struct CallKey(string Device, Lane Lane, uint Epoch, uint Seq)
    {
        public static CallKey Of(LatchedCall call) =>
            new(call.FirstPress.Device, LaneNames.Parse(call.FirstPress.Lane), call.FirstPress.Epoch, call.FirstPress.Sequence);
    }
}
