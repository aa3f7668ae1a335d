using System.Device.Gpio;

namespace Gateway.NanoFramework.Board;

/// <summary>
/// The way of an edge from the interrupt to the firmware's callback: a queue of <see cref="EdgesMax"/> that drops the oldest edge when full, one dispatcher, and a
/// debounce that ignores edges inside its window and looks at the level once at its end.
/// </summary>
/// <remarks>The dispatcher stands still while the interpreter is stalled: this is when edges pile up and are dropped.</remarks>
public sealed class GpioEventQueue
{
    /// <summary>Interrupt records of the runtime (PLATFORM_DEPENDENT_INTERRUPT_RECORDS of nf-interpreter, medium profile).</summary>
    public const int EdgesMax = 128;

    readonly Incarnation incarnation;
    readonly Lock gate = new();
    readonly Queue<(GpioPin Pin, PinEventTypes Edge)> edges = new();
    readonly Dictionary<int, Watch> watches = [];
    bool dispatching;

    internal GpioEventQueue(Incarnation incarnation) => this.incarnation = incarnation;

    /// <summary>Edges that were dropped because the queue was full.</summary>
    public int Dropped { get; private set; }

    /// <summary>Whether a pin is inside its debounce window.</summary>
    public bool IsDebouncing(int pinNumber)
    {
        lock (gate) return watches.TryGetValue(pinNumber, out var watch) && watch.IsWaiting;
    }

    internal void Watch(GpioPin pin, bool level, TimeSpan debounce)
    {
        lock (gate) watches[pin.PinNumber] = new Watch(pin, level, debounce);
    }

    internal void Unwatch(int pinNumber)
    {
        lock (gate) watches.Remove(pinNumber);
    }

    internal void PinChanged(VirtualPin pin, bool level)
    {
        if (!incarnation.IsAlive) return;
        Watch? window;
        lock (gate)
        {
            if (!watches.TryGetValue(pin.Number, out var watch) || watch.IsWaiting) return;
            if (watch.Debounce <= TimeSpan.Zero)
            {
                if (level == watch.Level) return;
                watch.Level = level;
                Enqueue(watch.Pin, level);
                return;
            }
            watch.IsWaiting = true;
            window = watch;
        }
        _ = EndWindow(pin, window);
    }

    async Task EndWindow(VirtualPin pin, Watch watch)
    {
        if (!await DelayUnlessCut((int)watch.Debounce.TotalMilliseconds)) return;
        lock (gate)
        {
            watch.IsWaiting = false;
            var level = pin.IsHigh;
            if (level == watch.Level || !watches.ContainsValue(watch)) return;
            watch.Level = level;
            Enqueue(watch.Pin, level);
        }
    }

    void Enqueue(GpioPin pin, bool level)
    {
        if (edges.Count == EdgesMax)
        {
            edges.Dequeue();
            Dropped++;
        }
        edges.Enqueue((pin, level ? PinEventTypes.Rising : PinEventTypes.Falling));
        if (dispatching) return;
        dispatching = true;
        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.Dispatch(), this, preferLocal: false);
    }

    async Task Dispatch()
    {
        while (true)
        {
            if (!await DelayUnlessCut(incarnation.StallRemainingMs)) return;
            (GpioPin Pin, PinEventTypes Edge) edge;
            lock (gate)
            {
                if (!edges.TryDequeue(out edge))
                {
                    dispatching = false;
                    return;
                }
            }
            Call(edge.Pin, edge.Edge);
        }
    }

    void Call(GpioPin pin, PinEventTypes edge)
    {
        using var scope = incarnation.FirmwareScope();
        try
        {
            pin.Raise(edge);
        }
        catch (Exception e)
        {
            // An exception in a callback ends the dispatcher thread of the real runtime. Without power it is only the end of this boot.
            if (incarnation.IsAlive) incarnation.Hardware.ReportCrash(e);
        }
    }

    async Task<bool> DelayUnlessCut(int ms)
    {
        if (ms > 0) await Task.Delay(ms, incarnation.PowerLost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return incarnation.IsAlive;
    }
}

sealed class Watch(GpioPin pin, bool level, TimeSpan debounce)
{
    public GpioPin Pin => pin;
    public TimeSpan Debounce => debounce;
    public bool Level = level;
    public bool IsWaiting;
}
