using Gateway.Firmware;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

namespace Gateway.VirtualBoard.Simulated;

/// <summary>
/// The firmware's core on simulated ports: one thread, one virtual clock, one seed decide everything. Time passes only in <see cref="RunUntil"/>. Only the flash survives
/// <see cref="CutPower"/>.
/// </summary>
public sealed class SimulatedBoard : IClock, IInputs, IIndicators, IAnalog, IWallClock, IRandom, IReboot, ILog
{
    readonly GatewaySettings settings;
    readonly Random random;
    readonly bool[] asserted = new bool[InputId.Count];
    readonly long[] edgeMs = new long[InputId.Count];
    readonly bool[] on = new bool[IndicatorId.Count];
    readonly int[] millivolts = new int[AnalogChannels];
    long bootedAtMs;
    long nextStepMs;
    bool rebootAsked;

    /// <summary>Four loops, battery, help loop.</summary>
    public const int AnalogChannels = 6;

    public SimulatedBoard(GatewaySettings settings, int seed)
    {
        this.settings = settings;
        random = new Random(seed);
        asserted[InputId.MainsPresent] = true;
    }

    public SimulatedFlash Flash { get; init; } = new();

    public SimulatedLink Link { get; } = new();

    /// <summary>The running firmware; null without power.</summary>
    public GatewayApp? App { get; private set; }

    /// <summary>Virtual time of the world, ms; it goes on without power.</summary>
    public long WorldMs { get; private set; }

    /// <summary>When the firmware wants to run next, ms of the world; <see cref="long.MaxValue"/> without power.</summary>
    public long NextStepMs => App is null ? long.MaxValue : nextStepMs;

    /// <summary>What the board's wall clock says at world time 0, ms since 1970; null for a clock that is not set.</summary>
    public long? UnixMsAtStart { get; set; }

    /// <summary>Every change of an indicator: world time, indicator, state.</summary>
    public Action<long, int, bool>? OnIndicator { get; set; }

    public Action<string>? OnLog { get; set; }

    /// <summary>Steps run since the beginning.</summary>
    public long StepCount { get; private set; }

    public void PowerOn()
    {
        if (App is not null) return;
        bootedAtMs = nextStepMs = WorldMs;
        Array.Fill(edgeMs, -1);
        Flash.PowerOn();
        try
        {
            App = new GatewayApp(settings, this, this, Flash, this, this, this, Link, this, this, this);
        }
        catch (SimulatedPowerCut)
        {
            // Cut while the journal was being recovered: there is no firmware until the next power on.
            CutPower();
        }
    }

    public void CutPower()
    {
        App = null;
        Link.Break();
        for (var indicator = 0; indicator < on.Length; indicator++) SetIndicator(indicator, false);
    }

    /// <summary>Lets virtual time pass, with every step that the firmware wants in it. A power cut thrown by the flash (see <see cref="SimulatedFlash.OnWrite"/>) leaves the board without power.</summary>
    public void RunUntil(long worldMs)
    {
        while (NextStepMs <= worldMs)
        {
            WorldMs = Math.Max(WorldMs, nextStepMs);
            Step();
        }
        WorldMs = Math.Max(WorldMs, worldMs);
    }

    /// <summary>Changes an input; the edge wakes the firmware, as the interrupt does on the board.</summary>
    public void SetInput(int input, bool isAsserted)
    {
        if (asserted[input] == isAsserted) return;
        asserted[input] = isAsserted;
        if (App is null) return;
        if (isAsserted) edgeMs[input] = NowMs;
        Wake();
    }

    /// <summary>Something arrived on the link: the firmware runs at once.</summary>
    public void Wake() => nextStepMs = WorldMs;

    public bool IsOn(int indicator) => on[indicator];

    public void SetMillivolts(int channel, int value) => millivolts[channel] = value;

    void Step()
    {
        StepCount++;
        try
        {
            // A step that asks for no later time than now would stop the virtual clock.
            nextStepMs = Math.Max(bootedAtMs + App!.Step(NowMs), WorldMs + 1);
        }
        catch (SimulatedPowerCut)
        {
            // Seen below as well: the core's own catch may have met it first.
        }
        if (Flash.IsDead) CutPower();
        if (!rebootAsked) return;
        rebootAsked = false;
        CutPower();
        PowerOn();
    }

    void SetIndicator(int indicator, bool isOn)
    {
        if (on[indicator] == isOn) return;
        on[indicator] = isOn;
        OnIndicator?.Invoke(WorldMs, indicator, isOn);
    }

    public long NowMs => WorldMs - bootedAtMs;

    int IInputs.Count => InputId.Count;

    bool IInputs.IsAsserted(int input) => asserted[input];

    long IInputs.TakeAssertedEdgeMs(int input)
    {
        var edge = edgeMs[input];
        edgeMs[input] = -1;
        return edge;
    }

    void IIndicators.Set(int indicator, bool isOn) => SetIndicator(indicator, isOn);

    int IAnalog.Count => AnalogChannels;

    int IAnalog.ReadMillivolts(int channel) => millivolts[channel];

    bool IWallClock.IsSynchronized => UnixMsAtStart is not null;

    long IWallClock.UnixMs => UnixMsAtStart.GetValueOrDefault() + WorldMs;

    void IRandom.Fill(byte[] buffer) => random.NextBytes(buffer);

    void IReboot.Reboot() => rebootAsked = true;

    void ILog.Line(string text)
    {
        if (Flash.IsDead) throw new SimulatedPowerCut();
        OnLog?.Invoke(text);
    }
}
