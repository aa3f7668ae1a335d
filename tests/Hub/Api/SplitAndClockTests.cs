using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Accounts;

namespace Gateway.Hub.Tests.Api;

/// <summary>A second matter in one call, and the clocks that run, as the API tells them.</summary>
public sealed class SplitAndClockTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_matter_is_split_off_with_its_own_kind_and_place_and_every_clock_is_told_with_when_it_warns()
    {
        using var program = await host.Program(Rights.Read, Rights.Operate);
        await host.Board.PublishAckedAsync("signal", host.Board.Board.Signal(1));
        var id = (await program.GetFromJsonAsync<JsonElement>("/api/incidents?kind=help", Cancellation)).GetProperty("items")[0].GetProperty("id").GetInt64();
        await Send(program, id, new { type = "accept" }, null);
        await Send(program, id, new { type = "split", reason = "A fire too.", kind = "smoke", callPointId = "nowhere" }, "bad-split");
        await Send(program, id, new { type = "split", reason = "A fire too.", kind = "smoke", callPointId = "munkhgol-room" }, null);
        var second = await Incident(program, (await Incident(program, id)).GetProperty("splitOffs")[0].GetInt64());
        Assert.Equal(("smoke", "munkhgol-room"), (second.GetProperty("kind").GetString(), second.GetProperty("place").GetProperty("callPointId").GetString()));

        await Send(program, id, new { type = "assess", assessment = new { text = "A theft.", skillNeeded = "" } }, null);
        await Send(program, id, new { type = "handToCaseTeam", team = "case team", text = "A theft." }, null);
        var incident = await Incident(program, id);
        var clocks = incident.GetProperty("clocks").EnumerateArray().ToList();
        Assert.Equal(["dispatch", "caseTake"], clocks.Select(clock => clock.GetProperty("name").GetString()));
        Assert.Equal(incident.GetProperty("clock").GetRawText(), clocks[0].GetRawText());
        var since = incident.GetProperty("stageSince").GetDateTimeOffset();
        Assert.Equal((90, 120), ((clocks[0].GetProperty("warnAt").GetDateTimeOffset() - since).TotalSeconds, (clocks[0].GetProperty("dueAt").GetDateTimeOffset() - since).TotalSeconds));
    }

    private static async Task<JsonElement> Incident(HttpClient program, long id) =>
        (await program.GetFromJsonAsync<JsonElement>($"/api/incidents/{id}", Cancellation)).GetProperty("incident");

    private static async Task Send(HttpClient program, long id, object command, string? refusal)
    {
        using var answer = await program.PostAsJsonAsync($"/api/incidents/{id}/commands", command, Cancellation);
        Assert.Equal(refusal, answer.IsSuccessStatusCode ? null : (await ConsoleHost.Problem(answer)).Refusal);
    }
}
