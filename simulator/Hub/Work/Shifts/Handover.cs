using System.Collections.Immutable;

namespace Gateway.Hub.Work.Shifts;

/// <summary>One shift hands the station to the next: a note, and what was open at that moment.</summary>
public sealed record Handover : WorkItem
{
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(30);

    /// <summary>Open things listed by number; more are in <see cref="MoreIncidents"/> and <see cref="MoreWork"/>.</summary>
    public const int ListedMax = 200;

    public const string TakeOverStep = "takeOver";

    public required string Note { get; init; }

    /// <summary>Incidents that were open, most urgent first.</summary>
    public required ImmutableArray<long> Incidents { get; init; }

    /// <summary>Other work that was open, the nearest deadline first. Warnings are not among it: not everybody who takes over may see them.</summary>
    public required ImmutableArray<long> Work { get; init; }

    public required int MoreIncidents { get; init; }

    public required int MoreWork { get; init; }

    /// <summary>Gateways whose link was lost.</summary>
    public required ImmutableArray<string> LostGateways { get; init; }

    public string? TakenBy { get; init; }

    public string? Remark { get; init; }

    public override string State() => IsOpen ? "waiting" : "closed";

    public override IEnumerable<WorkStep> Steps() => [new WorkStep(TakeOverStep, OpenedAt + Within, TimeSpan.FromMinutes(30))];
}

/// <summary>The review of a day's incidents (S2: repeated calls are analysed, complex ones verified in depth): due by noon of the next day.</summary>
public sealed record DailyReview : WorkItem
{
    /// <summary>From midnight on.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromHours(12);

    public const string ReviewStep = "reviewDay";

    public required DateOnly Day { get; init; }

    /// <summary>Midnight after the day, on the station's clock.</summary>
    public required DateTimeOffset DayEndedAt { get; init; }

    /// <summary>Incidents of the day, virtual boards not counted.</summary>
    public required int Incidents { get; init; }

    public string? Text { get; init; }

    public override string State() => IsOpen ? "waiting" : "closed";

    public override IEnumerable<WorkStep> Steps() => [new WorkStep(ReviewStep, DayEndedAt + Within, TimeSpan.FromHours(12))];
}
