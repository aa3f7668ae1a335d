using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work.Reviews;

/// <summary>What the legal officer found.</summary>
public enum ReviewResult
{
    /// <summary>Nothing to object to.</summary>
    Sound,

    /// <summary>Sound in the matter, wanting in form: what is to be mended stands in the text.</summary>
    Defective,

    /// <summary>To be taken up again.</summary>
    Returned,
}

/// <summary>The legal review of a closed incident (S7: every closed case). The incident itself does not change: its timeline is what is reviewed.</summary>
public sealed record LegalReview : WorkItem
{
    public static readonly TimeSpan Within = TimeSpan.FromDays(7);

    public const string ReviewStep = "review";

    public required long IncidentId { get; init; }

    public required IncidentKind IncidentKind { get; init; }

    public required string CallPointId { get; init; }

    public Disposition? Disposition { get; init; }

    public ReviewResult? Result { get; init; }

    public string? Text { get; init; }

    public override string PlaceId() => CallPointId;

    public override string State() => Result is null ? "waiting" : "closed";

    public override IEnumerable<WorkStep> Steps() => [new WorkStep(ReviewStep, OpenedAt + Within, TimeSpan.FromDays(3))];
}

/// <summary>What can be asked of a legal review.</summary>
public abstract record ReviewCommand : WorkCommand
{
    /// <summary>The hub: an incident was closed.</summary>
    public sealed record Queue(long IncidentId, IncidentKind Kind, string CallPointId, Disposition? Disposition) : ReviewCommand;

    /// <summary>A person wants a closed incident reviewed that did not come by itself (an equipment fault, a duplicate), or once more.</summary>
    public sealed record Ask(long IncidentId) : ReviewCommand;

    public sealed record Judge(ReviewResult Result, string Text) : ReviewCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}

/// <summary>What happened to a legal review.</summary>
public abstract record ReviewEvent(DateTimeOffset At, string Actor) : WorkEvent(At, Actor)
{
    public sealed record Queued(DateTimeOffset At, string Actor, long Id, long IncidentId, IncidentKind Kind, string CallPointId, Disposition? Disposition) : ReviewEvent(At, Actor);

    public sealed record Judged(DateTimeOffset At, string Actor, ReviewResult Result, string Text) : ReviewEvent(At, Actor);
}

/// <summary>The rules of the legal review, pure.</summary>
public static class ReviewRules
{
    /// <summary>Whether a closed incident comes to the queue by itself: real calls do; equipment, duplicates and virtual boards do not.</summary>
    public static bool Comes(Incident closed, bool isVirtual) => !isVirtual && closed.MergedInto is null && !SignalKinds.IsTechnical(closed.Kind);

    public static WorkDecision Decide(LegalReview? review, ReviewCommand command, WorkContext context) => command switch
    {
        ReviewCommand.Queue queue => WorkDecision.Of(new ReviewEvent.Queued(context.Now, context.Actor, context.NewId, queue.IncidentId, queue.Kind, queue.CallPointId, queue.Disposition)),
        // The desk knows the incident and turns the wish into a Queue; without it there is none.
        ReviewCommand.Ask => WorkDecision.Refuse(RefusalNames.NoIncident, "There is no such incident."),
        ReviewCommand.Judge judge => WorkDecision.Of(new ReviewEvent.Judged(context.Now, context.Actor, judge.Result, judge.Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "a command without a rule"),
    };

    public static WorkItem Evolve(LegalReview? review, ReviewEvent happened) => happened switch
    {
        ReviewEvent.Queued e => new LegalReview
        {
            Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, IncidentId = e.IncidentId, IncidentKind = e.Kind, CallPointId = e.CallPointId, Disposition = e.Disposition,
        },
        ReviewEvent.Judged e => review! with { Result = e.Result, Text = e.Text, ClosedAt = e.At },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution"),
    };
}
