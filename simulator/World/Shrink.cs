using System.Collections.Immutable;
using Gateway.World.Faults;
using Gateway.World.Kernel;
using Gateway.World.Oracle;

namespace Gateway.World;

/// <summary>
/// Makes a violation small: fewer boards, a shorter time, fewer kinds of faults, as long as the same invariant breaks. It can, because every board and every
/// kind of fault has dice of its own: what is left does the same without the rest.
/// </summary>
public sealed class Shrink(TimeSpan realTimeMax)
{
    /// <summary>So few boards are tried before anything else, in so many sets.</summary>
    private const int FewMax = 4;
    private const int SetsMax = 6;

    private readonly System.Diagnostics.Stopwatch _watch = System.Diagnostics.Stopwatch.StartNew();

    /// <summary>Called at each smaller world that still breaks the promise.</summary>
    public Action<Violation>? OnSmaller { get; init; }

    /// <summary>Worlds tried.</summary>
    public int Tried { get; private set; }

    /// <summary>The smallest found in the time there is; the given one when none is smaller.</summary>
    public Violation Run(Violation found)
    {
        var smallest = FewBoards(found);
        smallest = CutTime(smallest);
        smallest = CutBoards(smallest);
        smallest = CutFaults(smallest);
        return CutTime(CutBoards(smallest));
    }

    /// <summary>
    /// One board alone, then two together, then four, those first that the violation names: a world of fifty takes a minute to try again, one of these a second. A step
    /// of the work that is broken is broken at any of them.
    /// </summary>
    private Violation FewBoards(Violation found)
    {
        var boards = found.Ran.Keep.IsDefaultOrEmpty ? [.. Enumerable.Range(0, found.Ran.Boards)] : found.Ran.Keep;
        var named = boards.OrderByDescending(number => found.Text.Contains(Places.DeviceOf(number), StringComparison.Ordinal)).ToImmutableArray();
        for (var few = 1; few <= FewMax && few < named.Length; few *= 2)
        {
            for (var from = 0; from < Math.Min(named.Length, few * SetsMax); from += few)
            {
                var keep = named[from..Math.Min(named.Length, from + few)].Sort();
                if (Try(found, found.Ran with { Keep = keep }) is { } smaller)
                {
                    return smaller;
                }
            }
        }

        return found;
    }

    /// <summary>Nothing that comes after it has made it happen. What shows only at the end may show after less, too.</summary>
    private Violation CutTime(Violation found)
    {
        var step = SimulationOptions.DurationMin;
        var until = TimeSpan.FromTicks(((VirtualTime.Ticks(found.AtUs) / step.Ticks) + 1) * step.Ticks);
        if (until < found.Ran.Duration)
        {
            found = Try(found, found.Ran with { Duration = until }) ?? found;
        }

        for (var part = 2; part <= 16; part *= 2)
        {
            var less = TimeSpan.FromTicks((found.Ran.Duration.Ticks - (found.Ran.Duration.Ticks / part)) / step.Ticks * step.Ticks);
            if (less >= step && Try(found, found.Ran with { Duration = less }) is { } shorter)
            {
                found = shorter;
                part = 1;
            }
        }

        return found;
    }

    private Violation CutBoards(Violation found)
    {
        var ran = found.Ran;
        var boards = ran.Keep.IsDefaultOrEmpty ? [.. Enumerable.Range(0, ran.Boards)] : ran.Keep;
        return CutList(found, boards, (options, keep) => options with { Keep = keep }, mayBeEmpty: false);
    }

    private Violation CutFaults(Violation found)
    {
        var kinds = FaultKind.All.Select(kind => kind.Name).Where(name => !found.Ran.Without.Contains(name)).ToImmutableArray();
        var all = FaultKind.All.Select(kind => kind.Name).ToImmutableHashSet();
        return CutList(found, kinds, (options, keep) => options with { Without = all.Except(keep) }, mayBeEmpty: true);
    }

    /// <summary>Delta debugging: leaves out halves, then quarters, then single ones.</summary>
    private Violation CutList<T>(Violation found, ImmutableArray<T> list, Func<SimulationOptions, ImmutableArray<T>, SimulationOptions> with, bool mayBeEmpty)
    {
        for (var size = Math.Max(1, list.Length / 2); size >= 1; size = size == 1 ? 0 : size / 2)
        {
            for (var from = 0; from < list.Length;)
            {
                var rest = list.RemoveRange(from, Math.Min(size, list.Length - from));
                if ((rest.Length > 0 || mayBeEmpty) && Try(found, with(found.Ran, rest)) is { } smaller)
                {
                    (found, list) = (smaller, rest);
                }
                else
                {
                    from += size;
                }
            }
        }

        return found;
    }

    /// <summary>The violation of a smaller world, if it breaks the same promise.</summary>
    private Violation? Try(Violation found, SimulationOptions options)
    {
        var left = realTimeMax - _watch.Elapsed;
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        Tried++;
        var smaller = new Simulation(options with { TraceTo = null }).Run(left).Violation;
        if (smaller is null || smaller.Invariant != found.Invariant)
        {
            return null;
        }

        OnSmaller?.Invoke(smaller);
        return smaller;
    }
}
