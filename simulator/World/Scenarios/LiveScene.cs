using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.World.Scenarios;

/// <summary>A running demo: where its console is, and a token that may read, operate and move the boards' inputs (its <c>demo.json</c>).</summary>
public sealed record LiveTarget(Uri Console, string Token);

/// <summary>
/// The scene of a running hub: presses are made at the pins of virtual boards that run the firmware, commands and answers go by the hub's API. Everybody acts by the one
/// token, so rights cannot be told apart. An incident is told again from its own timeline. Calls are numbered from the first that comes after the scenario began.
/// </summary>
internal sealed class LiveScene : Scene, IDisposable
{
    private const int PressMs = 1_000;

    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly List<long> _calls = [];
    private readonly long _before;

    public LiveScene(Station station, LiveTarget target, TimeProvider time)
        : base(null, station)
    {
        _time = time;
        _client = new HttpClient { BaseAddress = target.Console, Timeout = TimeSpan.FromSeconds(10) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", target.Token);
        _before = Newest().DefaultIfEmpty(0).Max();
    }

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override int OpenCalls => Get("/api/incidents?state=open&limit=200").GetProperty("items").GetArrayLength();

    /// <summary>The id of the station that the hub runs.</summary>
    public string StationId => Get("/api/station").GetProperty("id").GetString()!;

    /// <summary>The virtual boards that have power.</summary>
    public IReadOnlySet<string> Boards =>
        Get("/api/demo/boards/").EnumerateArray().Where(board => board.GetProperty("powered").GetBoolean()).Select(board => board.GetProperty("id").GetString()!).ToHashSet(StringComparer.Ordinal);

    /// <param name="id">The number of the call in this scenario.</param>
    public override Incident? Find(long id)
    {
        if (id < 1 || id > _calls.Count)
        {
            return null;
        }

        // The rules themselves tell it again: what the checks look at is what they look at in a simulated hub.
        var events = Get($"/api/incidents/{_calls[(int)id - 1]}").GetProperty("timeline").EnumerateArray().Select(entry => IncidentJson.ReadEvent(entry.GetProperty("event").GetRawText()));
        return events.Aggregate((Incident?)null, IncidentRules.Evolve);
    }

    public override void Notice()
    {
        foreach (var id in Newest().Where(id => id > _before && !_calls.Contains(id)).Order())
        {
            _calls.Add(id);
            Subject = _calls.Count;
        }
    }

    public override ImmutableArray<Suggestion> Suggestions(Incident incident) =>
    [
        .. Get($"/api/incidents/{incident.Id}/suggestions").EnumerateArray().Select(entry => new Suggestion(
            Station.FindResponder(entry.GetProperty("responderId").GetString()!)!, entry.GetProperty("rank").GetInt32(),
            Enum.Parse<TravelMeans>(entry.GetProperty("means").GetString()!, ignoreCase: true), entry.GetProperty("km").GetDouble(), entry.GetProperty("etaMinutes").GetInt32(),
            entry.GetProperty("recommended").GetBoolean(), [])),
    ];

    public override Refusal? Command(string who, IncidentCommand command) => Post($"/api/incidents/{Call.Id}/commands", JsonSerializer.SerializeToElement(command, IncidentJson.Options));

    /// <summary>What a responder says; the desk notes it.</summary>
    public override Refusal? Field(string responder, IncidentCommand command) => Command(responder, command);

    public override Refusal? Signal(string place, ZoneKind zone, string kind, string state, int times = 1)
    {
        if (InputOf(zone, kind) is not { } input)
        {
            throw new SceneException($"no input of a virtual board makes {kind} of a {WordTypes.Camelled(zone)} zone");
        }

        // A button is let go again; a contact stays as it is until somebody says otherwise.
        object change = zone == ZoneKind.Door ? new { asserted = state == "alarm" } : new { asserted = true, holdMs = PressMs };
        return Post($"/api/demo/boards/{DeviceAt(place)}/inputs/{input}", JsonSerializer.SerializeToElement(change));
    }

    public override string ShownAt(string place) =>
        Get($"/api/demo/boards/{DeviceAt(place)}").GetProperty("stage").GetString() is { } stage and not ("idle" or "journalled" or "received" or "off") ? stage : "";

    public override bool SoundsAt(string place) => Get($"/api/demo/boards/{DeviceAt(place)}").GetProperty("buzzer").GetBoolean();

    public override void Link(string place, bool isLinked) => Post($"/api/demo/boards/{DeviceAt(place)}/network", JsonSerializer.SerializeToElement(new { connected = isLinked }));

    public override Refusal? Silence(string place) => Post($"/api/demo/boards/{DeviceAt(place)}/inputs/resetKey", JsonSerializer.SerializeToElement(new { asserted = true, holdMs = PressMs }));

    /// <summary>The input of a virtual board by which this happens; null when there is none.</summary>
    public static string? InputOf(ZoneKind zone, string kind) => (zone, kind) switch
    {
        (_, SignalKinds.Help) => "help",
        (_, SignalKinds.Silent) => "silent",
        (_, SignalKinds.Cancel) => "cancel",
        (_, SignalKinds.Patrol) => "patrolKey",
        (ZoneKind.Door, _) => "contact1",
        _ => null,
    };

    public void Dispose() => _client.Dispose();

    private IEnumerable<long> Newest() => Get("/api/incidents?state=all&limit=50").GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64());

    private JsonElement Get(string path)
    {
        using var answer = _client.Send(new HttpRequestMessage(HttpMethod.Get, path));
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(answer.Content.ReadAsStream()).RootElement
            : throw new SceneException($"{path}: the hub answers {(int)answer.StatusCode}");
    }

    private Refusal? Post(string path, JsonElement body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        using var answer = _client.Send(request);
        if (answer.IsSuccessStatusCode)
        {
            return null;
        }

        var problem = JsonDocument.Parse(answer.Content.ReadAsStream()).RootElement;
        return problem.TryGetProperty("refusal", out var name)
            ? new Refusal(name.GetString()!, problem.TryGetProperty("detail", out var detail) ? detail.GetString() ?? "" : "")
            : throw new SceneException($"{path}: the hub answers {(int)answer.StatusCode}");
    }
}
