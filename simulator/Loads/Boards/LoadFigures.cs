namespace Gateway.Loads.Boards;

/// <summary>What all boards of a load count together. Any thread.</summary>
public sealed class LoadFigures
{
    private long _connects;
    private long _losses;
    private long _births;
    private long _heartbeats;
    private long _records;
    private long _presses;
    private long _dropped;
    private long _receipted;
    private long _refusals;
    private long _online;

    /// <summary>From the press to the PUBACK of its signal.</summary>
    public LatencyHistogram PressToPubAck { get; } = new();

    /// <summary>From the press to the receipt that covers it: what the lamp at the button waits for.</summary>
    public LatencyHistogram PressToReceipt { get; } = new();

    /// <summary>From the press to the notice that a person accepted the call.</summary>
    public LatencyHistogram PressToNotice { get; } = new();

    public long Connects => Volatile.Read(ref _connects);

    public long Losses => Volatile.Read(ref _losses);

    public long Births => Volatile.Read(ref _births);

    public long Heartbeats => Volatile.Read(ref _heartbeats);

    /// <summary>Records made.</summary>
    public long Records => Volatile.Read(ref _records);

    public long Presses => Volatile.Read(ref _presses);

    /// <summary>Records that found their lane full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public long Receipted => Volatile.Read(ref _receipted);

    /// <summary>Messages from the hub that a board refused: anything above 0 is a defect of the one or the other.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Boards whose last birth is receipted, and whose connection stands.</summary>
    public long Online => Volatile.Read(ref _online);

    internal void Connected() => Interlocked.Increment(ref _connects);

    internal void Lost() => Interlocked.Increment(ref _losses);

    internal void Born() => Interlocked.Increment(ref _births);

    internal void Beat() => Interlocked.Increment(ref _heartbeats);

    internal void Appended(bool isPress)
    {
        Interlocked.Increment(ref _records);
        if (isPress)
        {
            Interlocked.Increment(ref _presses);
        }
    }

    internal void Drop() => Interlocked.Increment(ref _dropped);

    internal void Committed(int count) => Interlocked.Add(ref _receipted, count);

    internal void Refused() => Interlocked.Increment(ref _refusals);

    internal void Count(bool online) => Interlocked.Add(ref _online, online ? 1 : -1);
}
