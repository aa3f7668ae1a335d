using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gateway.EndToEnd.Tests;

/// <summary>Drives a running demo over HTTP with the token of its demo file: the boards and the command room.</summary>
internal sealed class Station(HttpClient client) : IDisposable
{
    public const string FirstBoard = "sumitu-01";

    public static Station Of(DemoProcess demo, string file = "demo.json") => new(demo.Client(file));

    public Task<JsonElement> Board(string id) => Get($"/api/demo/boards/{id}");

    /// <summary>
    /// No finger comes back sooner. To the box a shorter lift is the bounce of the release (`debounceMs`, 30) or lies in a stall of the machine, and so no second press.
    /// </summary>
    private const int LiftMs = 500;

    /// <summary>A finger that was lifted presses. A demo's board has no pulse stretcher: held so long, the press is seen though this machine holds the board up meanwhile.</summary>
    public async Task Press(string id, string input = "help", int holdMs = 1_000)
    {
        await InputIsReleased(id, input);
        await Change($"{id}/inputs/{input}", new { asserted = true, holdMs });
    }

    public Task Loop(string id, string loop, string state) => Change($"{id}/loops/{loop}", new { state });

    public Task Network(string id, bool connected) => Change($"{id}/network", new { connected });

    public Task Path(string id, string kind) => Change($"{id}/path", new { kind });

    public Task Cut(string id) => Change($"{id}/cut", new { });

    public Task Mains(string id, bool present) => Change($"{id}/mains", new { present });

    public Task Power(string id, bool on) => Change($"{id}/power", new { on });

    public async Task<JsonElement[]> Incidents(string state = "open") => [.. (await Get($"/api/incidents?state={state}&limit=200")).GetProperty("items").EnumerateArray()];

    public Task<JsonElement> Incident(long id) => Get($"/api/incidents/{id}");

    public async Task<JsonElement[]> Suggestions(long id) => [.. (await Get($"/api/incidents/{id}/suggestions")).EnumerateArray()];

    /// <summary>One command; fails with the hub's own words when it is refused.</summary>
    public async Task Do(long incident, object command)
    {
        using var answer = await client.PostAsJsonAsync($"/api/incidents/{incident}/commands", command);
        Assert.True(answer.IsSuccessStatusCode, $"{JsonSerializer.Serialize(command)}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    public async Task<(HttpStatusCode Status, string? Refusal)> Try(long incident, object command)
    {
        using var answer = await client.PostAsJsonAsync($"/api/incidents/{incident}/commands", command);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (answer.StatusCode, problem.TryGetProperty("refusal", out var name) ? name.GetString() : null);
    }

    /// <summary>Waits until the firmware's lamps tell this stage of the latched call.</summary>
    public Task<string> BoardShows(string id, string stage) => Eventually.Get(
        $"{id} shows '{stage}'", async () => (await Board(id)).GetProperty("stage").GetString()!, seen => seen == stage);

    public Task<string> BoardIsLinked(string id) => Eventually.Get(
        $"{id} is connected", async () => (await Board(id)).GetProperty("link").GetString()!, seen => seen == "up");

    /// <summary>Waits until the hub shows the link of a board as lost: its supervision window, 18 s at a heartbeat of 5 s.</summary>
    public Task<string> LinkIsLost(string id) => Eventually.Get(
        $"the link of {id} is lost", async () => (await Get($"/api/gateways/{id}")).GetProperty("state").GetProperty("link").GetString()!, seen => seen == "lost");

    /// <summary>Waits until a finger has been off for <see cref="LiftMs"/>.</summary>
    public Task<TimeSpan> InputIsReleased(string id, string input)
    {
        var lifted = Stopwatch.StartNew();
        return Eventually.Get(
            $"{input} of {id} is released",
            async () =>
            {
                if ((await Board(id)).GetProperty("inputs").GetProperty(input).GetBoolean())
                {
                    lifted.Restart();
                }

                return lifted.Elapsed;
            },
            seen => seen.TotalMilliseconds >= LiftMs);
    }

    /// <summary>Waits for the one open incident of a kind, and fails when there are more.</summary>
    public async Task<JsonElement> TheIncident(string kind = "help")
    {
        var found = await Eventually.Get(
            $"an open incident '{kind}'", async () => await IncidentsOf(kind), seen => seen.Length > 0);
        return Assert.Single(found);
    }

    /// <summary>Waits for the open call of a board's help button.</summary>
    public async Task<long> CallOf(string board)
    {
        var found = await Eventually.Get(
            $"a call of {board}", async () => (await IncidentsOf("help")).Where(incident => incident.GetProperty("place").GetProperty("device").GetString() == board).ToArray(), seen => seen.Length > 0);
        return Assert.Single(found).GetProperty("id").GetInt64();
    }

    public async Task<JsonElement[]> IncidentsOf(string kind, string state = "open") =>
        [.. (await Incidents(state)).Where(incident => incident.GetProperty("kind").GetString() == kind)];

    public void Dispose() => client.Dispose();

    private async Task<JsonElement> Get(string path)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task Change(string path, object body)
    {
        using var answer = await client.PostAsJsonAsync("/api/demo/boards/" + path, body);
        Assert.True(answer.IsSuccessStatusCode, $"POST {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
