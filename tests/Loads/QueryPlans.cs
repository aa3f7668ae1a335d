using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Loads.Bench;
using Gateway.Loads.History;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Gateway.Loads.Tests;

/// <summary>What grows with the years is never walked through: the plan of every statement that a hub runs on a small store, for every question of the benchmark and a call from press to close.</summary>
public sealed partial class QueryPlans(ITestOutputHelper output) : IDisposable
{
    private const int Incidents = 2_000;

    /// <summary>Tables that grow with each call, each message or each day.</summary>
    private static readonly HashSet<string> Growing = new(StringComparer.Ordinal)
    {
        "signals", "signal_index", "incidents", "incident_events", "incident_signals", "incident_facts", "counts", "audit", "work_items", "work_events", "outcomes", "commands", "outgoing",
        "diary", "test_signals",
    };

    private static readonly StationLevel League = new("league", new LocalText("盟", "League"));

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-plans-").FullName;
    private readonly ConcurrentDictionary<string, string> _statements = new(StringComparer.Ordinal);

    [Fact]
    public async Task No_statement_walks_through_a_table_that_grows_with_the_years()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var station = Load("urad-middle");
        var now = DateTimeOffset.UtcNow;
        HubDatabase.Open(_folder).Close();
        var database = HubDatabase.Open(_folder, Watch);
        new GeneratedPast(station, new PastPlan(Incidents, TimeSpan.FromDays(730), Open: 40, StationQuestions.StoryEvery, OnlyClosed: false, WarnedDays: 90, Seed: 7)).Write(database, now);
        await using (var app = HubHost.Build(new HubOptions { DataFolder = _folder, StationFile = "", DatabaseConnected = Watch }, new StationBook([station with { Above = [League] }, Load("sumitu") with { Responders = [], Above = [League] }, Load("urad-north") with { Above = [] }])))
        {
            var address = (await HubHost.StartAsync(app, cancellation)).Console;
            foreach (var board in station.Boards.Take(5))
            {
                await app.Services.GetRequiredService<HubService>().ProvisionAsync(board.DeviceId, "test", cancellation);
            }

            // Of the whole hub, of a level with two of its three stations, and of one of its stations only.
            foreach (var unit in new[] { station.Id, League.Id, "" })
            {
                using var client = await ClientAsync(app.Services.GetRequiredService<TokenService>(), address, unit);
                foreach (var question in StationQuestions.Of(station with { Boards = [.. station.Boards.Take(5)] }, Incidents, now))
                {
                    using var answer = await client.GetAsync(question.Path(new Random(1)), cancellation);
                    Assert.True(answer.IsSuccessStatusCode, $"{question.Name} of \"{unit}\": {(int)answer.StatusCode}");
                }
            }

            using var worker = await ClientAsync(app.Services.GetRequiredService<TokenService>(), address, "");
            await WorkAsync(worker, station, cancellation);
            await app.StopAsync(cancellation);
        }

        Assert.True(_statements.Count > 80, $"only {_statements.Count} statements were seen");
        using var connection = database.Connect();
        var partial = connection.Rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'", r => r.GetString(0)).ToHashSet(StringComparer.Ordinal);
        var walks = _statements.Values.SelectMany(statement => Walks(connection, statement, partial)).ToList();
        output.WriteLine($"{_statements.Count} statements");
        Assert.True(walks.Count == 0, string.Join("\n\n", walks));
    }

    private static Station Load(string name) => StationLoader.Load(Path.Combine(AppContext.BaseDirectory, $"seeds/stations/{name}.yaml")).Station!;

    private static async Task<HttpClient> ClientAsync(TokenService tokens, Uri address, string unit)
    {
        string[] rights = [Rights.Read, Rights.Warnings, Rights.Audit, Rights.Maintain, Rights.Supervise, Rights.Operate, .. unit.Length == 0 ? new[] { Rights.Administer } : []];
        var token = await tokens.CreateAsync("test", rights, unit: unit);
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>An open call, from its acceptance to its close, with what goes on beside it.</summary>
    private static async Task WorkAsync(HttpClient client, Station station, CancellationToken cancellation)
    {
        var responder = station.Responders[0].Id;
        object[] steps =
        [
            new { type = "accept" }, new { type = "assess", assessment = new { text = "Heard.", skillNeeded = "" } }, new { type = "dispatch", responderIds = new[] { responder } },
            new { type = "answer", responderId = responder }, new { type = "enRoute", responderId = responder }, new { type = "arrive", responderId = responder },
            new { type = "split", reason = "Two matters." }, new { type = "handle", text = "Done." }, new { type = "report", text = "Done.", disposition = "helped" },
            new { type = "followUp", text = "Quiet." }, new { type = "close" },
        ];
        foreach (var step in steps)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/incidents/{Incidents}/commands") { Content = JsonContent.Create(step) };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("n"));
            using var answer = await client.SendAsync(request, cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{step}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }

        using var planned = await client.PostAsJsonAsync(
            "/api/work", new { type = "planVisits", title = "Doors", villageId = station.Villages[0].Id, plannedVisits = 3, dueAt = DateTimeOffset.UtcNow.AddDays(2), responderId = "" }, cancellation);
        Assert.True(planned.IsSuccessStatusCode, await planned.Content.ReadAsStringAsync(cancellation));
        using var erased = await client.PostAsync($"/api/incidents/{Incidents}/erase", null, cancellation);
        Assert.True(erased.IsSuccessStatusCode, await erased.Content.ReadAsStringAsync(cancellation));
    }

    private void Watch(SqliteConnection connection) => raw.sqlite3_trace(
        connection.Handle!,
        (_, sql) =>
        {
            if (Statement().IsMatch(sql))
            {
                // Values stand in it: one of each kind is enough.
                _statements.TryAdd(Literal().Replace(sql, "?"), sql);
            }
        },
        null);

    /// <summary>The growing tables that a statement walks through from end to end.</summary>
    /// <param name="partial">Indexes of what waits only: those stay small.</param>
    private static IEnumerable<string> Walks(SqliteConnection connection, string statement, HashSet<string> partial)
    {
        // The newest of all, by the key: one step, however the plan calls it.
        if (NewestOne().IsMatch(statement))
        {
            yield break;
        }

        var names = Table().Matches(statement).Select(match => (Table: match.Groups[1].Value, Alias: match.Groups[2].Success ? match.Groups[2].Value : match.Groups[1].Value))
            .Where(entry => Growing.Contains(entry.Table)).SelectMany(entry => new[] { entry.Table, entry.Alias }).ToHashSet(StringComparer.Ordinal);
        foreach (var step in connection.Rows("EXPLAIN QUERY PLAN " + statement, r => r.GetString(3)))
        {
            if (step.StartsWith("SCAN ", StringComparison.Ordinal) && names.Contains(step.Split(' ')[1]) && !partial.Contains(step.Split(' ')[^1]))
            {
                yield return $"{step}\n  in {statement}";
            }
        }
    }

    [GeneratedRegex(@"^\s*(SELECT|WITH|UPDATE|DELETE|INSERT)\b")]
    private static partial Regex Statement();

    [GeneratedRegex(@"'(?:[^']|'')*'|x'[0-9a-f]*'|\b\d+\b")]
    private static partial Regex Literal();

    [GeneratedRegex(@"ORDER BY (?:id|seq) DESC LIMIT 1\s*$")]
    private static partial Regex NewestOne();

    [GeneratedRegex(@"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?((?!INDEXED|WHERE|ON|JOIN|LEFT|CROSS|ORDER|GROUP|LIMIT|UNION|SET|HAVING)\w+))?", RegexOptions.IgnoreCase)]
    private static partial Regex Table();
}
