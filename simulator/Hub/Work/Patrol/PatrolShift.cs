using System.Collections.Immutable;

namespace Gateway.Hub.Work.Patrol;

/// <summary>One shift's patrols: what must be reached, and what has been. It closes by itself when nothing was missed, and else when somebody says why.</summary>
public sealed record PatrolShift : WorkItem
{
    public const int TargetsMax = 1_000;

    /// <summary>From the end of the shift until somebody has said why something was missed.</summary>
    public static readonly TimeSpan ExplainWithin = TimeSpan.FromHours(2);

    public const string ExplainStep = "explainMissed";

    public required string ShiftId { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required ImmutableArray<PatrolTarget> Targets { get; init; }

    public bool Ended { get; init; }

    public string? Explanation { get; init; }

    /// <summary>How often a target was reached: a point by its check-ins, a line by its own or by the least of its points.</summary>
    public int DoneOf(PatrolTarget target) =>
        target.CheckIns + (target.PointIds.IsEmpty ? 0 : target.PointIds.Min(id => Targets.FirstOrDefault(point => point.Id == id)?.CheckIns ?? 0));

    public bool IsCovered(PatrolTarget target) => DoneOf(target) >= target.Required;

    /// <summary>Targets reached as often as planned, and how many there are.</summary>
    public (int Covered, int All) Coverage() => (Targets.Count(IsCovered), Targets.Length);

    /// <summary>Since when a point is overdue; null when it is not. A line has no clock of its own.</summary>
    public DateTimeOffset? OverdueSince(PatrolTarget target, DateTimeOffset now)
    {
        if (Ended || !IsOpen)
        {
            return IsCovered(target) ? null : EndsAt;
        }

        var due = (target.LastAt ?? StartsAt).AddMinutes(target.EveryMin);
        return target.EveryMin > 0 && due <= now ? due : null;
    }

    public override string State() => !IsOpen ? "closed" : Ended ? "missed" : "running";

    public override IEnumerable<WorkStep> Steps()
    {
        if (Ended && IsOpen)
        {
            yield return new WorkStep(ExplainStep, EndsAt + ExplainWithin, TimeSpan.FromHours(12));
        }
    }
}

/// <summary>A point or line of the plan, as the shift began with it.</summary>
/// <param name="PointIds">The points of a line; empty for a point.</param>
public sealed record PatrolTarget(string Id, int Required, int EveryMin, ImmutableArray<string> PointIds, int CheckIns = 0, DateTimeOffset? LastAt = null, string? LastBy = null);
