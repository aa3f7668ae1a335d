using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Incidents;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>The work beside incidents: lists, one item with its story, and the commands.</summary>
public static class WorkEndpoints
{
    private const string CommandsDescription =
        """
        One command, told by `type`; its members are in the schema. Every kind has its own:
        patrolShift: `checkIn`, `explainMissed`. visitRound: `recordVisit`, `recordRequest`, `recordOutcome`, `finishVisits`. campaign: `countVisits`, `finishCampaign`.
        supportPlan: `supportDone`, `finishSupport`. legalReview: `review` (right `review`). warning (right `warnings`): `superviseWarning` (and `supervise`), `handleWarning`,
        `feedBackWarning` (and `supervise`). handover: `takeOver`. dailyReview: `reviewDay`. Any: `note`, `acknowledgeEscalation`. Where nothing else is said, `operate` is needed.
        What the state does not allow is refused with 409 and the refusal's name; nothing is changed then.
        """;

    public static void MapWork(this RouteGroupBuilder api)
    {
        var work = api.MapGroup("/work").RequireAuthorization(Rights.Read).WithTags("work");
        work.MapGet("", List)
            .WithName("listWork").WithSummary("List the work beside incidents, newest first")
            .WithDescription("Early warnings are in it only for who has the right `warnings`.").ProducesProblem(StatusCodes.Status400BadRequest);
        work.MapGet("/{id:long}", Show)
            .WithName("showWork").WithSummary("One piece of work with its timeline").ProducesProblem(StatusCodes.Status404NotFound);
        work.MapPost("", Open)
            .WithName("openWork").WithSummary("Plan visits, a campaign or support; ask for a review; hand the shift over")
            .WithDescription("`planVisits`, `planCampaign`, `planSupport`, `askReview` or `handOver`; needs `operate`. Patrol shifts, daily reviews, legal reviews of closed calls and warnings open by themselves.")
            .WithExample<WorkCommand>("planVisits", new VisitCommand.Plan("Winter round", "bayanbulag", 40, new DateTimeOffset(2026, 12, 20, 18, 0, 0, TimeSpan.FromHours(8)), "officer-1"))
            .WithExample<WorkCommand>("planCampaign", new CampaignCommand.Plan("Fraud by telephone", 300, new DateTimeOffset(2026, 12, 31, 18, 0, 0, TimeSpan.FromHours(8))))
            .WithExample<WorkCommand>("planSupport", new SupportCommand.Plan("Plan 7", "Weekly talk", "Evenings at home", "Back in class", "Place in the sports club", new DateTimeOffset(2026, 12, 6, 18, 0, 0, TimeSpan.FromHours(8))))
            .WithExample<WorkCommand>("askReview", new ReviewCommand.Ask(12))
            .WithExample<WorkCommand>("handOver", new ShiftCommand.HandOver("Road to the north room is closed; spare key is in the desk."))
            .WithAnswerExample(new WorkCommandResource(7, 1))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict);
        work.MapPost("/{id:long}/commands", Execute)
            .WithName("commandWork").WithSummary("Take a piece of work a step further").WithDescription(CommandsDescription)
            .WithExample<WorkCommand>("checkIn", new PatrolCommand.CheckIn("point-3"))
            .WithExample<WorkCommand>("explainMissed", new PatrolCommand.ExplainMissed("Snow on the pass until noon."))
            .WithExample<WorkCommand>("recordVisit", new VisitCommand.Visit(3, "Three households of the east row."))
            .WithExample<WorkCommand>("recordRequest", new VisitCommand.Request("The street lamp at the well is dark."))
            .WithExample<WorkCommand>("recordOutcome", new VisitCommand.Outcome(1, RequestResult.Handled, "Lamp replaced."))
            .WithExample<WorkCommand>("countVisits", new CampaignCommand.Count("bayanbulag", 12))
            .WithExample<WorkCommand>("supportDone", new SupportCommand.Done(SupportRole.School, "Attends again."))
            .WithExample<WorkCommand>("review", new ReviewCommand.Judge(ReviewResult.Sound, "Complete and in time."))
            .WithExample<WorkCommand>("superviseWarning", new WarningCommand.Supervise("Community team", "Visit within two days."))
            .WithExample<WorkCommand>("handleWarning", new WarningCommand.Handle("Visited; mediation agreed."))
            .WithExample<WorkCommand>("feedBackWarning", new WarningCommand.FeedBack(WarningResult.SupportGiven, "Mediation runs."))
            .WithExample<WorkCommand>("takeOver", new ShiftCommand.TakeOver())
            .WithExample<WorkCommand>("reviewDay", new ShiftCommand.ReviewDay("Two calls from one room: visit planned."))
            .WithAnswerExample(new WorkCommandResource(7, 2))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Results<Ok<Page<WorkResource>>, ProblemHttpResult> List(
        HubView hub,
        ClaimsPrincipal user,
        [Description("Only this kind: patrolShift, visitRound, campaign, supportPlan, legalReview, warning, handover or dailyReview.")] string? kind,
        [Description("open, closed or all. Default: open.")] string? state,
        [Description("The `next` of an earlier answer.")] string? cursor,
        [Description("1 to 200. Default: 50.")] int? limit)
    {
        if (state is not (null or "open" or "closed" or "all"))
        {
            return Problems.Invalid("state", "'state' is open, closed or all.");
        }

        WorkKind? wanted = null;
        if (kind is not null)
        {
            if (!char.IsAsciiLetter(kind.FirstOrDefault()) || !Enum.TryParse<WorkKind>(kind, ignoreCase: true, out var known))
            {
                return Problems.Invalid("kind", $"There is no kind '{kind}'.");
            }

            wanted = known;
        }

        if (ListQuery.Parse(cursor, limit, out var query) is { } wrong)
        {
            return Problems.Invalid(wrong.Member, wrong.Text);
        }

        bool? open = state switch { "all" => null, "closed" => false, _ => true };
        var found = hub.Work(new WorkQuery(wanted, open, user.HasRight(Rights.Warnings), query.BeforeId, query.Limit));
        return TypedResults.Ok(new Page<WorkResource>([.. found.Select(WorkResource.Of)], query.NextAfter(found, item => item.Id)));
    }

    private static Results<Ok<WorkDetailResource>, ProblemHttpResult> Show(long id, HubView hub, ClaimsPrincipal user) =>
        hub.FindWork(id) is { } detail && WorkAccess.MaySee(detail.Item, user)
            ? TypedResults.Ok(new WorkDetailResource(WorkResource.Of(detail.Item), detail.Timeline))
            : Problems.Unknown("work");

    private static async Task<Results<Created<WorkCommandResource>, ProblemHttpResult>> Open(
        WorkCommand command,
        HubView hub,
        ClaimsPrincipal user,
        [Description("Whose it is to be, where the caller sees several stations and the command names no village or incident.")] string? station,
        [FromHeader(Name = IdempotencyKeys.Header), Description(IdempotencyKeys.Description)] string? idempotencyKey,
        CancellationToken cancellation)
    {
        if (!command.Opens)
        {
            return Problems.Invalid("type", "This command is about a piece of work that exists: send it to /api/work/{id}/commands.");
        }

        if (IdempotencyKeys.Check(idempotencyKey) is { } wrong)
        {
            return wrong;
        }

        if (!WorkAccess.MaySend(command, user))
        {
            return NotAllowed();
        }

        var actor = AccountIdentity.ActorOf(user);
        var outcome = await hub.ExecuteAsync(0, command, actor, IdempotencyKeys.Of(idempotencyKey, actor, "work"), station, cancellation);
        return outcome.Refusal is { } refusal
            ? CommandAnswers.Refused(refusal)
            : TypedResults.Created($"/api/work/{outcome.Version}", new WorkCommandResource(outcome.Version, 1));
    }

    private static async Task<Results<Ok<WorkCommandResource>, ProblemHttpResult>> Execute(
        long id,
        WorkCommand command,
        HubView hub,
        ClaimsPrincipal user,
        [FromHeader(Name = IdempotencyKeys.Header), Description(IdempotencyKeys.Description)] string? idempotencyKey,
        CancellationToken cancellation)
    {
        if (command.Opens)
        {
            return Problems.Invalid("type", "This command makes a new piece of work: send it to /api/work.");
        }

        if (IdempotencyKeys.Check(idempotencyKey) is { } wrong)
        {
            return wrong;
        }

        if (hub.FindWork(id) is not { } detail || !WorkAccess.MaySee(detail.Item, user))
        {
            return Problems.Unknown("work");
        }

        if (!WorkAccess.MaySend(command, user))
        {
            return NotAllowed();
        }

        var actor = AccountIdentity.ActorOf(user);
        var outcome = await hub.ExecuteAsync(id, command, actor, IdempotencyKeys.Of(idempotencyKey, actor, $"work/{id}"), null, cancellation);
        return CommandAnswers.Of(outcome, done => new WorkCommandResource(id, done.Version));
    }

    private static ProblemHttpResult NotAllowed() => Problems.Refused("not-allowed", "Your duties do not include this.", StatusCodes.Status403Forbidden);
}

/// <summary>Who may see and do what of the work beside incidents.</summary>
internal static class WorkAccess
{
    /// <summary>Early warnings are seen by the community team, supervisors and auditors only; to others there is no such item.</summary>
    public static bool MaySee(WorkItem item, ClaimsPrincipal user) => item is not Warning || user.HasRight(Rights.Warnings);

    public static bool MaySend(WorkCommand command, ClaimsPrincipal user) => command switch
    {
        WarningCommand.Supervise or WarningCommand.FeedBack => user.HasRight(Rights.Warnings) && user.HasRight(Rights.Supervise),
        WarningCommand => user.HasRight(Rights.Warnings) && user.HasRight(Rights.Operate),
        ReviewCommand.Judge => user.HasRight(Rights.Review),
        _ => user.HasRight(Rights.Operate),
    };
}

/// <summary>The deadline that runs now.</summary>
public sealed record WorkStepResource(string Step, DateTimeOffset DueAt);

/// <summary>A piece of work as it stands.</summary>
public sealed record WorkResource(
    long Id,
    [property: Description("Rises with every change.")] long Version,
    WorkKind Kind,
    [property: Description("Where it stands, in a word of its kind.")] string State,
    [property: Description("The call point or village that it is about; empty for the whole station.")] string PlaceId,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    WorkStepResource? Clock,
    EscalationLevel EscalatedTo,
    [property: Description("The item itself: the members of its kind.")] WorkItem Item)
{
    public static WorkResource Of(WorkItem item) => new(
        item.Id, item.Version, WorkItem.KindOf(item), item.State(), item.PlaceId(), item.OpenedAt, item.ClosedAt,
        WorkClocks.Next(item) is { } step ? new WorkStepResource(step.Name, step.DueAt) : null, item.EscalatedTo, item);
}

/// <summary>A piece of work with its whole story.</summary>
public sealed record WorkDetailResource(WorkResource Work, IReadOnlyList<WorkTimelineEntry> Timeline);

/// <summary>What a command came to.</summary>
public sealed record WorkCommandResource(long Id, [property: Description("The item's version after it.")] long Version);
