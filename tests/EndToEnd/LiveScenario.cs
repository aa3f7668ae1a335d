using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gateway.EndToEnd.Tests;

/// <summary>The same scenario files against a running demo: its hub, its API, and virtual boards that run the firmware, in real time.</summary>
public sealed class LiveScenario
{
    [Fact]
    public async Task A_scenario_holds_against_a_running_demo_and_a_long_one_is_refused_by_name_before_anything_happens()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "4");
        using var station = Station.Of(demo);

        var (refused, why) = await DemoProcess.RunAsync("run", "--live", PathOf("seventy-kilometres"), "--data", folder.Path);
        Assert.True(refused == 2, why);
        Assert.Contains("hub-power", why, StringComparison.Ordinal);
        Assert.Contains("too-long", why, StringComparison.Ordinal);
        Assert.Empty(await station.IncidentsOf("help", "all"));

        var (exit, said) = await DemoProcess.RunAsync("run", "--live", PathOf("one-call"), "--data", folder.Path);
        Assert.True(exit == 0, said);
        Assert.Single(await station.IncidentsOf("help", "all"));

        // [GW-46] by the firmware: the box that sounds, its key, the hub that takes it for an answer.
        (exit, said) = await DemoProcess.RunAsync("run", "--live", PathOf("a-key-answers"), "--data", folder.Path);
        Assert.True(exit == 0, said);

        // Work beside calls, each by the token of whoever does it; people are quicker than in the story, and nothing in it rests on that.
        (exit, said) = await DemoProcess.RunAsync("run", "--live", "--brisk", PathOf("ninety-six-one-ten"), "--data", folder.Path);
        Assert.True(exit == 0, said);
        Assert.Contains("live and brisk", said, StringComparison.Ordinal);

        // It leaves its quarrel open, so the next story does not begin.
        (refused, why) = await DemoProcess.RunAsync("run", "--live", PathOf("one-call"), "--data", folder.Path);
        Assert.True(refused == 2, why);
        Assert.Contains("not-at-rest", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_of_a_story_has_the_rights_of_a_duty_until_the_story_is_over_and_never_an_administrators()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");
        using var client = demo.Client();
        using var stranger = new HttpClient { BaseAddress = client.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "gw_guessed");
        Assert.Equal(HttpStatusCode.Unauthorized, (await AddPerson(stranger, "auditor")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await AddPerson(client, "administrator")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AddPerson(client, "operator", "nowhere")).StatusCode);

        var given = JsonDocument.Parse(await (await AddPerson(client, "auditor")).Content.ReadAsStringAsync(Cancellation)).RootElement;
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", given.GetProperty("token").GetString());
        Assert.Equal(HttpStatusCode.OK, await StatusOf(stranger, "/api/audit/check"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOf(stranger, "/api/tokens"));
        Assert.Equal(HttpStatusCode.Forbidden, (await AddPerson(stranger, "operator")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(Persons, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(stranger, "/api/audit/check"));
    }

    private static readonly Uri Persons = new("/api/demo/persons", UriKind.Relative);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<HttpResponseMessage> AddPerson(HttpClient by, string role, string unit = "") => by.PostAsJsonAsync(Persons, new { name = role + "-1", role, unit }, Cancellation);

    private static async Task<HttpStatusCode> StatusOf(HttpClient by, string path) => (await by.GetAsync(new Uri(path, UriKind.Relative), Cancellation)).StatusCode;

    private static string PathOf(string scenario)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return Path.Combine(folder.FullName, "seeds", "scenarios", scenario + ".yaml");
            }
        }

        throw new DirectoryNotFoundException("The repository's folder was not found above the tests.");
    }
}
