using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>What is printed: A4, black on white also from the dark room, no controls, nothing cut off at the edge. With <c>GATEWAY_PICTURES=FOLDER</c> the sheets are left there as PDF.</summary>
[Collection(ANight.Name)]
public sealed class PagesOnPaper(ANight night)
{
    /// <summary>A4 less its margins of 12 mm, at 96 px to the inch.</summary>
    private const int SheetWidth = 703;

    private const string White = "rgb(255, 255, 255)";
    private const string Black = "rgb(0, 0, 0)";

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task Reports_print_black_on_white_without_controls_and_fit_the_sheet(string language)
    {
        var chromium = await Chromium.SharedAsync();
        await using var context = await chromium.Context(language, SheetWidth, 994);
        await night.SignInAsync(context, ANight.Administrator);
        await context.AddCookiesAsync([new Cookie { Name = "theme", Value = "dark", Url = night.Console.ToString() }]);
        var faults = new List<string>();
        foreach (var (name, path) in new[] { ("report", $"/incidents/{night.ClosedId}"), ("month", "/statistics"), ("day", "/daily"), ("handover", "/handover") })
        {
            var page = await Desk.OpenAsync(context, new Uri(night.Console, path), faults);
            await Assertions.Expect(page.Locator("[data-print]")).ToBeVisibleAsync();
            await page.EvaluateAsync("() => { window.print = () => { document.body.dataset.printed = ''; }; }");
            await page.Locator("[data-print]").ClickAsync();
            await Assertions.Expect(page.Locator("body")).ToHaveAttributeAsync("data-printed", "");
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            await Assertions.Expect(page.Locator(".printed")).ToBeVisibleAsync();
            faults.AddRange((await page.EvaluateAsync<string[]>(
                """
                ([black, white]) => {
                  const found = [];
                  const ground = element => { for (let at = element; at; at = at.parentElement) { const fill = getComputedStyle(at).backgroundColor; if (!fill.endsWith(", 0)")) return fill; } return white; };
                  for (const part of document.querySelectorAll("button, nav, header.top, dialog, form, .sound-off, [data-post]")) if (part.checkVisibility()) found.push("printed control: " + part.outerHTML.slice(0, 90));
                  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the sheet: " + document.documentElement.scrollWidth);
                  for (const part of document.querySelectorAll("main p, main td, main dd, main h1, main h2")) {
                    const box = part.getBoundingClientRect();
                    if (box.right > innerWidth + 1) found.push("cut off: " + part.textContent.slice(0, 60));
                    if (part.matches("h1, td:not([class])") && (getComputedStyle(part).color !== black || ground(part) !== white)) found.push("not black on white: " + part.textContent.slice(0, 60));
                  }
                  return [...new Set(found)].slice(0, 8);
                }
                """,
                new[] { Black, White })).Select(fault => $"{path} {language}: {fault}"));
            if (ANight.Pictures is { } folder)
            {
                await page.PdfAsync(new() { Path = Path.Combine(folder, $"{name}.{language}.pdf"), Format = "A4", PreferCSSPageSize = true, PrintBackground = false });
            }

            await page.CloseAsync();
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }
}
