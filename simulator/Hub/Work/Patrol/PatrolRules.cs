using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Work.Patrol;

/// <summary>What can be asked of a patrol shift.</summary>
public abstract record PatrolCommand : WorkCommand
{
    /// <summary>The clock: a shift begins.</summary>
    public sealed record Begin(string ShiftId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, ImmutableArray<PatrolTarget> Targets) : PatrolCommand;

    /// <summary>Somebody was there: by the patrol key of a gateway, or said by a person.</summary>
    /// <param name="OccurredAt">When; null for now. A check-in that came late counts for the shift in which it happened while that is open.</param>
    public sealed record CheckIn(string TargetId, DateTimeOffset? OccurredAt = null, string Text = "") : PatrolCommand
    {
        public override Refusal? Offence() => WorkBounds.Name("targetId", TargetId) ?? WorkBounds.Optional("text", Text);
    }

    /// <summary>The clock: the shift is over.</summary>
    public sealed record End : PatrolCommand;

    /// <summary>Why something was missed. Closes the shift.</summary>
    public sealed record ExplainMissed(string Text) : PatrolCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}

/// <summary>What happened to a patrol shift.</summary>
public abstract record PatrolEvent(DateTimeOffset At, string Actor) : WorkEvent(At, Actor)
{
    public sealed record Began(
        DateTimeOffset At, string Actor, long Id, string ShiftId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, ImmutableArray<PatrolTarget> Targets) : PatrolEvent(At, Actor);

    public sealed record CheckedIn(DateTimeOffset At, string Actor, string TargetId, DateTimeOffset OccurredAt, string Text) : PatrolEvent(At, Actor);

    /// <param name="Missed">Targets that were not reached as often as planned; with none, the shift is closed.</param>
    public sealed record Ended(DateTimeOffset At, string Actor, ImmutableArray<string> Missed) : PatrolEvent(At, Actor);

    public sealed record Explained(DateTimeOffset At, string Actor, string Text) : PatrolEvent(At, Actor);
}

/// <summary>The rules of patrol, pure.</summary>
public static class PatrolRules
{
    /// <summary>What a shift must reach, by the station's plan.</summary>
    public static ImmutableArray<PatrolTarget> TargetsOf(PatrolPlan plan) =>
    [
        .. plan.Points.Select(point => new PatrolTarget(point.Id, point.PerShift, point.EveryMin, [])),
        .. plan.Lines.Select(line => new PatrolTarget(line.Id, line.PerShift, 0, line.PointIds)),
    ];

    /// <summary>The points that a gateway's patrol key checks in: those that name it, else those of its village that name none.</summary>
    public static IReadOnlyList<string> PointsOf(Station station, string device)
    {
        var named = station.Patrol.Points.Where(point => point.DeviceId == device).Select(point => point.Id).ToList();
        if (named.Count > 0 || station.FindBoard(device) is not { } board || station.FindCallPoint(board.CallPointId) is not { } place)
        {
            return named;
        }

        return [.. station.Patrol.Points.Where(point => point.DeviceId.Length == 0 && point.VillageId == place.VillageId).Select(point => point.Id)];
    }

    public static WorkDecision Decide(PatrolShift? shift, PatrolCommand command, WorkContext context) => command switch
    {
        PatrolCommand.Begin begin => WorkDecision.Of(
            new PatrolEvent.Began(context.Now, context.Actor, context.NewId, begin.ShiftId, begin.StartsAt, begin.EndsAt, begin.Targets)),
        PatrolCommand.CheckIn checkIn => CheckIn(shift!, checkIn, context),
        PatrolCommand.End when shift!.Ended || context.Now < shift.EndsAt => WorkDecision.Refuse(WorkRefusals.ShiftRuns, "The shift still runs, or was ended before."),
        PatrolCommand.End => WorkDecision.Of(new PatrolEvent.Ended(context.Now, context.Actor, MissedOf(shift!))),
        PatrolCommand.ExplainMissed when !shift!.Ended => WorkDecision.Refuse(WorkRefusals.ShiftRuns, "The shift still runs: what is missed is known at its end."),
        PatrolCommand.ExplainMissed explain => WorkDecision.Of(new PatrolEvent.Explained(context.Now, context.Actor, explain.Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "a command without a rule"),
    };

    public static WorkItem Evolve(PatrolShift? shift, PatrolEvent happened) => happened switch
    {
        PatrolEvent.Began e => new PatrolShift
        {
            Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, ShiftId = e.ShiftId, StartsAt = e.StartsAt, EndsAt = e.EndsAt, Targets = e.Targets,
        },
        PatrolEvent.CheckedIn e => AfterCheckIn(shift!, e),
        PatrolEvent.Ended e => shift! with { Ended = true, ClosedAt = e.Missed.IsEmpty ? e.At : null },
        PatrolEvent.Explained e => shift! with { Explanation = e.Text, ClosedAt = e.At },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution"),
    };

    private static WorkDecision CheckIn(PatrolShift shift, PatrolCommand.CheckIn checkIn, WorkContext context)
    {
        if (shift.Targets.All(target => target.Id != checkIn.TargetId))
        {
            return WorkDecision.Refuse(WorkRefusals.UnknownTarget, $"The plan of this shift has no point or line \"{checkIn.TargetId}\".");
        }

        var at = checkIn.OccurredAt ?? context.Now;
        return at < shift.StartsAt || at >= shift.EndsAt || at > context.Now.AddMinutes(1)
            ? WorkDecision.Refuse(WorkRefusals.OutsideShift, "That moment is not in this shift.")
            : WorkDecision.Of(new PatrolEvent.CheckedIn(context.Now, context.Actor, checkIn.TargetId, at, checkIn.Text));
    }

    private static WorkItem AfterCheckIn(PatrolShift shift, PatrolEvent.CheckedIn e)
    {
        var after = shift with
        {
            Targets = [.. shift.Targets.Select(target => target.Id != e.TargetId ? target : target with
            {
                CheckIns = target.CheckIns + 1,
                LastAt = target.LastAt is { } last && last > e.OccurredAt ? last : e.OccurredAt,
                LastBy = target.LastAt is { } before && before > e.OccurredAt ? target.LastBy : e.Actor,
            })],
        };

        // A check-in that came after the end may have been the last one that was missing.
        return after.Ended && MissedOf(after).IsEmpty ? after with { ClosedAt = e.At } : after;
    }

    private static ImmutableArray<string> MissedOf(PatrolShift shift) => [.. shift.Targets.Where(target => !shift.IsCovered(target)).Select(target => target.Id)];
}
