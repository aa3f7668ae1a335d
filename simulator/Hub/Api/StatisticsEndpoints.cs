using System.ComponentModel;
using System.Text;
using Gateway.Hub.Accounts;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>The statistics of a month, as JSON and CSV; a day's review; where and when to patrol.</summary>
public static class StatisticsEndpoints
{
    private const string Definitions =
        """
        Of the incidents opened in the month, on the station's clock; virtual boards, test signals and duplicates count nowhere.
        `closedLoop`: closed, of all opened. `falseAlarms`: disposition falseAlarm, of all that have a disposition. `followedUp`, `waived`: follow-up visit done, or waived by a supervisor,
        of all reported. `escalated`: a step was overdue, of all opened. `cancelled`: taken back by the presser, of all opened. `requestsHandled`: requests of visits of that month with the
        result handled, of all requests of that month. `patrolled`: points and lines reached as often as planned, of all planned in the shifts that ended.
        `steps`: from one step to the next, by zone class; percentiles exact to 1 s up to 600 s and to 2 % beyond; `within`: not longer than the target.
        `gateways`: seconds with the link up, of the seconds in which the hub ran. `heat`: calls (no equipment faults) by hour of opening and village.
        `monthBefore` and `yearBefore` are null where nothing is counted of that month.
        """;

    public static void MapStatistics(this RouteGroupBuilder api)
    {
        var statistics = api.MapGroup("/statistics").RequireAuthorization(Rights.Read).WithTags("statistics");
        statistics.MapGet("", (StatisticsView view) => TypedResults.Ok(view.Months().Select(MonthReport.NameOf).ToList()))
            .WithName("listMonths").WithSummary("The months of which anything is counted, newest first");
        statistics.MapGet("/{month}", Month)
            .WithName("showMonth").WithSummary("The statistics of a month").WithDescription(Definitions).ProducesProblem(StatusCodes.Status400BadRequest);
        statistics.MapGet("/{month}/csv", Csv)
            .WithName("exportMonth").WithSummary("The statistics of a month as CSV").WithDescription("Columns: month, figure, breakdown, value, unit.")
            .Produces<string>(StatusCodes.Status200OK, "text/csv").WithAnswerExample("month,figure,breakdown,value,unit\r\n2026-11,opened,,28,incidents\r\n").ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/days/{day}", Day).RequireAuthorization(Rights.Read).WithTags("statistics")
            .WithName("showDay").WithSummary("A day's incidents for its review: repeated ones first, then complex ones")
            .WithDescription($"At most {DayDigest.EntriesMax}. Repeated: the call point called more than once in the {DayDigest.RepeatedDays} days to the end of the day.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/patrol/proposals", Proposals).RequireAuthorization(Rights.Read).WithTags("work")
            .WithName("proposePatrols").WithSummary("Where and when calls came, to plan patrols by")
            .WithDescription($"Calls of this month and the two before, by hour and village. Cells under {PatrolProposals.CellMin} calls are merged into one. A person decides.");
    }

    private static Results<Ok<MonthResource>, ProblemHttpResult> Month([Description("Such as 2026-11.")] string month, StatisticsView view) =>
        MonthReport.Parse(month) is { } wanted ? TypedResults.Ok(MonthResource.Of(view.Month(wanted))) : NoMonth();

    private static Results<FileContentHttpResult, ProblemHttpResult> Csv([Description("Such as 2026-11.")] string month, StatisticsView view) =>
        // With a byte order mark: spreadsheet programs then read names of villages as UTF-8.
        MonthReport.Parse(month) is { } wanted
            ? TypedResults.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(view.Csv(wanted))], "text/csv; charset=utf-8", $"statistics-{MonthReport.NameOf(wanted)}.csv")
            : NoMonth();

    private static Results<Ok<IReadOnlyList<DigestResource>>, ProblemHttpResult> Day([Description("Such as 2026-11-22.")] string day, StatisticsView view) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", out var wanted)
            ? TypedResults.Ok<IReadOnlyList<DigestResource>>([.. view.Day(wanted).Select(DigestResource.Of)])
            : Problems.Invalid("day", "'day' is a day such as 2026-11-22.");

    private static Ok<PatrolProposals> Proposals(StatisticsView view, TimeProvider time) => TypedResults.Ok(view.Proposals(time.GetUtcNow(), null));

    private static ProblemHttpResult NoMonth() => Problems.Invalid("month", "'month' is a month such as 2026-11.");
}

/// <summary>A number beside that of the month before and of the same month a year ago.</summary>
public sealed record ComparedResource(long Now, long? MonthBefore, double? MonthChange, long? YearBefore, double? YearChange)
{
    public static ComparedResource Of(Compared compared) => new(compared.Now, compared.MonthBefore, compared.MonthChange, compared.YearBefore, compared.YearChange);
}

/// <summary>A share of something.</summary>
public sealed record ShareResource(long Part, long All, [property: Description("0 to 1; null when there are none.")] double? Rate)
{
    public static ShareResource Of(Share share) => new(share.Part, share.All, share.Rate);
}

public sealed record KindCountResource(IncidentKind Kind, ComparedResource Count);

public sealed record StepTimesResource(string Step, ZoneClass ZoneClass, long Count, double? P50S, double? P90S,
    [property: Description("Null where several stations are asked for and have different ones; `within` is then of each by its own.")] int? TargetS, ShareResource Within);

public sealed record AvailabilityResource(string Device, ShareResource UpS);

/// <summary>The statistics of a month.</summary>
public sealed record MonthResource(
    string Month, ComparedResource Opened, IReadOnlyList<KindCountResource> Kinds, IReadOnlyDictionary<string, ShareResource> Shares, long Visits, long CampaignVisits,
    IReadOnlyList<StepTimesResource> Steps, IReadOnlyList<AvailabilityResource> Gateways, IReadOnlyList<HeatCell> Heat)
{
    public static MonthResource Of(MonthReport report) => new(
        MonthReport.NameOf(report.Month), ComparedResource.Of(report.Opened), [.. report.Kinds.Select(entry => new KindCountResource(entry.Kind, ComparedResource.Of(entry.Count)))],
        report.Shares().ToDictionary(entry => entry.Name, entry => ShareResource.Of(entry.Share)), report.Visits, report.CampaignVisits,
        [.. report.Steps.Select(step => new StepTimesResource(step.Step, step.ZoneClass, step.Count, step.P50S, step.P90S, step.TargetS, ShareResource.Of(step.Within)))],
        [.. report.Gateways.Select(gateway => new AvailabilityResource(gateway.Device, ShareResource.Of(gateway.UpS)))], report.Heat);
}

/// <summary>One incident in the review of its day.</summary>
public sealed record DigestResource(
    long IncidentId, IncidentKind Kind, string CallPointId, string VillageId, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, Disposition? Disposition,
    [property: Description("Incidents of its call point in the 30 days to the end of the day.")] int CallsOfPlace,
    [property: Description("Why it stands where it stands: repeated, escalated, manyResponders, cancelled, pressedOften, stillOpen.")] IReadOnlyList<string> Reasons)
{
    public static DigestResource Of(DigestEntry entry) => new(
        entry.Fact.Id, entry.Fact.Kind, entry.Fact.CallPointId, entry.Fact.VillageId, entry.Fact.OpenedAt, entry.Fact.ClosedAt, entry.Fact.Disposition, entry.CallsOfPlace,
        [.. Enum.GetValues<DigestReasons>().Where(reason => reason != DigestReasons.None && entry.Reasons.HasFlag(reason)).Select(reason => char.ToLowerInvariant(reason.ToString()[0]) + reason.ToString()[1..])]);
}
