using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gateway.Hub.Accounts;

namespace Gateway.Hub.Tests.Api;

/// <summary>The whole way of a call as a stranger drives it: a press on a socket, the event stream, the commands, the end.</summary>
public sealed class WorkflowApiTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static uint seq;

    [Fact]
    public async Task A_press_is_told_on_the_stream_and_goes_through_all_stages_to_closed()
    {
        using var program = await host.Program(Rights.Read, Rights.Operate, Rights.Supervise);
        using var deadline = new CancellationTokenSource(Patience);
        using var stream = new StreamReader(await program.GetStreamAsync("/api/events", deadline.Token));
        await EventNamed(stream, "beat", deadline.Token);

        await Press();
        var told = await EventNamed(stream, "incident", deadline.Token);
        var id = long.Parse(told.GetProperty("id").GetString()!);
        var incident = await Incident(program, id);
        Assert.Equal("help", incident.GetProperty("kind").GetString());
        Assert.Equal("received", incident.GetProperty("stage").GetString());
        Assert.True(incident.GetProperty("virtual").GetBoolean());

        var suggestions = await program.GetFromJsonAsync<JsonElement>($"/api/incidents/{id}/suggestions", deadline.Token);
        var first = suggestions[0].GetProperty("responderId").GetString()!;
        await Done(program, id, new { type = "accept" });
        await Done(program, id, new { type = "dispatch", responderIds = new[] { first }, etaMin = suggestions[0].GetProperty("etaMinutes").GetInt32() });
        await Done(program, id, new { type = "enRoute", responderId = first });
        await Done(program, id, new { type = "arrive", responderId = first });
        await Done(program, id, new { type = "handle", text = "Calmed both." });
        await Done(program, id, new { type = "report", text = "A quarrel.", disposition = "mediated" });
        using (var early = await Send(program, id, new { type = "close" }))
        {
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
            Assert.Equal("no-follow-up", (await ConsoleHost.Problem(early)).Refusal);
        }

        await Done(program, id, new { type = "followUp", text = "Quiet." });
        await Done(program, id, new { type = "close" });
        Assert.Equal("closed", (await Incident(program, id)).GetProperty("stage").GetString());
    }

    [Fact]
    public async Task A_command_sent_twice_under_one_key_is_done_once_and_answered_alike()
    {
        using var program = await host.Program(Rights.Read, Rights.Operate);
        var id = await NewIncident(program);
        var key = Guid.NewGuid().ToString("n");
        var answers = new List<string>();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var answer = await Send(program, id, new { type = "note", text = "Called the neighbours." }, key);
            answers.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
        }

        Assert.Equal(answers[0], answers[1]);
        var detail = await program.GetFromJsonAsync<JsonElement>($"/api/incidents/{id}", Cancellation);
        Assert.Single(Notes(detail), "Called the neighbours.");
    }

    [Fact]
    public async Task The_same_key_of_another_caller_is_another_wish()
    {
        using var one = await host.Program(Rights.Read, Rights.Operate);
        using var other = await host.Program(Rights.Read, Rights.Operate);
        var id = await NewIncident(one);
        (await Send(one, id, new { type = "note", text = "One." }, "same-key")).EnsureSuccessStatusCode();
        (await Send(other, id, new { type = "note", text = "Other." }, "same-key")).EnsureSuccessStatusCode();
        var detail = await one.GetFromJsonAsync<JsonElement>($"/api/incidents/{id}", Cancellation);
        foreach (var text in new[] { "One.", "Other." })
        {
            Assert.Single(Notes(detail), text);
        }
    }

    [Theory]
    [InlineData("""{"type":"handle"}""", "text")]
    [InlineData("""{"type":"report","text":"x","disposition":"vanished"}""", "disposition")]
    [InlineData("""{"type":"dispatch","responderIds":[7]}""", "responderIds[0]")]
    [InlineData("""{"type":"note","text":"x","colour":"red"}""", "colour")]
    [InlineData("""{"type":"note","text":""", "text")]
    public async Task A_malformed_command_is_refused_and_its_member_named(string body, string member)
    {
        using var program = await host.Program(Rights.Read, Rights.Operate);
        using var answer = await program.PostAsync("/api/incidents/1/commands", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(member, (await ConsoleHost.Problem(answer)).Members);
    }

    [Theory]
    [InlineData("""{"type":"openBySignal"}""")]
    [InlineData("""{"type":"escalate","clock":"accept"}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task What_only_the_hub_may_ask_and_what_is_no_command_is_refused(string body)
    {
        using var program = await host.Program(Rights.Read, Rights.Operate);
        using var answer = await program.PostAsync("/api/incidents/1/commands", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await ConsoleHost.Problem(answer);
    }

    [Fact]
    public async Task A_body_beyond_the_bound_is_refused_unread()
    {
        using var program = await host.Program(Rights.Read, Rights.Operate);
        using var answer = await program.PostAsJsonAsync("/api/incidents/1/commands", new { type = "note", text = new string('x', 40_000) }, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("too-large", (await ConsoleHost.Problem(answer)).Refusal);
    }

    [Fact]
    public async Task Only_a_supervisor_waives_a_follow_up_and_only_in_his_own_name_I10()
    {
        using var operating = await host.Program(Rights.Read, Rights.Operate);
        using var supervising = await host.Program(Rights.Read, Rights.Operate, Rights.Supervise);
        var id = await NewIncident(operating);
        using var refused = await Send(operating, id, new { type = "waiveFollowUp", supervisor = "x", reason = "y" });
        Assert.Equal("not-a-supervisor", (await ConsoleHost.Problem(refused)).Refusal);
        using var other = await Send(supervising, id, new { type = "waiveFollowUp", supervisor = "somebody else", reason = "y" });
        Assert.Equal(["supervisor"], (await ConsoleHost.Problem(other)).Members);
    }

    [Fact]
    public async Task A_silent_call_gives_no_number_to_call_back_I7()
    {
        using var program = await host.Program(Rights.Read);
        await host.Board.PublishAckedAsync("signal", host.Board.Board.Signal(++seq, "silent", 2));
        var list = await program.GetFromJsonAsync<JsonElement>("/api/incidents?kind=silent", Cancellation);
        var incident = list.GetProperty("items")[0];
        Assert.True(incident.GetProperty("silent").GetBoolean());
        Assert.Equal(JsonValueKind.Null, incident.GetProperty("place").GetProperty("callBackNumber").ValueKind);
    }

    [Theory]
    [InlineData("/api/incidents?limit=0", "limit")]
    [InlineData("/api/incidents?limit=201", "limit")]
    [InlineData("/api/incidents?cursor=abc", "cursor")]
    [InlineData("/api/incidents?state=lost", "state")]
    [InlineData("/api/incidents?kind=7", "kind")]
    [InlineData("/api/incidents?limit=many", "limit")]
    [InlineData("/api/signals?cursor=-1", "cursor")]
    public async Task A_wrong_query_is_refused_and_its_member_named(string path, string member)
    {
        using var program = await host.Program(Rights.Read);
        using var answer = await program.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([member], (await ConsoleHost.Problem(answer)).Members);
    }

    [Fact]
    public async Task Lists_are_read_to_their_end_by_cursor_without_gap_or_repetition()
    {
        using var program = await host.Program(Rights.Read);
        for (var signal = 0; signal < 5; signal++)
        {
            await Press();
        }

        var whole = (await program.GetFromJsonAsync<JsonElement>("/api/signals?limit=200", Cancellation)).GetProperty("items").EnumerateArray().Select(IdOf).ToList();
        var paged = new List<long>();
        for (var path = "/api/signals?limit=2"; path is not null;)
        {
            var page = await program.GetFromJsonAsync<JsonElement>(path, Cancellation);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(IdOf));
            path = page.GetProperty("next").GetString() is { } next ? "/api/signals?limit=2&cursor=" + next : null;
        }

        Assert.True(whole.Count >= 5);
        Assert.Equal(whole, paged);
    }

    [Theory]
    [InlineData("/api/incidents/999999")]
    [InlineData("/api/incidents/999999/suggestions")]
    [InlineData("/api/gateways/nobody-here")]
    [InlineData("/api/nothing")]
    public async Task What_is_not_there_is_told_so(string path)
    {
        using var program = await host.Program(Rights.Read);
        using var answer = await program.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await ConsoleHost.Problem(answer);
    }

    private static IEnumerable<string?> Notes(JsonElement detail) =>
        from entry in detail.GetProperty("timeline").EnumerateArray()
        let happened = entry.GetProperty("event")
        where happened.GetProperty("type").GetString() == "noted"
        select happened.GetProperty("text").GetString();

    private static long IdOf(JsonElement item) => item.GetProperty("id").GetInt64();

    private async Task Press() => await host.Board.PublishAckedAsync("signal", host.Board.Board.Signal(++seq));

    /// <summary>Presses, and gives the newest open incident that the press is in.</summary>
    private async Task<long> NewIncident(HttpClient program)
    {
        await Press();
        return (await program.GetFromJsonAsync<JsonElement>("/api/incidents?kind=help", Cancellation)).GetProperty("items")[0].GetProperty("id").GetInt64();
    }

    private static async Task<JsonElement> Incident(HttpClient program, long id) =>
        (await program.GetFromJsonAsync<JsonElement>($"/api/incidents/{id}", Cancellation)).GetProperty("incident");

    private static async Task Done(HttpClient program, long id, object command)
    {
        using var answer = await Send(program, id, command);
        Assert.True(answer.IsSuccessStatusCode, $"{JsonSerializer.Serialize(command)}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
    }

    private static async Task<HttpResponseMessage> Send(HttpClient program, long id, object command, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/incidents/{id}/commands") { Content = JsonContent.Create(command) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await program.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> EventNamed(StreamReader stream, string name, CancellationToken cancellation)
    {
        var current = "";
        while (await stream.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                current = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && current == name)
            {
                return JsonDocument.Parse(line[6..]).RootElement;
            }
        }

        throw new TimeoutException($"The stream ended before an event '{name}'.");
    }
}
