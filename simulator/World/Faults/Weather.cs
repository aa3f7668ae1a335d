using Gateway.World.Kernel;

namespace Gateway.World.Faults;

/// <summary>
/// What differs from world to world in a long soak when nobody chose it: how hard the world is, and how often people press. A defect that hides behind storms
/// shows in quiet, and the other way round. Drawn from the world's seed, and written out in the command that replays it.
/// </summary>
public static class Weather
{
    private static readonly FaultProfile[] Profiles =
    [
        FaultProfile.Usual, FaultProfile.Usual, FaultProfile.Usual, FaultProfile.Usual, FaultProfile.Storm, FaultProfile.Storm, FaultProfile.Storm, FaultProfile.Storm,
        FaultProfile.Lossy, FaultProfile.Outage,
    ];

    private static readonly int[] PressMinutes = [15, 60, 240];

    public static FaultProfile ProfileOf(ulong seed) => new Dice(seed, "weather").Pick<FaultProfile>(Profiles);

    /// <summary>Mean time between presses at one board.</summary>
    public static TimeSpan PressMeanOf(ulong seed) => TimeSpan.FromMinutes(new Dice(seed, "weather of presses").Pick<int>(PressMinutes));
}
