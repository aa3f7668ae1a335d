using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work;

/// <summary>A deadline of a piece of work, and its next escalation.</summary>
/// <param name="EscalatesAt">When the next escalation is due.</param>
/// <param name="Level">Whom it reaches.</param>
public readonly record struct WorkClock(string Step, DateTimeOffset DueAt, DateTimeOffset EscalatesAt, EscalationLevel Level);

/// <summary>The clocks of the work: as for incidents, from the deadline to the shift leader, and then on to the banner supervisor (督办), derived from the item alone.</summary>
public static class WorkClocks
{
    /// <summary>The nearest deadline; null when nothing of it has one.</summary>
    public static WorkStep? Next(WorkItem item) => item.IsOpen && item.Steps().ToList() is { Count: > 0 } steps ? steps.MinBy(step => step.DueAt) : null;

    /// <summary>Every clock that can still escalate.</summary>
    public static IEnumerable<WorkClock> All(WorkItem item)
    {
        if (!item.IsOpen)
        {
            yield break;
        }

        foreach (var step in item.Steps())
        {
            var highest = item.Escalations.Where(escalation => escalation.Step == step.Name && escalation.DueAt == step.DueAt).MaxBy(escalation => escalation.Level);
            switch (highest?.Level)
            {
                case null:
                    yield return new WorkClock(step.Name, step.DueAt, step.DueAt, EscalationLevel.ShiftLeader);
                    break;
                case EscalationLevel.ShiftLeader:
                    // Whoever acknowledged owns the step; if it is still not done after as long again, it goes on upward.
                    yield return new WorkClock(step.Name, step.DueAt, (highest.AcknowledgedAt ?? highest.At) + step.Again, EscalationLevel.BannerSupervisor);
                    break;
            }
        }
    }
}
