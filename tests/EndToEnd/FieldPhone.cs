using System.Text.Json;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>A volunteer's phone: off line and back, and nothing that was tapped is lost or done twice.</summary>
public sealed class FieldPhone
{
    private const string Responder = "bayanbulag-volunteer-1";

    [Fact]
    public async Task Taps_made_without_a_link_survive_a_reload_and_arrive_once_with_the_time_of_the_finger()
    {
        await using var chromium = await Chromium.StartAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var deskContext = await chromium.Context();
        var desk = await Desk.SignUpAsync(deskContext, demo, []);
        var account = await Desk.MakeAccountAsync(desk, "Volunteer 1", "volunteer");
        await Desk.ChangeAsync(desk, "PUT", $"/api/accounts/{account.GetProperty("id").GetInt64()}/responder", new { responderId = Responder });
        await using var phoneContext = await chromium.Context(width: 390, height: 844);
        var phone = await Desk.SignInAsync(phoneContext, demo, "Volunteer 1", "/field", []);
        await Assertions.Expect(phone.GetByText("You are not sent anywhere.")).ToBeVisibleAsync(new() { Timeout = Desk.AppearsWithinMs });

        await station.Press(Station.FirstBoard);
        var id = (await station.TheIncident()).GetProperty("id").GetInt64();
        await station.Do(id, new { type = "dispatch", responderIds = new[] { Responder } });

        // It rings until it is accepted, and says how far each tap came.
        var calls = phone.GetByRole(AriaRole.Region, new() { Name = "Calls I am sent to" });
        await Assertions.Expect(calls).ToHaveAttributeAsync("data-ring", "1", new() { Timeout = Desk.AppearsWithinMs });
        await TapAsync(phone, "Accept");
        await Assertions.Expect(calls).ToHaveAttributeAsync("data-ring", "0", new() { Timeout = Desk.AppearsWithinMs });
        await Assertions.Expect(phone.GetByText("accepted").First).ToBeVisibleAsync();
        await EventCame(station, id, "answered");

        await phoneContext.SetOfflineAsync(true);
        await TapAsync(phone, "On my way");
        await TapAsync(phone, "Arrived");
        await Assertions.Expect(phone.GetByText("kept on this phone").First).ToBeVisibleAsync(new() { Timeout = Desk.AppearsWithinMs });
        await phone.ReloadAsync();
        await Assertions.Expect(phone.GetByText("kept on this phone").First).ToBeVisibleAsync(new() { Timeout = Desk.AppearsWithinMs });
        Assert.DoesNotContain("arrived", await Types(station, id));

        await phoneContext.SetOfflineAsync(false);
        await EventCame(station, id, "arrived");
        await TapAsync(phone, "Report");
        await phone.GetByLabel("In your own words").FillAsync("Fall in the yard, helped up.");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await EventCame(station, id, "reported");

        var timeline = (await station.Incident(id)).GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event")).ToList();
        foreach (var type in new[] { "answered", "wentOut", "arrived", "handled", "reported" })
        {
            var told = Assert.Single(timeline, happened => happened.GetProperty("type").GetString() == type);
            Assert.True(told.GetProperty("tappedAt").GetDateTimeOffset() <= told.GetProperty("at").GetDateTimeOffset(), told.ToString());
        }

        // A lost phone: its session ends with the next request.
        await Desk.ChangeAsync(desk, "POST", $"/api/accounts/{account.GetProperty("id").GetInt64()}/end-sessions", new { });
        await phone.GotoAsync(Desk.ConsoleOf(demo) + "/field");
        await phone.WaitForURLAsync("**/sign-in**");
    }

    [Fact]
    public async Task A_tap_that_the_call_no_longer_allows_is_shown_as_refused_with_its_reason_until_it_was_seen()
    {
        await using var chromium = await Chromium.StartAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "1");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await using var deskContext = await chromium.Context();
        var desk = await Desk.SignUpAsync(deskContext, demo, []);
        var account = await Desk.MakeAccountAsync(desk, "Volunteer 1", "volunteer");
        await Desk.ChangeAsync(desk, "PUT", $"/api/accounts/{account.GetProperty("id").GetInt64()}/responder", new { responderId = Responder });
        await using var phoneContext = await chromium.Context(width: 390, height: 844);
        var phone = await Desk.SignInAsync(phoneContext, demo, "Volunteer 1", "/field", []);
        await station.Press(Station.FirstBoard);
        var id = (await station.TheIncident()).GetProperty("id").GetInt64();
        await station.Do(id, new { type = "dispatch", responderIds = new[] { Responder } });
        await Assertions.Expect(Button(phone, "Accept")).ToBeVisibleAsync(new() { Timeout = Desk.AppearsWithinMs });

        await phoneContext.SetOfflineAsync(true);
        await TapAsync(phone, "Accept");
        await station.Do(id, new { type = "undoDispatch" });
        await phoneContext.SetOfflineAsync(false);

        await Assertions.Expect(phone.GetByText("refused: This responder was not sent.")).ToBeVisibleAsync(new() { Timeout = Desk.AppearsWithinMs });
        await phone.GetByRole(AriaRole.Button, new() { Name = "I have seen it" }).ClickAsync();
        await Assertions.Expect(phone.GetByText("refused:")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_shared_place_is_a_village_for_the_shift_and_is_gone_when_sharing_stops()
    {
        await using var chromium = await Chromium.StartAsync();
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "0");
        await using var deskContext = await chromium.Context();
        var desk = await Desk.SignUpAsync(deskContext, demo, []);
        var account = await Desk.MakeAccountAsync(desk, "Volunteer 1", "volunteer");
        await Desk.ChangeAsync(desk, "PUT", $"/api/accounts/{account.GetProperty("id").GetInt64()}/responder", new { responderId = Responder });
        using var client = demo.Client();
        await using var phoneContext = await chromium.Context(width: 390, height: 844);
        await phoneContext.GrantPermissionsAsync(["geolocation"]);
        await phoneContext.SetGeolocationAsync(new() { Latitude = 39.46f, Longitude = 107.5f });
        var phone = await Desk.SignInAsync(phoneContext, demo, "Volunteer 1", "/field", []);

        await TapAsync(phone, "Share my village until the shift ends");
        await PlaceIs("saikhan");
        await Assertions.Expect(phone.GetByText("The command room sees you in: Saikhan")).ToBeVisibleAsync(new() { Timeout = Desk.AppearsWithinMs });
        await TapAsync(phone, "Stop sharing");
        await PlaceIs("bayanbulag");

        Task<string?> PlaceIs(string expected) => Eventually.Get($"the duty list says {expected}", TimeSpan.FromSeconds(10), async () =>
            JsonDocument.Parse(await client.GetStringAsync("/api/duty")).RootElement.GetProperty("responders").EnumerateArray()
                .First(responder => responder.GetProperty("responderId").GetString() == Responder).GetProperty("villageId").GetString(), seen => seen == expected);
    }

    private static ILocator Button(IPage phone, string name) => phone.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static async Task TapAsync(IPage phone, string name)
    {
        await Assertions.Expect(Button(phone, name)).ToBeVisibleAsync(new() { Timeout = Desk.AppearsWithinMs });
        await Button(phone, name).ClickAsync();
    }

    private static async Task<string[]> Types(Station station, long id) =>
        [.. (await station.Incident(id)).GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event").GetProperty("type").GetString()!)];

    private static Task<string[]> EventCame(Station station, long id, string type) =>
        Eventually.Get($"the event {type}", TimeSpan.FromSeconds(20), () => Types(station, id), seen => seen.Contains(type));
}
