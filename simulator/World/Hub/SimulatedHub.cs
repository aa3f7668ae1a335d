using Gateway.Hub;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Sessions;
using Gateway.World.Kernel;

namespace Gateway.World.Hub;

/// <summary>
/// The hub's machine and the process on it: the endpoint's session logic and policy, the writer's batches, the core and the SQLite store are the real ones.
/// What is simulated is what the adapters around them do: threads and timers, time that a commit takes, and the death of the process at any moment of that.
/// </summary>
public sealed partial class SimulatedHub : IActor
{
    // As HubService has it.
    private const long TickUs = Gateway.Hub.HubService.TickMs * VirtualTime.Ms;
    private const long EndpointTickUs = 500 * VirtualTime.Ms;

    /// <summary>A commit that takes so long holds up what people see.</summary>
    private const long SlowCommitUs = 100 * VirtualTime.Ms;

    private const int WriteCode = 0;
    private const int CommitCode = 1;
    private const int TickCode = 2;
    private const int EndpointTickCode = 3;

    private readonly Simulation _world;
    private readonly Dice _dice;
    private readonly Station _station;
    private readonly ulong _hubId;
    private readonly List<Network.Wire> _lost = [];
    private long _generation;

    /// <summary>When the last commit that took long was done, or will be.</summary>
    private long _slowUntilUs = long.MinValue / 2;

    public SimulatedHub(Simulation world, Dice dice, Station station, ulong hubId)
    {
        (_world, _dice, _station, _hubId) = (world, dice, station, hubId);
        Disk = new HubDisk(new Dice(world.Options.Seed, "hub disk"));
    }

    /// <summary>What survives the process.</summary>
    public HubDisk Disk { get; }

    public bool IsUp => _broker is not null;

    /// <summary>When this process began.</summary>
    public long StartedUs { get; private set; }

    /// <summary>The wall clock's error, milliseconds.</summary>
    public long ClockErrorMs
    {
        get;
        set
        {
            WasClockWrong |= value != 0;
            ClockSetUs = _world.Queue.NowUs;
            field = value;
        }
    }

    /// <summary>When somebody last set its clock, right or wrong.</summary>
    public long ClockSetUs { get; private set; } = long.MinValue / 2;

    /// <summary>At some time somebody has set its clock wrong, or it was lost.</summary>
    public bool WasClockWrong { get; private set; }

    /// <summary>The same when the present batch was decided: its times are by that.</summary>
    public long DecidedClockErrorMs { get; private set; }

    /// <summary>How long a commit takes at most, microseconds; a slow disk takes seconds.</summary>
    public long CommitMaxUs { get; set; } = 6 * VirtualTime.Ms;

    /// <summary>No commit succeeds.</summary>
    public bool IsDiskFull { get; set; }

    /// <summary>Somebody can hear the consoles: their sound is on, and their pages are open.</summary>
    public bool IsHeard
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                _world.Oracle.ConsolesAreHeard(value);
            }
        }
    } = true;

    /// <summary>Where in its next commit the process dies, if it is to.</summary>
    public KillPoint NextKill { get; set; }

    public Station Station => _station;

    /// <summary>
    /// Its commits come through and in time, so that what it shows can be held against the clock. A commit that a slow disk has begun is still on its way when the disk is
    /// quick again, and everything that comes meanwhile waits behind it.
    /// </summary>
    public bool KeepsTime => IsUp && !IsDiskFull && CommitMaxUs < SlowCommitUs && _world.Queue.NowUs > _slowUntilUs;

    /// <summary>What the hub shows now; null while it is down.</summary>
    public HubSnapshot? Snapshot { get; private set; }

    /// <summary>How often this process has refused a board's word under one name.</summary>
    public long RefusedCount(string device, string name) => _counters?.RefusedCount(device, name) ?? 0;

    public HubTime Now => new(
        DateTimeOffset.FromUnixTimeMilliseconds(_world.UtcMs + ClockErrorMs), (_world.Queue.NowUs - StartedUs) / VirtualTime.Ms);

    public void Start()
    {
        if (IsUp)
        {
            return;
        }

        _generation++;
        StartedUs = _world.Queue.NowUs;
        _slowUntilUs = long.MinValue / 2;
        _counters = new IngestCounters();
        var gate = new MessageGate(_world.Devices.KeyOf);
        _policy = new Gateway.Hub.Fleet.HubEndpointPolicy(_world.Devices, gate, _counters, Take);
        _broker = new Broker(new EndpointLimits(), this, this, () => "assigned");
        _world.Trace.Add(Trace.HubParty, "starts", _generation);
        foreach (var wire in _lost)
        {
            // Or something between here and there has forgotten it, and it stays silent: then only the board's own ping tells.
            if (_dice.OneIn(2))
            {
                wire.HubReturns();
            }
        }

        _lost.Clear();
        if (_generation > 1)
        {
            Disk.Reopen();
            _world.Oracle.DiskReopened();
        }

        OpenWriter();
        _world.Queue.In(TickUs, this, TickCode, _generation);
        _world.Queue.In(EndpointTickUs, this, EndpointTickCode, _generation);
    }

    /// <summary>The process dies, with everything that is not on the disk.</summary>
    /// <param name="withMachine">The machine's power fails: no connection is closed, they only fall silent, and a commit on its way is cut at some byte.</param>
    public void Kill(bool withMachine)
    {
        if (!IsUp)
        {
            return;
        }

        _world.Trace.Add(Trace.HubParty, "dies", withMachine ? 1 : 0);
        _generation++;
        foreach (var peer in _peers)
        {
            if (withMachine)
            {
                peer.Wire.HubDies();
                _lost.Add(peer.Wire);
            }
            else
            {
                peer.Wire.CloseFromHub();
            }
        }

        _world.Oracle.HubDied();
        _peers.Clear();
        _ready.Clear();
        _answers.Clear();
        CloseWriter(cutsCommit: withMachine);
        _broker = null;
        _counters?.Dispose();
        Snapshot = null;
    }

    /// <summary>A person at the console asks; the answer comes after the commit, or null when there is none.</summary>
    public void Execute(long incidentId, IncidentCommand command, string actor, string? key, Action<CommandOutcome?> answer) =>
        Ask((core, now) => core.Execute(incidentId, command, actor, key, now), answer);

    /// <summary>A person at the console asks something of a gateway.</summary>
    public void Send(string device, Gateway.Hub.Delivery.GatewayCommand command, string actor, Action<CommandOutcome?> answer) =>
        Ask((core, now) => core.Send(device, command, actor, null, now), answer);

    /// <summary>A person at the console sets a gateway.</summary>
    public void Configure(string device, Gateway.Hub.Fleet.BoardSettings settings, string actor, Action<CommandOutcome?> answer) =>
        Ask((core, now) => core.Configure(device, settings, null, actor, now), answer);

    /// <summary>Somebody says who is on duty in this shift.</summary>
    public void SetDuty(string responder, bool onDuty, string actor, Action<CommandOutcome?> answer) =>
        Ask((core, now) => core.SetDuty(responder, onDuty, null, actor, now), answer);

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
                if (!_tickWaits && !_world.Wrappers.StopsHubClock)
                {
                    _tickWaits = true;
                    Enqueue(default);
                }

                _world.Queue.In(TickUs, this, TickCode, _generation);
                break;
            default:
                _broker!.Tick(Now.MonotonicMs);
                Settle();
                _world.Queue.In(EndpointTickUs, this, EndpointTickCode, _generation);
                break;
        }
    }
}

/// <summary>Moments of a commit at which the hub's process can die.</summary>
public enum KillPoint
{
    None,

    /// <summary>Nothing of the batch is on the disk.</summary>
    BeforeCommit,

    /// <summary>The power fails while the batch is being written.</summary>
    InsideCommit,

    /// <summary>All of it is on the disk, and nobody was told.</summary>
    AfterCommit,

    /// <summary>Some were told.</summary>
    BetweenEffects,
}
