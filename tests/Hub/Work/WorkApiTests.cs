using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Work;

/// <summary>The work beside incidents as a stranger drives it over the API.</summary>
public sealed class WorkApiTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_round_of_visits_is_planned_walked_and_finished_and_a_repeated_wish_is_one_wish()
    {
        using var program = await host.Program(Rights.Read, Rights.Operate);
        var plan = new { type = "planVisits", title = "Round", villageId = host.Hub.Current.Station.Villages[0].Id, plannedVisits = 2, dueAt = DateTimeOffset.UtcNow.AddDays(2) };
        using var first = await Send(program, "/api/work", plan, "wish-1");
        using var again = await Send(program, "/api/work", plan, "wish-1");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await again.Content.ReadAsStringAsync(Cancellation));
        var address = first.Headers.Location!.OriginalString;
        foreach (var command in new object[]
                 {
                     new { type = "recordVisit", count = 2 }, new { type = "recordRequest", text = "Lamp" }, new { type = "recordOutcome", number = 1, result = "handled", text = "Replaced" },
                     new { type = "finishVisits", text = "Done" },
                 })
        {
            using var answer = await Send(program, address + "/commands", command, null);
            Assert.True(answer.IsSuccessStatusCode, $"{command}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
        }

        using var refused = await Send(program, address + "/commands", new { type = "recordVisit" }, null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("work-closed", (await ConsoleHost.Problem(refused)).Refusal);
        var shown = await program.GetFromJsonAsync<JsonElement>(address, Cancellation);
        Assert.Equal("closed", shown.GetProperty("work").GetProperty("state").GetString());
        Assert.Equal(5, shown.GetProperty("timeline").GetArrayLength());
        var listed = await program.GetFromJsonAsync<JsonElement>("/api/work?kind=visitRound&state=closed", Cancellation);
        Assert.Contains(listed.GetProperty("items").EnumerateArray(), item => item.GetProperty("item").GetProperty("title").GetString() == "Round");
        var month = await program.GetFromJsonAsync<JsonElement>("/api/statistics/" + host.Hub.Current.At.ToOffset(host.Hub.Current.Station.UtcOffset).ToString("yyyy-MM", null), Cancellation);
        Assert.Equal(1, month.GetProperty("shares").GetProperty("requestsHandled").GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task A_station_file_is_exported_changed_checked_imported_and_taken_back_and_each_step_is_said()
    {
        using var folder = new Support.TempFolder();
        var seed = Path.Combine(folder.Path, "seed.yaml");
        var text = await File.ReadAllTextAsync(Path.Combine(Stations.Seeds.Folder, "stations", "sumitu.yaml"), Cancellation);
        await File.WriteAllTextAsync(seed, text, Cancellation);
        var options = new HubOptions { DataFolder = Path.Combine(folder.Path, "data"), StationFile = seed };
        await using (var app = HubHost.Build(options))
        {
            using var program = await Administrator(app);
            var running = await program.GetStringAsync("/api/station/file", Cancellation);
            Assert.Equal(text, running);
            using var broken = await program.PutAsync("/api/station/file", Yaml(running.Replace("format: 1", "format: 9", StringComparison.Ordinal)), Cancellation);
            var problem = await ConsoleHost.Problem(broken);
            Assert.Equal("station-file-errors", problem.Refusal);
            Assert.StartsWith("line ", Assert.Single(problem.Members), StringComparison.Ordinal);
            using var other = await program.PutAsync("/api/station/file", Yaml(running.Replace("  id: sumitu\n", "  id: elsewhere\n", StringComparison.Ordinal)), Cancellation);
            Assert.Equal("another-station", (await ConsoleHost.Problem(other)).Refusal);
            Assert.False(File.Exists(Path.Combine(options.DataFolder, Gateway.Hub.Stations.StationFiles.ImportedName)));

            var changed = running.Replace("id: officer-1,", "id: officer-one,", StringComparison.Ordinal).Replace("officer-1", "officer-one", StringComparison.Ordinal);
            using var done = await program.PutAsync("/api/station/file", Yaml(changed), Cancellation);
            var said = await done.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.True(done.IsSuccessStatusCode, said.ToString());
            var responders = said.GetProperty("changes").GetProperty("lists").EnumerateArray().Single(list => list.GetProperty("list").GetString() == "responders");
            Assert.Equal("officer-one", responders.GetProperty("addedIds")[0].GetString());
            Assert.Equal("officer-1", responders.GetProperty("removedIds")[0].GetString());
            Assert.Equal(text, await program.GetStringAsync("/api/station/file", Cancellation));
            using var connection = app.Services.GetRequiredService<HubService>().Database.Connect();
            Assert.Equal(1, Gateway.Hub.Storage.SqliteCalls.Scalar(connection, "SELECT count(*) FROM audit WHERE kind = 'station.imported'"));
            await app.StopAsync(Cancellation);
        }

        await using var next = HubHost.Build(options);
        using var again = await Administrator(next);
        Assert.NotNull(next.Services.GetRequiredService<HubService>().Current.Station.FindResponder("officer-one"));
        using var back = await again.DeleteAsync("/api/station/file", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, back.StatusCode);
        Assert.Equal(seed, Assert.Single(Gateway.Hub.Stations.StationFiles.Load(options).Sources).Path);
        await next.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("/api/work?kind=7", "kind")]
    [InlineData("/api/work?state=lost", "state")]
    [InlineData("/api/work?cursor=x", "cursor")]
    [InlineData("/api/statistics/nov", "month")]
    [InlineData("/api/days/today", "day")]
    public async Task A_wrong_question_is_refused_and_its_member_named(string path, string member)
    {
        using var program = await host.Program(Rights.Read);
        using var answer = await program.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([member], (await ConsoleHost.Problem(answer)).Members);
    }

    [Theory]
    [InlineData("{\"type\":\"planVisits\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"type\":\"raise\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"type\":\"recordVisit\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"type\":\"askReview\",\"incidentId\":424242}", HttpStatusCode.NotFound)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    public async Task A_body_that_is_none_is_a_problem_document(string body, HttpStatusCode expected)
    {
        using var program = await host.Program(Rights.Read, Rights.Operate);
        using var answer = await program.PostAsync("/api/work", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        await ConsoleHost.Problem(answer);
    }

    [Fact]
    public async Task A_station_file_is_tried_without_changing_anything()
    {
        using var program = await host.Program(Rights.Maintain);
        var text = File.ReadAllText(Path.Combine(Stations.Seeds.Folder, "stations", "baicheng.yaml"));
        var good = await Check(program, text);
        Assert.True(good.GetProperty("good").GetBoolean());
        Assert.Equal(78, good.GetProperty("holds").GetProperty("patrolLines").GetInt32());
        var bad = await Check(program, text + "\nsurprise: 1\n");
        Assert.False(bad.GetProperty("good").GetBoolean());
        Assert.True(Assert.Single(bad.GetProperty("errors").EnumerateArray()).GetProperty("line").GetInt32() > 0);
    }

    private static async Task<JsonElement> Check(HttpClient program, string text)
    {
        using var answer = await program.PostAsync("/api/station/check", new StringContent(text, System.Text.Encoding.UTF8, "application/yaml"), Cancellation);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    [Fact]
    public async Task A_month_comes_as_csv_with_a_header_line()
    {
        using var program = await host.Program(Rights.Read);
        using var answer = await program.GetAsync("/api/statistics/2026-11/csv", Cancellation);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("month,figure,breakdown,value,unit\r\n", (await answer.Content.ReadAsStringAsync(Cancellation)).TrimStart('\uFEFF'));
    }

    [Fact]
    public async Task Warnings_are_seen_by_those_only_who_have_the_right()
    {
        Assert.Equal([Roles.CommunityTeam, Roles.Supervisor, Roles.Auditor], Roles.All.Where(role => Roles.RightsOf([role]).Contains(Rights.Warnings)));
        using var program = await host.Program(Rights.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/warnings", Cancellation)).StatusCode);
    }

    private static async Task<HttpResponseMessage> Send(HttpClient program, string path, object command, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(command) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await program.SendAsync(request, Cancellation);
    }

    private static StringContent Yaml(string text) => new(text, System.Text.Encoding.UTF8, "application/yaml");

    private static async Task<HttpClient> Administrator(Microsoft.AspNetCore.Builder.WebApplication app)
    {
        var addresses = await HubHost.StartAsync(app, Cancellation);
        var token = await app.Services.GetRequiredService<TokenService>().CreateAsync("import " + Guid.NewGuid().ToString("n"), [Rights.Read, Rights.Administer]);
        var client = new HttpClient { BaseAddress = addresses.Console };
        client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }
}
