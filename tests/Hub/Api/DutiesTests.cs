using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Tests.Stations;

namespace Gateway.Hub.Tests.Api;

/// <summary>What single duties may do on a real hub, beside the matrix of all of them.</summary>
public sealed class DutiesTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static uint seq;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_case_team_takes_a_case_and_feeds_back_and_takes_no_incident_further()
    {
        using var operating = await host.Program(Rights.Read, Rights.Operate);
        using var caseTeam = await host.Program([.. Roles.RightsOf([Roles.CaseTeam])]);
        var id = await Press(operating);
        await Expect(HttpStatusCode.OK, operating, $"/api/incidents/{id}/commands", new { type = "accept" });
        await Expect(HttpStatusCode.OK, operating, $"/api/incidents/{id}/commands", new { type = "dispatch", responderIds = new[] { Seeds.Sumitu.Responders[0].Id } });
        await Expect(HttpStatusCode.OK, operating, $"/api/incidents/{id}/commands", new { type = "handToCaseTeam", team = "Case team", text = "Theft of livestock." });

        await Expect(HttpStatusCode.Forbidden, caseTeam, $"/api/incidents/{id}/commands", new { type = "takeCase", reference = "2026-17" });
        await Expect(HttpStatusCode.BadRequest, caseTeam, $"/api/incidents/{id}/case", new { type = "note", text = "Not ours." });
        var page = await caseTeam.GetStringAsync($"/room?incident={id}", Cancellation);
        Assert.Contains($"/api/incidents/{id}/case", page);
        Assert.DoesNotContain($"/api/incidents/{id}/commands", page);
        await Expect(HttpStatusCode.OK, caseTeam, $"/api/incidents/{id}/case", new { type = "takeCase", reference = "2026-17" });
        await Expect(HttpStatusCode.OK, caseTeam, $"/api/incidents/{id}/case", new { type = "feedBackCase", text = "Found and returned." });
    }

    [Fact]
    public async Task A_level_above_sees_a_call_when_the_room_sees_it_and_can_change_nothing()
    {
        using var operating = await host.Program(Rights.Read, Rights.Operate);
        using var above = await host.Program([.. Roles.RightsOf([Roles.Observer])]);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var stream = new StreamReader(await above.GetStreamAsync("/api/events", deadline.Token));
        var id = await Press(operating);
        while (await stream.ReadLineAsync(deadline.Token) is { } line && !line.StartsWith("event: incident", StringComparison.Ordinal))
        {
        }

        var page = await above.GetStringAsync($"/room?incident={id}", Cancellation);
        Assert.Contains($"data-incident=\"{id}\"", page);
        Assert.DoesNotContain("data-post=\"/api/incidents", page);
        await Expect(HttpStatusCode.Forbidden, above, $"/api/incidents/{id}/commands", new { type = "accept" });
        Assert.Equal([Rights.Read], Roles.RightsOf([Roles.Observer]));
    }

    private async Task<long> Press(HttpClient program)
    {
        await host.Board.PublishAckedAsync("signal", host.Board.Board.Signal(Interlocked.Increment(ref seq)));
        var list = await program.GetFromJsonAsync<JsonElement>("/api/incidents", Cancellation);
        return list.GetProperty("items")[0].GetProperty("id").GetInt64();
    }

    private static async Task Expect(HttpStatusCode expected, HttpClient program, string path, object body)
    {
        using var answer = await program.PostAsJsonAsync(path, body, Cancellation);
        Assert.True(expected == answer.StatusCode, $"{path} {JsonSerializer.Serialize(body)}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
    }
}
