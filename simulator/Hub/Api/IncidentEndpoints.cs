using System.Collections.Immutable;
using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>Incidents: lists, the whole story of one, who could go, and the commands that take it through its stages.</summary>
public static class IncidentEndpoints
{
    private const string CommandsDescription =
        """
        One command, told by `type`; its members are in the schema. The way of a call:
        `accept` (somebody took it) → `assess` (optional) → `dispatch` with `responderIds` from `suggestions` → `enRoute` and `arrive` with `responderId` → `handle` with `text`
        → `report` with `text` and `disposition` → `followUp` with `text` (or `waiveFollowUp` by a supervisor, with the caller's own name as `supervisor` and a `reason`) → `close`.
        After `cancelledAt` is set, `callBack` with `result` and `text` is due before anything closes. `dispatch` also accepts and assesses what is not yet.
        Beside the stages: `split`; mediation (`referToMediation` → `endMediation` → `followUpMediation`); a case (`handToCaseTeam` → `takeCase` → `feedBackCase`); neither is
        left open by `close`. `answer` and `recordCall` say that a responder heard it; nobody who answers in time is followed by the next. `acknowledgeEscalation` answers for
        the banner supervisor's level only by a supervisor.
        What the stage does not allow is refused with 409 and the refusal's name; nothing is changed then.
        """;

    public static void MapIncidents(this RouteGroupBuilder api)
    {
        var incidents = api.MapGroup("/incidents").RequireAuthorization(Rights.Read).WithTags("incidents");
        incidents.MapGet("", List)
            .WithName("listIncidents").WithSummary("List incidents, newest first").ProducesProblem(StatusCodes.Status400BadRequest);
        incidents.MapGet("/{id:long}", Show)
            .WithName("showIncident").WithSummary("One incident with its timeline and signals").ProducesProblem(StatusCodes.Status404NotFound);
        incidents.MapGet("/{id:long}/suggestions", Suggest)
            .WithName("suggestResponders").WithSummary("Who could be there first, best first, and why")
            .WithDescription("A person decides: `dispatch` takes any responder.").ProducesProblem(StatusCodes.Status404NotFound);
        incidents.MapGet("/{id:long}/joint-responses", JointResponses)
            .WithName("suggestJointResponses").WithSummary("The station's joint responses for this kind, filled with those who could be there first")
            .WithAnswerExample(new[] { new JointResponseResource("fire", new TextResource("火情联动", "Fire"), ["officer-3", "volunteer-4"], 9, 1) })
            .ProducesProblem(StatusCodes.Status404NotFound);
        incidents.MapPost("/{id:long}/commands", Execute).RequireAuthorization(Rights.Operate)
            .WithName("commandIncident").WithSummary("Take an incident a step further").WithDescription(CommandsDescription)
            .WithExample<IncidentCommand>("accept", new IncidentCommand.Accept())
            .WithExample<IncidentCommand>("dispatch", new IncidentCommand.Dispatch(["volunteer-3"], 4))
            .WithExample<IncidentCommand>("enRoute", new IncidentCommand.EnRoute("volunteer-3"))
            .WithExample<IncidentCommand>("arrive", new IncidentCommand.Arrive("volunteer-3"))
            .WithExample<IncidentCommand>("handle", new IncidentCommand.Handle("Both parties calmed, no injury."))
            .WithExample<IncidentCommand>("report", new IncidentCommand.Report("Quarrel over a fence; mediated on the spot.", Disposition.Mediated))
            .WithExample<IncidentCommand>("callBack", new IncidentCommand.CallBack(CallBackResult.PresserSafe, "Pressed by a child; the mother answered."))
            .WithExample<IncidentCommand>("followUp", new IncidentCommand.FollowUp("Visited after three days; quiet."))
            .WithExample<IncidentCommand>("waiveFollowUp", new IncidentCommand.WaiveFollowUp("Desk 1", "Test of the new box, announced."))
            .WithExample<IncidentCommand>("close", new IncidentCommand.Close())
            .WithExample<IncidentCommand>("answer", new IncidentCommand.Answer("volunteer-3"))
            .WithExample<IncidentCommand>("recordCall", new IncidentCommand.RecordCall("volunteer-3", false))
            .WithExample<IncidentCommand>("split", new IncidentCommand.Split("A fire at the pen besides.", IncidentKind.Smoke))
            .WithExample<IncidentCommand>("referToMediation", new IncidentCommand.ReferToMediation("Mediation room", [PartyRole.Presser, PartyRole.Neighbour], "A fence moved."))
            .WithExample<IncidentCommand>("endMediation", new IncidentCommand.EndMediation(MediationResult.Agreed, "The fence goes back."))
            .WithExample<IncidentCommand>("followUpMediation", new IncidentCommand.FollowUpMediation("Kept after two weeks."))
            .WithExample<IncidentCommand>("handToCaseTeam", new IncidentCommand.HandToCaseTeam("Case team", "Theft of livestock."))
            .WithExample<IncidentCommand>("takeCase", new IncidentCommand.TakeCase("2026-017"))
            .WithExample<IncidentCommand>("feedBackCase", new IncidentCommand.FeedBackCase("Found and returned."))
            .WithAnswerExample(new CommandResource(12, 4))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        incidents.MapPost("/{id:long}/erase", Erase).RequireAuthorization(Rights.Administer)
            .WithName("eraseIncident").WithSummary("Erase what people wrote about a closed incident, before its time is over")
            .WithDescription("In the incident, its timeline and the audit, for good. Kinds, times, places and who did what stay, and the audit says who erased it.")
            .WithAnswerExample(new CommandResource(12, 4))
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        incidents.MapPost("/{id:long}/case", ExecuteCase).RequireAuthorization(Rights.Casework)
            .WithName("commandCase").WithSummary("The case team's own steps: take a case that was handed over, and say what came of it")
            .WithDescription("`takeCase` and `feedBackCase`, and nothing else; for whoever may not take the incident itself further. With `operate`, `/commands` takes them too.")
            .WithExample<IncidentCommand>("takeCase", new IncidentCommand.TakeCase("2026-017"))
            .WithExample<IncidentCommand>("feedBackCase", new IncidentCommand.FeedBackCase("Found and returned."))
            .WithAnswerExample(new CommandResource(12, 4))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Results<Ok<Page<IncidentResource>>, ProblemHttpResult> List(
        HubView hub,
        [Description("open, closed or all. Default: open.")] string? state,
        [Description("Only this kind: help, silent, smoke, gas, door, pen, water, tamper, mains, battery, fault, journalLost, linkLost or unknown.")] string? kind,
        [Description("Only this call point.")] string? callPointId,
        [Description("Only this village or grid.")] string? villageId,
        [Description("Only places in whose id or name, or whose village's, this occurs, in any language; 1 to 64 characters, and at most 20 places.")] string? text,
        [Description("Opened on this day or after, on the station's clock, such as 2026-11-22.")] string? from,
        [Description("Opened on this day or before, at most 92 days after `from`. Default: `from`.")] string? to,
        [Description("The `next` of an earlier answer.")] string? cursor,
        [Description("1 to 200. Default: 50.")] int? limit)
    {
        if (state is not (null or "open" or "closed" or "all"))
        {
            return Problems.Invalid("state", "'state' is open, closed or all.");
        }

        IncidentKind? wanted = null;
        if (kind is not null)
        {
            if (!char.IsAsciiLetter(kind.FirstOrDefault()) || !Enum.TryParse<IncidentKind>(kind, ignoreCase: true, out var known))
            {
                return Problems.Invalid("kind", $"There is no kind '{kind}'.");
            }

            wanted = known;
        }

        if (ListQuery.Parse(cursor, limit, out var query) is { } wrong)
        {
            return Problems.Invalid(wrong.Member, wrong.Text);
        }

        if (SpanOf(from, to, hub.Leading, out var span) is { } offence)
        {
            return offence;
        }

        IReadOnlyList<string>? places = null;
        if (text is not null)
        {
            if (text.Trim().Length is < 1 or > IncidentCommand.NameMaxChars || callPointId is not null || villageId is not null)
            {
                return Problems.Invalid("text", $"'text' has 1 to {IncidentCommand.NameMaxChars} characters, and does not go with 'callPointId' or 'villageId'.");
            }

            places = PlaceSearch.Find(hub.Current.Station, text.Trim());
            if (places is null)
            {
                return Problems.Invalid("text", $"More than {PlaceSearch.PlacesMax} places hold this text: give more of the name.");
            }
        }

        bool? open = state switch { "all" => null, "closed" => false, _ => true };
        var snapshot = hub.Current;
        var found = hub.Incidents(new IncidentQuery(open, callPointId, wanted, query.BeforeId, query.Limit, villageId, places, span.From, span.To));
        return TypedResults.Ok(new Page<IncidentResource>(
            [.. found.Select(summary => IncidentResource.Of(summary.Incident, snapshot))], query.NextAfter(found, summary => summary.Id)));
    }

    private static ProblemHttpResult? SpanOf(string? from, string? to, Station station, out (DateTimeOffset? From, DateTimeOffset? To) span)
    {
        span = default;
        if (from is null && to is null)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(from, "yyyy-MM-dd", out var first))
        {
            return Problems.Invalid("from", "'from' is a day such as 2026-11-22.");
        }

        var last = first;
        if (to is not null && !DateOnly.TryParseExact(to, "yyyy-MM-dd", out last))
        {
            return Problems.Invalid("to", "'to' is a day such as 2026-11-22.");
        }

        if (last < first || last.DayNumber - first.DayNumber >= IncidentQuery.SpanMaxDays)
        {
            return Problems.Invalid("to", $"'to' is 'from' or one of the {IncidentQuery.SpanMaxDays - 1} days after it.");
        }

        span = (new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), station.UtcOffset), new DateTimeOffset(last.AddDays(1).ToDateTime(TimeOnly.MinValue), station.UtcOffset));
        return null;
    }

    private static Results<Ok<IncidentDetailResource>, ProblemHttpResult> Show(long id, HubView hub) =>
        hub.FindIncident(id) is { } detail
            ? TypedResults.Ok(new IncidentDetailResource(IncidentResource.Of(detail.Incident, hub.InReach), detail.Timeline, [.. detail.Signals.Select(SignalResource.Of)]))
            : Problems.Unknown("incident");

    private static Results<Ok<IReadOnlyList<SuggestionResource>>, ProblemHttpResult> Suggest(long id, HubView hub, TimeProvider time)
    {
        var snapshot = hub.InReach;
        if ((snapshot.OpenIncidents.GetValueOrDefault(id) ?? hub.FindIncident(id)?.Incident) is not { } incident)
        {
            return Problems.Unknown("incident");
        }

        return TypedResults.Ok<IReadOnlyList<SuggestionResource>>(
        [
            .. snapshot.Suggest(incident, time.GetUtcNow()).Select(suggestion => new SuggestionResource(
                suggestion.Rank, suggestion.Responder.Id, TextResource.Of(suggestion.Responder.Name), suggestion.Responder.Role, suggestion.Means, suggestion.Km,
                suggestion.EtaMinutes, suggestion.Recommended, [.. suggestion.Reasons.Select(reason => new ReasonResource(reason.Key, reason.Text.Zh, reason.Text.En))])),
        ]);
    }

    private static Results<Ok<IReadOnlyList<JointResponseResource>>, ProblemHttpResult> JointResponses(long id, HubView hub, TimeProvider time)
    {
        var snapshot = hub.InReach;
        if (snapshot.OpenIncidents.GetValueOrDefault(id) is not { } incident)
        {
            return Problems.Unknown("incident");
        }

        var ranked = snapshot.Suggest(incident, time.GetUtcNow());
        return TypedResults.Ok<IReadOnlyList<JointResponseResource>>(
        [
            .. Dispatch.JointResponses.For(snapshot.Stations.Of(incident), incident, ranked).Select(proposal => new JointResponseResource(
                proposal.Response.Id, TextResource.Of(proposal.Response.Name), [.. proposal.Chosen.Select(chosen => chosen.Responder.Id)],
                proposal.Chosen.IsEmpty ? null : proposal.Chosen.Min(chosen => chosen.EtaMinutes), proposal.Unfilled)),
        ]);
    }

    private static async Task<Results<Ok<CommandResource>, ProblemHttpResult>> Erase(long id, HubView hub, ClaimsPrincipal user, CancellationToken cancellation) =>
        Answer(id, await hub.EraseWordsAsync(id, AccountIdentity.ActorOf(user), cancellation));

    private static async Task<Results<Ok<CommandResource>, ProblemHttpResult>> ExecuteCase(
        long id,
        IncidentCommand command,
        HubView hub,
        ClaimsPrincipal user,
        [FromHeader(Name = IdempotencyKeys.Header), Description(IdempotencyKeys.Description)] string? idempotencyKey,
        CancellationToken cancellation) =>
        command is IncidentCommand.TakeCase or IncidentCommand.FeedBackCase
            ? await Execute(id, command, hub, user, idempotencyKey, cancellation)
            : Problems.Invalid("type", "Here only `takeCase` and `feedBackCase` are taken.");

    private static async Task<Results<Ok<CommandResource>, ProblemHttpResult>> Execute(
        long id,
        IncidentCommand command,
        HubView hub,
        ClaimsPrincipal user,
        [FromHeader(Name = IdempotencyKeys.Header), Description(IdempotencyKeys.Description)] string? idempotencyKey,
        CancellationToken cancellation)
    {
        if (IdempotencyKeys.Check(idempotencyKey) is { } wrong)
        {
            return wrong;
        }

        if (IncidentAccess.Judge(command, user) is { } notAllowed)
        {
            return CommandAnswers.Refused(notAllowed);
        }

        if (IncidentAccess.Forged(command, user) is { } forged)
        {
            return Problems.Invalid("supervisor", forged);
        }

        var actor = AccountIdentity.ActorOf(user);
        var outcome = await hub.ExecuteAsync(id, IncidentAccess.Within(command, user), actor, IdempotencyKeys.Of(idempotencyKey, actor, $"incident/{id}"), cancellation);
        return Answer(id, outcome);
    }

    private static Results<Ok<CommandResource>, ProblemHttpResult> Answer(long id, CommandOutcome outcome) =>
        CommandAnswers.Of(outcome, done => new CommandResource(id, done.Version));
}
