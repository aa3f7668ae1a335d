using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Gateway.Hub.Incidents;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Work;

/// <summary>What kinds of work there are beside incidents. The names are stored.</summary>
public enum WorkKind
{
    PatrolShift,
    VisitRound,
    Campaign,
    SupportPlan,
    LegalReview,
    Warning,
    Handover,
    DailyReview,
}

/// <summary>
/// A piece of the station's work that is no incident, as it stands now: the fold of its events by <see cref="WorkRules.Evolve"/>. Immutable and bounded.
/// It counts places, visits and steps; it has no member for a person's name or history.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PatrolShift), "patrolShift")]
[JsonDerivedType(typeof(VisitRound), "visitRound")]
[JsonDerivedType(typeof(Campaign), "campaign")]
[JsonDerivedType(typeof(SupportPlan), "supportPlan")]
[JsonDerivedType(typeof(LegalReview), "legalReview")]
[JsonDerivedType(typeof(Warning), "warning")]
[JsonDerivedType(typeof(Handover), "handover")]
[JsonDerivedType(typeof(DailyReview), "dailyReview")]
public abstract record WorkItem
{
    public required long Id { get; init; }

    /// <summary>Number of events so far.</summary>
    public long Version { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>An account, a gateway (<c>gw/sumitu-01</c>) or the hub's clock (<c>clock</c>).</summary>
    public required string OpenedBy { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Whose work it is. Empty only in what was stored before a hub had several stations: it is read as the hub's first.</summary>
    public string StationId { get; init; } = "";

    /// <summary>Escalations of the steps that run now; those of finished steps are history.</summary>
    public ImmutableArray<WorkEscalation> Escalations { get; init; } = [];

    [JsonIgnore]
    public bool IsOpen => ClosedAt is null;

    /// <summary>The highest level that an overdue step has reached.</summary>
    [JsonIgnore]
    public EscalationLevel EscalatedTo => Escalations.IsEmpty ? EscalationLevel.None : Escalations.Max(escalation => escalation.Level);

    /// <summary>The call point or village that it is about; empty for the whole station.</summary>
    public virtual string PlaceId() => "";

    /// <summary>Where it stands, in one camel-case word: what lists filter by and pages translate.</summary>
    public abstract string State();

    /// <summary>The steps that have a deadline now.</summary>
    public abstract IEnumerable<WorkStep> Steps();

    public static WorkKind KindOf(WorkItem item) => item switch
    {
        PatrolShift => WorkKind.PatrolShift,
        VisitRound => WorkKind.VisitRound,
        Campaign => WorkKind.Campaign,
        SupportPlan => WorkKind.SupportPlan,
        LegalReview => WorkKind.LegalReview,
        Warning => WorkKind.Warning,
        Handover => WorkKind.Handover,
        DailyReview => WorkKind.DailyReview,
        _ => throw new ArgumentOutOfRangeException(nameof(item), item.GetType().Name, "a kind of work without a name"),
    };
}

/// <summary>A step that has to be done.</summary>
/// <param name="Name">Camel case; unique within the item together with <paramref name="DueAt"/>.</param>
/// <param name="DueAt">When it is overdue and goes to the shift leader.</param>
/// <param name="Again">After this much more it goes on to the banner supervisor (督办).</param>
public readonly record struct WorkStep(string Name, DateTimeOffset DueAt, TimeSpan Again);

/// <summary>An overdue step was pushed upward.</summary>
public sealed record WorkEscalation(string Step, DateTimeOffset DueAt, EscalationLevel Level, DateTimeOffset At, string? AcknowledgedBy = null, DateTimeOffset? AcknowledgedAt = null);
