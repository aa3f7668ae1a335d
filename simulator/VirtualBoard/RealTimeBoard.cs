using System.Diagnostics;
using Gateway.Firmware;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Esp32;
using Gateway.Firmware.Inputs;
using Gateway.Firmware.Ports;
using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <summary>
/// A box on the wall that runs the firmware's own composition in real time: buttons, contacts, mains switch, network cable, power plug, lamps and sounders. Safe to use from any thread.
/// </summary>
public sealed class RealTimeBoard : IDisposable
{
    /// <summary>Log lines kept; older ones are forgotten.</summary>
    public const int LogLinesMax = 200;

    /// <summary>The longest press that can be asked for, ms.</summary>
    public const int HoldMsMax = 600_000;

    /// <summary>Channel of IAnalog and of ADC1 that the battery divider is on.</summary>
    const int BatteryAdcChannel = PinMap.BatteryAdcChannel;

    /// <summary>Loops 1 to 4, then the line of the help button.</summary>
    static readonly int[] loopAdcChannels = [PinMap.Loop1AdcChannel, PinMap.Loop2AdcChannel, PinMap.Loop3AdcChannel, PinMap.Loop4AdcChannel, PinMap.HelpLoopAdcChannel];

    readonly RealTimeBoardOptions options;
    readonly VirtualHardware hardware;
    readonly Lock flashGate = new();
    readonly Lock gate = new();
    readonly Queue<string> log = new();
    readonly LoopLevel[] loops = new LoopLevel[loopAdcChannels.Length];
    readonly int[] pressNumbers = new int[InputId.Count];
    readonly Dictionary<int, int> indicatorOfPin = [];
    volatile GatewayApp? app;
    volatile bool isDisposed;
    volatile bool timeLanded;

    public RealTimeBoard(RealTimeBoardOptions options)
    {
        this.options = options;
        hardware = new VirtualHardware { Costs = options.Costs };
        for (var indicator = 0; indicator < IndicatorId.Count; indicator++) indicatorOfPin[GpioIndicators.PinOf(indicator)] = indicator;
        for (var input = 0; input < InputId.Count; input++) SetInput(input, input == InputId.MainsPresent);
        for (var loop = 0; loop < LoopCount; loop++) SetLoop(loop, LoopLevel.Normal);
        BatteryMillivolts = 13_200;
        hardware.OutputChanged += OnPinChanged;
        hardware.Network.Route = options.Route;
        hardware.Network.Changed += _ => Changed?.Invoke();
        hardware.Crashed += e => AddLogLine("crash: " + e);
        hardware.RebootRequested += () => _ = Task.Run(Reboot);
    }

    public string Id => options.Id;

    /// <summary>Four supervised loops and, last, the supervised line of the help button.</summary>
    public static int LoopCount => loopAdcChannels.Length;

    /// <summary>The electrical state of a loop, as its end-of-line resistors, its contact and its wires make it.</summary>
    public LoopLevel Loop(int loop) => loops[loop];

    /// <summary>Puts the middle of a state's band on the converter's pin.</summary>
    public void SetLoop(int loop, LoopLevel level)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)loop, (uint)LoopCount, nameof(loop));
        loops[loop] = level;
        hardware[loopAdcChannels[loop]] = level switch
        {
            LoopLevel.Short => LoopThresholds.ShortBelowMillivolts / 2,
            LoopLevel.Alarm => (LoopThresholds.ShortBelowMillivolts + LoopThresholds.AlarmLowBelowMillivolts) / 2,
            LoopLevel.Normal => (LoopThresholds.AlarmLowBelowMillivolts + LoopThresholds.NormalBelowMillivolts) / 2,
            _ => LoopThresholds.AlarmHighBelowMillivolts + 300,
        };
        Changed?.Invoke();
    }

    /// <summary>A lamp or sounder changed. Called on the firmware's thread: be quick.</summary>
    public event Action<OutputEdge>? OutputChanged;

    /// <summary>Anything visible changed: power, cable, an input, an output. Called on any thread: be quick.</summary>
    public event Action? Changed;

    public bool IsPowered => hardware.Running is not null;

    public bool IsNetworkPlugged => hardware.Network.IsPlugged;

    public bool HasMains => IsAsserted(InputId.MainsPresent);

    /// <summary>Millivolts of the backup battery, 0..21,000.</summary>
    public int BatteryMillivolts
    {
        get => hardware[BatteryAdcChannel] * LoopThresholds.BatteryScalePermille / 1000;
        set => hardware[BatteryAdcChannel] = value * 1000 / LoopThresholds.BatteryScalePermille;
    }

    /// <summary>False: SNTP never lands. True: the clock is set once the network was there in this boot.</summary>
    public bool HasTime { get; set; } = true;

    /// <summary>How far the board's wall clock is off.</summary>
    public TimeSpan WallClockOffset { get; set; }

    /// <summary>The time survives a pulled cable, not a power cut.</summary>
    internal bool HasTimeInThisBoot()
    {
        if (HasTime && IsNetworkPlugged) timeLanded = true;
        return timeLanded;
    }

    /// <summary>What the running firmware knows of itself (backlog, latch, stage, link); null without power or provisioning. Its thread writes while others read: each number is good, two of them may be of different steps.</summary>
    public AppStatus? Status => app?.Status;

    /// <summary>The latest lines of the firmware's log.</summary>
    public string[] LogLines
    {
        get
        {
            lock (log) return [.. log];
        }
    }

    /// <summary>Plugs the power in. No effect when it is in.</summary>
    public void PowerOn()
    {
        lock (gate)
        {
            if (isDisposed || IsPowered) return;
            timeLanded = false;
            hardware.Boot(RunFirmware);
        }
        Changed?.Invoke();
    }

    /// <summary>Pulls the power: everything but the flash image is gone when this returns.</summary>
    public void PowerOff()
    {
        lock (gate)
        {
            hardware.CutPower();
            app = null;
        }
        Changed?.Invoke();
    }

    public void PlugNetwork() => hardware.Network.Plug();

    public void UnplugNetwork() => hardware.Network.Pull();

    public void SetMains(bool present) => SetInput(InputId.MainsPresent, present);

    /// <summary>Asserts or releases an input at its pin (see <see cref="InputId"/>).</summary>
    /// <returns>The time of the change, of <see cref="Stopwatch.GetTimestamp"/>.</returns>
    public long SetInput(int input, bool asserted)
    {
        Check(input);
        Interlocked.Increment(ref pressNumbers[input]);
        return Wire(input, asserted);
    }

    /// <summary>The interpreter stands still for so long, as in a native call (<see cref="BoardCosts"/>). No effect without power.</summary>
    public void Stall(int ms) => hardware.Running?.BeginStall(ms);

    /// <summary>Edges of this boot that the runtime's queue dropped because it was full.</summary>
    public int DroppedEdges => hardware.Running?.GpioEvents.Dropped ?? 0;

    /// <summary>Asserts an input, and releases it after <paramref name="holdMs"/> unless something else happened to it meanwhile.</summary>
    /// <returns>The time of the first edge, of <see cref="Stopwatch.GetTimestamp"/>.</returns>
    public long Press(int input, int holdMs)
    {
        Check(input);
        if (holdMs is < 1 or > HoldMsMax) throw new ArgumentOutOfRangeException(nameof(holdMs), holdMs, $"1..{HoldMsMax} ms");
        var number = Interlocked.Increment(ref pressNumbers[input]);
        var timestamp = Wire(input, asserted: true);
        _ = ReleaseLater(input, input == InputId.Help ? holdMs + options.StretchMs : holdMs, number);
        return timestamp;
    }

    public bool IsAsserted(int input)
    {
        Check(input);
        return hardware.Pin(GpioInputs.PinOf(input)).IsHigh == PinMap.IsAssertedHigh(input);
    }

    /// <summary>Whether a lamp or sounder is on (see <see cref="IndicatorId"/>), and since when (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public OutputEdge Output(int indicator)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)indicator, (uint)IndicatorId.Count, nameof(indicator));
        var pin = hardware.Pin(GpioIndicators.PinOf(indicator));
        return new OutputEdge(indicator, pin.IsHigh, pin.ChangedAt);
    }

    /// <summary>What the board has written at its service header since this was last asked (ASCII, lines end in CR LF).</summary>
    public string ReadService() => hardware.Serial.TakeFromBoard();

    /// <summary>Types a line at the service header, with its end. No effect without power.</summary>
    public void TypeAtService(string line) => hardware.Serial.TypeToBoard(line + "\r");

    /// <summary>Pulls the power for good.</summary>
    public void Dispose()
    {
        isDisposed = true;
        PowerOff();
    }

    internal void AddLogLine(string line)
    {
        lock (log)
        {
            if (log.Count == LogLinesMax) log.Dequeue();
            log.Enqueue(line);
        }
    }

    void RunFirmware(Incarnation incarnation)
    {
        var log = new VirtualLog(incarnation, this);
        try
        {
            Start(incarnation, log);
        }
        catch (IOException e)
        {
            Program.StartAgain(e, log, new PowerReboot());
        }
    }

    void Start(Incarnation incarnation, VirtualLog log)
    {
        var flash = new DirectoryFlash(options.FlashFolder, incarnation, flashGate);
        var configuration = new ConfigurationDesk(flash);
        if (configuration.Error is not null)
        {
            new FirstProvisioning(configuration, new ComServicePort(), new IncarnationClock(incarnation), new PowerReboot(), log).Run();
            return;
        }
        configuration.MarkVirtual();
        var loop = Program.Compose(
            configuration, new IncarnationClock(incarnation), flash, new VirtualWallClock(incarnation, this), new VirtualRandom(incarnation), new PowerReboot(), log);
        app = loop.App;
        loop.Run();
    }

    void Reboot()
    {
        if (!IsPowered) return;
        PowerOff();
        PowerOn();
    }

    async Task ReleaseLater(int input, int holdMs, int number)
    {
        // The finger of a simulated person: its time is what is asked for, nothing waits for it.
        await Task.Delay(holdMs).ConfigureAwait(false);
        if (Volatile.Read(ref pressNumbers[input]) == number) Wire(input, asserted: false);
    }

    long Wire(int input, bool asserted)
    {
        var timestamp = Stopwatch.GetTimestamp();
        hardware.Pin(GpioInputs.PinOf(input)).Wire(asserted == PinMap.IsAssertedHigh(input));
        Changed?.Invoke();
        return timestamp;
    }

    void OnPinChanged(PinEdge edge)
    {
        if (!indicatorOfPin.TryGetValue(edge.Pin, out var indicator)) return;
        OutputChanged?.Invoke(new OutputEdge(indicator, edge.High, edge.Timestamp));
        Changed?.Invoke();
    }

    static void Check(int input) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)input, (uint)InputId.Count, nameof(input));
}
