namespace Gateway.Loads;

/// <summary>
/// Times in buckets that grow by 2 %: any number of them in 10 KB, from 0.01 ms to eight hours; a percentile is right within 2 %. Any thread may record.
/// </summary>
public sealed class LatencyHistogram
{
    private const int Buckets = 1_100;
    private const double SmallestMs = 0.01;
    private const double Growth = 1.02;

    private static readonly double LogGrowth = Math.Log(Growth);

    private readonly long[] _counts = new long[Buckets];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public void Record(TimeSpan took) => RecordMs(took.TotalMilliseconds);

    public void RecordMs(double ms)
    {
        var bucket = ms <= SmallestMs ? 0 : Math.Min(Buckets - 1, 1 + (int)(Math.Log(ms / SmallestMs) / LogGrowth));
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Forgets everything, between two runs: nobody may record meanwhile.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Volatile.Write(ref _count, 0);
    }

    /// <summary>The time that this share (0..1) of all records did not exceed, in ms; null when there is no record.</summary>
    public double? PercentileMs(double share)
    {
        var total = Count;
        if (total == 0)
        {
            return null;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(total * share));
        long seen = 0;
        for (var i = 0; i < Buckets; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= rank)
            {
                return Math.Round(SmallestMs * Math.Pow(Growth, i), 2);
            }
        }

        return Math.Round(SmallestMs * Math.Pow(Growth, Buckets), 2);
    }
}
