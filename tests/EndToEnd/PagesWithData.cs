using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>Every page shows what there is, and not only its frame.</summary>
[Collection(ANight.Name)]
public sealed class PagesWithData(ANight night)
{
    private sealed record Expected(string Path, string[] Texts, (string Selector, int AtLeast)[] Parts);

    [Fact]
    public async Task Every_page_of_the_desk_shows_the_nights_data()
    {
        var chromium = await Chromium.SharedAsync();
        await using var context = await chromium.Context();
        await night.SignInAsync(context, ANight.Administrator);
        var faults = new List<string>();
        var page = await Desk.OpenAsync(context, night.Console, faults);
        var day = await DayWithCallsAsync(page);
        foreach (var expected in Pages(day))
        {
            await page.GotoAsync(new Uri(night.Console, expected.Path).ToString());
            await JudgeAsync(page, expected, faults);
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task The_volunteers_page_shows_the_call_that_the_volunteer_is_sent_to_and_every_target_is_large()
    {
        var chromium = await Chromium.SharedAsync();
        await using var context = await chromium.Context(width: 390, height: 844);
        await night.SignInAsync(context, ANight.Volunteer);
        var faults = new List<string>();
        var page = await Desk.OpenAsync(context, new Uri(night.Console, "/field"), faults);
        await JudgeAsync(page, new("/field", ["Help button", "Bayanbulag gacha room", "+86 000 0000 0001", "I cannot go"], [(".field-call", 1), (".field-steps li", 4), (".mongolian", 1)]), faults);

        // A finger in a glove: at least 48 px, which is 9 mm on a phone.
        var small = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("button, a, summary, select, textarea, input")].filter(part => part.checkVisibility())
              .filter(part => { const box = part.getBoundingClientRect(); return Math.round(Math.min(box.width, box.height)) < 48; }).map(part => part.outerHTML.slice(0, 120))
            """);
        Assert.True(small.Length == 0, string.Join("\n", small));
        Assert.Equal("vertical-lr", await page.Locator(".mongolian").First.EvaluateAsync<string>("part => getComputedStyle(part).writingMode"));
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task On_the_wall_screen_what_a_call_is_and_where_and_its_clock_have_letters_that_are_read_at_four_metres()
    {
        var chromium = await Chromium.SharedAsync();
        await using var context = await chromium.Context(width: 1920, height: 1080);
        await night.SignInAsync(context, ANight.NightDesk);
        await context.AddCookiesAsync([new Cookie { Name = "screen", Value = "wall", Url = night.Console.ToString() }]);
        var page = await Desk.OpenAsync(context, new Uri(night.Console, "/room"), []);
        var sizes = await page.EvaluateAsync<Dictionary<string, double>>(
            """
            () => Object.fromEntries([".call .what", ".call > time", ".call .where", ".headline h1", ".headline .wall", ".name.called", ".name:not(.called)"].map(selector => {
              const part = document.querySelector(selector);
              return [selector, parseFloat(getComputedStyle(part).fontSize) * (part.getScreenCTM?.().a ?? 1)];
            }))
            """);
        if (ANight.Pictures is { } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "wall.png") });
        }

        // 55 inches, 1920 px wide: 0.634 mm to the pixel. Capitals are 0.714 of the letter's size. 16 minutes of arc at 4 m (ISO 9241-303) are 18.6 mm: 41.1 px. Quiet names need not be read first: 13 minutes.
        Assert.All(sizes, size => Assert.True(size.Value >= (size.Key == ".name:not(.called)" ? 33.4 : 41.1), $"{size.Key} is {size.Value:F1} px: {string.Join(", ", sizes)}"));
    }

    private IEnumerable<Expected> Pages(string day) =>
    [
        new("/room", ["Silent call", "Khushuut gacha room", "taken back", "Mains power lost", "3 places"], [("a.call", 6), (".station-map .alarm", 4), (".who label", 3), (".events li", 1), (".board.lost", 1)]),
        new($"/room?incident={night.RunningId}", ["Volunteer 3, Bayanbulag", "+86 000 0000 0001"], [(".way, .who .chip", 1), ("[data-key=R]", 1)]),
        new("/duty", ["Officer 1, Sumitu station", "busy with 1"], [("tbody tr", 40)]),
        new("/incidents?state=all", ["closed", "Livestock pen"], [("tbody tr", 20)]),
        new($"/incidents/{night.ClosedId}", ["Elderly person fell; the neighbour stays.", "Visited; well.", "Ulaantolgoi gacha room"], [(".events li", 7), ("#incident-signals tbody tr", 1)]),
        new("/patrol", ["Station yard", "Chagaannuur shore"], [("progress[value]:not([value='0'])", 1)]),
        new("/visits", ["Winter round", "The street lamp at the well is dark.", "Fraud by telephone", "Plan 7"], [("progress", 2)]),
        new("/warnings", ["points from"], [(".level", 1), ("#warnings tbody tr", 3)]),
        new("/reviews", ["Legal review"], []),
        new("/handover", ["Road to the north room is closed", "Silent call"], [("#handover-open li", 8)]),
        new($"/daily?day={day}", ["repeated:"], [("#daily tbody tr", 1)]),
        new("/statistics", ["Month over month", "Help button"], [("svg.bar", 1), ("svg.heat .heat-count", 3), (".statistics tbody tr", 10)]),
        new("/gateways", ["Bayanundur gacha room", "link lost", "on battery"], [("#gateways tbody tr", 10), (".lamp[data-state=bad]", 1)]),
        new("/gateways/sumitu-01", ["Bayanbulag gacha room", "mains on"], [("tbody tr", 2)]),
        new("/tests", ["Test signals"], []),
        new("/boards", ["Bayanbulag gacha room", "Written down"], [(".lamp", 40)]),
        new("/accounts", [ANight.NightDesk, ANight.Volunteer, "demo.json"], [("tbody tr", 5)]),
        new("/accounts/1", [ANight.Administrator], [("input[type=checkbox]:checked", 2)]),
        new("/phones", ["Volunteer 1, Bayanbulag"], [("option[selected]", 1)]),
        new("/audit", ["incident.opened", "account.", "incident/"], [("tbody tr", 20)]),
        new("/account", ["Second factor"], [("tbody tr", 1)]),
        new("/settings", ["Otog Banner", "arrive, core zone"], [("tbody tr", 10), ("[aria-pressed=true]", 2)]),
        new("/help", ["An orange bar over the whole width"], [("kbd", 25), ("[data-play]", 3), (".mark", 3)]),
        new("/work/1", [], [("#work-story tbody tr", 1)]),
    ];

    private static async Task JudgeAsync(IPage page, Expected expected, List<string> faults)
    {
        foreach (var text in expected.Texts)
        {
            try
            {
                await Assertions.Expect(page.Locator("main")).ToContainTextAsync(text);
            }
            catch (PlaywrightException)
            {
                faults.Add($"{expected.Path}: does not say '{text}'");
            }
        }

        foreach (var (selector, atLeast) in expected.Parts)
        {
            var there = await page.Locator("main").Locator(selector).CountAsync();
            if (there < atLeast)
            {
                faults.Add($"{expected.Path}: {there} of {atLeast} {selector}");
            }
        }
    }

    /// <summary>The newest day before today with a call: the past has fewer than two a day.</summary>
    private static async Task<string> DayWithCallsAsync(IPage page)
    {
        for (var back = 1; back <= 20; back++)
        {
            var day = DateTimeOffset.UtcNow.AddHours(8).AddDays(-back).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            if (await page.EvaluateAsync<bool>("async day => (await (await fetch('/api/days/' + day)).text()).includes('callPointId')", day))
            {
                return day;
            }
        }

        Assert.Fail("The past has no call in twenty days.");
        return "";
    }
}
