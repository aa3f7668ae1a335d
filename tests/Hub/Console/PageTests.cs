using System.Net;
using System.Text.RegularExpressions;
using Gateway.Hub.Tests.Api;

namespace Gateway.Hub.Tests.Console;

/// <summary>Every page, in every language and theme: it renders, its words are there, and nothing in it needs an exception from the content security policy.</summary>
public sealed partial class PageTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Pages()
    {
        var pages = new TheoryData<string, string>();
        foreach (var language in Gateway.Hub.Console.Words.BuiltIn.Select(words => words.Tag))
        {
            foreach (var path in new[] { "/room", "/room?incident=1", "/room?incident=nonsense", "/incidents?before=-", "/audit?before=99999999999999999999", "/tests?before=%00", "/duty", "/incidents", "/incidents?state=all", "/incidents/1", "/incidents/424242", "/gateways", "/gateways/sumitu-01", "/gateways/nobody", "/tests", "/patrol", "/visits", "/warnings", "/reviews", "/handover", "/daily", "/daily?day=2026-11-22", "/statistics", "/statistics?month=2026-11", "/work/1", "/work/424242", "/accounts", "/account", "/audit", "/audit?text=account&before=99", "/help", "/settings", "/field", "/phones", "/welcome", "/sign-in", "/setup" })
            {
                pages.Add(path, language);
            }
        }

        return pages;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_renders_with_all_words_and_without_inline_script_or_style(string path, string language)
    {
        await host.Board.PublishAckedAsync("signal", host.Board.Board.Signal(1));
        var html = await Page(path, language);

        Assert.Contains($"<html lang=\"{language}\"", html);
        Assert.DoesNotMatch(MissingWord(), html);
        Assert.DoesNotMatch(InlineStyleOrHandler(), html);
        Assert.DoesNotContain("&amp;quot;", html, StringComparison.Ordinal);
        Assert.All(Script().Matches(html), script => Assert.Matches("src=\"/assets/|type=\"application/json\"", script.Value));
        Assert.DoesNotContain("javascript:", html, StringComparison.OrdinalIgnoreCase);
        Assert.All(Reference().Matches(html), reference => Assert.Matches("^(/|#|tel:)", reference.Groups[1].Value));
    }

    [Fact]
    public async Task Every_answer_carries_a_policy_without_unsafe_inline()
    {
        using var stranger = host.Stranger();
        foreach (var path in new[] { "/sign-in", "/api/health", "/assets/tokens.css", "/nothing-here" })
        {
            using var answer = await stranger.GetAsync(path, Cancellation);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
        }
    }

    [Fact]
    public async Task An_unchanged_asset_is_not_sent_again()
    {
        using var stranger = host.Stranger();
        using var first = await stranger.GetAsync("/assets/live.js", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/live.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await stranger.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/nothing-here", HttpStatusCode.NotFound, "There is no such page")]
    [InlineData("/accounts", HttpStatusCode.Forbidden, "This page is not among your duties")]
    public async Task A_page_that_is_not_there_or_not_for_the_reader_is_a_page_that_says_so(string path, HttpStatusCode status, string says)
    {
        using var reader = await host.Program(Gateway.Hub.Accounts.Rights.Read);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptLanguage.ParseAdd("en");
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await reader.SendAsync(request, Cancellation);
        Assert.Equal(status, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains(says, html, StringComparison.Ordinal);
        Assert.DoesNotMatch(MissingWord(), html);

        // A stranger learns no more than that, and what asks for no page gets none.
        using var stranger = host.Stranger();
        Assert.Empty(await (await stranger.GetAsync("/assets/nothing.js", Cancellation)).Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task The_settings_page_exports_the_station_file_and_offers_its_check_and_import_to_those_who_may()
    {
        using var reader = await host.Program(Gateway.Hub.Accounts.Rights.Read);
        var forReaders = await reader.GetStringAsync("/settings", Cancellation);
        Assert.DoesNotContain("data-station-file", forReaders, StringComparison.Ordinal);
        using var maintainer = await host.Program(Gateway.Hub.Accounts.Rights.Read, Gateway.Hub.Accounts.Rights.Maintain);
        var forMaintainers = await maintainer.GetStringAsync("/settings", Cancellation);
        Assert.Contains("data-station-file", forMaintainers, StringComparison.Ordinal);
        Assert.DoesNotContain("data-import", forMaintainers, StringComparison.Ordinal);
        Assert.Contains("data-import", await Page("/settings", "en"), StringComparison.Ordinal);
    }

    private async Task<string> Page(string path, string language)
    {
        using var browser = await SignedIn();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await browser.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>A token with every right sees what the first account sees, without a password hash per page.</summary>
    private Task<HttpClient> SignedIn() => host.Program([.. Gateway.Hub.Accounts.Rights.All]);

    [GeneratedRegex("\\[[a-z-]+(\\.[A-Za-z0-9-]+)+\\]")]
    private static partial Regex MissingWord();

    [GeneratedRegex("<[a-z][^>]*\\s(style|on[a-z]+)=")]
    private static partial Regex InlineStyleOrHandler();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Reference();
}
