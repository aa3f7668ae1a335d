using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work.Shifts;

/// <summary>What was open when a shift handed over; the desk fills it in.</summary>
public sealed record OpenItems(ImmutableArray<long> Incidents, ImmutableArray<long> Work, int MoreIncidents, int MoreWork, ImmutableArray<string> LostGateways)
{
    public static OpenItems None { get; } = new([], [], 0, 0, []);
}

/// <summary>Hand-over and daily review.</summary>
public abstract record ShiftCommand : WorkCommand
{
    /// <param name="Text">What the next shift must know.</param>
    public sealed record HandOver(string Text) : ShiftCommand
    {
        /// <summary>Filled in by the hub at that moment.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public OpenItems Open { get; init; } = OpenItems.None;

        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }

    /// <summary>The next shift has read it. By another account than the one that handed over.</summary>
    public sealed record TakeOver(string Text = "") : ShiftCommand
    {
        public override Refusal? Offence() => WorkBounds.Optional("text", Text);
    }

    /// <summary>The clock: a day with incidents is over.</summary>
    public sealed record OpenDay(DateOnly Day, DateTimeOffset DayEndedAt, int Incidents) : ShiftCommand;

    public sealed record ReviewDay(string Text) : ShiftCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}

/// <summary>What happened to a hand-over or a day's review.</summary>
public abstract record ShiftEvent(DateTimeOffset At, string Actor) : WorkEvent(At, Actor)
{
    public sealed record HandedOver(DateTimeOffset At, string Actor, long Id, string Text, OpenItems Open) : ShiftEvent(At, Actor);

    public sealed record TakenOver(DateTimeOffset At, string Actor, string Text) : ShiftEvent(At, Actor);

    public sealed record DayOpened(DateTimeOffset At, string Actor, long Id, DateOnly Day, DateTimeOffset DayEndedAt, int Incidents) : ShiftEvent(At, Actor);

    public sealed record DayReviewed(DateTimeOffset At, string Actor, string Text) : ShiftEvent(At, Actor);
}

/// <summary>The rules of hand-over and daily review, pure.</summary>
public static class ShiftRules
{
    public static WorkDecision Decide(WorkItem? item, ShiftCommand command, WorkContext context) => (item, command) switch
    {
        (_, ShiftCommand.HandOver hand) => WorkDecision.Of(new ShiftEvent.HandedOver(context.Now, context.Actor, context.NewId, hand.Text, hand.Open)),
        (_, ShiftCommand.OpenDay day) => WorkDecision.Of(new ShiftEvent.DayOpened(context.Now, context.Actor, context.NewId, day.Day, day.DayEndedAt, day.Incidents)),
        (Handover handover, ShiftCommand.TakeOver) when handover.OpenedBy == context.Actor =>
            WorkDecision.Refuse(WorkRefusals.OwnHandover, "Who handed over does not take over: sign in as the next shift."),
        (Handover, ShiftCommand.TakeOver take) => WorkDecision.Of(new ShiftEvent.TakenOver(context.Now, context.Actor, take.Text)),
        (DailyReview, ShiftCommand.ReviewDay review) => WorkDecision.Of(new ShiftEvent.DayReviewed(context.Now, context.Actor, review.Text)),
        _ => WorkDecision.Refuse(WorkRefusals.WrongKind, $"This is a piece of work of another kind ({WorkItem.KindOf(item!)})."),
    };

    public static WorkItem Evolve(WorkItem? item, ShiftEvent happened) => happened switch
    {
        ShiftEvent.HandedOver e => new Handover
        {
            Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, Note = e.Text, Incidents = e.Open.Incidents, Work = e.Open.Work, MoreIncidents = e.Open.MoreIncidents,
            MoreWork = e.Open.MoreWork, LostGateways = e.Open.LostGateways,
        },
        ShiftEvent.TakenOver e => (Handover)item! with { TakenBy = e.Actor, Remark = e.Text, ClosedAt = e.At },
        ShiftEvent.DayOpened e => new DailyReview { Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, Day = e.Day, DayEndedAt = e.DayEndedAt, Incidents = e.Incidents },
        ShiftEvent.DayReviewed e => (DailyReview)item! with { Text = e.Text, ClosedAt = e.At },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution"),
    };
}
