namespace Gateway.Hub.Ingest;

/// <summary>How well the time of a signal is known. The numbers are stored.</summary>
public enum OccurrenceQuality
{
    /// <summary>The board's clock was set by SNTP in that boot.</summary>
    Synced = 0,

    /// <summary>The board took its time from a receipt of the hub.</summary>
    Estimated = 1,

    /// <summary>The board had no time; the hub knows when that boot was.</summary>
    PlacedByBoot = 2,

    /// <summary>Nobody knows: "time unknown, received at ...".</summary>
    Unknown = 3,
}

/// <summary>Where a signal is placed in time [GW-25], and whether it counts as late [GW-26].</summary>
public readonly record struct Occurrence(DateTimeOffset? At, OccurrenceQuality Quality, bool Late)
{
    /// <summary>A claim further ahead of the hub's clock than this is not believed [GW-25].</summary>
    public const int FutureMaxMs = 60_000;

    /// <summary>A signal that took longer than this to arrive is late [GW-26].</summary>
    public const int LateAfterMs = 20_000;

    private static readonly DateTimeOffset BelievedFrom = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Places a signal.</summary>
    /// <param name="time">The board's clocks at the signal.</param>
    /// <param name="bootStart">When that boot started, if the hub knows.</param>
    /// <param name="isRunningBoot">True if the signal is of the boot that is running now.</param>
    /// <param name="now">The hub's clock.</param>
    public static Occurrence Place(BoardTime time, DateTimeOffset? bootStart, bool isRunningBoot, DateTimeOffset now)
    {
        if (Believed(time, now) is { } at)
        {
            return new(at, time.Clock == BoardClock.Synced ? OccurrenceQuality.Synced : OccurrenceQuality.Estimated, IsLate(at, now));
        }

        if (bootStart is { } start && InRange(start.ToUnixTimeMilliseconds() + time.UpMs) is { } placed)
        {
            // A boot's start is known to the length of a link delay only: never say that something is still to happen.
            placed = placed > now ? now : placed;
            return new(placed, OccurrenceQuality.PlacedByBoot, IsLate(placed, now));
        }

        return new(null, OccurrenceQuality.Unknown, !isRunningBoot);
    }

    /// <summary>The board's own wall time, if it has one that can be true.</summary>
    public static DateTimeOffset? Believed(BoardTime time, DateTimeOffset now) =>
        time.Clock != BoardClock.None && InRange(time.AtMs) is { } at && at >= BelievedFrom && at <= now.AddMilliseconds(FutureMaxMs) ? at : null;

    private static DateTimeOffset? InRange(long unixMs) =>
        unixMs >= 0 && unixMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(unixMs) : null;

    private static bool IsLate(DateTimeOffset at, DateTimeOffset now) => (now - at).TotalMilliseconds > LateAfterMs;
}
