using System.Globalization;
using System.Text;
using Gateway.Hub;
using Gateway.Hub.Delivery;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Sessions;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Hub;

/// <summary>
/// The hub: the endpoint's real session logic and the hub's real core over a simulated disk. What is simulated here is what the adapters do around
/// them: the writer's batches, the commit that takes its time, and the death of the process at any moment of that.
/// </summary>
public sealed partial class SimulatedHub(Simulation world, Dice dice, Station station, ulong hubId) : IActor
{
    // As the hub's writer has them (simulator/Hub/HubWriter.cs, HubService.cs).
    private const int BatchMax = 512;
    private const long TickUs = 250 * VirtualTime.Ms;

    private const int WriteCode = 0;
    private const int CommitCode = 1;
    private const int TickCode = 2;
    private const int EndpointTickCode = 3;

    private readonly Queue<Input> _waiting = new();
    private readonly List<Input> _batch = [];
    private readonly IngestCounters _counters = new();
    private MessageGate _gate = new(world.Devices.KeyOf);
    private Broker? _broker;
    private HubCore? _core;
    private IHubStore? _store;
    private long _generation;
    private long _startUs;
    private bool _isWriting;
    private bool _tickWaits;

    /// <summary>What survives the process.</summary>
    public StoreDisk Disk { get; } = new();

    public bool IsUp => _broker is not null;

    /// <summary>When this process began.</summary>
    public long StartedUs => _startUs;

    /// <summary>The wall clock's error, milliseconds.</summary>
    public long ClockErrorMs { get; set; }

    /// <summary>How long a commit takes at most, microseconds; a slow disk takes seconds.</summary>
    public long CommitMaxUs { get; set; } = 6 * VirtualTime.Ms;

    /// <summary>No commit succeeds.</summary>
    public bool IsDiskFull { get; set; }

    /// <summary>Where in its next commit the process dies, if it is to.</summary>
    public KillPoint NextKill { get; set; }

    public StationTargets Targets => station.Targets;

    /// <summary>Its commits come through and in time, so that what it shows can be held against the clock.</summary>
    public bool KeepsTime => IsUp && !IsDiskFull && CommitMaxUs < 100 * VirtualTime.Ms;

    /// <summary>What the hub shows now; null while it is down.</summary>
    public HubSnapshot? Snapshot { get; private set; }

    public HubTime Now => new(
        DateTimeOffset.FromUnixTimeMilliseconds(world.UtcMs + ClockErrorMs), (world.Queue.NowUs - _startUs) / VirtualTime.Ms);

    public void Start()
    {
        if (IsUp)
        {
            return;
        }

        _generation++;
        _startUs = world.Queue.NowUs;
        _gate = new MessageGate(world.Devices.KeyOf);
        _broker = new Broker(new EndpointLimits(), this, this, () => "assigned");
        world.Trace.Add(Trace.HubParty, "starts", _generation);
        OpenCore();
        world.Queue.In(TickUs, this, TickCode, _generation);
        world.Queue.In(500 * VirtualTime.Ms, this, EndpointTickCode, _generation);
    }

    /// <summary>The process dies, with everything that is not on the disk.</summary>
    /// <param name="withMachine">The machine's power fails: no connection is closed, they only fall silent.</param>
    public void Kill(bool withMachine)
    {
        if (!IsUp)
        {
            return;
        }

        world.Trace.Add(Trace.HubParty, "dies", withMachine ? 1 : 0);
        _generation++;
        foreach (var peer in _peers)
        {
            if (withMachine)
            {
                peer.Wire.HubDies();
            }
            else
            {
                peer.Wire.CloseFromHub();
            }
        }

        _peers.Clear();
        _ready.Clear();
        _answers.Clear();
        _waiting.Clear();
        _batch.Clear();
        _isWriting = false;
        _tickWaits = false;
        _store?.Dispose();
        _store = null;
        _core = null;
        _broker = null;
        Snapshot = null;
        world.Oracle.HubDied();
    }

    /// <summary>A person at the console asks; the answer comes after the commit, or null when there is none.</summary>
    public void Execute(long incidentId, IncidentCommand command, string actor, string? key, Action<CommandOutcome?> answer) =>
        Enqueue(new Input(null, null, (core, now) => core.Execute(incidentId, command, actor, key, now), answer));

    void IActor.Happen(int code, long argument)
    {
        if (argument != _generation || !IsUp)
        {
            return;
        }

        switch (code)
        {
            case WriteCode:
                WriteBatch();
                break;
            case CommitCode:
                CommitBatch();
                break;
            case TickCode:
                if (!_tickWaits)
                {
                    _tickWaits = true;
                    Enqueue(default);
                }

                world.Queue.In(TickUs, this, TickCode, _generation);
                break;
            default:
                _broker!.Tick(Now.MonotonicMs);
                Settle();
                world.Queue.In(500 * VirtualTime.Ms, this, EndpointTickCode, _generation);
                break;
        }
    }

    private void Enqueue(in Input input)
    {
        if (!IsUp)
        {
            input.Answer?.Invoke(null);
            return;
        }

        _waiting.Enqueue(input);
        if (!_isWriting)
        {
            _isWriting = true;
            world.Queue.In(50, this, WriteCode, _generation);
        }
    }

    private void OpenCore()
    {
        var store = new MemoryStore(Disk)
        {
            BeforeCommit = () =>
            {
                if (IsDiskFull)
                {
                    throw new IOException("disk full");
                }
            },
            AfterCommit = world.Oracle.Committed,
        };
        _store = world.Wrappers.Store?.Invoke(store) ?? store;
        var run = (uint)dice.Between(1, uint.MaxValue);
        _core = new HubCore(_store, station, new HubIdentity(hubId, run), world.Devices, _counters, allowVirtualBoards: true, Now);
        Snapshot = _core.Snapshot;
        world.Oracle.HubStarted(Snapshot.OpenIncidents.Values);
        Publish(new OutgoingMessage(Topics.HubStatus, StatusPayload(run), true));
        Settle();
    }

    private void WriteBatch()
    {
        _batch.Clear();
        while (_batch.Count < BatchMax && _waiting.TryDequeue(out var input))
        {
            _tickWaits &= !input.IsTick;
            _batch.Add(input);
        }

        var core = _core!;
        try
        {
            for (var i = 0; i < _batch.Count; i++)
            {
                Take(core, i);
            }

            core.EndBatch(Now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            world.Oracle.HubThrew(e);
            Fail();
            return;
        }

        if (!_store!.HasChanges)
        {
            Complete(core);
            return;
        }

        world.Queue.In(dice.Between(CommitMaxUs / 6, CommitMaxUs), this, CommitCode, _generation);
    }

    private void Take(HubCore core, int index)
    {
        var input = _batch[index];
        if (input.Message is { } message)
        {
            core.Take(message, Now);
        }
        else if (input.Decide is { } decide)
        {
            _batch[index] = input with { Outcome = decide(core, Now) };
        }
        else if (!world.Wrappers.StopsHubClock)
        {
            core.Tick(Now);
        }
    }

    private void CommitBatch()
    {
        var kill = NextKill;
        NextKill = KillPoint.None;
        if (kill == KillPoint.BeforeCommit)
        {
            world.Faults.HubKilled(kill);
            return;
        }

        try
        {
            _store!.Commit();
        }
        catch (IOException e)
        {
            world.Trace.Add(Trace.HubParty, "commit failed", text: e.Message);
            Fail();
            return;
        }

        world.Trace.Add(Trace.HubParty, "commit", _batch.Count, Disk.Signals.Count);
        if (kill == KillPoint.AfterCommit)
        {
            world.Faults.HubKilled(kill);
            return;
        }

        Complete(_core!, kill == KillPoint.BetweenEffects);
        if (kill == KillPoint.BetweenEffects)
        {
            world.Faults.HubKilled(kill);
        }
    }

    /// <summary>The batch is on the disk: now, and only now, it may be acknowledged, told and shown (I8).</summary>
    private void Complete(HubCore core, bool halfOnly = false)
    {
        foreach (var input in _batch)
        {
            input.Receipt?.Accept();
        }

        Settle();
        foreach (var message in core.Effects.Messages)
        {
            if (halfOnly && dice.OneIn(2))
            {
                return;
            }

            world.Oracle.Sends(message);
            Publish(message);
        }

        foreach (var (device, reason) in core.Effects.Disconnects)
        {
            _broker!.Disconnect(device, reason, Now.MonotonicMs);
        }

        Snapshot = core.Snapshot;
        foreach (var change in core.Effects.Changes)
        {
            if (change.Kind == HubChangeKind.Incident)
            {
                var id = long.Parse(change.Id, CultureInfo.InvariantCulture);
                world.Oracle.IncidentChanged(id);
                world.Operators.IncidentChanged(id);
            }
        }

        core.Effects.Clear();
        for (var i = 0; i < _batch.Count; i++)
        {
            _batch[i].Answer?.Invoke(_batch[i].Outcome);
        }

        Settle();
        Next();
    }

    /// <summary>Nothing of the batch is acknowledged; a new core begins with what is on the disk.</summary>
    private void Fail()
    {
        _store!.Dispose();
        foreach (var input in _batch)
        {
            input.Receipt?.Refuse("not committed");
            input.Answer?.Invoke(null);
        }

        Settle();
        OpenCore();
        Next();
    }

    private void Next()
    {
        _batch.Clear();
        _isWriting = _waiting.Count > 0;
        if (_isWriting)
        {
            world.Queue.In(50, this, WriteCode, _generation);
        }
    }

    private byte[] StatusPayload(uint run)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.DownlinkBytesMax]);
        writer.Text("hub", hubId.ToString("x16", CultureInfo.InvariantCulture));
        writer.Text("run", run.ToString("x8", CultureInfo.InvariantCulture));
        writer.Text("state", "online");
        writer.Integer("at", Now.Utc.ToUnixTimeMilliseconds());
        return writer.Close();
    }

    /// <summary>What waits for the writer: a message with its promise, or a person's request, or neither: the clock.</summary>
    private readonly record struct Input(
        UplinkMessage? Message, PublishReceipt? Receipt, Func<HubCore, HubTime, CommandOutcome>? Decide, Action<CommandOutcome?>? Answer,
        CommandOutcome? Outcome = null)
    {
        public bool IsTick => Message is null && Decide is null;
    }
}

/// <summary>Moments of a commit at which the hub's process can die.</summary>
public enum KillPoint
{
    None,

    /// <summary>Nothing of the batch is on the disk.</summary>
    BeforeCommit,

    /// <summary>All of it is on the disk, and nobody was told.</summary>
    AfterCommit,

    /// <summary>Some were told.</summary>
    BetweenEffects,
}
