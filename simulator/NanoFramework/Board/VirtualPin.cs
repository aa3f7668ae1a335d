using System.Device.Gpio;
using System.Diagnostics;

namespace Gateway.NanoFramework.Board;

/// <summary>One pin of the chip: the level that the wiring puts on it, the mode and the level that the firmware gave it.</summary>
public sealed class VirtualPin
{
    readonly VirtualHardware hardware;
    readonly Lock gate = new();
    bool? wired;
    bool output;
    bool lastLevel;

    internal VirtualPin(VirtualHardware hardware, int number)
    {
        this.hardware = hardware;
        Number = number;
    }

    public int Number { get; }

    public PinMode Mode { get; private set; } = PinMode.Input;

    /// <summary>When the level last changed, of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>The level at the pin. A floating input reads what its pull says, low without one.</summary>
    public bool IsHigh
    {
        get
        {
            lock (gate) return Level();
        }
    }

    /// <summary>What the wiring does to the pin: high, low, or null for not connected.</summary>
    public void Wire(bool? high) => Change(() => wired = high);

    internal void SetMode(PinMode mode) => Change(() => Mode = mode);

    internal void Write(bool high) => Change(() => output = high);

    internal void Toggle() => Change(() => output = !output);

    /// <summary>Power off and on: the chip forgets mode and level, the wiring stays.</summary>
    internal void Reset() => Change(() =>
    {
        Mode = PinMode.Input;
        output = false;
    });

    static bool IsOutput(PinMode mode) => mode >= PinMode.Output;

    bool Level() => IsOutput(Mode) ? output : wired ?? Mode == PinMode.InputPullUp;

    void Change(Action change)
    {
        bool wasOutput, isOutput, level;
        long timestamp;
        lock (gate)
        {
            wasOutput = IsOutput(Mode);
            change();
            isOutput = IsOutput(Mode);
            level = Level();
            if (level == lastLevel) return;
            lastLevel = level;
            timestamp = ChangedAt = Stopwatch.GetTimestamp();
        }
        if (wasOutput || isOutput) hardware.ReportOutput(new PinEdge(Number, level, timestamp));
        // The interrupt of the chip sees outputs as well; it fires only where the firmware asked for it.
        hardware.Running?.GpioEvents.PinChanged(this, level);
    }
}
