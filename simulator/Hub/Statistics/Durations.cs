namespace Gateway.Hub.Statistics;

/// <summary>
/// Lengths of time in classes, so that percentiles of any number of incidents come from a few hundred counts: one class per second up to ten minutes (every
/// arrival target lies there, and is judged exactly), from there on classes 2 % wide. Anything longer than 60 days is in the last class.
/// </summary>
public static class Durations
{
    public const int ExactMaxS = 600;
    private const double Growth = 1.02;
    private const double MaxS = 60 * 24 * 3600;

    public static int ClassOf(TimeSpan length)
    {
        var seconds = Math.Clamp(length.TotalSeconds, 0, MaxS);
        return seconds <= ExactMaxS ? (int)Math.Ceiling(seconds) : ExactMaxS + (int)Math.Ceiling(Math.Log(seconds / ExactMaxS) / Math.Log(Growth));
    }

    /// <summary>The longest length in a class, s.</summary>
    public static double UpperS(int index) => index <= ExactMaxS ? index : ExactMaxS * Math.Pow(Growth, index - ExactMaxS);

    /// <summary>The length (s) that this share of all does not exceed; null when there is none.</summary>
    /// <param name="counts">Class to count.</param>
    /// <param name="share">0..1.</param>
    public static double? Percentile(IEnumerable<KeyValuePair<int, long>> counts, double share)
    {
        var ordered = counts.Where(entry => entry.Value > 0).OrderBy(entry => entry.Key).ToList();
        var rank = Math.Max(1, (long)Math.Ceiling(ordered.Sum(entry => entry.Value) * share));
        foreach (var (index, count) in ordered)
        {
            rank -= count;
            if (rank <= 0)
            {
                return UpperS(index);
            }
        }

        return null;
    }

    /// <summary>How many stayed within a target (s), of all.</summary>
    public static (long Within, long All) Within(IEnumerable<KeyValuePair<int, long>> counts, int targetS)
    {
        var last = ClassOf(TimeSpan.FromSeconds(targetS));
        var (within, all) = (0L, 0L);
        foreach (var (index, count) in counts)
        {
            all += count;
            within += index <= last ? count : 0;
        }

        return (within, all);
    }
}
