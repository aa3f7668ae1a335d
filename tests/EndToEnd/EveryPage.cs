using System.Text.Json;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>Every page that the navigation offers, in each language and theme: no console error, nothing beyond the screen's edge, nothing that axe-core calls serious.</summary>
public sealed class EveryPage
{
    private const string AxeInstall = "npm install --no-save --prefix tests/EndToEnd axe-core@4";

    [Fact]
    public async Task Every_page_of_the_navigation_is_sound_in_each_language_and_theme()
    {
        var axe = FindAxe();
        Assert.SkipWhen(axe is null, "No axe-core here: " + AxeInstall);
        await using var chromium = await Chromium.StartAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "2");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var context = await chromium.Context(ignorePolicy: true);
        var faults = new List<string>();
        var page = await Desk.SignUpAsync(context, demo, faults);
        await station.Press(Station.FirstBoard);
        await station.TheIncident();
        var paths = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('header.top a')].map(link => link.getAttribute('href'))");
        Assert.Contains("/room", paths);
        Assert.True(paths.Length >= 8, string.Join(" ", paths));
        await Desk.MakeAccountAsync(page, "Volunteer 1", "volunteer");

        foreach (var (language, theme) in new[] { ("en", "dark"), ("en", "day"), ("zh-CN", "dark"), ("zh-CN", "day") })
        {
            await context.AddCookiesAsync([CookieOf(demo, "language", language), CookieOf(demo, "theme", theme)]);
            foreach (var path in paths.Append("/incidents/1").Append("/gateways/sumitu-01").Distinct())
            {
                await JudgeAsync(page, demo, path, axe!, $"{path} {language} {theme}", faults);
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Each_role_sees_its_own_pages_and_no_others()
    {
        await using var chromium = await Chromium.StartAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");
        await using var context = await chromium.Context();
        var administrator = await Desk.SignUpAsync(context, demo, []);
        await Desk.MakeAccountAsync(administrator, "Night desk", "operator");
        await Desk.MakeAccountAsync(administrator, "Volunteer 7", "volunteer");
        await Desk.MakeAccountAsync(administrator, "Auditor 1", "auditor");

        Assert.Contains("/accounts", await LinksOf(administrator));
        await using var nightContext = await chromium.Context();
        var night = await LinksOf(await Desk.SignInAsync(nightContext, demo, "Night desk", "/room", []));
        Assert.Contains("/room", night);
        Assert.DoesNotContain("/accounts", night);
        Assert.DoesNotContain("/phones", night);
        Assert.DoesNotContain("/boards", night);
        await using var auditorContext = await chromium.Context();
        var auditor = await Desk.SignInAsync(auditorContext, demo, "Auditor 1", "/room", []);
        Assert.DoesNotContain("/accounts", await LinksOf(auditor));
        await Assertions.Expect(auditor.Locator("button[data-post]")).ToHaveCountAsync(0);
        await using var volunteerContext = await chromium.Context(width: 390, height: 844);
        var volunteer = await LinksOf(await Desk.SignInAsync(volunteerContext, demo, "Volunteer 7", "/field", []));
        Assert.Equal(["/account", "/help", "/settings"], volunteer.Order());
    }

    private static async Task JudgeAsync(IPage page, DemoProcess demo, string path, string axe, string name, List<string> faults)
    {
        await page.GotoAsync(Desk.ConsoleOf(demo) + path);
        await page.Locator("main").WaitForAsync();
        if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
        {
            faults.Add($"{name}: wider than the screen");
        }

        await page.AddScriptTagAsync(new() { Path = axe });
        var found = await page.EvaluateAsync<JsonElement>("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }).then(result => result.violations.map(v => `${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 160)}`))");
        faults.AddRange(found.EnumerateArray().Select(violation => violation.GetString()!)
            .Where(text => text.StartsWith("serious", StringComparison.Ordinal) || text.StartsWith("critical", StringComparison.Ordinal)).Select(text => $"{name}: {text}"));
    }

    private static async Task<string[]> LinksOf(IPage page) =>
        await page.EvaluateAsync<string[]>("[...document.querySelectorAll('header.top a')].map(link => link.getAttribute('href'))");

    private static Cookie CookieOf(DemoProcess demo, string name, string value) => new() { Name = name, Value = value, Url = Desk.ConsoleOf(demo) };

    /// <summary>Beside this project, where npm put it.</summary>
    private static string? FindAxe()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "EndToEnd", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
