using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Hub.Accounts;
using Gateway.Hub.Incidents;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Api;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Accounts;

/// <summary>A hub of two stations, with a call, a board, a visit round and a hand-over in each.</summary>
public sealed partial class TwoStations : IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly TempFolder folder = new();
    private readonly List<HttpClient> clients = [];
    private readonly Dictionary<string, List<(string, HttpClient)>> people = [];
    private WebApplication app = null!;
    private Uri address = null!;
    private long northRound;

    public HubService Hub => app.Services.GetRequiredService<HubService>();

    public AccountService Accounts => app.Services.GetRequiredService<AccountService>();

    public long NorthIncident { get; private set; }

    public long SouthIncident { get; private set; }

    /// <summary>What stands in an answer only if it tells of the north. Numbers are long enough not to be met by chance.</summary>
    public IReadOnlyList<string> NorthMarks { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        // Numbers begin high, so that one of the north's in an answer is no accident.
        NumberFrom(7_700_000_000);
        var stations = new Gateway.Hub.Stations.StationBook(Seeds.Urad.Stations.Select(station => station with { Targets = station.Targets with { LinkLostS = 2_592_000 } }));
        app = HubHost.Build(new HubOptions { DataFolder = folder.Path, StationFile = "", AllowVirtualBoards = true }, stations);
        var addresses = await HubHost.StartAsync(app);
        address = addresses.Console;
        Assert.True((await Accounts.SetUpAsync(Accounts.CreateSetupKey(), ConsoleHost.Name, ConsoleHost.Password)).Done);
        NorthIncident = await PressAsync(addresses.MqttPort, "urad-n-01");
        SouthIncident = await PressAsync(addresses.MqttPort, "urad-s-01");
        ForgetNumber(7_700_000_000);
        var due = DateTimeOffset.UtcNow.AddDays(7);
        northRound = (await Hub.ExecuteAsync(0, new VisitCommand.Plan("Winter in the secret valley", "n-pasture", 3, due), "test")).Version;
        await Hub.ExecuteAsync(0, new VisitCommand.Plan("Market round", "s-market", 3, due), "test");
        await Hub.ExecuteAsync(NorthIncident, new IncidentCommand.Note("a word of the northern desk"), "north desk");
        await Hub.ExecuteAsync(0, new ShiftCommand.HandOver("key under the northern stone"), "north desk", stationId: "urad-north");
        NorthMarks =
        [
            NorthIncident.ToString(CultureInfo.InvariantCulture), "urad-n-01", "urad-n-02", "urad-yurt", "n-pasture", "n-border-room", "n-yurt", "n-officer-1", "n-auxiliary-1", "n-cairn", "Seat of the north",
            "secret valley", "northern desk", "northern stone", "North station", "北部派出所", "北牧点",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>A person of every role that a station has, and a token with every right but to administer.</summary>
    public async Task<IReadOnlyList<(string Who, HttpClient Client)>> People(string unit)
    {
        if (people.TryGetValue(unit, out var known))
        {
            return known;
        }

        var all = new List<(string, HttpClient)> { ("a token for everything", await Program(unit, [.. Rights.All.Where(right => right != Rights.Administer)])) };
        foreach (var role in Roles.All.Where(role => role != Roles.Administrator))
        {
            var name = $"{role} of {unit}";
            var account = (await Accounts.CreateAsync(name, ConsoleHost.Password, [role], "test", unit)).Account!;
            var client = Client();
            client.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
            (await client.PostAsJsonAsync("/api/session", new { name, password = ConsoleHost.Password }, Cancellation)).EnsureSuccessStatusCode();
            all.Add((role, client));
            await app.Services.GetRequiredService<Gateway.Hub.Field.FieldRoster>().SetAsync(account, "s-officer-1", "test");
        }

        return people[unit] = all;
    }

    public async Task<HttpClient> Program(string unit, params string[] scopes)
    {
        var client = Client();
        var token = await app.Services.GetRequiredService<TokenService>().CreateAsync("test " + Guid.NewGuid().ToString("n"), scopes, unit: unit);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }

    public IReadOnlyList<(string Method, string Pattern)> Endpoints() =>
    [
        .. from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
           where !pattern.StartsWith("/assets/", StringComparison.Ordinal)
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select (method, pattern),
    ];

    /// <summary>Everything that can be read, with the north's numbers and names where there is room for one, and the lists with every question that they take.</summary>
    public IEnumerable<string> Reads()
    {
        var month = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var day = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var (_, pattern) in Endpoints().Where(endpoint => endpoint.Method == "GET" && endpoint.Pattern is not "/" and not "/openapi/{documentName}.json"))
        {
            foreach (var path in Filled(pattern.Replace("{month}", month, StringComparison.Ordinal).Replace("{day}", day, StringComparison.Ordinal)))
            {
                yield return path;
            }
        }

        string[] questions =
        [
            "/api/incidents?state=all&limit=200", "/api/incidents?state=all&callPointId=n-pasture-room", "/api/incidents?state=all&villageId=n-pasture", "/api/incidents?state=all&kind=help",
            "/api/signals?limit=200", "/api/signals?device=urad-n-01", "/api/work?state=all&limit=200", "/api/work?kind=visitRound&state=all", "/api/work?kind=handover&state=all",
            "/api/audit?limit=200", $"/api/audit?subject=incident/{NorthIncident}", "/api/audit?actor=north desk", "/api/audit?text=northern", "/api/audit?kind=work",
            $"/incidents?state=all&q={NorthIncident}", "/incidents?state=all&q=pasture", $"/incidents?state=all&from={day}", "/api/incidents?state=all&text=pasture", $"/api/incidents?state=all&from={day}",
            $"/room?incident={NorthIncident}", $"/room/live?incident={NorthIncident}", "/incidents?state=all", $"/daily?day={day}", "/audit?text=northern", $"/api/health/detail",
        ];
        foreach (var question in questions)
        {
            yield return question;
        }
    }

    /// <summary>Everything that can be sent, at the north's things, with bodies that would do it if it were allowed.</summary>
    public IEnumerable<(string Method, string Path, string Body)> Writes()
    {
        var north = File.ReadAllText(Path.Combine(Seeds.Folder, "stations", "urad-north.yaml"));
        string[] incidentCommands =
        [
            """{"type":"accept"}""", """{"type":"dispatch","responderIds":["s-officer-1"]}""", """{"type":"note","text":"x"}""", """{"type":"handle","text":"x"}""", """{"type":"close"}""",
            """{"type":"takeCase","reference":"x"}""", """{"type":"feedBackCase","text":"x"}""", $$"""{"type":"mergeInto","incidentId":{{SouthIncident}}}""",
        ];
        foreach (var (method, pattern) in Endpoints().Where(endpoint => endpoint.Method != "GET"))
        {
            // About oneself, or about no station's thing.
            if (pattern is "/api/session" or "/api/setup" or "/api/audit/head" || pattern.StartsWith("/api/own", StringComparison.Ordinal) || pattern.StartsWith("/api/account/", StringComparison.Ordinal))
            {
                continue;
            }

            string[] bodies = pattern switch
            {
                "/api/station/check" => [],
                "/api/field/place" => [],
                "/api/station/file" => [north],
                "/api/work" => ["""{"type":"planVisits","title":"x","villageId":"n-pasture","plannedVisits":1,"dueAt":"2099-01-01T00:00:00Z"}""", $$"""{"type":"askReview","incidentId":{{NorthIncident}}}"""],
                "/api/work/{id:long}/commands" => ["""{"type":"note","text":"x"}""", """{"type":"takeOver"}""", """{"type":"recordVisit","count":1}""", """{"type":"finishVisits","text":"x"}"""],
                "/api/gateways" => ["""{"device":"urad-n-02","host":"10.0.0.1","port":1883}"""],
                _ when pattern.StartsWith("/api/incidents/", StringComparison.Ordinal) => incidentCommands,
                _ when pattern.EndsWith("/rotate", StringComparison.Ordinal) || pattern.EndsWith("/replace", StringComparison.Ordinal) => ["""{"host":"10.0.0.1","port":1883}"""],
                _ when pattern.EndsWith("/configuration", StringComparison.Ordinal) => ["""{"settings":{}}"""],
                _ when pattern.StartsWith("/api/gateways/", StringComparison.Ordinal) => ["""{"command":"identify","seconds":5}"""],
                _ when pattern.StartsWith("/api/duty/", StringComparison.Ordinal) => ["""{"onDuty":false}"""],
                _ when pattern.StartsWith("/api/call-points/", StringComparison.Ordinal) => ["""{"villageId":"s-well"}""", """{"villageId":"n-border"}"""],
                _ when pattern.StartsWith("/api/field/incidents/", StringComparison.Ordinal) => ["""{"type":"accept","tappedAt":"2026-01-01T00:00:00Z"}"""],
                _ => ["{}"],
            };
            foreach (var body in bodies)
            {
                foreach (var path in Filled(pattern))
                {
                    yield return (method, path, body);
                }
            }
        }

        // To a neighbour's village a room of one's own goes only by somebody of both.
        yield return ("POST", "/api/call-points/s-market-room/place", """{"villageId":"n-pasture"}""");
        yield return ("POST", "/api/work?station=urad-north", """{"type":"handOver","text":"x"}""");
        yield return ("POST", $"/api/incidents/{SouthIncident}/commands", $$"""{"type":"mergeInto","incidentId":{{NorthIncident}}}""");
    }

    /// <summary>All that anybody but the clock has done in the north.</summary>
    public string North()
    {
        using var connection = Hub.Database.Connect();
        var incident = connection.Rows("SELECT json FROM incident_events WHERE incident_id = $1 AND actor <> 'clock' ORDER BY version", r => r.GetString(0), NorthIncident);
        var work = connection.Rows(
            "SELECT json FROM work_events WHERE actor <> 'clock' AND item_id IN (SELECT id FROM work_items WHERE station = '') ORDER BY item_id, version", r => r.GetString(0));
        var audit = connection.Scalar(
            "SELECT count(*) FROM audit WHERE actor <> 'clock' AND (kind LIKE 'gateway.%' OR kind LIKE 'callPoint.%' OR kind LIKE 'station.%' OR subject LIKE 'responder/n-%')");
        return $"{string.Join('\n', incident)}\n{string.Join('\n', work)}\n{audit}";
    }

    private void NumberFrom(long last)
    {
        var database = HubDatabase.Open(folder.Path);
        using (var connection = database.Connect())
        {
            connection.Execute("INSERT INTO incidents (id, version, kind, stage, call_point, opened_ms, closed_ms, json) VALUES ($1, 1, 'Help', 'Closed', '', 0, 1, '{}')", last);
        }

        database.Close();
    }

    private void ForgetNumber(long last)
    {
        using var connection = Hub.Database.Connect();
        connection.Execute("DELETE FROM incidents WHERE id = $1", last);
    }

    private HttpClient Client()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        clients.Add(client);
        return client;
    }

    private IEnumerable<string> Filled(string pattern)
    {
        var path = Place().Replace(pattern, match => match.Groups[1].Value switch
        {
            "device" => "urad-n-01",
            "responderId" => "n-officer-1",
            "shiftId" => Hub.Current.OpenWork.Values.OfType<Gateway.Hub.Work.Patrol.PatrolShift>().First(shift => shift.StationId == "urad-north").Id.ToString(CultureInfo.InvariantCulture),
            "pointId" => "n-cairn",
            "id" when pattern.Contains("call-points", StringComparison.Ordinal) => "n-yurt",
            "id" when pattern.Contains("work", StringComparison.Ordinal) => "WORK",
            "id" => NorthIncident.ToString(CultureInfo.InvariantCulture),
            _ => "1",
        });
        return path.Contains("WORK", StringComparison.Ordinal)
            ? Hub.Current.OpenWork.Values.Where(item => item.StationId == "urad-north").Select(item => path.Replace("WORK", item.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).Append(path.Replace("WORK", northRound.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            : [path];
    }

    private async Task<long> PressAsync(int port, string device)
    {
        using var board = await SocketBoard.ConnectAsync(port, await Hub.ProvisionAsync(device, "test"));
        await board.PublishAckedAsync("status", board.Board.Birth());
        await board.PublishAckedAsync("signal", board.Board.Signal(1));
        return Hub.Current.OpenIncidents.Keys.Max();
    }

    [GeneratedRegex("\\{([a-zA-Z]+)[^}]*\\}")]
    internal static partial Regex Place();
}
