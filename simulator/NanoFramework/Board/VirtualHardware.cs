namespace Gateway.NanoFramework.Board;

/// <summary>
/// What a virtual board is made of, apart from its flash: pins, analogue voltages, a network cable, and the power that runs at most one <see cref="Incarnation"/>.
/// The shims see this; the rooms, the people and the hub see it through Gateway.VirtualBoard.
/// </summary>
public sealed class VirtualHardware
{
    /// <summary>GPIO numbers of the ESP32 run from 0 to 39.</summary>
    public const int PinCount = 40;

    /// <summary>Channels of ADC1 on the ESP32.</summary>
    public const int AnalogChannels = 8;

    readonly Lock power = new();
    readonly VirtualPin[] pins = new VirtualPin[PinCount];
    readonly int[] open = new int[PinCount];
    readonly int[] analogMillivolts = new int[AnalogChannels];
    volatile Incarnation? running;

    public VirtualHardware()
    {
        for (var number = 0; number < PinCount; number++) pins[number] = new VirtualPin(this, number);
    }

    public VirtualNetwork Network { get; } = new();

    /// <summary>COM2, the service header.</summary>
    public VirtualSerial Serial { get; } = new();

    /// <summary>How long native calls stop the interpreter.</summary>
    public BoardCosts Costs { get; init; } = BoardCosts.None;

    /// <summary>The boot that has power now, or null.</summary>
    public Incarnation? Running => running;

    /// <summary>An output pin changed. Called on the thread that changed it: be quick.</summary>
    public event Action<PinEdge>? OutputChanged;

    /// <summary>The firmware ended with an exception that it did not catch; the board stands still.</summary>
    public event Action<Exception>? Crashed;

    public VirtualPin Pin(int number) =>
        number is >= 0 and < PinCount ? pins[number] : throw new ArgumentOutOfRangeException(nameof(number), number, "The ESP32 has GPIO 0..39.");

    /// <summary>Millivolts at an ADC1 channel, 0..3,300.</summary>
    public int this[int analogChannel]
    {
        get => Volatile.Read(ref analogMillivolts[analogChannel]);
        set => Volatile.Write(ref analogMillivolts[analogChannel], Math.Clamp(value, 0, 3300));
    }

    /// <summary>Power on: runs <paramref name="firmware"/> on the new incarnation's main thread.</summary>
    /// <exception cref="InvalidOperationException">The power is on already.</exception>
    public Incarnation Boot(Action<Incarnation> firmware)
    {
        lock (power)
        {
            if (running is not null) throw new InvalidOperationException("The virtual board has power already.");
            var incarnation = running = new Incarnation(this);
            incarnation.Start(() => firmware(incarnation), "virtual board");
            return incarnation;
        }
    }

    /// <summary>
    /// Takes the power away and waits until no thread of the firmware is left, so that a following boot meets nothing of this one. Connections just go silent
    /// (<see cref="VirtualNetwork"/>). No effect without power.
    /// </summary>
    public void CutPower()
    {
        lock (power)
        {
            if (running is not { } incarnation) return;
            incarnation.Cut();
            incarnation.WaitUntilGone();
            running = null;
            Serial.Reset();
            foreach (var pin in pins) pin.Reset();
            Array.Clear(open);
        }
    }

    /// <summary>The firmware asked for a restart. Runs on its own thread, because the one that asks belongs to the boot that ends.</summary>
    public event Action? RebootRequested;

    internal void RequestReboot() => RebootRequested?.Invoke();

    internal bool OpenPin(int number) => Interlocked.Exchange(ref open[number], 1) == 0;

    internal void ClosePin(int number) => Volatile.Write(ref open[number], 0);

    internal bool IsPinOpen(int number) => Volatile.Read(ref open[number]) == 1;

    internal void ReportOutput(PinEdge edge) => OutputChanged?.Invoke(edge);

    internal void ReportCrash(Exception e) => Crashed?.Invoke(e);
}
