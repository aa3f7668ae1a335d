using System.Text.Json;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>
/// Every page that the navigation offers, with a night's data in it, in each language and theme on a desk, and each of them on a phone: no console error, nothing beyond the screen's edge, nothing
/// that axe-core calls serious. With <c>GATEWAY_PICTURES=FOLDER</c> it leaves a picture of each, on the wall screen too, for people to look at.
/// </summary>
[Collection(ANight.Name)]
public sealed class EveryPage(ANight night)
{
    private const string AxeInstall = "npm install --no-save --prefix tests/EndToEnd axe-core@4";
    private const int PagesAtOnce = 3;

    private static readonly (string Name, int Width, int Height) Desktop = ("desk", 1366, 768);
    private static readonly (string Name, int Width, int Height) Phone = ("phone", 390, 844);
    private static readonly (string Name, int Width, int Height) Wall = ("wall", 1920, 1080);

    public static TheoryData<string, string> Looks() => new() { { "en", "dark" }, { "en", "day" }, { "zh-CN", "dark" }, { "zh-CN", "day" } };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_of_the_navigation_is_sound_on_a_desk_and_on_a_phone(string language, string theme)
    {
        var axe = FindAxe();
        Assert.SkipWhen(axe is null, "No axe-core here: " + AxeInstall);
        var chromium = await Chromium.SharedAsync();
        var faults = new List<string>();
        // The same words and colours on a phone as on a desk: each language and each theme is once on a phone.
        var isOnPhone = (language == "en") == (theme == "day");
        foreach (var size in ANight.Pictures is not null ? [Desktop, Phone, Wall] : isOnPhone ? [Desktop, Phone] : new[] { Desktop })
        {
            foreach (var (account, paths) in await PathsAsync(chromium))
            {
                await using var context = await chromium.Context(language, size.Width, size.Height, ignorePolicy: true);
                await night.SignInAsync(context, account);
                await context.AddCookiesAsync([CookieOf("language", language), CookieOf("theme", theme)]);
                await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = PagesAtOnce }, async (path, _) =>
                {
                    var found = await JudgeAsync(context, path, axe!, $"{path} {language} {theme} {size.Name}");
                    lock (faults)
                    {
                        faults.AddRange(found);
                    }
                });
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Each_role_sees_its_own_pages_and_no_others()
    {
        var chromium = await Chromium.SharedAsync();
        Assert.Contains("/accounts", await LinksOf(chromium, ANight.Administrator));
        var desk = await LinksOf(chromium, ANight.NightDesk);
        Assert.Contains("/room", desk);
        Assert.DoesNotContain("/accounts", desk);
        Assert.DoesNotContain("/phones", desk);
        Assert.DoesNotContain("/boards", desk);
        await using var context = await chromium.Context();
        await night.SignInAsync(context, ANight.Auditor);
        var auditor = await Desk.OpenAsync(context, new Uri(night.Console, "/room"), []);
        Assert.DoesNotContain("/accounts", await LinksOf(auditor));
        await Assertions.Expect(auditor.Locator("button[data-post]")).ToHaveCountAsync(0);
        Assert.Equal(["/account", "/help", "/settings"], (await LinksOf(chromium, ANight.Volunteer)).Order());
    }

    /// <summary>What each account is shown by its navigation, and pages that are reached from there.</summary>
    private async Task<IReadOnlyList<(string Account, string[] Paths)>> PathsAsync(Chromium chromium)
    {
        var paths = await LinksOf(chromium, ANight.Administrator);
        Assert.Contains("/room", paths);
        Assert.True(paths.Length >= 15, string.Join(" ", paths));
        return
        [
            (ANight.Administrator, [.. paths, $"/room?incident={night.RunningId}", $"/incidents/{night.RunningId}", "/incidents?state=all", "/gateways/sumitu-01", "/gateways/sumitu-07", "/work/1", "/accounts/1"]),
            (ANight.Volunteer, ["/field", "/welcome"]),
        ];
    }

    private async Task<List<string>> JudgeAsync(IBrowserContext context, string path, string axe, string name)
    {
        var faults = new List<string>();
        var page = await Desk.OpenAsync(context, new Uri(night.Console, path), faults);
        await page.Locator("main").WaitForAsync();
        if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
        {
            faults.Add($"{name}: wider than the screen");
        }

        if (await page.Locator("#veil").IsVisibleAsync())
        {
            faults.Add($"{name}: covered as if the hub were lost");
        }

        if (ANight.Pictures is { } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name.Replace('/', '_').Replace('?', '_').Replace(' ', '.') + ".png") });
        }

        await page.AddScriptTagAsync(new() { Path = axe });
        var found = await page.EvaluateAsync<JsonElement>("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }).then(result => result.violations.map(v => `${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 160)}`))");
        faults.AddRange(found.EnumerateArray().Select(violation => violation.GetString()!)
            .Where(text => text.StartsWith("serious", StringComparison.Ordinal) || text.StartsWith("critical", StringComparison.Ordinal)).Select(text => $"{name}: {text}"));
        await page.CloseAsync();
        return faults;
    }

    private async Task<string[]> LinksOf(Chromium chromium, string account)
    {
        await using var context = await chromium.Context();
        await night.SignInAsync(context, account);
        return await LinksOf(await Desk.OpenAsync(context, night.Console, []));
    }

    private static async Task<string[]> LinksOf(IPage page) =>
        await page.EvaluateAsync<string[]>("[...document.querySelectorAll('header.top a')].map(link => link.getAttribute('href'))");

    private Cookie CookieOf(string name, string value) => new() { Name = name, Value = value, Url = night.Console.ToString() };

    /// <summary>Beside this project, where npm put it.</summary>
    private static string? FindAxe()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            var path = Path.Combine(above.FullName, "tests", "EndToEnd", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
