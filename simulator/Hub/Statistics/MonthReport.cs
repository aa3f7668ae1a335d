using System.Globalization;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Statistics;

/// <summary>A share: so many of so many; null as a rate when there are none.</summary>
public readonly record struct Share(long Part, long All)
{
    public double? Rate => All == 0 ? null : (double)Part / All;
}

/// <summary>A number of a month beside that of the month before (环比) and of the same month a year ago (同比); null where no incident is counted of that month.</summary>
public readonly record struct Compared(long Now, long? MonthBefore, long? YearBefore)
{
    public double? MonthChange => Change(MonthBefore);

    public double? YearChange => Change(YearBefore);

    /// <summary>From nothing there is no change in percent.</summary>
    private double? Change(long? before) => before is > 0 and { } then ? (double)(Now - then) / then : null;
}

/// <summary>How long a step took in one zone class.</summary>
/// <param name="TargetS">The station's target, s; null where several stations are looked at and have different ones. <paramref name="Within"/> is of each by its own.</param>
public sealed record StepTimes(string Step, ZoneClass ZoneClass, long Count, double? P50S, double? P90S, int? TargetS, Share Within);

/// <summary>How much of the time a gateway's link was up, of the time in which the hub ran.</summary>
public sealed record Availability(string Device, Share UpS);

/// <summary>Calls of an hour of the day in a village.</summary>
public readonly record struct HeatCell(int Hour, string VillageId, long Count);

/// <summary>The statistics of one month, read from its counts: as large with a million incidents as with ten. Pure.</summary>
/// <param name="Month">Year times 100 plus month.</param>
public sealed record MonthReport(
    int Month, Compared Opened, IReadOnlyList<(IncidentKind Kind, Compared Count)> Kinds, Share ClosedLoop, Share FalseAlarms, Share FollowedUp, Share Waived, Share Escalated,
    Share Cancelled, Share RequestsHandled, Share Patrolled, long Visits, long CampaignVisits, IReadOnlyList<StepTimes> Steps, IReadOnlyList<Availability> Gateways,
    IReadOnlyList<HeatCell> Heat)
{
    /// <summary>The shares by name, in the order of a report.</summary>
    public IReadOnlyList<(string Name, Share Share)> Shares() =>
    [
        ("closedLoop", ClosedLoop), ("falseAlarms", FalseAlarms), ("followedUp", FollowedUp), ("waived", Waived), ("escalated", Escalated), ("cancelled", Cancelled),
        ("requestsHandled", RequestsHandled), ("patrolled", Patrolled),
    ];

    public static int MonthBefore(int month) => month % 100 == 1 ? (month / 100 - 1) * 100 + 12 : month - 1;

    public static int YearBefore(int month) => month - 100;

    public static string NameOf(int month) => string.Create(CultureInfo.InvariantCulture, $"{month / 100:0000}-{month % 100:00}");

    /// <summary>"2026-11" as a month; null for anything else.</summary>
    public static int? Parse(string? text) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.Year * 100 + day.Month : null;

    /// <param name="counts">All of this month; of the one before and of the same one a year ago, how many were opened.</param>
    public static MonthReport Of(int month, IEnumerable<(CountKey Key, long N)> counts, Station station)
    {
        var all = counts.Where(entry => entry.N != 0).ToList();
        var opened = all.Where(entry => entry.Key.Figure == FactCounts.Opened).ToList();
        var byFigure = all.Where(entry => entry.Key.Month == month).ToLookup(entry => entry.Key.Figure);
        long Sum(string figure, string? key = null) => byFigure[figure].Where(entry => key is null || entry.Key.Key == key).Sum(entry => entry.N);
        Compared Compare(string? kind = null)
        {
            long? In(int other) => opened.Any(entry => entry.Key.Month == other) ? opened.Where(entry => entry.Key.Month == other && (kind is null || entry.Key.Key == kind)).Sum(entry => entry.N) : null;
            return new Compared(Sum(FactCounts.Opened, kind), In(MonthBefore(month)), In(YearBefore(month)));
        }

        var compared = Compare();
        var kinds = Enum.GetValues<IncidentKind>().Select(kind => (kind, Compare(kind.ToString())))
            .Where(entry => entry.Item2.Now > 0 || entry.Item2.MonthBefore > 0 || entry.Item2.YearBefore > 0).OrderByDescending(entry => entry.Item2.Now).ToList();
        return new MonthReport(
            month, compared, kinds, new Share(Sum(FactCounts.Closed), compared.Now), new Share(Sum(FactCounts.Disposed, nameof(Disposition.FalseAlarm)), Sum(FactCounts.Disposed)),
            new Share(Sum(FactCounts.FollowUp, "done"), Sum(FactCounts.Reported)), new Share(Sum(FactCounts.FollowUp, "waived"), Sum(FactCounts.Reported)),
            new Share(Sum(FactCounts.Escalated), compared.Now), new Share(Sum(FactCounts.Cancelled), compared.Now),
            new Share(Sum(WorkCounts.RequestsHandled), Sum(WorkCounts.Requests)), new Share(Sum(WorkCounts.TargetsCovered), Sum(WorkCounts.Targets)),
            Sum(WorkCounts.Visits), Sum(WorkCounts.CampaignVisits), StepsOf(byFigure, station), GatewaysOf(byFigure), HeatOf(byFigure[FactCounts.Heat]));
    }

    /// <summary>The hours and places of a month's calls, or of several months' together.</summary>
    public static IReadOnlyList<HeatCell> HeatOf(IEnumerable<(CountKey Key, long N)> heat) =>
    [
        .. heat.GroupBy(entry => entry.Key.Key, StringComparer.Ordinal).Select(cell =>
            new HeatCell(int.Parse(cell.Key.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture), cell.Key[3..], cell.Sum(entry => entry.N)))
            .Where(cell => cell.Count > 0).OrderBy(cell => cell.VillageId, StringComparer.Ordinal).ThenBy(cell => cell.Hour),
    ];

    private static List<StepTimes> StepsOf(ILookup<string, (CountKey Key, long N)> byFigure, Station station)
    {
        var steps = new List<StepTimes>();
        foreach (var step in FactCounts.Steps)
        {
            foreach (var zone in byFigure[FactCounts.StepPrefix + step].GroupBy(entry => entry.Key.Key[..entry.Key.Key.IndexOf('/', StringComparison.Ordinal)], StringComparer.Ordinal))
            {
                var zoneClass = Enum.Parse<ZoneClass>(zone.Key);
                var classes = zone.ToDictionary(entry => int.Parse(entry.Key.Key[(zone.Key.Length + 1)..], CultureInfo.InvariantCulture), entry => entry.N);
                var target = TargetS(step, zoneClass, station.Targets);
                var (within, all) = Durations.Within(classes, target);
                steps.Add(new StepTimes(step, zoneClass, all, Durations.Percentile(classes, 0.5), Durations.Percentile(classes, 0.9), target, new Share(within, all)));
            }
        }

        return [.. steps.OrderBy(entry => FactCounts.Steps.ToList().IndexOf(entry.Step)).ThenBy(entry => entry.ZoneClass)];
    }

    private static List<Availability> GatewaysOf(ILookup<string, (CountKey Key, long N)> byFigure)
    {
        var up = byFigure[WorkCounts.UpS].ToDictionary(entry => entry.Key.Key, entry => entry.N, StringComparer.Ordinal);
        return [.. byFigure[WorkCounts.WatchedS].Select(entry => new Availability(entry.Key.Key, new Share(up.GetValueOrDefault(entry.Key.Key), entry.N)))
            .OrderBy(entry => entry.UpS.Rate).ThenBy(entry => entry.Device, StringComparer.Ordinal)];
    }

    private static int TargetS(string step, ZoneClass zoneClass, StationTargets targets) => step switch
    {
        "accept" => targets.AcceptS,
        "dispatch" => targets.AssessS + targets.DispatchS,
        "arrive" => targets.ArriveS(zoneClass),
        "handle" => targets.HandleS,
        "report" => targets.ReportS,
        "followUp" => targets.FollowUpS,
        _ => targets.CloseS,
    };
}
