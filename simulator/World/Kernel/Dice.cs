namespace Gateway.World.Kernel;

/// <summary>
/// The only source of chance in the world: xoshiro256** seeded by SplitMix64. Our own small generator, because <see cref="System.Random"/>
/// may change between runtimes, and a seed must replay on every machine. Each party draws from its own dice, so that one more draw of one
/// party does not move the others.
/// </summary>
public sealed class Dice
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <param name="seed">The world's seed.</param>
    /// <param name="party">Any text that names who draws and for what; another text gives an unrelated sequence.</param>
    public Dice(ulong seed, string party)
    {
        // FNV-1a of the name: string.GetHashCode differs from process to process.
        var mixed = 14_695_981_039_346_656_037UL;
        foreach (var c in party)
        {
            mixed = (mixed ^ c) * 1_099_511_628_211UL;
        }

        var state = seed ^ mixed;
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    public ulong Next()
    {
        var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A whole number in <paramref name="min"/>..<paramref name="max"/>, both included.</summary>
    public long Between(long min, long max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        var range = (ulong)(max - min) + 1;
        return range == 0 ? (long)Next() : min + (long)Math.BigMul(Next(), range, out _);
    }

    /// <summary>True once in <paramref name="n"/> throws.</summary>
    public bool OneIn(long n) => Between(1, n) == 1;

    /// <summary>
    /// A waiting time with this mean: geometric over 64 steps, which is near enough to exponential and needs no floating point, whose
    /// last digit may differ between machines. 0..16 times the mean.
    /// </summary>
    public long Waiting(long mean)
    {
        var step = Math.Max(1, mean / 64);
        var steps = 0L;
        while (steps < 1_024 && !OneIn(64))
        {
            steps++;
        }

        return (steps * step) + Between(0, step);
    }

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[(int)Between(0, choices.Length - 1)];

    public void Fill(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)(Next() >> 56);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
