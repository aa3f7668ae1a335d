using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Work.Warnings;

public enum WarningLevel
{
    None,
    Yellow,
    Orange,
    Red,
}

/// <summary>What the handling gave.</summary>
public enum WarningResult
{
    /// <summary>Support is running; a support plan or mediation took it over.</summary>
    SupportGiven,

    /// <summary>The cause is gone.</summary>
    Resolved,

    /// <summary>There was no cause: the calls had nothing to do with each other.</summary>
    NoCause,
}

/// <summary>A call that a warning counted: which incident, of what kind, when, and with how many points.</summary>
/// <param name="Tenths">Points times ten: 10 points at 80 percent are 80.</param>
public sealed record CountedCall(long IncidentId, IncidentKind Kind, DateTimeOffset At, int Tenths);

/// <summary>
/// An early warning: calls from one call point add up. It counts calls from a place and never people, leads to support, changes nothing about any call, and is
/// seen by the community team, supervisors and auditors only. Pushed, supervised, handled, fed back (推送—督办—处置—反馈), each with a clock.
/// </summary>
public sealed record Warning : WorkItem
{
    public const string SuperviseStep = "supervise";
    public const string HandleStep = "handle";
    public const string FeedBackStep = "feedBack";

    public required string CallPointId { get; init; }

    public required WarningLevel Level { get; init; }

    /// <summary>The table by which it was counted.</summary>
    public required int TableVersion { get; init; }

    /// <summary>Exactly the calls that made it, oldest first.</summary>
    public required ImmutableArray<CountedCall> Calls { get; init; }

    /// <summary>The deadlines, fixed when it was pushed or its level rose.</summary>
    public required DateTimeOffset SuperviseBy { get; init; }

    public required int HandleWithinH { get; init; }

    public required int FeedBackWithinH { get; init; }

    public string? SupervisedBy { get; init; }

    public DateTimeOffset? SupervisedAt { get; init; }

    /// <summary>Who shall handle it: a team, no person.</summary>
    public string? Team { get; init; }

    public string? HandledText { get; init; }

    public DateTimeOffset? HandledAt { get; init; }

    public WarningResult? Result { get; init; }

    public string? ResultText { get; init; }

    /// <summary>Points times ten.</summary>
    public int Tenths() => Calls.Sum(call => call.Tenths);

    public override string PlaceId() => CallPointId;

    public override string State() => !IsOpen ? "closed" : HandledAt is not null ? "handled" : SupervisedAt is not null ? "supervised" : "pushed";

    public override IEnumerable<WorkStep> Steps()
    {
        var again = TimeSpan.FromHours(Level == WarningLevel.Red ? 2 : 24);
        yield return HandledAt is { } handledAt ? new WorkStep(FeedBackStep, handledAt.AddHours(FeedBackWithinH), again)
            : SupervisedAt is { } supervisedAt ? new WorkStep(HandleStep, supervisedAt.AddHours(HandleWithinH), again)
            : new WorkStep(SuperviseStep, SuperviseBy, again);
    }
}
