using Gateway.World.Kernel;

namespace Gateway.World.Network;

/// <summary>What the way between one board and the hub does with what is sent on it.</summary>
public enum PathState
{
    /// <summary>It carries.</summary>
    Open,

    /// <summary>It swallows: nothing arrives, nobody is told. What TCP holds for an open connection arrives after healing, unless an end has given up.</summary>
    Silent,

    /// <summary>As <see cref="Silent"/>, but only from the board to the hub.</summary>
    SilentUp,

    /// <summary>As <see cref="Silent"/>, but only from the hub to the board.</summary>
    SilentDown,

    /// <summary>The cable is out: as silent, and a new connection fails at once.</summary>
    Unplugged,

    /// <summary>A portal takes every new connection in the hub's name and answers nothing.</summary>
    Captive,
}

/// <summary>How long a packet takes on a kind of line: a floor, a spread, and once in so many a long tail. One way, microseconds.</summary>
public sealed record LineKind(string Name, long LatencyUs, long JitterUs, long TailOneIn)
{
    public static readonly System.Collections.Immutable.ImmutableArray<LineKind> All =
    [
        new("wired", 3 * VirtualTime.Ms, 5 * VirtualTime.Ms, 500), new("dsl", 15 * VirtualTime.Ms, 10 * VirtualTime.Ms, 200),
        new("4g", 35 * VirtualTime.Ms, 40 * VirtualTime.Ms, 50), new("2g", 250 * VirtualTime.Ms, 200 * VirtualTime.Ms, 30),
        new("satellite", 300 * VirtualTime.Ms, 30 * VirtualTime.Ms, 100),
    ];
}

/// <summary>
/// The way between one board and the hub: latency, jitter, loss. Below is TCP, so loss is not seen as loss but as a stall of everything behind it.
/// </summary>
public sealed class NetworkPath(EventQueue queue, Dice dice)
{
    /// <summary>The first time TCP waits before it sends again; RFC 6298 allows no less than 1 s, Linux uses 200 ms.</summary>
    private const long RetransmitUs = 200 * VirtualTime.Ms;

    /// <summary>The longest tail; a line that stands still for longer is a fault of its own.</summary>
    private const long TailUsMax = 4 * VirtualTime.Second;

    public PathState State { get; private set; }

    /// <summary>What kind of line it is; each path has one for good.</summary>
    public LineKind Line { get; } = dice.Pick(LineKind.All.AsSpan());

    /// <summary>How much slower than its line it is at present.</summary>
    public long SlownessFactor { get; set; } = 1;

    /// <summary>One packet in so many is lost; 0 for none.</summary>
    public long LossOneIn { get; set; }

    /// <summary>When a packet last took much longer than its line's own time, or the state changed.</summary>
    public long TroubleUs { get; private set; } = long.MinValue / 2;

    /// <summary>Who wants to know that the state has changed: the wires on this path.</summary>
    public List<Wire> Wires { get; } = [];

    public bool Carries(bool up) => State == PathState.Open || (State == PathState.SilentUp && !up) || (State == PathState.SilentDown && up);

    public void Become(PathState state)
    {
        State = state;
        TroubleUs = queue.NowUs;
        for (var i = Wires.Count - 1; i >= 0; i--)
        {
            Wires[i].PathChanged();
        }
    }

    /// <summary>How long one packet takes from here, losses and their repetitions included. A repetition waits twice as long as the one before.</summary>
    public long DrawDelayUs()
    {
        var delay = Line.LatencyUs + dice.Between(0, Line.JitterUs);
        if (dice.OneIn(Line.TailOneIn))
        {
            // The long tail of every real distribution: a cell that is handed over, a queue that is full.
            delay += Math.Min(dice.Waiting(Line.JitterUs * 10), TailUsMax);
        }

        delay *= SlownessFactor;
        var wait = RetransmitUs;
        while (LossOneIn > 0 && dice.OneIn(LossOneIn) && wait < 10 * VirtualTime.Second)
        {
            delay += wait;
            wait *= 2;
        }

        if (delay > Line.LatencyUs + Line.JitterUs)
        {
            TroubleUs = queue.NowUs;
        }

        return delay;
    }

    /// <summary>After healing TCP sends again when its doubled waiting time is over, not at once.</summary>
    public long DrawHealUs() => DrawDelayUs() + dice.Between(0, 3 * VirtualTime.Second);

    public long NowUs => queue.NowUs;
}
