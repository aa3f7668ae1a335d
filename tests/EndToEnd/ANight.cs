using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>
/// A demo in the middle of a bad night, with thirteen months behind it: calls at every stage, a silent one, one that was taken back, an offline gateway, an outage, work beside the calls,
/// people of every role. Shared by the tests that look at pages; none of them may change what another looks for.
/// </summary>
public sealed class ANight : IAsyncLifetime
{
    /// <summary>The collection of the tests that share it.</summary>
    public const string Name = "a night";

    public const string Administrator = "Operator 1";
    public const string Auditor = "Auditor 1";
    public const string NightDesk = "Night desk";
    public const string Volunteer = "Volunteer 1";

    /// <summary>The volunteer of <see cref="Volunteer"/> in the station file, who is sent to a call.</summary>
    private const string Responder = "bayanbulag-volunteer-1";

    private const string OfflineBoard = "sumitu-07";

    private const string HandledText = "Fall in the yard, helped up.";

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, CookieContainer> cookies = [];

    /// <summary>Where pictures and sheets of every page are left for people to look at; null for nowhere.</summary>
    internal static string? Pictures { get; } = Environment.GetEnvironmentVariable("GATEWAY_PICTURES");

    internal DemoProcess Demo { get; private set; } = null!;

    internal Station Station { get; private set; } = null!;

    internal Uri Console { get; private set; } = null!;

    /// <summary>The incident that went all the way today.</summary>
    internal long ClosedId { get; private set; }

    /// <summary>The call that somebody is on the way to.</summary>
    internal long RunningId { get; private set; }

    internal long SilentId { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--history");
        Station = Station.Of(Demo);
        Console = new Uri(Desk.ConsoleOf(Demo));
        await Task.WhenAll(Enumerable.Range(1, 10).Select(number => Station.BoardIsLinked($"sumitu-{number:d2}")));
        await MakePeopleAsync();
        await MakeCallsAsync();
        await MakeWorkAsync();
        await Station.LinkIsLost(OfflineBoard);
    }

    public async ValueTask DisposeAsync()
    {
        Station?.Dispose();
        if (Demo is not null)
        {
            await Demo.DisposeAsync();
        }

        folder.Dispose();
    }

    /// <summary>Lets a browser in as this account.</summary>
    internal async Task SignInAsync(IBrowserContext context, string name) => await context.AddCookiesAsync(
        cookies[name].GetCookies(Console).Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = Console.ToString(), HttpOnly = cookie.HttpOnly }));

    private async Task MakePeopleAsync()
    {
        using var administrator = Browser(Administrator);
        var key = new Uri(Demo.SetupLink).Query["?key=".Length..];
        await PostAsync(administrator, "/api/setup", new { key, name = Administrator, password = Desk.Password });
        await PostAsync(administrator, "/api/session", new { name = Administrator, password = Desk.Password });
        long responder = 0;
        foreach (var (name, role) in new[] { (NightDesk, "operator"), (Volunteer, "volunteer"), (Auditor, "auditor") })
        {
            var account = await PostAsync(administrator, "/api/accounts", new { name, password = Desk.Password, roles = new[] { role } });
            responder = name == Volunteer ? account.GetProperty("id").GetInt64() : responder;
            using var browser = Browser(name);
            await PostAsync(browser, "/api/session", new { name, password = Desk.Password });
        }

        using var answer = await administrator.PutAsJsonAsync($"/api/accounts/{responder}/responder", new { responderId = Responder });
        answer.EnsureSuccessStatusCode();
    }

    private async Task MakeCallsAsync()
    {
        // All the way.
        ClosedId = await CallAsync("sumitu-02");
        await Station.Do(ClosedId, new { type = "dispatch", responderIds = new[] { "officer-1" } });
        await Station.Do(ClosedId, new { type = "arrive", responderId = "officer-1" });
        await Station.Do(ClosedId, new { type = "handle", text = HandledText });
        await Station.Do(ClosedId, new { type = "report", disposition = "helped", text = "Elderly person fell; the neighbour stays." });
        await Station.Do(ClosedId, new { type = "followUp", text = "Visited; well." });
        await Station.Do(ClosedId, new { type = "close" });

        // Paper is left of one; somebody is on the way to another.
        var paper = await CallAsync("sumitu-03");
        await Station.Do(paper, new { type = "dispatch", responderIds = new[] { "officer-2" } });
        await Station.Do(paper, new { type = "arrive", responderId = "officer-2" });
        await Station.Do(paper, new { type = "handle", text = "Two families, separated; nobody hurt." });
        RunningId = await CallAsync("sumitu-01");
        await Station.Do(RunningId, new { type = "dispatch", responderIds = new[] { Responder, "bayanbulag-volunteer-3" } });
        await Station.Do(RunningId, new { type = "enRoute", responderId = "bayanbulag-volunteer-3" });

        // Nobody has taken these: a hidden button, a room, a call that was taken back, smoke, an outage at three rooms.
        SilentId = await CallAsync("sumitu-05", "silent");
        await CallAsync("sumitu-04");
        await CallAsync("sumitu-06");
        await Station.InputIsReleased("sumitu-06", "help");
        await Station.Press("sumitu-06", "cancel", holdMs: 1_500);
        await Station.Loop("sumitu-01", "loop3", "alarm");
        foreach (var board in new[] { "sumitu-08", "sumitu-09", "sumitu-10" })
        {
            await Station.Mains(board, present: false);
        }

        await Station.Network(OfflineBoard, connected: false);
    }

    private async Task<long> CallAsync(string board, string input = "help")
    {
        var kind = input == "help" ? "help" : "silent";
        var before = (await Station.IncidentsOf(kind, "all")).Select(incident => incident.GetProperty("id").GetInt64()).ToHashSet();
        await Station.Press(board, input, holdMs: input == "help" ? 1_000 : 1_500);
        var found = await Eventually.Get(
            $"a call of {board}", () => Station.IncidentsOf(kind), seen => seen.Any(incident => !before.Contains(incident.GetProperty("id").GetInt64())));
        return found.Select(incident => incident.GetProperty("id").GetInt64()).First(id => !before.Contains(id));
    }

    private async Task MakeWorkAsync()
    {
        using var desk = Browser(Administrator);
        var due = DateTimeOffset.UtcNow.AddDays(9);
        var visits = await OpenAsync(desk, new { type = "planVisits", title = "Winter round", villageId = "bayanbulag", plannedVisits = 40, dueAt = due, responderId = "officer-1" });
        await CommandAsync(desk, visits, new { type = "recordVisit", count = 3, text = "Three households of the east row." });
        await CommandAsync(desk, visits, new { type = "recordRequest", text = "The street lamp at the well is dark." });
        var campaign = await OpenAsync(desk, new { type = "planCampaign", title = "Fraud by telephone", plannedVisits = 300, dueAt = due });
        await CommandAsync(desk, campaign, new { type = "countVisits", villageId = "bayanbulag", visits = 12 });
        await OpenAsync(desk, new { type = "planSupport", title = "Plan 7", officer = "Weekly talk", family = "Evenings at home", school = "Back in class", community = "Place in the sports club", dueAt = due });
        await OpenAsync(desk, new { type = "handOver", text = "Road to the north room is closed; the spare key is in the desk." });
        await Station.Press("sumitu-03", "patrolKey");
    }

    private static async Task<long> OpenAsync(HttpClient desk, object command) => (await PostAsync(desk, "/api/work", command)).GetProperty("id").GetInt64();

    private static Task CommandAsync(HttpClient desk, long id, object command) => PostAsync(desk, $"/api/work/{id}/commands", command);

    private HttpClient Browser(string name)
    {
        if (!cookies.TryGetValue(name, out var jar))
        {
            cookies[name] = jar = new CookieContainer();
        }

        var client = new HttpClient(new HttpClientHandler { CookieContainer = jar }) { BaseAddress = Console, Timeout = Eventually.Patience };
        client.DefaultRequestHeaders.Add("X-Gateway-Console", "1");
        return client;
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"POST {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}

/// <summary>One night for all tests that only look.</summary>
[CollectionDefinition(ANight.Name)]
public sealed class NightCollection : ICollectionFixture<ANight>;
