using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>The station's reference data by the page: out as a file, a file with mistakes told with its lines, a good one checked, imported for the next start, and taken back.</summary>
public sealed class StationFileOnThePage
{
    [Fact]
    public async Task A_station_file_is_exported_checked_imported_and_taken_back_on_the_settings_page()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var page = await Desk.SignUpAsync(context, demo, faults);
        await page.GotoAsync(Desk.ConsoleOf(demo) + "/settings");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync());
        var exported = Path.Combine(folder.Path, "exported.yaml");
        await download.SaveAsAsync(exported);
        var text = await File.ReadAllTextAsync(exported, TestContext.Current.CancellationToken);

        // Mistakes: each with its line, and nothing to import.
        var import = page.GetByRole(AriaRole.Button, new() { Name = "Import this file" });
        await ChooseAsync(page, text.Replace("carKmh:", "carKmhh:", StringComparison.Ordinal));
        await Says(page, "The file cannot be used: 2 errors. Nothing was changed.");
        await Says(page, "`carKmhh` is not known here");
        await Assertions.Expect(import).ToBeHiddenAsync();

        // A good one: what it would change, and only then the button.
        await ChooseAsync(page, text.Replace("officer-4", "officer-9", StringComparison.Ordinal));
        await Says(page, "Responders: 1 new (officer-9)");
        await Says(page, "Responders: 1 gone (officer-4)");
        await import.ClickAsync();
        await Assertions.Expect(page.Locator("#station-files")).ToContainTextAsync("changes at the next start");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the import back" }).ClickAsync();
        await Assertions.Expect(page.Locator("#station-files")).Not.ToContainTextAsync("changes at the next start");

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static Task ChooseAsync(IPage page, string text) =>
        page.GetByLabel("Check a file").SetInputFilesAsync(new FilePayload { Name = "station.yaml", MimeType = "application/yaml", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });

    private static Task Says(IPage page, string text) =>
        Assertions.Expect(page.Locator("[data-found]")).ToContainTextAsync(text);
}
