using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Loads.History;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Gateway.Loads.Bench;

/// <summary>What the station benchmark does.</summary>
/// <param name="Incidents">Incidents in the store, over two years.</param>
/// <param name="Requests">Requests of each kind.</param>
/// <param name="Clients">Clients that ask at the same time.</param>
public sealed record StationBenchOptions(int Incidents = 1_000_000, int Requests = 200, int Clients = 2);

/// <summary>
/// Lists, searches, statistics and pages over HTTP, from a hub with very many incidents; hub and clients share this process and its cores. Ends with one line of JSON.
/// </summary>
public static class StationBench
{
    /// <summary>The bound that each kind of question must keep, ms at the 99th percentile.</summary>
    public const int BoundMs = 200;

    private const int Seed = 20_261;
    private const int Years = 2;

    private sealed record Result(string Name, double P50Ms, double P99Ms, double MaxMs, long Bytes);

    /// <returns>0; 1 when a question took longer than its bound.</returns>
    public static async Task<int> RunAsync(Station station, StationBenchOptions options, TextWriter output, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        try
        {
            var now = DateTimeOffset.UtcNow;
            var started = Stopwatch.GetTimestamp();
            Generate(station, options.Incidents, folder, now, output);
            var generatedS = Stopwatch.GetElapsedTime(started).TotalSeconds;
            started = Stopwatch.GetTimestamp();
            await using var app = HubHost.Build(new HubOptions { DataFolder = folder, StationFile = "" }, station);
            var addresses = await HubHost.StartAsync(app, cancellation);
            var startS = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"generated in {generatedS:0.0} s; the hub started in {startS:0.0} s"));
            foreach (var board in station.Boards)
            {
                await app.Services.GetRequiredService<HubService>().ProvisionAsync(board.DeviceId, "bench", cancellation);
            }

            var token = await app.Services.GetRequiredService<TokenService>().CreateAsync("bench", [Rights.Read, Rights.Warnings, Rights.Audit, Rights.Maintain, Rights.Supervise]);
            using var client = new HttpClient { BaseAddress = addresses.Console };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
            var results = new List<Result>();
            foreach (var question in StationQuestions.Of(station, options.Incidents, now))
            {
                results.Add(await MeasureAsync(client, question, options, cancellation));
            }

            await app.StopAsync(cancellation);
            var isGood = results.TrueForAll(result => result.P99Ms <= BoundMs);
            Table(results);
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                benchmark = "station", incidents = options.Incidents, villages = station.Villages.Length, requests = options.Requests, clients = options.Clients, seed = Seed,
                generatedS = Math.Round(generatedS, 1), startS = Math.Round(startS, 1), databaseMb = new FileInfo(Path.Combine(folder, HubDatabase.FileName)).Length >> 20,
                boundMs = BoundMs, isWithinBound = isGood, results = results.Select(result => new { name = result.Name, p50Ms = result.P50Ms, p99Ms = result.P99Ms, maxMs = result.MaxMs, bytes = result.Bytes }),
                cores = Environment.ProcessorCount, loadAverage = LoadAverage(),
            }));
            return isGood ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Generate(Station station, int incidents, string folder, DateTimeOffset now, TextWriter output)
    {
        var database = HubDatabase.Open(folder);
        var plan = new PastPlan(incidents, TimeSpan.FromDays(365 * Years), Open: 40, StationQuestions.StoryEvery, OnlyClosed: false, WarnedDays: 0, Seed);
        new GeneratedPast(station, plan).Write(database, now, done => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"generated {done:N0} of {incidents:N0} incidents")));
        database.Close();
    }

    private static async Task<Result> MeasureAsync(HttpClient client, StationQuestion question, StationBenchOptions options, CancellationToken cancellation)
    {
        // The first answer compiles; it is nobody's waiting time in a hub that has run for a minute.
        (await client.GetAsync(question.Path(new Random(Seed)), cancellation)).EnsureSuccessStatusCode();
        var perClient = await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async number =>
        {
            var random = new Random(Seed + number);
            var took = new List<(double Ms, long Bytes)>();
            for (var i = 0; i < options.Requests / options.Clients; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(question.Path(random), cancellation);
                answer.EnsureSuccessStatusCode();
                var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
                took.Add((Stopwatch.GetElapsedTime(started).TotalMilliseconds, body.Length));
            }

            return took;
        }));
        var all = perClient.SelectMany(took => took).Select(took => took.Ms).Order().ToList();
        return new Result(
            question.Name, Math.Round(all[Rank(all, 0.5)], 1), Math.Round(all[Rank(all, 0.99)], 1), Math.Round(all[^1], 1), (long)perClient.SelectMany(took => took).Average(took => took.Bytes));
    }

    private static void Table(List<Result> results)
    {
        var table = new Table().AddColumns("question", "p50 ms", "p99 ms", "max ms", "bytes");
        foreach (var result in results)
        {
            string Of(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);
            table.AddRow(result.Name, Of(result.P50Ms), Of(result.P99Ms) + (result.P99Ms > BoundMs ? " !" : ""), Of(result.MaxMs), result.Bytes.ToString(CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Of the last minute: figures of a busy machine are figures of a busy machine. Null where the system does not tell.</summary>
    private static double? LoadAverage() =>
        File.Exists("/proc/loadavg") && double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : null;

    private static int Rank(List<double> sorted, double share) => Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1);
}
