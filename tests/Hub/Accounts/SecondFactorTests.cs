using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Api;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;

namespace Gateway.Hub.Tests.Accounts;

/// <summary>A production hub (no virtual boards): an administrator's rights sleep until a second factor is confirmed. Sessions end when they are told to.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private WebApplication _app = null!;
    private Uri _address = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AccountService Accounts => _app.Services.GetRequiredService<AccountService>();

    public async ValueTask InitializeAsync()
    {
        _app = HubHost.Build(new HubOptions { DataFolder = _folder.Path, StationFile = "" }, Seeds.Sumitu);
        _address = (await HubHost.StartAsync(_app)).Console;
        Assert.True((await Accounts.SetUpAsync(Accounts.CreateSetupKey(), ConsoleHost.Name, ConsoleHost.Password)).Done);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_administrator_has_no_rights_of_one_before_the_second_factor_and_each_code_opens_once()
    {
        using var browser = Browser();
        Assert.Equal(HttpStatusCode.OK, (await SignIn(browser)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/api/accounts", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/incidents", Cancellation)).StatusCode);

        var (secret, codes) = await Enrol(browser);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/accounts", Cancellation)).StatusCode);
        Assert.Equal(AccountRules.RecoveryCodes, codes.Count);

        using var other = Browser();
        Assert.Equal("code-needed", (await ConsoleHost.Problem(await SignIn(other))).Refusal);
        Assert.Equal("code-wrong", (await ConsoleHost.Problem(await SignIn(other, "000000"))).Refusal);
        Assert.Equal("code-wrong", (await ConsoleHost.Problem(await SignIn(other, AccountHarness.CodeOf(secret, DateTimeOffset.UtcNow.AddSeconds(-30))))).Refusal);
        Assert.Equal(HttpStatusCode.OK, (await SignIn(other, codes[0])).StatusCode);
        Assert.Equal("code-wrong", (await ConsoleHost.Problem(await SignIn(other, codes[0]))).Refusal);
    }

    [Fact]
    public async Task The_secret_and_the_codes_are_nowhere_in_the_database_as_they_are()
    {
        using var browser = Browser();
        await SignIn(browser);
        var (secret, codes) = await Enrol(browser);
        using var connection = _app.Services.GetRequiredService<HubService>().Database.Connect();
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var file = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, HubDatabase.FileName), Cancellation);
        Assert.Equal(-1, file.AsSpan().IndexOf(Base32Encoding.ToBytes(secret)));
        Assert.Equal(-1, file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(secret)));
        Assert.All(codes, code => Assert.Equal(-1, file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(code))));
    }

    [Fact]
    public async Task A_session_ends_with_the_next_request_once_it_is_ended_or_signed_out_and_the_others_go_on()
    {
        using var first = Browser();
        using var second = Browser();
        await SignIn(first);
        await SignIn(second);
        var sessions = await first.GetFromJsonAsync<JsonElement>("/api/account/sessions", Cancellation);
        Assert.Equal(2, sessions.GetArrayLength());
        var other = sessions.EnumerateArray().Single(session => !session.GetProperty("present").GetBoolean()).GetProperty("id").GetString();

        Assert.Equal(HttpStatusCode.NoContent, (await first.DeleteAsync($"/api/account/sessions/{other}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.GetAsync("/api/session", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await first.GetAsync("/api/session", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await first.DeleteAsync($"/api/account/sessions/{other}", Cancellation)).StatusCode);

        await first.DeleteAsync("/api/session", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/api/session", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task An_administrator_sees_where_another_account_is_signed_in_and_ends_one_of_its_sessions_I13()
    {
        Assert.True((await Accounts.CreateAsync("Desk 2", ConsoleHost.Password, [Roles.Operator], "test")).Done);
        var id = Accounts.List().Single(account => account.Name == "Desk 2").Id;
        using var administrator = Browser();
        await SignIn(administrator);
        await Enrol(administrator);
        using var first = Browser();
        using var second = Browser();
        foreach (var desk in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.OK, (await desk.PostAsJsonAsync("/api/session", new { name = "Desk 2", password = ConsoleHost.Password }, Cancellation)).StatusCode);
        }

        var own = (await first.GetFromJsonAsync<JsonElement>("/api/account/sessions", Cancellation)).EnumerateArray().Single(session => session.GetProperty("present").GetBoolean()).GetProperty("id").GetString();
        var seen = await administrator.GetFromJsonAsync<JsonElement>($"/api/accounts/{id}/sessions", Cancellation);
        Assert.Equal(2, seen.GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.DeleteAsync($"/api/accounts/{id}/sessions/{own}", Cancellation)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/api/session", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/api/session", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.DeleteAsync($"/api/accounts/{id}/sessions/{own}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.GetAsync("/api/accounts/999/sessions", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await administrator.PostAsJsonAsync("/api/tokens", new { name = "no scope" }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await administrator.PostAsJsonAsync("/api/tokens", new { name = "over", scopes = new[] { "read" }, expiresAt = "2020-01-01T00:00:00Z" }, Cancellation)).StatusCode);
        using var connection = _app.Services.GetRequiredService<HubService>().Database.Connect();
        Assert.Equal(1, connection.Scalar("SELECT count(*) FROM audit WHERE kind = 'account.sessionEnded' AND subject = 'account/Desk 2'"));
    }

    [Fact]
    public async Task Sign_ins_refusals_and_lock_outs_are_in_the_audit_chain_and_no_typed_name_is()
    {
        using var browser = Browser();
        await SignIn(browser);
        await browser.PostAsJsonAsync("/api/session", new { name = "quiet steppe typed as a name", password = "x" }, Cancellation);
        for (var i = 0; i < AccountRules.FailuresMax; i++)
        {
            await browser.PostAsJsonAsync("/api/session", new { name = ConsoleHost.Name, password = "wrong" }, Cancellation);
        }

        using var connection = _app.Services.GetRequiredService<HubService>().Database.Connect();
        var kinds = connection.Rows("SELECT kind FROM audit WHERE kind LIKE 'session.%' OR kind = 'account.locked' ORDER BY seq", row => row.GetString(0));
        Assert.Equal(["session.opened", .. Enumerable.Repeat("session.refused", AccountRules.FailuresMax), "account.locked"], kinds);
        Assert.Equal(0, connection.Scalar("SELECT count(*) FROM audit WHERE actor || subject || content LIKE '%steppe%'"));
    }

    private HttpClient Browser()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _address };
        client.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
        return client;
    }

    private static Task<HttpResponseMessage> SignIn(HttpClient client, string? code = null) =>
        client.PostAsJsonAsync("/api/session", new { name = ConsoleHost.Name, password = ConsoleHost.Password, code }, Cancellation);

    private static async Task<(string Secret, List<string> Codes)> Enrol(HttpClient browser)
    {
        var offer = await (await browser.PostAsync("/api/account/second-factor", null, Cancellation)).Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.StartsWith("<svg ", offer.GetProperty("qr").GetString());
        var secret = offer.GetProperty("secret").GetString()!;
        var answer = await browser.PostAsJsonAsync("/api/account/second-factor/confirm", new { code = AccountHarness.CodeOf(secret, DateTimeOffset.UtcNow) }, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        var codes = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("recoveryCodes");
        return (secret, codes.EnumerateArray().Select(code => code.GetString()!).ToList());
    }
}
