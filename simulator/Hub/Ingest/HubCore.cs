using System.Collections.Immutable;
using Gateway.Hub.Delivery;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Webhooks;
using Gateway.Hub.Work;

namespace Gateway.Hub.Ingest;

/// <summary>
/// The hub without I/O: state, inputs with their time, writes to the store's open transaction, and effects for after the commit. It reads no clock, starts no
/// thread, opens no socket, and draws no random number, so a simulation can drive it by virtual time and a seed.
/// A batch is: any number of inputs, <see cref="EndBatch"/>, the store's commit, then the <see cref="Effects"/>. When the commit fails, this object is
/// thrown away and a new one is made from the store.
/// </summary>
public sealed class HubCore
{
    /// <summary>64 of the caller's, and the hub's own words before it.</summary>
    private const int IdempotencyKeyCharsMax = 128;

    /// <summary>How long the answer to an idempotency key is kept: nobody repeats a command a week later.</summary>
    public const int OutcomeLifeDays = 7;

    /// <summary>How long a command to a board and its result are kept; that it was given stays in the audit.</summary>
    public const int CommandLifeDays = 90;

    /// <summary>How long the words of a closed incident or piece of work are kept, unless the station says otherwise: three years.</summary>
    public const int WordsKeptDaysDefault = 1_095;

    private const int ForgetEveryMs = 3_600_000;

    /// <summary>Incidents whose words are erased at once, about 20 ms of the writer's time; more wait for the next second.</summary>
    private const int ErasedMax = 20;

    private const int EraseAgainMs = 1_000;

    private readonly CoreState _state;
    private readonly IncidentDesk _desk;
    private readonly SessionIntake _sessions;
    private readonly SignalIntake _signals;
    private readonly FleetDesk _fleet;
    private readonly DutyDesk _duty;
    private readonly LinkAlarms _links;
    private readonly RefusalNotes _refusals;
    private long? _forgotMs;
    private long _eraseMs;

    public HubCore(
        IHubStore store, StationBook stations, HubIdentity identity, DeviceRegistry devices, IngestCounters counters, bool allowVirtualBoards, HubTime now,
        IReadOnlyList<WebhookTarget>? webhooks = null)
    {
        _state = new CoreState(store, stations, identity, devices, counters, allowVirtualBoards) { Webhooks = webhooks ?? [] };
        _state.Duty = store.LoadDuty().ToImmutableDictionary(entry => entry.ResponderId, StringComparer.Ordinal);
        _state.Work = new WorkDesk(_state, now);
        _desk = new IncidentDesk(_state, now);
        _sessions = new SessionIntake(_state, _desk);
        _signals = new SignalIntake(_state, _desk);
        _fleet = new FleetDesk(_state, _desk);
        _duty = new DutyDesk(_state);
        _links = new LinkAlarms(_state, _desk);
        _refusals = new RefusalNotes(_state);
        LoadGateways(now);
        Snapshot = new HubSnapshot(
            now.Utc, 1, identity.HubText, identity.RunText, _state.Stations, _desk.Open,
            _state.Gateways.Values.ToImmutableDictionary(gateway => gateway.Device, StateOf, StringComparer.Ordinal)) { OpenWork = _state.Work.Open, Duty = _state.Duty };
    }

    /// <summary>What is to be done once the batch is committed.</summary>
    public HubEffects Effects => _state.Effects;

    /// <summary>The state after the last <see cref="EndBatch"/>; to be shown only after the commit.</summary>
    public HubSnapshot Snapshot { get; private set; }

    /// <summary>Takes a message that has passed the <see cref="MessageGate"/>.</summary>
    public void Take(UplinkMessage message, HubTime now)
    {
        if (!_state.Gateways.TryGetValue(message.Device, out var gateway) || gateway.Revoked)
        {
            _state.Counters.Refuse(IngestCounters.UnknownDevices, MessageRefusals.UnknownDevice);
            return;
        }

        switch (message)
        {
            case SignalMessage signal:
                _signals.Take(gateway, signal, now);
                break;
            case GapMessage gap:
                _signals.Take(gateway, gap, now);
                break;
            case HeartbeatMessage heartbeat:
                _sessions.Take(gateway, heartbeat, now);
                break;
            case BirthMessage birth:
                _sessions.Take(gateway, birth, now);
                break;
            case OfflineMessage offline:
                _sessions.Take(gateway, offline, now);
                break;
            case ResultMessage result:
                _sessions.Take(gateway, result, now);
                break;
            case ConfigReportedMessage report:
                _sessions.Take(gateway, report, now);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "a message without an intake");
        }
    }

    /// <summary>A person's command on an incident, once per idempotency key.</summary>
    public CommandOutcome Execute(long incidentId, IncidentCommand command, string actor, string? idempotencyKey, HubTime now) =>
        Once(idempotencyKey is null ? null : $"incident/{incidentId}/{idempotencyKey}", now, () => _desk.Execute(incidentId, command, actor, now));

    /// <summary>A person's command on the work beside incidents, once per idempotency key. <paramref name="itemId"/> is 0 for one that opens an item.</summary>
    /// <param name="stationId">Of an item that is opened: whose it is to be; null in a hub of one station.</param>
    public CommandOutcome Execute(long itemId, WorkCommand command, string actor, string? idempotencyKey, HubTime now, string? stationId = null) =>
        Once(idempotencyKey is null ? null : $"work/{itemId}/{idempotencyKey}", now, () => _state.Work.Execute(itemId, command, actor, stationId, _desk.Open, now));

    /// <summary>A command to a board, once per idempotency key. Sent after the commit.</summary>
    public CommandOutcome Send(string device, GatewayCommand command, string actor, string? idempotencyKey, HubTime now) =>
        Once(idempotencyKey is null ? null : $"gateway/{device}/{idempotencyKey}", now, () => _fleet.Send(device, command, actor, now));

    /// <summary>Appends to the audit chain what another room is about to change (I13).</summary>
    public void Audit(string actor, string kind, string subject, string content, HubTime now) => _state.Store.Audit(now.Utc, actor, kind, subject, content);

    /// <summary>The hub stops: what was only counted until now goes to the audit chain, too.</summary>
    public void CloseFacts(HubTime now) => _state.Facts.Close(now);

    /// <summary>Stores new credentials of a device; they are believed after the commit.</summary>
    public void Provision(
        DeviceCredentials credentials, StoredCredentials stored, string actor, HubTime now, CredentialChange change = CredentialChange.NewBoard) =>
        _fleet.Provision(credentials, stored, change, actor, now);

    /// <summary>Takes a device's credentials away, after the commit.</summary>
    public CommandOutcome Revoke(string device, string actor, HubTime now) => _fleet.Revoke(device, actor, now);

    /// <summary>Stores and publishes what a board is to be set to; <paramref name="expectedVersion"/> is the newest that the person saw, or null.</summary>
    public CommandOutcome Configure(string device, BoardSettings settings, int? expectedVersion, string actor, HubTime now) =>
        _fleet.Configure(device, settings, expectedVersion, actor, now);

    /// <summary>Time has passed: overdue steps escalate (I9), silent links are lost (I11). To be called at least every 250 ms.</summary>
    public void Tick(HubTime now)
    {
        if (AudibleConsoles is { } audible)
        {
            _desk.Hear(audible, now);
        }

        _desk.Tick(now);
        _state.Work.Tick(now);
        _duty.Forget(now);
        if (_forgotMs is null || now.MonotonicMs - _forgotMs >= ForgetEveryMs)
        {
            _forgotMs = now.MonotonicMs;
            _state.Store.ForgetOutcomes(now.Utc.AddDays(-OutcomeLifeDays));
            _state.Store.ForgetOutgoing(now.Utc.AddDays(-Outgoing.KeptDays));
            _state.Store.ForgetCommands(now.Utc.AddDays(-CommandLifeDays));
        }

        if (now.MonotonicMs >= _eraseMs)
        {
            var erased = _state.Store.EraseWords(now.Utc.AddDays(-WordsKeptDays), ErasedMax, IncidentDesk.ClockActor, now.Utc);
            _eraseMs = now.MonotonicMs + (erased < ErasedMax ? ForgetEveryMs : EraseAgainMs);
        }

        _state.Facts.Tick(now);
        _refusals.Begin(now);
        foreach (var gateway in _state.Gateways.Values)
        {
            var expects = gateway.Link == LinkState.Up || (gateway.Link == LinkState.Awaited && gateway.NewestBirth is not null);
            if (expects && !gateway.Revoked && now.MonotonicMs - gateway.HeardMs >= gateway.SupervisionWindowMs)
            {
                _state.SetLink(gateway, LinkState.Lost, now, $"nothing for {gateway.SupervisionWindowMs / 1_000} s");
            }

            _fleet.SayAgain(gateway, now);
            var refused = _state.Counters.RefusedCount(gateway.Device);
            _refusals.Look(gateway, refused, now);
            if (gateway.Counts(refused) != gateway.CountsShown)
            {
                gateway.Changed = true;
            }
        }

        _links.Tick(now);
    }

    /// <summary>How long the words of a closed incident or piece of work are kept, days; 30..36,500.</summary>
    public int WordsKeptDays { get; init; } = WordsKeptDaysDefault;

    /// <summary>Erases the words of one closed incident before their time is over: somebody whom they concern may ask for it.</summary>
    public CommandOutcome EraseWords(long incidentId, string actor, HubTime now)
    {
        if (_desk.Open.ContainsKey(incidentId))
        {
            return Refused("still-open", "The words of an open incident are needed for the work; they can be erased when it is closed.");
        }

        if (_state.Store.FindIncident(incidentId) is not { } row)
        {
            return Refused(RefusalNames.NoIncident, $"There is no incident {incidentId}.");
        }

        _state.Store.EraseWordsOf(incidentId, actor, now.Utc);
        return new CommandOutcome(true, row.Version, null);
    }

    /// <summary>How many consoles of a station can be heard now, asked with every tick; null where there are no consoles at all, as in a simulation.</summary>
    public Func<string, int>? AudibleConsoles { get; init; }

    /// <inheritdoc cref="DutyDesk.Set"/>
    public CommandOutcome SetDuty(string responderId, bool? onDuty, string? villageId, string actor, HubTime now) => _duty.Set(responderId, onDuty, villageId, actor, now);

    /// <inheritdoc cref="DutyDesk.Move"/>
    public CommandOutcome MoveCallPoint(string callPointId, string villageId, string actor, HubTime now) => _duty.Move(callPointId, villageId, actor, now);

    /// <summary>A delivery of a webhook is over.</summary>
    public CommandOutcome EndOutgoing(long id, bool delivered, string reason, HubTime now)
    {
        if (_state.Store.EndOutgoing(id, delivered, reason, now.Utc) is { } over)
        {
            _desk.MessageOver(over, delivered, reason, now);
        }

        return new CommandOutcome(true, 0, null);
    }

    /// <summary>Ends a batch: receipts, notices, the store's checkpoint when one is due, the next snapshot.</summary>
    public void EndBatch(HubTime now)
    {
        foreach (var cursor in _state.Receipts)
        {
            Receipt(cursor, now);
        }

        _state.Receipts.Clear();
        _links.EndBatch(now);
        _desk.EndBatch(now);
        if (_state.Store.CheckpointDue)
        {
            _state.Store.Checkpoint(_state.ChangedCursors);
            _state.ChangedCursors.Clear();
        }

        SwapSnapshot(now);
    }

    private void Receipt(LaneCursor cursor, HubTime now)
    {
        // One per lane and commit [GW-33]: a volatile lane that a birth found unused, and that was used in the same batch, has its own.
        if (cursor.Id == 0 && _state.Gateways.GetValueOrDefault(cursor.Device)?.LaneOf(cursor.Lane, cursor.Epoch) is not null)
        {
            return;
        }

        // A lane of an older epoch is taken and kept, but its board would refuse the receipt as `wrong-epoch` [GW-35].
        if (_state.Gateways.TryGetValue(cursor.Device, out var gateway) && gateway.Session?.EpochOf(cursor.Lane) == cursor.Epoch)
        {
            _state.DownlinkTo(gateway)?.Receipt(cursor, now);
        }
    }

    private void SwapSnapshot(HubTime now)
    {
        ImmutableDictionary<string, GatewayState>.Builder? gateways = null;
        foreach (var gateway in _state.ChangedGateways)
        {
            if (gateway.Changed)
            {
                gateways ??= Snapshot.Gateways.ToBuilder();
                gateways[gateway.Device] = StateOf(gateway);
            }

            gateway.Beaten = false;
            Effects.Changes.Add(new HubChange(HubChangeKind.Gateway, gateway.Device, 0, _state.Stations.OfDevice(gateway.Device).Id));
        }

        _state.ChangedGateways.Clear();
        if (gateways is not null || !ReferenceEquals(_state.Stations, Snapshot.Stations) || !ReferenceEquals(_desk.Open, Snapshot.OpenIncidents) || !ReferenceEquals(_state.Work.Open, Snapshot.OpenWork) || !ReferenceEquals(_state.Duty, Snapshot.Duty))
        {
            Snapshot = Snapshot with
            {
                At = now.Utc, Version = Snapshot.Version + 1, OpenIncidents = _desk.Open, OpenWork = _state.Work.Open, Gateways = gateways?.ToImmutable() ?? Snapshot.Gateways, Duty = _state.Duty, Stations = _state.Stations,
            };
        }
    }

    private GatewayState StateOf(GatewayEntry gateway)
    {
        gateway.Changed = false;
        var refused = _state.Counters.RefusedCount(gateway.Device);
        gateway.CountsShown = gateway.Counts(refused);
        return gateway.ToState(refused);
    }

    private CommandOutcome Once(string? key, HubTime now, Func<CommandOutcome> decide)
    {
        if (key?.Length > IdempotencyKeyCharsMax)
        {
            return Refused("out-of-range", $"An idempotency key has at most {IdempotencyKeyCharsMax} characters.");
        }

        if (key is not null && _state.Store.FindOutcome(key) is { } before)
        {
            return new CommandOutcome(before.Done, before.Version, before.RefusalName is null ? null : new Refusal(before.RefusalName, before.RefusalText ?? "")) { CommandId = before.CommandId };
        }

        var outcome = decide();
        if (key is not null)
        {
            _state.Store.SaveOutcome(key, new StoredOutcome(outcome.Done, outcome.Version, outcome.Refusal?.Name, outcome.Refusal?.Text, outcome.CommandId), now.Utc);
        }

        return outcome;
    }

    private static CommandOutcome Refused(string name, string text) => new(false, 0, new Refusal(name, text));

    private void LoadGateways(HubTime now)
    {
        foreach (var stored in _state.Store.LoadGateways())
        {
            // One string per device, wherever it is named.
            var gateway = new GatewayEntry(_state.Devices.Find(stored.Device)?.Device ?? stored.Device, now.Utc, _state.ChangedGateways)
            {
                Revoked = stored.Revoked, HeardMs = now.MonotonicMs, ConfigVersion = stored.ConfigVersion, ConfigState = stored.ConfigState,
                Desired = stored.Desired, ReportedVersion = stored.ReportedVersion, ConfigReason = stored.ConfigReason,
                SignalCount = stored.SignalCount, ConflictCount = stored.ConflictCount, MissingCount = stored.MissingCount,
            };
            if (stored.NewestBirth is { } bytes && MessageGate.ReadStoredBirth(stored.Device, bytes) is { } birth)
            {
                gateway.Remember(birth, _state.Words);
            }

            _state.Gateways.Add(gateway.Device, gateway);
        }

        foreach (var cursor in _state.Store.LoadLanes())
        {
            _state.Lanes.Add(cursor.Id, cursor);
            _state.ChangedCursors.Add(cursor);
            if (_state.Gateways.TryGetValue(cursor.Device, out var gateway))
            {
                gateway.AddLane(cursor);
            }
        }

        foreach (var boot in _state.Store.LoadBoots())
        {
            if (_state.Gateways.TryGetValue(boot.Device, out var gateway))
            {
                gateway.LearnBoot(boot.Boot, boot.StartedAt);
            }
        }
    }
}
