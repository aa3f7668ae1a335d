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

/// <summary>
/// Somebody of the south can neither see nor act on the north: asked of every endpoint and page that the running hub has. Each thing of the north has a mark (its number, its
/// board, its places, its people, its words) that must stand in no answer; and nothing in the north may have changed after everything was tried.
/// </summary>
public sealed partial class UnitMatrixTests(UnitMatrixTests.TwoStations hub) : IClassFixture<UnitMatrixTests.TwoStations>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_of_the_south_reads_anything_of_the_north_whatever_is_asked()
    {
        var leaks = new List<string>();
        var (asked, found) = (0, 0);
        foreach (var (who, client) in await hub.People("urad-south"))
        {
            foreach (var path in hub.Reads())
            {
                using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                var text = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(Cancellation);
                asked++;
                found += answer.IsSuccessStatusCode ? 1 : 0;
                // What the asker said may be said back.
                foreach (var mark in hub.NorthMarks.Where(mark => text.Contains(mark, StringComparison.Ordinal) && !Uri.UnescapeDataString(path).Contains(mark, StringComparison.Ordinal)))
                {
                    leaks.Add($"{who}: GET {path} says {mark}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} asked, {found} answered with something");
        Assert.True(leaks.Count == 0, string.Join("\n", leaks.Take(30)));
        Assert.True(asked >= 200 && found >= 80, $"{asked} asked, {found} answered: is the list whole?");
    }

    [Fact]
    public async Task Whoever_sees_the_whole_hub_finds_every_mark_of_the_north_so_that_none_of_them_is_missed_for_nothing()
    {
        using var whole = await hub.Program("", [.. Rights.All]);
        var texts = new List<string>();
        foreach (var path in hub.Reads())
        {
            using var answer = await whole.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            texts.Add(answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.DoesNotContain(hub.NorthMarks, mark => !texts.Exists(text => text.Contains(mark, StringComparison.Ordinal)));
    }

    /// <summary>A page or endpoint that knows the hub itself could show what its reader may not see: those that do are named here, each with its reason.</summary>
    [Fact]
    public void Pages_and_endpoints_know_the_hub_by_the_view_of_their_reader_and_by_nothing_else()
    {
        string[] may =
        [
            "Api/ApiServices.cs", "Console/ConsoleServices.cs", // composition
            "Api/FieldEndpoints.cs", "Api/FieldPatrolEndpoints.cs", // one's own calls and one's own station's points, wherever they are
            "Api/StationEndpoints.cs", // the audit entry of an import, and whether the hub is well
            "Console/Room/RoomFeed.cs", // the version of its drawings; what is drawn comes from the view
        ];
        var folder = Path.Combine(Path.GetDirectoryName(Seeds.Folder)!, "simulator", "Hub");
        var files = new[] { "Api", "Console" }.SelectMany(room => Directory.GetFiles(Path.Combine(folder, room), "*", SearchOption.AllDirectories))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal)).ToList();
        var knowing = files.Where(path => HubItself().IsMatch(File.ReadAllText(path))).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(may.Order(StringComparer.Ordinal), knowing);
        Assert.True(files.Count > 80);
    }

    [Fact]
    public async Task Nobody_of_the_south_changes_anything_in_the_north_whatever_is_sent()
    {
        var before = hub.North();
        var wrong = new List<string>();
        var asked = 0;
        foreach (var (who, client) in await hub.People("urad-south"))
        {
            foreach (var (method, path, body) in hub.Writes())
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, body.StartsWith('{') ? "application/json" : "application/yaml") };
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("n"));
                using var answer = await client.SendAsync(request, Cancellation);
                asked++;
                if ((int)answer.StatusCode is not (>= 400 and < 500))
                {
                    wrong.Add($"{who}: {method} {path} {body} answered {(int)answer.StatusCode}");
                }
                else if (hub.NorthMarks.Where(mark => !path.Contains(mark, StringComparison.Ordinal) && !body.Contains(mark, StringComparison.Ordinal))
                    .FirstOrDefault(mark => answer.Content.ReadAsStringAsync(Cancellation).Result.Contains(mark, StringComparison.Ordinal)) is { } leak)
                {
                    wrong.Add($"{who}: the refusal of {method} {path} says {leak}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(30)));
        Assert.Equal(before, hub.North());
        Assert.True(asked >= 300, $"{asked} asked: is the list whole?");
    }

    [Fact]
    public void Every_address_with_a_number_or_a_name_in_it_is_asked_for_the_norths()
    {
        // A new address with a kind of number that this test does not know must be told to it.
        var unknown = hub.Endpoints().SelectMany(endpoint => Place().Matches(endpoint.Pattern).Select(match => match.Groups[1].Value)).Distinct()
            .Except(["id", "device", "responderId", "shiftId", "pointId", "month", "day", "documentName", "session", "name", "tag"]).ToList();
        Assert.True(unknown.Count == 0, "Tell UnitMatrixTests what to put for: " + string.Join(", ", unknown));
    }

    [Fact]
    public async Task The_event_stream_of_the_south_tells_nothing_of_the_north()
    {
        var (_, client) = (await hub.People("urad-south"))[0];
        using var answer = await client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        await lines.ReadLineAsync(Cancellation);
        await hub.Hub.ExecuteAsync(hub.NorthIncident, new IncidentCommand.Note("a word in the north"), "test", cancellation: Cancellation);
        await hub.Hub.SetDutyAsync("n-officer-1", true, null, "test", Cancellation);
        await hub.Hub.ExecuteAsync(hub.SouthIncident, new IncidentCommand.Note("a word in the south"), "test", cancellation: Cancellation);
        var heard = new List<string>();
        while (await lines.ReadLineAsync(Cancellation) is { } line)
        {
            heard.Add(line);
            if (line.Contains($"\"id\":\"{hub.SouthIncident}\"", StringComparison.Ordinal))
            {
                break;
            }
        }

        Assert.DoesNotContain(heard, line => line.Contains($"\"id\":\"{hub.NorthIncident}\"", StringComparison.Ordinal));
        Assert.DoesNotContain("event: hub", heard);
    }

    [Fact]
    public async Task A_banner_sees_both_and_one_of_them_when_it_says_so()
    {
        using var banner = await hub.Program("urad-middle-banner", Rights.Read, Rights.Operate, Rights.Audit);
        Assert.Equal(2, (await Items(banner, "/api/incidents")).Count);
        Assert.Equal([hub.SouthIncident], await Items(banner, "/api/incidents?station=urad-south"));
        Assert.Equal([hub.NorthIncident], await Items(banner, "/api/incidents?station=urad-north"));
        using var misspelt = await banner.GetAsync("/api/incidents?station=urad-west", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, misspelt.StatusCode);

        // What is asked for by its number is found whichever is chosen: the choice is of lists.
        using var shown = await banner.GetAsync($"/api/incidents/{hub.NorthIncident}?station=urad-south", Cancellation);
        Assert.Contains("n-pasture-room", await shown.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var audit = await banner.GetStringAsync("/api/audit?limit=200&text=incident/", Cancellation);
        Assert.Contains($"\"incident/{hub.NorthIncident}\"", audit, StringComparison.Ordinal);
        Assert.Contains($"\"incident/{hub.SouthIncident}\"", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("token.created", await banner.GetStringAsync("/api/audit?limit=200", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_several_are_seen_a_hand_over_says_of_which_and_an_operator_of_one_need_not()
    {
        using var banner = await hub.Program("urad-middle-banner", Rights.Read, Rights.Operate);
        var hand = new { type = "handOver", text = "quiet" };
        using var unsaid = await banner.PostAsJsonAsync("/api/work", hand, Cancellation);
        Assert.Equal(WorkRefusals.StationNeeded, (await ConsoleHost.Problem(unsaid)).Refusal);
        using var page = await banner.GetAsync("/handover", Cancellation);
        Assert.Contains("urad-north", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        using var south = await hub.Program("urad-south", Rights.Read, Rights.Operate);
        using var foreign = await south.PostAsJsonAsync("/api/work?station=urad-north", hand, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.DoesNotContain("<select class=\"station\"", await south.GetStringAsync("/room", Cancellation), StringComparison.Ordinal);
        Assert.Contains("<select class=\"station\"", await banner.GetStringAsync("/room", Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain("n-pasture", await banner.GetStringAsync("/room?station=urad-south", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_months_steps_are_judged_by_each_stations_own_targets()
    {
        foreach (var (incident, responder) in new[] { (hub.NorthIncident, "n-officer-1"), (hub.SouthIncident, "s-officer-1") })
        {
            await hub.Hub.ExecuteAsync(incident, new IncidentCommand.Dispatch([responder]), "test", cancellation: Cancellation);
            await hub.Hub.ExecuteAsync(incident, new IncidentCommand.Arrive(responder), "test", cancellation: Cancellation);
        }

        using var banner = await hub.Program("urad-middle-banner", Rights.Read);
        var month = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var both = await Steps($"/api/statistics/{month}");
        var south = await Steps($"/api/statistics/{month}?station=urad-south");
        Assert.Equal((2, (int?)null), both["arrive"]);
        Assert.Equal((1, 600), south["arrive"]);
        Assert.Equal((2, 240), both["dispatch"]);

        async Task<Dictionary<string, (long Count, int? TargetS)>> Steps(string path)
        {
            var report = await banner.GetFromJsonAsync<System.Text.Json.JsonElement>(path, Cancellation);
            return report.GetProperty("steps").EnumerateArray().ToDictionary(
                step => step.GetProperty("step").GetString()!,
                step => (step.GetProperty("within").GetProperty("all").GetInt64(), step.GetProperty("targetS") is { ValueKind: System.Text.Json.JsonValueKind.Number } target ? target.GetInt32() : (int?)null));
        }
    }

    [Fact]
    public void An_administrator_is_of_the_whole_hub_and_a_unit_that_is_gone_opens_nothing()
    {
        Assert.Equal("administrator-of-the-hub", hub.Accounts.Create("half admin", ConsoleHost.Password, [Roles.Administrator], "test", "urad-south").Refusal);
        var account = hub.Accounts.Create("lost", ConsoleHost.Password, [Roles.Operator], "test", "a-station-that-was").Account!;
        Assert.Equal("administrator-of-the-hub", hub.Accounts.SetRoles(account.Id, [Roles.Administrator], "test").Refusal);
        var view = new HubView(hub.Hub, "a-station-that-was", null);
        Assert.Empty(view.Stations);
        Assert.Empty(view.Current.OpenIncidents);
        Assert.Empty(view.Incidents(new IncidentQuery(null)));
    }

    [Fact]
    public void Who_is_signed_in_without_a_unit_sees_nothing()
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext { User = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity("test")) };
        var view = HubView.Of(hub.Hub, context);
        Assert.False(view.IsWhole);
        Assert.Empty(view.Stations);
        Assert.Empty(view.Incidents(new IncidentQuery(null)));
    }

    private static async Task<List<long>> Items(HttpClient client, string path)
    {
        var page = await client.GetFromJsonAsync<System.Text.Json.JsonElement>(path, Cancellation);
        return [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()).Order()];
    }

    [GeneratedRegex(@"^(?!\s*///).*\bHubService\b", RegexOptions.Multiline)]
    private static partial Regex HubItself();

    [GeneratedRegex("\\{([a-zA-Z]+)[^}]*\\}")]
    private static partial Regex Place();

    /// <summary>A hub of two stations, with a call, a board, a visit round and a hand-over in each.</summary>
    public sealed class TwoStations : IAsyncLifetime
    {
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
            Assert.True(Accounts.SetUp(Accounts.CreateSetupKey(), ConsoleHost.Name, ConsoleHost.Password).Done);
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
                var account = Accounts.Create(name, ConsoleHost.Password, [role], "test", unit).Account!;
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
            var token = await Accounts.CreateTokenAsync("test " + Guid.NewGuid().ToString("n"), scopes, unit: unit);
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
    }
}
