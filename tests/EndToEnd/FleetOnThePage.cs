using System.Text.Json;
using Gateway.VirtualBoard;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>A gateway from the page to the wall: provisioned in the browser, its file in a board's flash or its lines at the service header, and then online.</summary>
public sealed class FleetOnThePage
{
    [Fact]
    public async Task A_gateway_is_provisioned_on_the_page_its_file_starts_a_board_that_comes_online_and_closing_the_dialog_forgets_it()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var page = await Desk.SignUpAsync(context, demo, faults);
        await page.GotoAsync(Desk.ConsoleOf(demo) + "/gateways");

        var dialog = await ProvisionAsync(page, "sumitu-03");
        await Assertions.Expect(dialog.Locator(".qr svg path")).ToHaveCountAsync(1);
        var download = await page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Link, new() { Name = "gateway.json" }).ClickAsync());
        Assert.Equal("gateway.json", download.SuggestedFilename);
        using var flash = new TemporaryFolder();
        await download.SaveAsAsync(Path.Combine(flash.Path, "gateway.json"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have saved it" }).ClickAsync();
        // The dialog's close event, which clears it, is the browser's next task.
        await Assertions.Expect(page.Locator("#provision-text")).ToBeEmptyAsync();
        Assert.Null(await page.Locator("#provision-shown a").First.GetAttributeAsync("href"));

        using var board = new RealTimeBoard(new RealTimeBoardOptions("sumitu-03", flash.Path));
        board.PowerOn();
        await IsOnlineAsync(page, demo, "sumitu-03");

        // And what a person asks of it there comes back on the page.
        await page.GotoAsync(Desk.ConsoleOf(demo) + "/gateways/sumitu-03");
        await page.GetByRole(AriaRole.Button, new() { Name = "Blink all lamps" }).ClickAsync();
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.Locator("#gateway-commands")).ToContainTextAsync("done");
        await ConfigureAsync(page);

        // Revoking asks for the name, and cuts the board off.
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke…" }).ClickAsync();
        var revoke = page.Locator("dialog[open]");
        await revoke.Locator("input").FillAsync("sumitu-30");
        await revoke.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        Assert.False((await StateOf(page, "sumitu-03")).GetProperty("revoked").GetBoolean());
        await revoke.Locator("input").FillAsync("sumitu-03");
        await revoke.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Eventually.Get("sumitu-03 is revoked", () => StateOf(page, "sumitu-03"), state => state.GetProperty("revoked").GetBoolean());

        // The one refusal that was asked for above is all that the browser complained of.
        Assert.True(faults.Count == 1 && faults[0].Contains("400", StringComparison.Ordinal), string.Join("\n", faults));
    }

    [Fact]
    public async Task The_lines_of_the_page_sent_at_the_service_header_provision_a_blank_board()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");
        await using var context = await chromium.Context();
        var page = await Desk.SignUpAsync(context, demo, []);
        await page.GotoAsync(Desk.ConsoleOf(demo) + "/gateways");
        var dialog = await ProvisionAsync(page, "sumitu-04");
        var lines = (await dialog.Locator("#provision-text").TextContentAsync())!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("set save", lines[^1]);

        using var flash = new TemporaryFolder();
        using var board = new RealTimeBoard(new RealTimeBoardOptions("sumitu-04", flash.Path));
        board.PowerOn();
        foreach (var line in lines)
        {
            Assert.InRange(line.Length, 1, 120);
            board.TypeAtService(line);
            var answer = "";
            await Eventually.Get($"the answer to '{line[..Math.Min(12, line.Length)]}'", () => Task.FromResult(answer += board.ReadService()), text => text.Contains("\r\n", StringComparison.Ordinal));
            Assert.Equal("ok\r\n", answer);
        }

        await IsOnlineAsync(page, demo, "sumitu-04");
    }

    private static async Task<ILocator> ProvisionAsync(IPage page, string device)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "New gateway…" }).ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await dialog.GetByLabel("Device").FillAsync(device);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "New gateway" }).ClickAsync();
        await dialog.GetByText("Shown once.").WaitForAsync();
        return dialog;
    }

    /// <summary>A value outside of its bounds is told at its place; a good one is applied by the board.</summary>
    private static async Task ConfigureAsync(IPage page)
    {
        await page.GetByText("Change the configuration").ClickAsync();
        var send = page.GetByRole(AriaRole.Button, new() { Name = "Send to the board" });
        await page.Locator("#setting-debounceMs").FillAsync("5");
        await send.ClickAsync();
        await Assertions.Expect(page.Locator("#setting-debounceMs-wrong")).ToHaveTextAsync("Outside its bounds.");
        await page.Locator("#setting-debounceMs").FillAsync("40");
        await send.ClickAsync();
        await Assertions.Expect(page.Locator("#gateway-config")).ToContainTextAsync("applied");
    }

    private static Task IsOnlineAsync(IPage page, DemoProcess demo, string device) =>
        Eventually.Get($"{device} is online at {Desk.ConsoleOf(demo)}", () => StateOf(page, device), state => state.GetProperty("link").GetString() == "up");

    private static async Task<JsonElement> StateOf(IPage page, string device) =>
        JsonDocument.Parse(await page.EvaluateAsync<string>("async device => (await fetch('/api/gateways/' + device)).text()", device)).RootElement.GetProperty("state");
}
