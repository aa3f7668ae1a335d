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
public sealed partial class UnitMatrixTests(TwoStations hub) : IClassFixture<TwoStations>
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
        var unknown = hub.Endpoints().SelectMany(endpoint => TwoStations.Place().Matches(endpoint.Pattern).Select(match => match.Groups[1].Value)).Distinct()
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
    public async Task An_administrator_is_of_the_whole_hub_and_a_unit_that_is_gone_opens_nothing()
    {
        Assert.Equal("administrator-of-the-hub", (await hub.Accounts.CreateAsync("half admin", ConsoleHost.Password, [Roles.Administrator], "test", "urad-south")).Refusal);
        var account = (await hub.Accounts.CreateAsync("lost", ConsoleHost.Password, [Roles.Operator], "test", "a-station-that-was")).Account!;
        Assert.Equal("administrator-of-the-hub", (await hub.Accounts.SetRolesAsync(account.Id, [Roles.Administrator], "test")).Refusal);
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
}
