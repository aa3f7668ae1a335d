using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Work;

/// <summary>What a command comes to: events to store, or one refusal.</summary>
public sealed record WorkDecision(ImmutableArray<WorkEvent> Events, Refusal? Refusal)
{
    public static WorkDecision Of(params ImmutableArray<WorkEvent> events) => new(events, null);

    public static WorkDecision Refuse(string name, string text) => new([], new Refusal(name, text));

    public static WorkDecision Refuse(Refusal refusal) => new([], refusal);
}

/// <summary>All that a decision may know besides the item and the command. No rule reads a clock.</summary>
/// <param name="Station">Of the item, or of the one that is to be opened.</param>
/// <param name="NewId">The number of a new item, should one be opened.</param>
public sealed record WorkContext(DateTimeOffset Now, string Actor, Station Station, long NewId);

/// <summary>The rules of the work beside incidents, pure: what a command comes to, and what an event changes. Each kind's own rules stand in its room.</summary>
public static class WorkRules
{
    public static WorkDecision Decide(WorkItem? item, WorkCommand command, WorkContext context)
    {
        var decision = DecideAny(item, command, context);
        return command.Opens && decision.Events is [var opening, ..]
            ? decision with { Events = decision.Events.SetItem(0, opening with { StationId = context.Station.Id }) }
            : decision;
    }

    private static WorkDecision DecideAny(WorkItem? item, WorkCommand command, WorkContext context)
    {
        if (command.Offence() is { } offence)
        {
            return WorkDecision.Refuse(offence);
        }

        if (!command.Opens && item is null)
        {
            return WorkDecision.Refuse(WorkRefusals.NoWork, "There is no such piece of work.");
        }

        if (item is { IsOpen: false })
        {
            return WorkDecision.Refuse(WorkRefusals.WorkClosed, "It is closed, and a closed piece of work does not change.");
        }

        return command switch
        {
            WorkCommand.Escalate escalate => Escalate(item!, escalate, context),
            WorkCommand.AcknowledgeEscalation => Acknowledge(item!, context),
            WorkCommand.Note note => WorkDecision.Of(new WorkEvent.Noted(context.Now, context.Actor, note.Text)),
            PatrolCommand patrol => For<PatrolShift>(item, patrol, shift => PatrolRules.Decide(shift, patrol, context)),
            VisitCommand visit => For<VisitRound>(item, visit, round => VisitRules.Decide(round, visit, context)),
            CampaignCommand campaign => For<Campaign>(item, campaign, open => CampaignRules.Decide(open, campaign, context)),
            SupportCommand support => For<SupportPlan>(item, support, plan => SupportRules.Decide(plan, support, context)),
            ReviewCommand review => For<LegalReview>(item, review, open => ReviewRules.Decide(open, review, context)),
            WarningCommand warning => For<Warning>(item, warning, open => WarningRules.Decide(open, warning, context)),
            ShiftCommand shift => ShiftRules.Decide(item, shift, context),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "a command without a rule"),
        };
    }

    /// <summary>The item after the event. An escalation stays as long as its step is the same one with the same deadline.</summary>
    public static WorkItem Evolve(WorkItem? item, WorkEvent happened)
    {
        var after = happened switch
        {
            WorkEvent.Escalated e => item! with { Escalations = item.Escalations.Add(new WorkEscalation(e.Step, e.DueAt, e.Level, e.At)) },
            WorkEvent.EscalationAcknowledged e => item! with
            {
                Escalations = [.. item.Escalations.Select(escalation => escalation.AcknowledgedAt is null ? escalation with { AcknowledgedBy = e.Actor, AcknowledgedAt = e.At } : escalation)],
            },
            WorkEvent.Noted => item!,
            PatrolEvent e => PatrolRules.Evolve(item as PatrolShift, e),
            VisitEvent e => VisitRules.Evolve(item as VisitRound, e),
            CampaignEvent e => CampaignRules.Evolve(item as Campaign, e),
            SupportEvent e => SupportRules.Evolve(item as SupportPlan, e),
            ReviewEvent e => ReviewRules.Evolve(item as LegalReview, e),
            WarningEvent e => WarningRules.Evolve(item as Warning, e),
            ShiftEvent e => ShiftRules.Evolve(item, e),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution"),
        };
        after = item is null ? after with { StationId = happened.StationId ?? "" } : after;
        var steps = after.IsOpen ? after.Steps().ToList() : [];
        return after with
        {
            Version = (item?.Version ?? 0) + 1,
            Escalations = [.. after.Escalations.Where(escalation => steps.Any(step => step.Name == escalation.Step && step.DueAt == escalation.DueAt))],
        };
    }

    private static WorkDecision For<T>(WorkItem? item, WorkCommand command, Func<T?, WorkDecision> decide)
        where T : WorkItem =>
        command.Opens ? decide(null)
        : item is T own ? decide(own)
        : WorkDecision.Refuse(WorkRefusals.WrongKind, $"This is a piece of work of another kind ({WorkItem.KindOf(item!)}).");

    private static WorkDecision Escalate(WorkItem item, WorkCommand.Escalate escalate, WorkContext context)
    {
        var due = WorkClocks.All(item).FirstOrDefault(clock => clock.Step == escalate.Step && clock.EscalatesAt <= context.Now);
        return due.Step is null
            ? WorkDecision.Refuse(RefusalNames.NotDue, $"The step {escalate.Step} is not overdue.")
            : WorkDecision.Of(new WorkEvent.Escalated(context.Now, context.Actor, due.Step, due.DueAt, due.Level));
    }

    private static WorkDecision Acknowledge(WorkItem item, WorkContext context) =>
        item.Escalations.Any(escalation => escalation.AcknowledgedAt is null)
            ? WorkDecision.Of(new WorkEvent.EscalationAcknowledged(context.Now, context.Actor))
            : WorkDecision.Refuse(RefusalNames.NothingEscalated, "Nothing of it waits for an acknowledgement.");
}
