using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work.Visits;

/// <summary>An outreach campaign (S2, S6: anti-fraud, fire, schools): visits counted per village, and no persons.</summary>
public sealed record Campaign : WorkItem
{
    public const int VisitsMax = 1_000_000;
    public const string CountStep = "visit";

    public required string Title { get; init; }

    public required int PlannedVisits { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    public ImmutableSortedDictionary<string, int> VisitsByVillage { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    public string? Result { get; init; }

    public int VisitCount() => VisitsByVillage.Values.Sum();

    public override string State() => !IsOpen ? "closed" : VisitCount() < PlannedVisits ? "visiting" : "done";

    public override IEnumerable<WorkStep> Steps() => [new WorkStep(CountStep, DueAt, TimeSpan.FromDays(7))];
}

/// <summary>What can be asked of a campaign.</summary>
public abstract record CampaignCommand : WorkCommand
{
    public sealed record Plan(string Title, int PlannedVisits, DateTimeOffset DueAt) : CampaignCommand
    {
        public override Refusal? Offence() => WorkBounds.Name("title", Title) ?? WorkBounds.Number("plannedVisits", PlannedVisits, 1, Campaign.VisitsMax);
    }

    /// <param name="Visits">Visits, leaflets, talks: whatever the campaign counts; 1..10,000.</param>
    public sealed record Count(string VillageId, int Visits) : CampaignCommand
    {
        public override Refusal? Offence() => WorkBounds.Name("villageId", VillageId) ?? WorkBounds.Number("visits", Visits, 1, 10_000);
    }

    public sealed record Finish(string Text) : CampaignCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}

/// <summary>What happened to a campaign.</summary>
public abstract record CampaignEvent(DateTimeOffset At, string Actor) : WorkEvent(At, Actor)
{
    public sealed record Planned(DateTimeOffset At, string Actor, long Id, string Title, int PlannedVisits, DateTimeOffset DueAt) : CampaignEvent(At, Actor);

    public sealed record Counted(DateTimeOffset At, string Actor, string VillageId, int Visits) : CampaignEvent(At, Actor);

    public sealed record Finished(DateTimeOffset At, string Actor, string Text) : CampaignEvent(At, Actor);
}

/// <summary>The rules of campaigns, pure.</summary>
public static class CampaignRules
{
    public static WorkDecision Decide(Campaign? campaign, CampaignCommand command, WorkContext context) => command switch
    {
        CampaignCommand.Plan plan => WorkBounds.Due("dueAt", plan.DueAt, context.Now) is { } offence
            ? WorkDecision.Refuse(offence)
            : WorkDecision.Of(new CampaignEvent.Planned(context.Now, context.Actor, context.NewId, plan.Title, plan.PlannedVisits, plan.DueAt)),
        CampaignCommand.Count count when context.Station.FindVillage(count.VillageId) is null =>
            WorkDecision.Refuse(WorkRefusals.UnknownPlace, $"The station has no village \"{count.VillageId}\"."),
        CampaignCommand.Count count when campaign!.VisitCount() + count.Visits > Campaign.VisitsMax =>
            WorkDecision.Refuse(WorkRefusals.TooMany, $"A campaign counts at most {Campaign.VisitsMax} visits."),
        CampaignCommand.Count count => WorkDecision.Of(new CampaignEvent.Counted(context.Now, context.Actor, count.VillageId, count.Visits)),
        CampaignCommand.Finish finish => WorkDecision.Of(new CampaignEvent.Finished(context.Now, context.Actor, finish.Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "a command without a rule"),
    };

    public static WorkItem Evolve(Campaign? campaign, CampaignEvent happened) => happened switch
    {
        CampaignEvent.Planned e => new Campaign { Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, Title = e.Title, PlannedVisits = e.PlannedVisits, DueAt = e.DueAt },
        CampaignEvent.Counted e => campaign! with { VisitsByVillage = campaign.VisitsByVillage.SetItem(e.VillageId, campaign.VisitsByVillage.GetValueOrDefault(e.VillageId) + e.Visits) },
        CampaignEvent.Finished e => campaign! with { Result = e.Text, ClosedAt = e.At },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution"),
    };
}
