using System.Text;
using Gateway.Firmware;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Inputs;
using Gateway.Firmware.Ports;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Boards;

/// <summary>
/// One call gateway: the firmware's own core over simulated ports, and the box around it. The core runs when it asked to, or when an input, a message or
/// the link wakes it, as on the board; while it stands still in flash it runs later.
/// </summary>
public sealed partial class SimulatedBoard : IActor
{
    /// <summary>From power to the first line of the core: the runtime starts and the network is brought up beside it.</summary>
    private const long StartUs = 900 * VirtualTime.Ms;

    /// <summary>[GW-29]: so long after its last birth at most, at first and in the end; the rest is for what is spread over 2 s, and a stall.</summary>
    private const long AskAgainUs = 5 * VirtualTime.Second;
    private const long AskAgainUsMax = 320 * VirtualTime.Second;
    private const long AskAgainLateUs = 4 * VirtualTime.Second;

    /// <summary>Publishes remembered for the fault that delivers them again.</summary>
    private const int OldPublishesMax = 12;

    private readonly Dice _dice;
    private readonly long _driftPpm;
    private readonly BoardAnalog _analog;
    private readonly BoardLog _log;
    private readonly Queue<ApplicationMessage> _old = new();
    private readonly string[] _lineStates = [.. Enumerable.Repeat(BoardLine.Normal, 6)];
    private readonly Dice _lineDice;
    private bool _repeatsOld;
    private BoardInputs _inputs;
    private BoardWallClock _wall;
    private BoardLink? _link;
    private long _bootUs;
    private long _busyUntilUs;
    private long _nextStepUs = long.MaxValue;
    private long _generation;
    private long _askAgainUs = AskAgainUs;
    private long _asksAgainByUs;
    private bool _hasAskedAgain = true;
    private long _heldUs = long.MinValue / 2;

    public SimulatedBoard(Simulation world, int number, string device, string provisioning, ulong seed)
    {
        World = world;
        Number = number;
        Device = device;
        _dice = new Dice(seed, "board " + device);
        _driftPpm = _dice.Between(-80, 80);
        _lineDice = new Dice(seed, "lines " + device);
        _keptDice = new Dice(seed, "kept of " + device);
        Path = new NetworkPath(world.Queue, new Dice(seed, "path " + device));
        Addresses = new HubAddresses(world.Queue);
        Zones = new BoardZones(seed, device);
        Flash = new BoardFlash(new Dice(seed, "flash " + device));
        Flash.Provision(SettingsStore.FileName, Encoding.UTF8.GetBytes(provisioning));
        _analog = new BoardAnalog(this);
        _log = new BoardLog(this);
        _inputs = new BoardInputs(this);
        _wall = new BoardWallClock(this);
        Levels[InputId.MainsPresent] = true;
    }

    public Simulation World { get; }

    public int Number { get; }

    public string Device { get; }

    public NetworkPath Path { get; }

    public BoardZones Zones { get; }

    /// <summary>Its line is metered: it beats every 30 s, and its silence is seen later (I11).</summary>
    public bool IsMetered { get; init; }

    /// <summary>It is set up to annunciate what the station asks for; where it is not, it refuses that.</summary>
    public bool IsAnnunciator { get; init; }

    /// <summary>It is set up to have a siren.</summary>
    public bool HasSiren { get; init; }

    /// <summary>Its carrier has the pulse stretcher at the help button.</summary>
    public bool HasStretcher { get; init; }

    /// <summary>By which the hub lets it in.</summary>
    public required string Password { get; init; }

    public BoardFlash Flash { get; }

    /// <summary>The core of this boot; null while there is no power or the runtime is starting.</summary>
    public GatewayApp? App { get; private set; }

    public bool IsPowered { get; private set; }

    /// <summary>How often power came on, the present time included.</summary>
    public int Incarnation { get; private set; }

    /// <summary>When this incarnation's core began.</summary>
    public long StartedUs { get; private set; }

    public bool[] Levels { get; } = new bool[InputId.Count];

    /// <summary>Pin millivolts: four loops at rest, the battery divider, the help line at rest.</summary>
    public int[] Millivolts { get; } = [1_000, 1_000, 1_000, 1_000, 12_700 * 1_000 / LoopThresholds.BatteryScalePermille, 1_000];

    public bool[] Lamps { get; } = new bool[IndicatorId.Count];

    public LinkState LinkState => _link?.CurrentState ?? LinkState.Down;

    /// <summary>The link takes nothing more until something is acknowledged.</summary>
    public bool IsLinkFull => _link?.IsFull ?? false;

    public bool IsSynchronized => _wall.IsSynchronized;

    /// <summary>How far the core's own time is ahead of the world's within this step: what flash has cost it.</summary>
    public long LagUs { get; private set; }

    /// <summary>The board's monotonic clock.</summary>
    public long LocalMs => (World.Queue.NowUs + LagUs - _bootUs) * (1_000_000 + _driftPpm) / 1_000_000 / VirtualTime.Ms;

    /// <summary>What the board's monotonic clock shows at a moment of this incarnation.</summary>
    public long LocalMsAt(long us) => (us - _bootUs) * (1_000_000 + _driftPpm) / 1_000_000 / VirtualTime.Ms;

    /// <summary>Steps of all boots.</summary>
    public long Steps { get; private set; }

    /// <summary>Polls that would have changed nothing, and were not run.</summary>
    public long StepsLeftOut { get; private set; }

    /// <summary>What the core has done to the world beside flash: messages, lamps, dice.</summary>
    public long Effects { get; set; }

    /// <summary>Until when the last step lasted in which the core stood still in its flash.</summary>
    public long WroteUntilUs { get; private set; } = long.MinValue / 2;

    /// <summary>When its threads last stood still.</summary>
    public long StalledUs { get; private set; } = long.MinValue / 2;

    /// <summary>When they run again, or did.</summary>
    public long StallEndsUs { get; private set; }

    /// <summary>When its link last came up or went down.</summary>
    public long LinkChangedUs { get; set; }

    /// <summary>Something on the way doubles each publish.</summary>
    public bool RepeatsPublishes { get; set; }

    /// <summary>When something that was received last found no room, and was dropped.</summary>
    public long DroppedUs { get; private set; } = long.MinValue / 2;

    /// <summary>It will ask the hub to say everything again, and is not blamed for what it does not know yet [GW-29]: each time that it was too much again, twice as late.</summary>
    public bool HasJustDropped => World.Queue.NowUs - DroppedUs < 60 * VirtualTime.Second || (!_hasAskedAgain && World.Queue.NowUs < _asksAgainByUs);

    /// <summary>The next receipt finds no room in the queue of what was received, and is dropped there.</summary>
    public bool LosesReceipt { get; set; }

    /// <summary>It is not dropped, but comes spoilt, in this way; below 0 it does not come.</summary>
    public int SpoilsReceipt { get; set; } = -1;

    /// <summary>So many of the next notices find no room either; the client counts what it drops.</summary>
    public int DropsNotices { get; set; }

    /// <summary>The next command is held on the way for so long; 0: it is not.</summary>
    public long HoldsCommandUs { get; set; }

    /// <summary>Only one that resets a call.</summary>
    public bool HoldsReset { get; set; }

    /// <summary>Until when commands were held on the way; until now when one still is.</summary>
    public long HeldUs => _link is { HoldsCommands: true } ? World.Queue.NowUs : _heldUs;

    internal void CommandsCameLate() => _heldUs = World.Queue.NowUs;

    /// <summary>How long the next boot waits for its time; 0 for as long as usual.</summary>
    public long SntpDelayUs { get; set; }

    public void PowerOn()
    {
        if (IsPowered)
        {
            return;
        }

        IsPowered = true;
        Incarnation++;
        _bootUs = World.Queue.NowUs;
        _busyUntilUs = 0;
        StallEndsUs = 0;
        _nextStepUs = long.MaxValue;
        _generation++;
        (_askAgainUs, _hasAskedAgain) = (AskAgainUs, true);
        _inputs = new BoardInputs(this);
        _wall = new BoardWallClock(this);
        _link = new BoardLink(this, Path);
        World.Trace.Add(Number, "power on", Incarnation);
        foreach (var button in (ReadOnlySpan<int>)[InputId.Help, InputId.Silent])
        {
            if (Levels[button] || World.Queue.NowUs < _bouncesUntilUs[button])
            {
                // Held, or bouncing as it opens, while the power comes: the board may take it for a push, and rightly.
                World.Oracle.Pressed(this, button);
            }
        }

        World.Queue.In(StartUs + _dice.Between(0, VirtualTime.Second), this, StartCode, _generation);
    }

    /// <summary>The power fails now. Lamps go dark; what was in RAM is gone.</summary>
    public void PowerOff(string reason)
    {
        if (!IsPowered)
        {
            return;
        }

        IsPowered = false;
        _generation++;
        _restsSinceUs = -1;
        _link?.Die();
        _link = null;
        App = null;
        LagUs = 0;
        Array.Clear(Lamps);
        World.Trace.Add(Number, "power off", Incarnation, text: reason);
        World.Oracle.PowerLost(this);
    }

    /// <summary>The power fails in the middle of a flash operation, and comes back after a while.</summary>
    public void LosePower(string reason)
    {
        PowerOff(reason);
        World.Queue.In(_dice.Between(VirtualTime.Second, 30 * VirtualTime.Second), World.Power, 0, Number);
        throw new PowerLostException(reason);
    }

    /// <summary>The core restarts itself.</summary>
    public void Restart()
    {
        World.Oracle.Restarts(this);
        PowerOff("restarted by the core");
        World.Queue.In(100 * VirtualTime.Ms, World.Power, 0, Number);
        throw new PowerLostException("restarted by the core");
    }

    /// <summary>Throws when the board has no power: nothing of an old incarnation acts.</summary>
    public void RequirePower()
    {
        if (!IsPowered)
        {
            throw new PowerLostException("no power");
        }
    }

    /// <summary>The core stands still for so long.</summary>
    public void Spend(long us)
    {
        RequirePower();
        LagUs += us;
    }

    /// <summary>The wall clock is set wrong by so much, as a bad time server does.</summary>
    public void JumpWallClock(long errorMs)
    {
        WasClockWrong = true;
        _wall.ErrorMs = errorMs;
        ClockSetUs = World.Queue.NowUs;
        World.Oracle.ClockJumps(this);
    }

    /// <summary>At some time a bad time server has set its clock.</summary>
    public bool WasClockWrong { get; private set; }

    /// <summary>Lets the core run as soon as it can: an edge, a message, a change of the link.</summary>
    public void Wake()
    {
        // In the middle of a step it will run again anyway before it sleeps.
        if (App is not null)
        {
            Disturb();
            _isWoken = true;
            StepAt(Math.Max(World.Queue.NowUs, _busyUntilUs));
        }
    }

    /// <summary>A message found no room. The core is not woken: the next poll meets the count of it.</summary>
    internal void Dropped()
    {
        Disturb();
        DropsNotices = Math.Max(0, DropsNotices - 1);
        _askAgainUs = World.Queue.NowUs - DroppedUs < 2 * AskAgainUsMax ? _askAgainUs : AskAgainUs;
        DroppedUs = World.Queue.NowUs;
        if (_hasAskedAgain)
        {
            _hasAskedAgain = false;
            _asksAgainByUs = World.Queue.NowUs + _askAgainUs + AskAgainLateUs;
            _askAgainUs = Math.Min(2 * _askAgainUs, AskAgainUsMax);
        }
    }

    /// <summary>All threads of the board stand still for so long: a handshake, a name look-up, a collection.</summary>
    public void Stall(long us)
    {
        World.Trace.Add(Number, "stalls", us);
        StalledUs = World.Queue.NowUs;
        Disturb();
        _busyUntilUs = Math.Max(World.Queue.NowUs, _busyUntilUs) + us;
        StallEndsUs = _busyUntilUs;
    }

    /// <summary>What was published lately is delivered once more, now or when the link is up.</summary>
    public void RepeatOldPublishes()
    {
        _repeatsOld = true;
        _link?.RepeatOld();
    }

    /// <summary>The same, when its next connection is made.</summary>
    public void RepeatOldPublishesLater() => _repeatsOld = true;

    /// <summary>A box with a copy of its flash, and so with its key, says something else under a number that this one has used.</summary>
    public void SayOtherwise(Dice dice)
    {
        var alarms = _old.Where(static message => message.Topic.EndsWith("/signal", StringComparison.Ordinal) && message.Payload.Span.IndexOf("\"state\":\"alarm\""u8) > 0).Where(message => World.Oracle.IsStored(this, message)).ToList();
        if (alarms.Count > 0)
        {
            _link?.SayOtherwise(alarms[(int)dice.Between(0, alarms.Count - 1)], (int)dice.Between(1, 9));
        }
    }

    /// <summary>A router on the way forgets its connection; neither end knows.</summary>
    public void ForgetConnection() => _link?.Forget();

    /// <summary>Its connection is dead, and it does not know yet.</summary>
    public bool HasDeadConnection => _link?.IsForgotten ?? false;

    /// <summary>Its connection breaks, and neither end knows, when it next says something on this topic; null: it does not.</summary>
    public string? BreaksAt { get; set; }

    /// <summary>Its core runs, and looks at its inputs at once.</summary>
    public bool IsLooking => App is not null && IsPowered && World.Queue.NowUs >= _busyUntilUs && World.Queue.NowUs - StartedUs > VirtualTime.Second;

    /// <summary>What came down lately, in the present connection and in the one before.</summary>
    public List<ApplicationMessage> CameDown { get; private set; } = [];

    public List<ApplicationMessage> CameDownBefore { get; private set; } = [];

    /// <summary>Another connection begins.</summary>
    public void ConnectionBegins()
    {
        if (CameDown.Count > 0)
        {
            (CameDownBefore, CameDown) = (CameDown, []);
        }
    }

    /// <summary>Somebody without the key gives it a message of before, or one of <paramref name="other"/>, or changes a digit.</summary>
    public void ForgeDown(SimulatedBoard other, Dice dice) => _link?.ForgeDown(other, dice);

    internal void Remember(ApplicationMessage message)
    {
        if (_old.Count == OldPublishesMax)
        {
            _old.Dequeue();
        }

        _old.Enqueue(message);
    }

    internal List<ApplicationMessage> TakeOldPublishes()
    {
        if (!_repeatsOld)
        {
            return [];
        }

        _repeatsOld = false;
        List<ApplicationMessage> old = [.. _old];
        for (var i = old.Count - 1; i > 0; i--)
        {
            var other = (int)_dice.Between(0, i);
            (old[i], old[other]) = (old[other], old[i]);
        }

        return OfThose(old);
    }
}
