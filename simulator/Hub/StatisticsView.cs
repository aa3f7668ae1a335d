using System.Globalization;
using System.Text;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;

namespace Gateway.Hub;

/// <summary>The statistics as API and pages ask for them.</summary>
public sealed class StatisticsView(HubView hub)
{
    /// <summary>Months whose calls make the proposals of patrol: this one and the two before.</summary>
    public const int ProposalMonths = 3;

    private WorkQueries Queries => hub.WorkQueries;

    /// <summary>Whose clock and targets count: the one that is looked at. Of several, the first one's clock; targets are each one's own.</summary>
    private Stations.Station Station => hub.Leading;

    /// <summary>The months of which anything is counted, newest first.</summary>
    public IReadOnlyList<int> Months() => [.. Queries.Months(hub.Codes).Reverse()];

    /// <summary>Incidents from before there were statistics that are still to be counted; 0 when all are.</summary>
    public long NotCountedYet() => Queries.Gap()?.Count ?? 0;

    public int MonthOf(DateTimeOffset at) => FactCounts.MonthOf(at, Station.UtcOffset);

    public MonthReport Month(int month) => ByOwnTargets(month, MonthReport.Of(
            month, Queries.Counts([month], null, hub.Codes).Concat(Queries.Counts([MonthReport.MonthBefore(month), MonthReport.YearBefore(month)], FactCounts.Opened, hub.Codes)), Station));

    /// <summary>How many incidents were opened in a month and in each of the twelve before it, oldest first; null where nothing is counted of a month.</summary>
    public IReadOnlyList<(int Month, long? Opened)> OpenedUntil(int month)
    {
        var months = new List<int> { month };
        while (months.Count <= 12)
        {
            months.Insert(0, MonthReport.MonthBefore(months[0]));
        }

        var opened = Queries.Counts(months, FactCounts.Opened, hub.Codes).ToLookup(count => count.Key.Month, count => count.N);
        return [.. months.Select(one => (one, opened.Contains(one) ? opened[one].Sum() : (long?)null))];
    }

    /// <summary>Several stations together: a step is within its own station's target, and there is one target to show only where all have the same.</summary>
    private MonthReport ByOwnTargets(int month, MonthReport together)
    {
        if (hub.Chosen is not null || hub.Stations.Length <= 1)
        {
            return together;
        }

        var each = hub.Stations.SelectMany(station => MonthReport.Of(month, Queries.Counts([month], null, [hub.CodeOf(station)]), station).Steps).ToLookup(step => (step.Step, step.ZoneClass));
        return together with
        {
            Steps =
            [
                .. together.Steps.Select(step => each[(step.Step, step.ZoneClass)].ToList() is { Count: > 0 } own
                    ? step with
                    {
                        TargetS = own.Select(one => one.TargetS).Distinct().Count() == 1 ? own[0].TargetS : null,
                        Within = new Share(own.Sum(one => one.Within.Part), own.Sum(one => one.Within.All)),
                    }
                    : step),
            ],
        };
    }

    public PatrolProposals Proposals(DateTimeOffset now, IReadOnlySet<int>? hours)
    {
        var months = new List<int> { MonthOf(now) };
        while (months.Count < ProposalMonths)
        {
            months.Add(MonthReport.MonthBefore(months[^1]));
        }

        return PatrolProposals.Of(MonthReport.HeatOf(Queries.Counts(months, FactCounts.Heat, hub.Codes)), hours);
    }

    /// <summary>A day's incidents, repeated and complex ones first; on the station's clock.</summary>
    public IReadOnlyList<DigestEntry> Day(DateOnly day)
    {
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Station.UtcOffset);
        var to = from.AddDays(1);
        var facts = Queries.Facts(from, to, DayDigest.EntriesMax, hub.Codes);
        return DayDigest.Of(facts, Queries.CallsOf(facts.Select(fact => fact.CallPointId).Where(id => id.Length > 0), to.AddDays(-DayDigest.RepeatedDays), to, hub.Codes));
    }

    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Station.UtcOffset).Date);

    /// <summary>A month as CSV (RFC 4180): figure, what it is broken down by, value, unit.</summary>
    public string Csv(int month)
    {
        var report = Month(month);
        var csv = new StringBuilder("month,figure,breakdown,value,unit\r\n");
        void Line(string figure, string breakdown, double? value, string unit)
        {
            if (value is { } number)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{MonthReport.NameOf(month)},{figure},{Quote(breakdown)},{Math.Round(number, 4)},{unit}\r\n");
            }
        }

        Line("opened", "", report.Opened.Now, "incidents");
        Line("openedMonthChange", "", report.Opened.MonthChange, "share");
        Line("openedYearChange", "", report.Opened.YearChange, "share");
        foreach (var (kind, count) in report.Kinds)
        {
            Line("openedByKind", kind.ToString(), count.Now, "incidents");
        }

        foreach (var (name, share) in report.Shares())
        {
            Line(name, "", share.Rate, "share");
            Line(name + "Of", "", share.All, "count");
        }

        Line("visits", "", report.Visits, "visits");
        Line("campaignVisits", "", report.CampaignVisits, "visits");
        foreach (var step in report.Steps)
        {
            var breakdown = $"{step.Step}/{step.ZoneClass}";
            Line("stepCount", breakdown, step.Count, "incidents");
            Line("stepP50", breakdown, step.P50S, "s");
            Line("stepP90", breakdown, step.P90S, "s");
            Line("stepTarget", breakdown, step.TargetS, "s");
            Line("stepWithin", breakdown, step.Within.Rate, "share");
        }

        foreach (var gateway in report.Gateways)
        {
            Line("available", gateway.Device, gateway.UpS.Rate, "share");
        }

        foreach (var cell in report.Heat)
        {
            Line("calls", $"{cell.Hour:00}/{cell.VillageId}", cell.Count, "incidents");
        }

        return csv.ToString();
    }

    private static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
