using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work.Visits;

/// <summary>What can be asked of a round of visits.</summary>
public abstract record VisitCommand : WorkCommand
{
    /// <param name="PlannedVisits">1..10,000 doors.</param>
    public sealed record Plan(string Title, string VillageId, int PlannedVisits, DateTimeOffset DueAt, string ResponderId = "") : VisitCommand
    {
        public override Refusal? Offence() =>
            WorkBounds.Name("title", Title) ?? WorkBounds.Name("villageId", VillageId) ?? WorkBounds.Number("plannedVisits", PlannedVisits, 1, VisitRound.VisitsMax);
    }

    /// <param name="Count">Doors visited, 1..100.</param>
    public sealed record Visit(int Count = 1, string Text = "") : VisitCommand
    {
        public override Refusal? Offence() => WorkBounds.Number("count", Count, 1, 100) ?? WorkBounds.Optional("text", Text);
    }

    /// <param name="DueAt">Null for a week from now.</param>
    public sealed record Request(string Text, DateTimeOffset? DueAt = null) : VisitCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }

    public sealed record Outcome(int Number, RequestResult Result, string Text) : VisitCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }

    /// <summary>Ends the round; every request must have its outcome.</summary>
    public sealed record Finish(string Text) : VisitCommand
    {
        public override Refusal? Offence() => WorkBounds.Text("text", Text);
    }
}

/// <summary>What happened to a round of visits.</summary>
public abstract record VisitEvent(DateTimeOffset At, string Actor) : WorkEvent(At, Actor)
{
    public sealed record Planned(
        DateTimeOffset At, string Actor, long Id, string Title, string VillageId, int PlannedVisits, DateTimeOffset DueAt, string ResponderId) : VisitEvent(At, Actor);

    public sealed record Visited(DateTimeOffset At, string Actor, int Count, string Text) : VisitEvent(At, Actor);

    public sealed record Requested(DateTimeOffset At, string Actor, int Number, string Text, DateTimeOffset DueAt) : VisitEvent(At, Actor);

    public sealed record Answered(DateTimeOffset At, string Actor, int Number, RequestResult Result, string Text) : VisitEvent(At, Actor);

    public sealed record Finished(DateTimeOffset At, string Actor, string Text) : VisitEvent(At, Actor);
}

/// <summary>The rules of visits, pure.</summary>
public static class VisitRules
{
    public static WorkDecision Decide(VisitRound? round, VisitCommand command, WorkContext context) => command switch
    {
        VisitCommand.Plan plan => Plan(plan, context),
        VisitCommand.Visit visit when round!.Visits + visit.Count > VisitRound.VisitsMax => WorkDecision.Refuse(WorkRefusals.TooMany, $"A round has at most {VisitRound.VisitsMax} visits."),
        VisitCommand.Visit visit => WorkDecision.Of(new VisitEvent.Visited(context.Now, context.Actor, visit.Count, visit.Text)),
        VisitCommand.Request request => Request(round!, request, context),
        VisitCommand.Outcome outcome => Answer(round!, outcome, context),
        VisitCommand.Finish when round!.Requests.Any(request => request.Result is null) =>
            WorkDecision.Refuse(WorkRefusals.RequestsOpen, "A request of this round has no outcome yet."),
        VisitCommand.Finish finish => WorkDecision.Of(new VisitEvent.Finished(context.Now, context.Actor, finish.Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "a command without a rule"),
    };

    public static WorkItem Evolve(VisitRound? round, VisitEvent happened) => happened switch
    {
        VisitEvent.Planned e => new VisitRound
        {
            Id = e.Id, OpenedAt = e.At, OpenedBy = e.Actor, Title = e.Title, VillageId = e.VillageId, PlannedVisits = e.PlannedVisits, DueAt = e.DueAt, ResponderId = e.ResponderId,
        },
        VisitEvent.Visited e => round! with { Visits = round.Visits + e.Count },
        VisitEvent.Requested e => round! with { Requests = round.Requests.Add(new VisitRequest(e.Number, e.Text, e.At, e.DueAt)) },
        VisitEvent.Answered e => round! with
        {
            Requests = [.. round.Requests.Select(request => request.Number == e.Number ? request with { Result = e.Result, Answer = e.Text, AnsweredAt = e.At } : request)],
        },
        VisitEvent.Finished e => round! with { Result = e.Text, ClosedAt = e.At },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.GetType().Name, "an event without an evolution"),
    };

    private static WorkDecision Plan(VisitCommand.Plan plan, WorkContext context)
    {
        if (WorkBounds.Due("dueAt", plan.DueAt, context.Now) is { } offence)
        {
            return WorkDecision.Refuse(offence);
        }

        if (context.Station.FindVillage(plan.VillageId) is null)
        {
            return WorkDecision.Refuse(WorkRefusals.UnknownPlace, $"The station has no village \"{plan.VillageId}\".");
        }

        return plan.ResponderId.Length > 0 && context.Station.FindResponder(plan.ResponderId) is null
            ? WorkDecision.Refuse(RefusalNames.UnknownResponder, $"The station has no responder \"{plan.ResponderId}\".")
            : WorkDecision.Of(new VisitEvent.Planned(context.Now, context.Actor, context.NewId, plan.Title, plan.VillageId, plan.PlannedVisits, plan.DueAt, plan.ResponderId));
    }

    private static WorkDecision Request(VisitRound round, VisitCommand.Request request, WorkContext context)
    {
        var dueAt = request.DueAt ?? context.Now + VisitRound.RequestDue;
        return WorkBounds.Due("dueAt", dueAt, context.Now) is { } offence ? WorkDecision.Refuse(offence)
            : round.Requests.Length >= VisitRound.RequestsMax ? WorkDecision.Refuse(WorkRefusals.TooMany, $"A round has at most {VisitRound.RequestsMax} requests; plan another.")
            : WorkDecision.Of(new VisitEvent.Requested(context.Now, context.Actor, round.Requests.Length + 1, request.Text, dueAt));
    }

    private static WorkDecision Answer(VisitRound round, VisitCommand.Outcome outcome, WorkContext context) =>
        round.Requests.FirstOrDefault(request => request.Number == outcome.Number) switch
        {
            null => WorkDecision.Refuse(WorkRefusals.UnknownRequest, $"This round has no request {outcome.Number}."),
            { Result: not null } => WorkDecision.Refuse(WorkRefusals.AlreadyDone, $"Request {outcome.Number} has its outcome already."),
            _ => WorkDecision.Of(new VisitEvent.Answered(context.Now, context.Actor, outcome.Number, outcome.Result, outcome.Text)),
        };
}
