using System.Text.Json;
using Gateway.Loads;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>The same call by a person's hands: a press on the drawn button, and the command room worked by what its screen shows.</summary>
public sealed class CommandRoom
{
    private const string Password = "quiet steppe at night";

    [Fact]
    public async Task A_press_in_the_browser_is_taken_to_its_close_by_the_keys_on_the_screen()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "2");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var room = await SignUpAsync(context, demo, faults);
        var boards = await OpenAsync(context, demo, "/boards", faults);
        await room.BringToFrontAsync();

        // A hand on the drawn button, down for a second. The page passes it to the virtual pin.
        await boards.GetByRole(AriaRole.Button, new() { Name = "Help button of Bayanbulag gacha room" }).ClickAsync(new() { Delay = 1_000 });
        var selected = room.GetByRole(AriaRole.Region, new() { Name = "Selected call" });
        await Assertions.Expect(selected.GetByText("Bayanbulag gacha room").First).ToBeVisibleAsync();
        await Assertions.Expect(room.Locator("body")).ToHaveAttributeAsync("data-sound", "on");
        await Assertions.Expect(room.Locator("body")).ToHaveAttributeAsync("data-rang", new System.Text.RegularExpressions.Regex("[1-9]"));
        await LampIs(boards, "Station has it", lit: true);
        await LampIs(boards, "Someone took it", lit: false);

        await KeyAsync(room, "a", station, "accepted");
        await LampIs(boards, "Someone took it", lit: true);
        await KeyAsync(room, "d", station, "dispatched");
        await KeyAsync(room, "e", station, "enRoute");
        await LampIs(boards, "On the way", lit: true);
        await KeyAsync(room, "r", station, "onScene");
        await WordsAsync(room, "h", "Fall in the yard, helped up, no injury.");
        await WordsAsync(room, "p", "Elderly person fell; the neighbour stays.");
        await WordsAsync(room, "f", "Visited the next day; well.");
        await KeyAsync(room, "x", station, "closed");

        await Assertions.Expect(room.GetByText("Nothing to do.", new() { Exact = false }).First).ToBeVisibleAsync();
        Assert.Single(await station.Incidents("closed"));
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task A_tap_on_a_drawn_button_is_a_press_and_lets_go()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var context = await chromium.Context();
        var faults = new List<string>();
        await SignUpAsync(context, demo, faults);
        var boards = await OpenAsync(context, demo, "/boards", faults);

        // Down and up in the same moment, each time: had the release overtaken its press, the contact would stay closed.
        for (var tap = 0; tap < 5; tap++)
        {
            await boards.GetByRole(AriaRole.Button, new() { Name = "Help button of Bayanbulag gacha room" }).ClickAsync();
            await station.InputIsReleased(Station.FirstBoard, "help");
        }

        await LampIs(boards, "Station has it", lit: true);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task A_key_pressed_while_the_page_turns_to_another_call_is_done_with_that_call()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "2");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await station.BoardIsLinked("sumitu-02");
        await using var context = await chromium.Context();
        // The page gives an answer up after 8 s, and a key with it. Here they are held back, by a test that may itself be held up.
        await context.AddInitScriptAsync("AbortSignal.timeout = () => new AbortController().signal;");
        var faults = new List<string>();
        var room = await SignUpAsync(context, demo, faults);
        await station.Press(Station.FirstBoard);
        var first = (await station.TheIncident()).GetProperty("id").GetInt64();
        await station.Press("sumitu-02");
        await Assertions.Expect(room.Locator("a.call")).ToHaveCountAsync(2);
        await Assertions.Expect(room.Locator($"#room-selected[data-incident='{first}']")).ToBeVisibleAsync();

        // The hub's answers are held back: one that was asked for before the hand moved on is on its way.
        using var held = new SemaphoreSlim(0);
        var cancellation = TestContext.Current.CancellationToken;
        await room.RouteAsync("**/room/live**", async route =>
        {
            await held.WaitAsync(Eventually.Patience, cancellation);
            await route.ContinueAsync();
        });
        await room.RunAndWaitForRequestAsync(() => station.Do(first, new { type = "note", text = "The gate is open." }), "**/room/live**");
        await room.Keyboard.PressAsync("ArrowDown");
        await room.Keyboard.PressAsync("a");
        held.Release(20);

        var accepted = await Eventually.Get("an accepted call", async () =>
            (await station.Incidents()).Where(incident => incident.GetProperty("acceptedAt").ValueKind == JsonValueKind.String).Select(incident => incident.GetProperty("id").GetInt64()).ToArray(), seen => seen.Length > 0);
        Assert.NotEqual(first, Assert.Single(accepted));
        await Assertions.Expect(room.Locator($"#room-selected[data-incident='{accepted[0]}']")).ToBeVisibleAsync();
        Assert.Contains($"incident={accepted[0]}", room.Url);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task A_silent_browser_is_told_over_the_whole_width_and_one_click_makes_it_heard()
    {
        await using var chromium = await Chromium.OwnAsync(soundIsFree: false);
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var context = await chromium.Context();
        await SignUpAsync(context, demo, []);

        // A page that no hand has touched, as after a restart of the wall screen.
        var wall = await OpenAsync(context, demo, "/room", []);
        var button = wall.Locator("button.sound-off");
        await Assertions.Expect(button).ToBeVisibleAsync();
        await Assertions.Expect(wall.Locator("body")).ToHaveAttributeAsync("data-sound", "blocked");
        await station.Press(Station.FirstBoard);
        await station.TheIncident();
        await Assertions.Expect(wall.Locator("body")).ToHaveAttributeAsync("data-rang", "0");

        await button.ClickAsync();
        await Assertions.Expect(button).ToBeHiddenAsync();
        await Assertions.Expect(wall.Locator("body")).ToHaveAttributeAsync("data-sound", "on");
        await Assertions.Expect(wall.Locator("body")).ToHaveAttributeAsync("data-rang", new System.Text.RegularExpressions.Regex("[1-9]"));
    }

    [Theory]
    [InlineData("en", "Connection to the hub is lost")]
    [InlineData("zh-CN", "与指挥中心的连接已中断")]
    public async Task Loss_of_the_hub_covers_the_screen_and_its_return_uncovers_it(string language, string says)
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        var port = LoopbackPort.Free().ToString();
        var demo = await DemoProcess.StartAsync(folder.Path, "--port", port, "--mqtt-port", "0", "--boards", "0");
        await using var context = await chromium.Context(language);
        var room = await SignUpAsync(context, demo, []);
        var veil = room.GetByRole(AriaRole.Alertdialog);
        await Assertions.Expect(veil).ToBeHiddenAsync();

        // Also over a dialog that is open, which a browser draws above everything else.
        await room.EvaluateAsync("() => document.getElementById('dialog-note').showModal()");
        demo.Kill();
        await demo.DisposeAsync();

        await Assertions.Expect(veil).ToBeVisibleAsync();
        Assert.True(await veil.EvaluateAsync<bool>("veil => veil.matches(':popover-open')"), "the veil does not lie over the dialog");
        await Assertions.Expect(veil).ToContainTextAsync(says);

        await using var again = await DemoProcess.StartAsync(folder.Path, "--port", port, "--mqtt-port", "0", "--boards", "0");
        await Assertions.Expect(veil).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_language_file_dropped_into_the_data_folder_is_chosen_on_the_page_and_what_it_lacks_is_English_and_listed()
    {
        var chromium = await Chromium.SharedAsync();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "languages"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "languages", "mn.json"), """{ "language.own": "Монгол", "nav.room": "Удирдах өрөө", "js.ago.seconds": "{0} сек" }""", TestContext.Current.CancellationToken);
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var page = await SignUpAsync(context, demo, faults);
        await page.GotoAsync(Desk.ConsoleOf(demo) + "/settings");
        await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Монгол" }).ClickAsync();

        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "mn");
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation).First.GetByRole(AriaRole.Link, new() { Name = "Удирдах өрөө" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Settings" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("mn.json", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByText("missing, shown in English").ClickAsync();
        await Assertions.Expect(page.GetByText("settings.title", new() { Exact = true })).ToBeVisibleAsync();
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public void The_boards_page_has_every_word_in_every_language()
    {
        var languages = Gateway.Cli.Demo.BoardWords.All;
        var all = languages.Values.SelectMany(words => words.Keys).ToHashSet();

        Assert.True(languages.Count >= 2, "languages: " + string.Join(", ", languages.Keys));
        Assert.All(languages, language => Assert.Equal(all.Order(), language.Value.Keys.Order()));
    }

    private static async Task<IPage> SignUpAsync(IBrowserContext context, DemoProcess demo, List<string> faults)
    {
        var page = await OpenAsync(context, demo, new Uri(demo.SetupLink).PathAndQuery, faults);
        await page.Locator("#name").FillAsync("Operator 1");
        await page.Locator("#password").FillAsync(Password);
        await page.Locator("#again").FillAsync(Password);
        await page.Locator("button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/room");
        return page;
    }

    private static async Task<IPage> OpenAsync(IBrowserContext context, DemoProcess demo, string path, List<string> faults)
    {
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                faults.Add($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => faults.Add($"{page.Url}: {error}");
        await page.GotoAsync(demo.DemoFile().GetProperty("console").GetString() + path);
        return page;
    }

    /// <summary>Presses a key of the key map once its button is there, and waits for the lamps to tell.</summary>
    private static async Task KeyAsync(IPage room, string key, Station station, string stage)
    {
        await ButtonOf(room, key).WaitForAsync();
        await room.Keyboard.PressAsync(key);
        await station.BoardShows(Station.FirstBoard, stage);
    }

    /// <summary>A key that asks for words: writes them into the dialog and sends it by keyboard.</summary>
    private static async Task WordsAsync(IPage room, string key, string words)
    {
        await ButtonOf(room, key).WaitForAsync();
        await room.Keyboard.PressAsync(key);
        var dialog = room.Locator("dialog[open]");
        await dialog.Locator("textarea").FillAsync(words);
        await room.Keyboard.PressAsync("Tab");
        await room.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    private static ILocator ButtonOf(IPage room, string key) => room.Locator($"button[data-key='{key.ToUpperInvariant()}']:not([disabled])").First;

    private static Task LampIs(IPage boards, string lamp, bool lit)
    {
        var first = boards.GetByRole(AriaRole.Region, new() { Name = "Bayanbulag gacha room" }).Locator(".lamp", new() { HasText = lamp });
        return lit
            ? Assertions.Expect(first).Not.ToHaveAttributeAsync("data-state", "off")
            : Assertions.Expect(first).ToHaveAttributeAsync("data-state", "off");
    }
}
