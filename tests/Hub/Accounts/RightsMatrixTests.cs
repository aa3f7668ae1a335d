using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gateway.Hub.Accounts;
using Gateway.Hub.Tests.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Accounts;

/// <summary>
/// Who may what: every endpoint and page that the running hub has, asked by a stranger, by each role, and by a token of each right. A new endpoint without a
/// declared right fails here; one with a right is asked like the others.
/// </summary>
public sealed partial class RightsMatrixTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_endpoint_names_the_right_that_it_needs_or_says_that_it_is_open()
    {
        var silent = Endpoints().Where(endpoint => endpoint.Needs.Count == 0 && !endpoint.IsOpen).Select(endpoint => $"{endpoint.Method} {endpoint.Path}").ToList();
        Assert.True(silent.Count == 0, "RequireAuthorization(Rights...) or AllowAnonymous() is missing at: " + string.Join(", ", silent));
    }

    [Fact]
    public void What_changes_something_never_needs_the_right_to_read_alone_and_whole_families_need_their_own()
    {
        foreach (var endpoint in Endpoints().Where(endpoint => !endpoint.IsOpen))
        {
            // Work beside incidents: one address for all kinds; which right a command needs depends on it, and is asked in the handler.
            var asksInside = endpoint.Path.StartsWith("/api/work", StringComparison.Ordinal);
            Assert.False(endpoint.Method != "GET" && !asksInside && endpoint.Needs.All(right => right == Rights.Read), $"{endpoint.Method} {endpoint.Path} changes something with the right to read");
            if (endpoint.Path.StartsWith("/api/audit", StringComparison.Ordinal) || endpoint.Path.StartsWith("/audit", StringComparison.Ordinal))
            {
                Assert.Equal([Rights.Audit], endpoint.Needs);
            }

            if (endpoint.Path.StartsWith("/api/accounts", StringComparison.Ordinal) || endpoint.Path.StartsWith("/api/tokens", StringComparison.Ordinal))
            {
                Assert.Equal([Rights.Administer], endpoint.Needs);
            }
        }
    }

    [Fact]
    public async Task Every_endpoint_opens_to_those_who_have_its_right_and_to_nobody_else()
    {
        var endpoints = Endpoints().Where(endpoint => !endpoint.Path.StartsWith("/assets/", StringComparison.Ordinal) && endpoint.Path != "/api/session").ToList();
        var (asked, opened, wrong) = (0, 0, new List<string>());
        foreach (var (who, rights, client) in await Callers())
        {
            using (client)
            {
                foreach (var endpoint in endpoints.Where(endpoint => endpoint.Method == "GET" || !endpoint.IsOpen))
                {
                    using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path), HttpCompletionOption.ResponseHeadersRead, Cancellation);
                    var may = endpoint.IsOpen || (rights is not null && endpoint.Needs.All(right => right == Rights.Any || rights.Contains(right)));
                    var isRefused = IsRefused(answer);
                    (asked, opened) = (asked + 1, opened + (may ? 1 : 0));
                    if (may == isRefused)
                    {
                        wrong.Add($"{who}: {endpoint.Method} {endpoint.Path} ({string.Join(" and ", endpoint.Needs)}) answered {(int)answer.StatusCode}");
                    }
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{endpoints.Count} endpoints and pages, {asked} asked, {opened} open, {asked - opened} refused");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
        Assert.True(endpoints.Count >= 60 && asked >= 900, $"{endpoints.Count} endpoints, {asked} asked: is the list whole?");
    }

    private static bool IsRefused(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        || (answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location!.OriginalString.Contains("/sign-in", StringComparison.Ordinal));

    /// <summary>A stranger, a person of each role with a cookie, and a token of each right.</summary>
    private async Task<List<(string Who, IReadOnlyList<string>? Rights, HttpClient Client)>> Callers()
    {
        var stranger = host.Stranger();
        stranger.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
        var callers = new List<(string, IReadOnlyList<string>?, HttpClient)> { ("a stranger", null, stranger) };
        foreach (var role in Roles.All)
        {
            var name = "matrix " + role;
            Assert.True((await host.Accounts.CreateAsync(name, ConsoleHost.Password, [role], "test")).Done);
            var client = host.Stranger();
            client.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
            (await client.PostAsJsonAsync("/api/session", new { name, password = ConsoleHost.Password }, Cancellation)).EnsureSuccessStatusCode();
            callers.Add((role, Roles.RightsOf([role]), client));
        }

        foreach (var right in Rights.All.Order(StringComparer.Ordinal))
        {
            callers.Add(("a token for " + right, [right], await host.Program(right)));
        }

        return callers;
    }

    private IEnumerable<(string Method, string Path, IReadOnlyList<string> Needs, bool IsOpen)> Endpoints() =>
        from endpoint in host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + Place().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), match => match.Groups[1].Value switch { "documentName" => "v1", "device" => "nobody-00", _ => "424242" })
        let needs = endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Distinct().ToList()
        let isOpen = endpoint.Metadata.OfType<IAllowAnonymous>().Any()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, path, (IReadOnlyList<string>)needs, isOpen);

    [GeneratedRegex("\\{([a-zA-Z]+)[^}]*\\}")]
    private static partial Regex Place();
}
