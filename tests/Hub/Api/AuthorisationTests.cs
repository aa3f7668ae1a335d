using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Api;

/// <summary>Who gets in. The endpoints are those that the hub really has, not a list that somebody keeps.</summary>
public sealed partial class AuthorisationTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static readonly HashSet<string> Open = ["GET /sign-in", "GET /setup", "GET /health", "GET /api/health", "POST /api/session", "POST /api/setup"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_is_refused_everywhere_but_at_the_named_doors()
    {
        using var stranger = host.Stranger();
        stranger.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
        var wrong = new List<string>();
        var refused = 0;
        foreach (var (method, path) in Endpoints())
        {
            using var answer = await stranger.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), HttpCompletionOption.ResponseHeadersRead, Cancellation);
            var isRefused = answer.StatusCode == HttpStatusCode.Unauthorized
                || answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location!.OriginalString.Contains("/sign-in", StringComparison.Ordinal);
            var mayEnter = Open.Contains($"{method} {path}") || path.StartsWith("/assets/", StringComparison.Ordinal);
            refused += isRefused ? 1 : 0;
            if (isRefused == mayEnter)
            {
                wrong.Add($"{method} {path}: {(int)answer.StatusCode}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("; ", wrong));
        Assert.True(refused >= 20, $"only {refused} endpoints refused: is the list of endpoints whole?");
    }

    [Fact]
    public async Task A_stranger_is_sent_to_the_sign_in_of_this_console_whatever_host_the_request_names()
    {
        using var stranger = host.Stranger();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/gateways?x=1") { Headers = { Host = "evil.example" } };
        using var answer = await stranger.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/sign-in?back=%2Fgateways%3Fx%3D1", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("POST", "/api/incidents/1/commands", Rights.Read)]
    [InlineData("POST", "/api/gateways/sumitu-01/commands", Rights.Operate)]
    [InlineData("POST", "/api/accounts", Rights.Supervise)]
    [InlineData("GET", "/api/incidents", Rights.Administer)]
    public async Task A_right_opens_its_own_door_and_no_other(string method, string path, string right)
    {
        using var program = await host.Program(right);
        using var answer = await program.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("not-allowed", (await ConsoleHost.Problem(answer)).Refusal);
    }

    [Theory]
    [InlineData(null, null, null, HttpStatusCode.Forbidden)]
    [InlineData("1", "http://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("1", "null", null, HttpStatusCode.Forbidden)]
    [InlineData("1", null, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("1", null, "same-site", HttpStatusCode.Forbidden)]
    [InlineData("0", "own", null, HttpStatusCode.Forbidden)]
    [InlineData("1", "own", "same-origin", HttpStatusCode.Created)]
    public async Task A_change_with_a_cookie_needs_our_header_and_our_origin(string? header, string? origin, string? site, HttpStatusCode expected)
    {
        using var browser = await host.Browser();
        browser.DefaultRequestHeaders.Remove(ForgeryGuard.Header);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/accounts")
        {
            Content = JsonContent.Create(new { name = "Desk " + Guid.NewGuid().ToString("n")[..8], password = ConsoleHost.Password, roles = new[] { Roles.Operator } }),
        };
        AddIfThere(request, ForgeryGuard.Header, header);
        AddIfThere(request, "Origin", origin == "own" ? host.Origin : origin);
        AddIfThere(request, "Sec-Fetch-Site", site);
        using var answer = await browser.SendAsync(request, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var client = host.Stranger();
        client.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
        using var answer = await client.PostAsJsonAsync("/api/session", new { name = ConsoleHost.Name, password = ConsoleHost.Password }, Cancellation);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie")).ToLowerInvariant();
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
    }

    [Fact]
    public async Task A_disabled_account_loses_its_open_session_with_the_next_request()
    {
        var second = (await host.Accounts.CreateAsync("Desk 77", ConsoleHost.Password, [Roles.Operator], "test")).Account!;
        using var browser = host.Stranger();
        browser.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
        (await browser.PostAsJsonAsync("/api/session", new { name = "Desk 77", password = ConsoleHost.Password }, Cancellation)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/session", Cancellation)).StatusCode);
        await host.Accounts.SetDisabledAsync(second.Id, true, "test");
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/session", Cancellation)).StatusCode);
    }

    private static void AddIfThere(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private IEnumerable<(string Method, string Path)> Endpoints() =>
        from endpoint in host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + Place().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), match => match.Groups[1].Value switch { "documentName" => "v1", "device" => "sumitu-01", _ => "1" })
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, path);

    [GeneratedRegex("\\{([a-zA-Z]+)[^}]*\\}")]
    private static partial Regex Place();
}

/// <summary>Passwords cannot be tried without end. Its own hub: the limit is per address, and would hold the other tests up.</summary>
public sealed class SignInLimitTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    [Fact]
    public async Task The_twenty_first_try_within_a_minute_is_refused_before_it_is_judged()
    {
        using var client = host.Stranger();
        client.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 21; attempt++)
        {
            using var answer = await client.PostAsJsonAsync("/api/session", new { name = "nobody", password = "nothing" }, TestContext.Current.CancellationToken);
            statuses.Add(answer.StatusCode);
        }

        Assert.All(statuses.SkipLast(1), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }
}
