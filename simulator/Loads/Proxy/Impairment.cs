namespace Gateway.Loads.Proxy;

/// <summary>What a path does to the bytes of a connection. The default is a good path.</summary>
public sealed record Impairment
{
    public static Impairment None { get; } = new();

    /// <summary>Milliseconds that every byte is late, each way, 0..60,000. Order is kept, as TCP keeps it.</summary>
    public int DelayMs { get; init; }

    /// <summary>At most so many milliseconds more, drawn anew for each read, 0..60,000.</summary>
    public int JitterMs { get; init; }

    /// <summary>How often a read is held up as by a lost segment, 0..1. TCP loses no byte: it stalls until the segment came again.</summary>
    public double LossShare { get; init; }

    /// <summary>How long such a stall lasts, ms. The first repeat of a segment comes after 200 ms to 1 s.</summary>
    public int StallMs { get; init; } = 400;

    /// <summary>Every byte in a write of its own, with a millisecond between them.</summary>
    public bool Trickle { get; init; }

    /// <summary>The path is dead without a word: both ends keep a connection over which nothing comes any more.</summary>
    public bool HalfOpen { get; init; }
}
