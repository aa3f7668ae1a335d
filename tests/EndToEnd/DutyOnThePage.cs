using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>Who is where, said at the desk: a responder with the backpack, and a yurt room that moves. Suggestions and calls go by it.</summary>
public sealed class DutyOnThePage
{
    [Fact]
    public async Task The_desk_says_where_a_responder_is_and_where_a_room_that_moves_stands_now()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0", "--station", "tongliao");
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var page = await Desk.SignUpAsync(context, demo, faults);
        await page.GotoAsync(Desk.ConsoleOf(demo) + "/duty");

        var responder = page.Locator("#duty-list tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = "Is elsewhere" }) }).First;
        await ChooseAsync(page, responder, "Is elsewhere", "Village 3");
        await Assertions.Expect(responder).ToContainTextAsync("Village 3");

        var yurt = page.Locator("#duty-mobile tbody tr").First;
        await Assertions.Expect(yurt).ToContainTextAsync("Village 7");
        await ChooseAsync(page, yurt, "Stands elsewhere now", "Village 2");
        await Assertions.Expect(yurt).ToContainTextAsync("Village 2");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static async Task ChooseAsync(IPage page, ILocator row, string button, string village)
    {
        await row.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await dialog.GetByRole(AriaRole.Combobox).SelectOptionAsync(new SelectOptionValue { Label = village });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }
}
