using System.Collections.Immutable;
using Gateway.Hub.Delivery;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Ingest;

/// <summary>
/// Takes committed signals, persons' commands and the clock to the incident rules, and their events to the store, the audit chain and the buttons.
/// The rules decide; nothing is decided here.
/// </summary>
internal sealed class IncidentDesk
{
    /// <summary>Name of the hub's clock as an actor.</summary>
    public const string ClockActor = "clock";

    private readonly CoreState _core;
    private readonly OpenIncidents _open;
    private readonly IncidentTimers _timers = new();
    private readonly List<PendingReset> _resets = [];
    private readonly List<PendingReset> _newResets = [];
    private readonly HashSet<string> _bornInBatch = new(StringComparer.Ordinal);
    private readonly List<(CallKey Call, Told Told)> _notices = [];
    private long _nextIncidentId;
    private long _nextCommand = 1;

    public IncidentDesk(CoreState core, HubTime now)
    {
        _core = core;
        _nextIncidentId = core.Store.NextIncidentId();
        _open = new OpenIncidents(core.Store.LoadOpenIncidents().Select(row => IncidentJson.ReadIncident(row.Json)));
        foreach (var incident in Open.Values)
        {
            _timers.Set(incident, core.Station.Targets, now);
        }

        _resets.AddRange(core.Store.LoadPendingResets());
    }

    /// <summary>The open incidents.</summary>
    public ImmutableDictionary<long, Incident> Open => _open.All;

    /// <summary>A signal was stored in this transaction: into its one incident, in the same transaction (I2).</summary>
    public void Take(SignalFacts signal, long signalId, long laneId, HubTime now)
    {
        // A cancel whose press never came (missing) still makes somebody call back; one whose press is history does not.
        var callWasSeen = signal.Kind == SignalKinds.Cancel && signal.Call != 0 && _core.Store.Find(laneId, signal.Call, []) != StoredMatch.None;
        var route = SignalRouting.Route(signal, _core.Station, _open.Near(signal, _core.Station), _nextIncidentId, callWasSeen);
        if (route.Command is not { } command)
        {
            return;
        }

        var actor = $"gw/{signal.Identity.Device}";
        if (Apply(route.IncidentId, _open.Find(route.IncidentId), command, actor, now).Refusal is { } refusal)
        {
            // A signal is never dropped for what the rules say of it: it stays stored, and the diary says why it made no work.
            _core.Store.AddDiary(signal.Identity.Device, now.Utc, "unrouted", $"{signal.Identity}: {refusal.Name}");
            return;
        }

        _core.Store.LinkSignal(signalId, route.IncidentId, laneId, signal.Call);
    }

    /// <summary>Opens the alarm of a lost journal [GW-23], in the name of the lane's new epoch.</summary>
    public void OpenJournalLost(GatewayEntry gateway, LaneCursor cursor, HubTime now)
    {
        var board = _core.Station.FindBoard(gateway.Device);
        var point = board is null ? null : _core.Station.FindCallPoint(board.CallPointId);
        var identity = new SignalIdentity(gateway.Device, LaneNames.Of(cursor.Lane), cursor.Epoch, 0);
        var facts = new SignalFacts(identity, "journalLost", 0, "alarm", 0, 1, 0, "", now.Utc, now.Utc, false, false, false);
        var command = new IncidentCommand.OpenBySignal(
            _nextIncidentId, IncidentKind.JournalLost, point?.Id ?? "", point?.VillageId ?? "", point?.ZoneClass ?? ZoneClass.General, facts);
        Apply(_nextIncidentId, null, command, $"gw/{gateway.Device}", now);
    }

    /// <summary>A person's command.</summary>
    public CommandOutcome Execute(long incidentId, IncidentCommand command, string actor, HubTime now)
    {
        if (command.IsFromHub)
        {
            return new CommandOutcome(false, 0, new Refusal("not-allowed", "Only the hub itself may ask this."));
        }

        var incident = _open.Find(incidentId) ?? (_core.Store.FindIncident(incidentId) is { } row ? IncidentJson.ReadIncident(row.Json) : null);
        var (after, refusal) = Apply(incidentId, incident, command, actor, now);
        return new CommandOutcome(refusal is null, after?.Version ?? 0, refusal);
    }

    /// <summary>Escalates what is overdue (I9). Once per clock and tick: what is still overdue then goes on at the next.</summary>
    public void Tick(HubTime now)
    {
        foreach (var due in _timers.TakeDue(now))
        {
            if (_open.Find(due.IncidentId) is not { } incident)
            {
                continue;
            }

            // By the monotonic clock it is due, whatever the wall clock says meanwhile: the decision is taken no earlier than the deadline.
            var decideAt = now.Utc < due.DueAt ? due.DueAt : now.Utc;
            Apply(incident.Id, incident, new IncidentCommand.Escalate(due.Clock), ClockActor, now with { Utc = decideAt });
        }
    }

    /// <summary>After a birth: the latest notice of every open call of the board [GW-30], and the latch resets that it has not answered.</summary>
    public void NoticesAfterBirth(string device) => _bornInBatch.Add(device);

    public void ResetAnswered(string device, string commandId, string result)
    {
        // "expired" and "failed" leave the latch as it is: the reset is due again at the next birth.
        if (result is "done" or "refused")
        {
            _resets.RemoveAll(reset => reset.Device == device && reset.CommandId == commandId);
        }
    }

    public string NextCommandId() => $"{_core.Identity.RunText}-{_nextCommand++}";

    /// <summary>The end of a batch: what the buttons must be told, in order, the receipts having gone before.</summary>
    public void EndBatch(HubTime now)
    {
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

    /// <summary>The incident after the command, or as it was and why it stays so.</summary>
    private (Incident? After, Refusal? Refusal) Apply(long id, Incident? before, IncidentCommand command, string actor, HubTime now)
    {
        var decision = IncidentRules.Decide(before, command, new DecideContext(now.Utc, actor, _core.Station.Targets, Open) { Station = _core.Station });
        if (decision.Refusal is { } refusal)
        {
            return (before, refusal);
        }

        var after = before;
        foreach (var happened in decision.Events)
        {
            after = IncidentRules.Evolve(after, happened);
            var json = IncidentJson.Write(happened);
            var type = IncidentJson.TypeOf(happened);
            _core.Store.AppendIncidentEvent(new IncidentEventRow(id, after.Version, type, json, happened.At, happened.Actor));
            _core.Store.Audit(happened.At, happened.Actor, $"incident.{type}", $"incident/{id}", json);
        }

        if (after is not null && !ReferenceEquals(after, before))
        {
            Keep(before, after, actor, now);
        }

        return (after, null);
    }

    private void Keep(Incident? before, Incident after, string actor, HubTime now)
    {
        _core.Store.SaveIncident(new IncidentRow(
            after.Id, after.Version, after.Kind.ToString(), after.Stage.ToString(), after.CallPointId, after.OpenedAt, after.ClosedAt, IncidentJson.Write(after)));
        if (before is null)
        {
            _nextIncidentId = after.Id + 1;
        }

        _open.Keep(after);
        _core.Work.IncidentKept(before, after, now);
        _timers.Set(after, _core.Station.Targets, now);
        _core.Effects.Changes.Add(new HubChange(HubChangeKind.Incident, after.Id.ToString(), after.Version));
        var closes = before is { IsOpen: true } && !after.IsOpen;
        if (closes)
        {
            CloseDuplicates(after.Id, actor, now);
        }

        QueueNotices(before, after);
        if (closes)
        {
            ResetLatches(after, now);
        }
    }

    /// <summary>What was merged into it closes with it, in the same transaction; one whose presser is still to be called back refuses, and stays open.</summary>
    private void CloseDuplicates(long closedId, string actor, HubTime now)
    {
        foreach (var id in IncidentRules.ClosesWith(_open.MergedInto(closedId), closedId))
        {
            Apply(id, _open.Find(id), new IncidentCommand.Close(), actor, now);
        }
    }

    private void QueueNotices(Incident? before, Incident after)
    {
        QueueNotices(before is null ? null : ToldOf(before), before?.Calls, after);

        // The calls of those that were merged into it hear of its work too [GW-37].
        foreach (var merged in _open.MergedInto(after.Id))
        {
            QueueNotices(before is null ? null : ToldOf(merged, before), merged.Calls, merged);
        }
    }

    private void QueueNotices(Told? before, IReadOnlyCollection<LatchedCall>? callsBefore, Incident after)
    {
        if (ToldOf(after) is not { } told)
        {
            return;
        }

        foreach (var call in after.Calls)
        {
            var isNew = callsBefore is null || callsBefore.All(known => known.FirstPress != call.FirstPress);
            if (isNew || before != told)
            {
                _notices.Add((CallKey.Of(call), told));
            }
        }
    }

    private Told? ToldOf(Incident incident) => ToldOf(incident, incident.MergedInto is { } target ? _open.Find(target) : null);

    private static Told? ToldOf(Incident incident, Incident? mergedInto)
    {
        if (PresserView.Of(incident, mergedInto) is not { } view)
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
            if (ToldOf(incident) is not { } told)
            {
                continue;
            }

            foreach (var call in incident.Calls.Where(call => _bornInBatch.Contains(call.FirstPress.Device)))
            {
                Tell(CallKey.Of(call), told, now);
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
