using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Stations;

/// <summary>
/// How calls from one call point add up to an early warning (S3): data, with a version that stands in each warning. A call has the points of its kind, times the
/// percentage of its age. What stands here by default makes any six help calls within 90 days red: 10 + 5 x 6 = 40 at the least.
/// </summary>
public sealed record WarningTable
{
    /// <summary>The version of the table, as the station counts it.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Points of a fresh call by kind; kinds that are not here do not count. 0..1,000.</summary>
    public ImmutableSortedDictionary<IncidentKind, int> Points { get; init; } = ImmutableSortedDictionary<IncidentKind, int>.Empty
        .Add(IncidentKind.Help, 10).Add(IncidentKind.Silent, 10);

    /// <summary>Up to which age (days) a call counts how much (percent), ascending. The last is the window.</summary>
    public ImmutableArray<(int ToDays, int Percent)> Ages { get; init; } = [(30, 100), (60, 80), (90, 60)];

    public int Yellow { get; init; } = 20;

    public int Orange { get; init; } = 30;

    public int Red { get; init; } = 40;

    /// <summary>Pushed -> a supervisor has taken it up, hours.</summary>
    public int SuperviseH { get; init; } = 24;

    /// <summary>The same for a red one.</summary>
    public int SuperviseRedH { get; init; } = 2;

    /// <summary>Taken up -> handled, hours.</summary>
    public int HandleH { get; init; } = 7 * 24;

    /// <summary>Handled -> the result is fed back, hours.</summary>
    public int FeedBackH { get; init; } = 24;

    public int WindowDays => Ages[^1].ToDays;
}
