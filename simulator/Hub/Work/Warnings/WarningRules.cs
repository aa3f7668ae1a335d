using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Work.Warnings;

/// <summary>What can be asked of a warning.</summary>
public abstract record WarningCommand : WorkCommand
{
    /// <summary>The hub: the calls of a call point have reached a level.</summary>
    public sealed record Raise(string CallPointId, ImmutableArray<CountedCall> Calls) : WarningCommand;

    /// <summary>The hub: a further call of the same call point while the warning is open.</summary>
    public sealed record AddCalls(ImmutableArray<CountedCall> Calls) : WarningCommand;

    /// <summary>A supervisor takes it up and gives it to a team.</summary>
    public sealed record Supervise(string Team, string Text) : WarningCommand
    {
        public override Refusal? Offence() => WorkBounds.Name("team", Team) ?? WorkBounds.Text("text", Text);
    }

    public sealed record Handle(string Text) : WarningCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }

    public sealed record FeedBack(WarningResult Result, string Text) : WarningCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}

/// <summary>What happened to a warning.</summary>
public abstract record WarningEvent(DateTimeOffset At, string Actor) : WorkEvent(At, Actor)
{
    /// <summary>It was pushed, or further calls came; then the level is the higher of the two.</summary>
    public sealed record Raised(
        DateTimeOffset At, string Actor, long Id, string CallPointId, WarningLevel Level, int TableVersion, ImmutableArray<CountedCall> Calls,
        DateTimeOffset SuperviseBy, int HandleWithinH, int FeedBackWithinH) : WarningEvent(At, Actor);

    public sealed record Supervised(DateTimeOffset At, string Actor, string Team, string Text) : WarningEvent(At, Actor);

    public sealed record Handled(DateTimeOffset At, string Actor, string Text) : WarningEvent(At, Actor);

    public sealed record FedBack(DateTimeOffset At, string Actor, WarningResult Result, string Text) : WarningEvent(At, Actor);
}

/// <summary>The rules of early warning, pure.</summary>
public static class WarningRules
{
    /// <summary>Calls read for one call point; a point with more within the window is red long before.</summary>
    public const int CallsMax = 200;

    /// <summary>What the calls of one call point weigh at this moment, oldest first; calls beyond the window or of a kind without points are left out.</summary>
    public static ImmutableArray<CountedCall> Weigh(IEnumerable<(long IncidentId, IncidentKind Kind, DateTimeOffset At)> calls, WarningTable table, DateTimeOffset now) =>
    [
        .. calls.Select(call => new CountedCall(call.IncidentId, call.Kind, call.At, table.Points.GetValueOrDefault(call.Kind) * PercentOf(now - call.At, table) / 10))
            .Where(call => call.Tenths > 0).OrderBy(call => call.At).ThenBy(call => call.IncidentId),
    ];

    public static WarningLevel LevelOf(IEnumerable<CountedCall> calls, WarningTable table)
    {
        var tenths = calls.Sum(call => call.Tenths);
        return tenths >= table.Red * 10 ? WarningLevel.Red : tenths >= table.Orange * 10 ? WarningLevel.Orange : tenths >= table.Yellow * 10 ? WarningLevel.Yellow : WarningLevel.None;
    }

    public static WorkDecision Decide(Warning? warning, WarningCommand command, WorkContext context)
    {
        var table = context.Station.Warnings;
        switch (command)
        {
            case WarningCommand.Raise raise:
                var level = LevelOf(raise.Calls, table);
                return level == WarningLevel.None
                    ? WorkDecision.Of()
                    : WorkDecision.Of(Raised(context, context.NewId, raise.CallPointId, level, raise.Calls));
            case WarningCommand.AddCalls add:
                var higher = LevelOf(add.Calls, table) > warning!.Level ? LevelOf(add.Calls, table) : warning.Level;
                var known = warning.Calls.Select(call => call.IncidentId).ToHashSet();
                return add.Calls.All(call => known.Contains(call.IncidentId))
                    ? WorkDecision.Of()
                    : WorkDecision.Of(Raised(context, warning.Id, warning.CallPointId, higher, add.Calls) with
                    {
                        SuperviseBy = higher > warning.Level ? Earlier(warning.SuperviseBy, SuperviseBy(higher, table, context.Now)) : warning.SuperviseBy,
                    });
            case WarningCommand.Supervise when warning!.SupervisedAt is not null:
                return WorkDecision.Refuse(WorkRefusals.AlreadySupervised, "A supervisor has taken this warning up already.");
            case WarningCommand.Supervise supervise:
                return WorkDecision.Of(new WarningEvent.Supervised(context.Now, context.Actor, supervise.Team, supervise.Text));
            case WarningCommand.Handle when warning!.SupervisedAt is null:
                return WorkDecision.Refuse(WorkRefusals.NotSupervised, "No supervisor has taken this warning up yet.");
            case WarningCommand.Handle when warning.HandledAt is not null:
                return WorkDecision.Refuse(WorkRefusals.WarningHandled, "This warning is handled already.");
            case WarningCommand.Handle handle:
                return WorkDecision.Of(new WarningEvent.Handled(context.Now, context.Actor, handle.Text));
            case WarningCommand.FeedBack when warning!.HandledAt is null:
                return WorkDecision.Refuse(WorkRefusals.NotHandledYet, "This warning is not handled yet.");
            case WarningCommand.FeedBack feedBack:
                return WorkDecision.Of(new WarningEvent.FedBack(context.Now, context.Actor, feedBack.Result, feedBack.Text));
            default:
                throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "a command without a rule");
        }
    }

    public static WorkItem Evolve(Warning? warning, WarningEvent happened) => happened switch
    {
        WarningEvent.Raised e when warning is null => new Warning
        {
            Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, CallPointId = e.CallPointId, Level = e.Level, TableVersion = e.TableVersion, Calls = e.Calls,
            SuperviseBy = e.SuperviseBy, HandleWithinH = e.HandleWithinH, FeedBackWithinH = e.FeedBackWithinH,
        },
        WarningEvent.Raised e => warning with { Level = e.Level, TableVersion = e.TableVersion, Calls = e.Calls, SuperviseBy = e.SuperviseBy },
        WarningEvent.Supervised e => warning! with { SupervisedBy = e.Actor, SupervisedAt = e.At, Team = e.Team },
        WarningEvent.Handled e => warning! with { HandledText = e.Text, HandledAt = e.At },
        WarningEvent.FedBack e => warning! with { Result = e.Result, ResultText = e.Text, ClosedAt = e.At },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution"),
    };

    private static WarningEvent.Raised Raised(WorkContext context, long id, string callPointId, WarningLevel level, ImmutableArray<CountedCall> calls)
    {
        var table = context.Station.Warnings;
        return new WarningEvent.Raised(
            context.Now, context.Actor, id, callPointId, level, table.Version, calls, SuperviseBy(level, table, context.Now), table.HandleH, table.FeedBackH);
    }

    private static DateTimeOffset SuperviseBy(WarningLevel level, WarningTable table, DateTimeOffset from) =>
        from.AddHours(level == WarningLevel.Red ? table.SuperviseRedH : table.SuperviseH);

    private static int PercentOf(TimeSpan age, WarningTable table)
    {
        foreach (var (toDays, percent) in table.Ages)
        {
            if (age <= TimeSpan.FromDays(toDays))
            {
                return percent;
            }
        }

        return 0;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
