using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub;

/// <summary>What the station benchmark does.</summary>
/// <param name="Incidents">Incidents in the store, over two years.</param>
/// <param name="Requests">Requests of each kind.</param>
/// <param name="Clients">Clients that ask at the same time.</param>
public sealed record StationBenchOptions(int Incidents = 1_000_000, int Requests = 200, int Clients = 2);

/// <summary>
/// Lists, search and statistics over HTTP, from a hub with very many incidents; hub and clients share this process and its cores. Ends with one line of JSON.
/// </summary>
public static class StationBench
{
    /// <summary>The bound that each kind of question must keep, ms at the 99th percentile.</summary>
    public const int BoundMs = 200;

    private const int Seed = 20_261;

    /// <returns>0; 1 when a question took longer than its bound.</returns>
    public static async Task<int> RunAsync(Station station, StationBenchOptions options, TextWriter output, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var now = DateTimeOffset.UtcNow;
            var database = HubDatabase.Open(folder);
            new StationBenchData(station, options.Incidents, Seed).Write(database, now);
            database.Close();
            var generatedS = Stopwatch.GetElapsedTime(started).TotalSeconds;
            started = Stopwatch.GetTimestamp();
            await using var app = HubHost.Build(new HubOptions { DataFolder = folder, StationFile = "" }, station);
            var addresses = await HubHost.StartAsync(app, cancellation);
            var startS = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var token = await app.Services.GetRequiredService<AccountService>().CreateTokenAsync("bench", [Rights.Read, Rights.Warnings]);
            using var client = new HttpClient { BaseAddress = addresses.Console };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
            var results = new List<object>();
            var isGood = true;
            foreach (var (name, path) in Questions(station, options.Incidents, now))
            {
                var took = await MeasureAsync(client, path, options, cancellation);
                isGood &= took[Rank(took, 0.99)] <= BoundMs;
                results.Add(new { name, p50Ms = Math.Round(took[Rank(took, 0.5)], 1), p99Ms = Math.Round(took[Rank(took, 0.99)], 1), maxMs = Math.Round(took[^1], 1) });
            }

            await app.StopAsync(cancellation);
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                benchmark = "station", incidents = options.Incidents, villages = station.Villages.Length, requests = options.Requests, clients = options.Clients, seed = Seed,
                generatedS = Math.Round(generatedS, 1), startS = Math.Round(startS, 1), databaseMb = new FileInfo(Path.Combine(folder, HubDatabase.FileName)).Length >> 20,
                boundMs = BoundMs, isWithinBound = isGood, results, cores = Environment.ProcessorCount,
            }));
            return isGood ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Each kind of question with a way to a further one of its kind.</summary>
    private static IEnumerable<(string Name, Func<Random, string> Path)> Questions(Station station, int incidents, DateTimeOffset now)
    {
        string Point(Random random) => station.CallPoints[random.Next(station.CallPoints.Length)].Id;
        string Village(Random random) => station.Villages[random.Next(station.Villages.Length)].Id;
        string Kind(Random random) => new[] { "help", "smoke", "silent", "fault" }[random.Next(4)];
        string Month(Random random) => MonthReport.NameOf(FactCounts.MonthOf(now.AddDays(-random.Next(720)), station.UtcOffset));
        string Day(Random random) => now.AddDays(-random.Next(1, 720)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        yield return ("list open", _ => "/api/incidents?state=open&limit=200");
        yield return ("list all, any page", random => $"/api/incidents?state=all&limit=50&cursor={random.Next(60, incidents)}");
        yield return ("search place", random => $"/api/incidents?state=all&callPointId={Point(random)}&cursor={random.Next(60, incidents)}");
        yield return ("search kind", random => $"/api/incidents?state=closed&kind={Kind(random)}&cursor={random.Next(60, incidents)}");
        yield return ("search place and kind", random => $"/api/incidents?state=closed&callPointId={Point(random)}&kind={Kind(random)}");
        yield return ("search village", random => $"/api/incidents?state=all&villageId={Village(random)}&cursor={random.Next(60, incidents)}");
        yield return ("search village and kind", random => $"/api/incidents?state=closed&villageId={Village(random)}&kind={Kind(random)}");
        yield return ("one incident", random => $"/api/incidents/{random.Next(1, incidents / StationBenchData.StoryEvery) * StationBenchData.StoryEvery}");
        yield return ("month", random => $"/api/statistics/{Month(random)}");
        yield return ("month as CSV", random => $"/api/statistics/{Month(random)}/csv");
        yield return ("day", random => $"/api/days/{Day(random)}");
        yield return ("patrol proposals", _ => "/api/patrol/proposals");
    }

    private static async Task<List<double>> MeasureAsync(HttpClient client, Func<Random, string> path, StationBenchOptions options, CancellationToken cancellation)
    {
        // The first answer compiles; it is nobody's waiting time in a hub that has run for a minute.
        (await client.GetAsync(path(new Random(Seed)), cancellation)).EnsureSuccessStatusCode();
        var perClient = await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async number =>
        {
            var random = new Random(Seed + number);
            var took = new List<double>();
            for (var i = 0; i < options.Requests / options.Clients; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(path(random), cancellation);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync(cancellation);
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return took;
        }));
        return [.. perClient.SelectMany(took => took).Order()];
    }

    private static int Rank(List<double> sorted, double share) => Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1);
}
