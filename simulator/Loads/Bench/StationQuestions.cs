using System.Globalization;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;

namespace Gateway.Loads.Bench;

/// <summary>A kind of question, with a way to a further one of its kind.</summary>
internal sealed record StationQuestion(string Name, Func<Random, string> Path);

/// <summary>
/// Every kind of question that looks through what grows with the years: lists, searches, statistics, their pages, the audit. The benchmark asks them all of a million
/// incidents; a test asks them all of a small store and reads the plan of each statement.
/// </summary>
internal static class StationQuestions
{
    /// <summary>Incidents whose story is stored.</summary>
    public const int StoryEvery = 10;

    public static IReadOnlyList<StationQuestion> Of(Station station, int incidents, DateTimeOffset now)
    {
        string Point(Random random) => station.CallPoints[random.Next(station.CallPoints.Length)].Id;
        string Village(Random random) => station.Villages[random.Next(station.Villages.Length)].Id;
        string Device(Random random) => station.Boards[random.Next(station.Boards.Length)].DeviceId;
        string Kind(Random random) => new[] { "help", "smoke", "silent", "tamper" }[random.Next(4)];
        string Month(Random random) => MonthReport.NameOf(FactCounts.MonthOf(now.AddDays(-random.Next(720)), station.UtcOffset));
        string Day(Random random) => now.AddDays(-random.Next(1, 720)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        long Story(Random random) => random.Next(1, Math.Max(2, incidents / StoryEvery)) * (long)StoryEvery;
        string Quarter(Random random)
        {
            var first = DateOnly.FromDateTime(now.AddDays(-random.Next(100, 720)).DateTime);
            return string.Create(CultureInfo.InvariantCulture, $"from={first:yyyy-MM-dd}&to={first.AddDays(91):yyyy-MM-dd}");
        }

        int Cursor(Random random) => random.Next(60, incidents);
        return
        [
            new("list open", _ => "/api/incidents?state=open&limit=200"),
            new("list open of a kind", random => $"/api/incidents?state=open&kind={Kind(random)}&limit=200"),
            new("list open of a village", random => $"/api/incidents?state=open&villageId={Village(random)}"),
            new("list open of a place", random => $"/api/incidents?state=open&callPointId={Point(random)}"),
            new("list all, any page", random => $"/api/incidents?state=all&limit=50&cursor={Cursor(random)}"),
            new("list closed, newest", _ => "/api/incidents?state=closed&limit=200"),
            new("search place", random => $"/api/incidents?state=all&callPointId={Point(random)}&cursor={Cursor(random)}"),
            new("search kind", random => $"/api/incidents?state=closed&kind={Kind(random)}&cursor={Cursor(random)}"),
            new("search place and kind", random => $"/api/incidents?state=closed&callPointId={Point(random)}&kind={Kind(random)}"),
            new("search village", random => $"/api/incidents?state=all&villageId={Village(random)}&cursor={Cursor(random)}"),
            new("search village and kind", random => $"/api/incidents?state=closed&villageId={Village(random)}&kind={Kind(random)}"),
            new("search by name", random => $"/api/incidents?state=all&text={Village(random)}&cursor={Cursor(random)}"),
            new("search by name and kind", random => $"/api/incidents?state=closed&text={Village(random)[..^1]}&kind={Kind(random)}"),
            new("search a day", random => $"/api/incidents?state=all&from={Day(random)}&limit=200"),
            new("search three months of a kind", random => $"/api/incidents?state=closed&kind={Kind(random)}&{Quarter(random)}"),
            new("one incident", random => $"/api/incidents/{Story(random)}"),
            new("page: incidents", random => $"/incidents?state=all&before={Cursor(random)}"),
            new("page: one incident", random => $"/incidents/{Story(random)}"),
            new("months", _ => "/api/statistics"),
            new("month", random => $"/api/statistics/{Month(random)}"),
            new("month as CSV", random => $"/api/statistics/{Month(random)}/csv"),
            new("page: month, heat map", random => $"/statistics?month={Month(random)}"),
            new("day", random => $"/api/days/{Day(random)}"),
            new("page: day", random => $"/daily?day={Day(random)}"),
            new("patrol proposals", _ => "/api/patrol/proposals"),
            new("page: patrol", _ => "/patrol"),
            new("gateways", _ => "/api/gateways"),
            new("page: gateways", _ => "/gateways"),
            new("one gateway", random => $"/api/gateways/{Device(random)}"),
            new("signals of a gateway", random => $"/api/signals?device={Device(random)}&limit=200"),
            new("page: tests", _ => "/tests"),
            new("work", _ => "/api/work?state=all"),
            new("page: room", _ => "/room"),
            new("audit, any page", random => $"/api/audit?cursor={Cursor(random)}"),
            new("audit of a kind", random => $"/api/audit?kind=incident.reported&cursor={Cursor(random)}"),
            new("audit of a family", _ => "/api/audit?kind=token"),
            new("audit of an actor", _ => "/api/audit?actor=bench"),
            new("audit of an incident", random => $"/api/audit?subject=incident/{Story(random)}"),
            new("audit, words that are nowhere", _ => "/api/audit?text=nowhere-at-all"),
            new("page: audit", _ => "/audit"),
        ];
    }
}
