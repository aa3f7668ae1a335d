using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>The call by mouse alone, and two operators on one call.</summary>
public sealed class TwoDesks
{
    /// <summary>From ring to closed, besides the words of the reports.</summary>
    private const int InputsMax = 8;

    [Fact]
    public async Task A_call_is_closed_by_the_mouse_in_at_most_eight_clicks_besides_its_words()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var room = await Desk.SignUpAsync(context, demo, faults);
        await station.Press(Station.FirstBoard);
        var clicks = 0;

        // Sending accepts and assesses; arriving says that they were on the way.
        await Click("Dispatch");
        await Click("Arrived");
        await Words("Handled", "Fall in the yard, helped up.");
        await Words("Report", "Elderly person fell; the neighbour stays.");
        await Words("Follow-up", "Visited the next day; well.");
        await Click("Close");

        await station.BoardShows(Station.FirstBoard, "closed");
        Assert.True(clicks <= InputsMax, $"{clicks} clicks");
        Assert.True(faults.Count == 0, string.Join("\n", faults));

        async Task Click(string name)
        {
            var button = room.GetByRole(AriaRole.Region, new() { Name = "Selected call" }).GetByRole(AriaRole.Button, new() { Name = name });
            await button.First.ClickAsync();
            clicks++;
        }

        // The words of a report and their "Save" are the report; opening its dialog is a click.
        async Task Words(string name, string words)
        {
            await Click(name);
            var dialog = room.Locator("dialog[open]");
            await dialog.Locator("textarea").FillAsync(words);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task A_call_is_closed_by_the_keyboard_alone_with_the_keys_that_the_buttons_show()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var room = await Desk.SignUpAsync(context, demo, faults);
        await station.Press(Station.FirstBoard);
        var keys = 0;

        await Key("Dispatch");
        await Key("Arrived");
        await Words("Handled", "Fall in the yard, helped up.");
        await Words("Report", "Elderly person fell; the neighbour stays.");
        await Words("Follow-up", "Visited the next day; well.");
        await Key("Close");

        await station.BoardShows(Station.FirstBoard, "closed");
        Assert.True(keys <= InputsMax, $"{keys} keys");
        Assert.True(faults.Count == 0, string.Join("\n", faults));

        // The key is read off the button, as a person reads it.
        async Task Key(string name)
        {
            var button = ButtonOf(room, name).First;
            await Assertions.Expect(button).ToBeVisibleAsync();
            await room.Keyboard.PressAsync(await button.Locator("kbd").InnerTextAsync());
            keys++;
        }

        // The words and the keys that save them are the report.
        async Task Words(string name, string words)
        {
            await Key(name);
            var dialog = room.Locator("dialog[open]");
            await Assertions.Expect(dialog.Locator("textarea")).ToBeFocusedAsync();
            await room.Keyboard.TypeAsync(words);
            await room.Keyboard.PressAsync("Control+Enter");
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task The_second_desk_sees_at_once_and_its_conflicting_action_is_refused_in_words()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var firstContext = await chromium.Context();
        var first = await Desk.SignUpAsync(firstContext, demo, []);
        await Desk.MakeAccountAsync(first, "Operator 2", "operator");
        await using var secondContext = await chromium.Context();
        var second = await Desk.SignInAsync(secondContext, demo, "Operator 2", "/room", []);
        await station.Press(Station.FirstBoard);
        var id = (await station.TheIncident()).GetProperty("id").GetInt64();
        await Assertions.Expect(ButtonOf(second, "Accept")).ToBeVisibleAsync();

        // What the second one's hand is about to send was true when the page was drawn.
        var body = await ButtonOf(second, "Dispatch").GetAttributeAsync("data-body");
        await ButtonOf(first, "Accept").ClickAsync();
        await Assertions.Expect(ButtonOf(second, "Accept")).ToHaveCountAsync(0);
        await Assertions.Expect(second.GetByText("Operator 1").First).ToBeVisibleAsync();

        await second.EvaluateAsync(
            "([id, body]) => { const button = document.createElement('button'); button.dataset.post = `/api/incidents/${id}/commands`; button.dataset.body = JSON.stringify({ ...JSON.parse(body), responderIds: ['officer-1'] }); document.body.append(button); button.click(); }",
            new[] { id.ToString(), body! });
        await Assertions.Expect(second.GetByText("Somebody else has acted on this call since you looked.")).ToBeVisibleAsync();
        Assert.Equal("Operator 1", (await station.Incident(id)).GetProperty("incident").GetProperty("acceptedBy").GetString());
    }

    private static ILocator ButtonOf(IPage room, string name) =>
        room.GetByRole(AriaRole.Region, new() { Name = "Selected call" }).GetByRole(AriaRole.Button, new() { Name = name });
}
