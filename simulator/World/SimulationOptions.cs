using System.Collections.Immutable;

namespace Gateway.World;

/// <summary>What decides a run, and with it every event in it.</summary>
/// <param name="Seed">Same seed, same options, same commit: same run, byte for byte.</param>
/// <param name="Boards">1..2,000.</param>
/// <param name="Duration">Virtual time before everything heals.</param>
public sealed record SimulationOptions(ulong Seed, int Boards, TimeSpan Duration)
{
    public const int BoardsMax = 2_000;

    /// <summary>The shortest world: as far as a violation is shrunk, and as short as may be asked for.</summary>
    public static readonly TimeSpan DurationMin = TimeSpan.FromDays(0.0001);

    public FaultProfile Faults { get; init; } = FaultProfile.Usual;

    /// <summary>Mean time between help presses at one board. People press rarely; the world is in a hurry.</summary>
    public TimeSpan PressMean { get; init; } = TimeSpan.FromHours(4);

    /// <summary>After the faults have ended: how long everything has to come to rest.</summary>
    public TimeSpan Healing { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Only these boards of all are there, by number; empty for all. What strikes them does not depend on the others.</summary>
    public ImmutableArray<int> Keep { get; init; } = [];

    /// <summary>Kinds of faults that do not strike, by name.</summary>
    public ImmutableHashSet<string> Without { get; init; } = [];

    /// <summary>Polls of a core that change nothing are not run, which changes nothing but the time it takes; false to prove it.</summary>
    public bool LeavesOutPolls { get; init; } = true;

    public Wrappers Wrappers { get; init; } = new();

    /// <summary>Every event as a line; null for none.</summary>
    public TextWriter? TraceTo { get; init; }
}

/// <summary>How hard the world is on everyone.</summary>
public enum FaultProfile
{
    /// <summary>Latency and people, nothing else.</summary>
    None,

    /// <summary>A bad month in the steppe, every week.</summary>
    Usual,

    /// <summary>Ten times that.</summary>
    Storm,

    /// <summary>Every path loses one packet in twenty, all the time; nothing else. No link may be shown as lost (I11).</summary>
    Lossy,

    /// <summary>The grid fails everywhere, again and again, and people press in the dark; nothing else (I12).</summary>
    Outage,
}
