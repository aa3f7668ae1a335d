using System.Text.Json;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>A volunteer's phone: off line and back, and nothing that was tapped is lost or done twice. Each test has its volunteer and its room, in one demo.</summary>
public sealed class FieldPhone(FieldPhone.Village village) : IClassFixture<FieldPhone.Village>
{
    [Fact]
    public async Task Taps_made_without_a_link_survive_a_reload_and_arrive_once_with_the_time_of_the_finger()
    {
        var station = village.Station;
        var chromium = await Chromium.SharedAsync();
        var (responder, account) = await village.VolunteerAsync(1);
        await using var phoneContext = await chromium.Context(width: 390, height: 844);
        var phone = await village.PhoneAsync(phoneContext, responder);
        await Assertions.Expect(phone.GetByText("You are not sent anywhere.")).ToBeVisibleAsync();
        await Assertions.Expect(OpensWithoutLink(phone)).ToBeAttachedAsync();
        var id = await village.SentAsync("sumitu-01", responder);

        // It rings until it is accepted, and says how far each tap came.
        var calls = phone.GetByRole(AriaRole.Region, new() { Name = "Calls I am sent to" });
        await Assertions.Expect(calls).ToHaveAttributeAsync("data-ring", "1");
        await TapAsync(phone, "Accept");
        await Assertions.Expect(calls).ToHaveAttributeAsync("data-ring", "0");
        await Assertions.Expect(phone.GetByText("accepted").First).ToBeVisibleAsync();
        await EventCame(id, "answered");

        await phoneContext.SetOfflineAsync(true);
        await TapAsync(phone, "On my way");
        await TapAsync(phone, "Arrived");
        // A tap counts when the page shows that it is kept: both are, before and after.
        await Assertions.Expect(Kept(phone)).ToHaveCountAsync(2);
        await phone.ReloadAsync();
        await Assertions.Expect(Kept(phone)).ToHaveCountAsync(2);
        Assert.DoesNotContain("arrived", await Types(id));

        await phoneContext.SetOfflineAsync(false);
        await EventCame(id, "arrived");
        await TapAsync(phone, "Report");
        await phone.GetByLabel("In your own words").FillAsync("Fall in the yard, helped up.");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await EventCame(id, "reported");

        var timeline = (await station.Incident(id)).GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event")).ToList();
        foreach (var type in new[] { "answered", "wentOut", "arrived", "handled", "reported" })
        {
            var told = Assert.Single(timeline, happened => happened.GetProperty("type").GetString() == type);
            Assert.True(told.GetProperty("tappedAt").GetDateTimeOffset() <= told.GetProperty("at").GetDateTimeOffset(), told.ToString());
        }

        // A lost phone: its session ends with the next request.
        await Desk.ChangeAsync(village.AtDesk, "POST", $"/api/accounts/{account}/end-sessions", new { });
        await phone.GotoAsync(Desk.ConsoleOf(village.Demo) + "/field");
        await phone.WaitForURLAsync("**/sign-in**");
    }

    [Fact]
    public async Task A_tap_that_the_call_no_longer_allows_is_shown_as_refused_with_its_reason_until_it_was_seen()
    {
        var chromium = await Chromium.SharedAsync();
        var (responder, _) = await village.VolunteerAsync(2);
        await using var phoneContext = await chromium.Context(width: 390, height: 844);
        var phone = await village.PhoneAsync(phoneContext, responder);
        var id = await village.SentAsync("sumitu-02", responder);
        await Assertions.Expect(Button(phone, "Accept")).ToBeVisibleAsync();

        await phoneContext.SetOfflineAsync(true);
        await TapAsync(phone, "Accept");
        await village.Station.Do(id, new { type = "undoDispatch" });
        await phoneContext.SetOfflineAsync(false);

        await Assertions.Expect(phone.GetByText("refused: This responder was not sent.")).ToBeVisibleAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "I have seen it" }).ClickAsync();
        await Assertions.Expect(phone.GetByText("refused:")).ToHaveCountAsync(0);
    }

    /// <summary>As on a phone whose browser has no background sync, whose stream does not come back, and whose other page was put to sleep while it was sending.</summary>
    [Fact]
    public async Task A_tap_is_sent_as_soon_as_there_is_a_link_and_waits_for_no_stream_no_worker_and_no_sleeping_page()
    {
        var chromium = await Chromium.SharedAsync();
        var (responder, _) = await village.VolunteerAsync(3);
        await using var phoneContext = await chromium.Context(width: 390, height: 844);
        await phoneContext.AddInitScriptAsync(
            """
            Object.defineProperty(ServiceWorkerRegistration.prototype, "sync", { value: undefined });
            if (localStorage.getItem("deaf")) window.EventSource = class extends EventTarget { close() { } };
            """);
        var phone = await village.PhoneAsync(phoneContext, responder);
        var id = await village.SentAsync("sumitu-03", responder);
        await Assertions.Expect(Button(phone, "Accept")).ToBeVisibleAsync();
        await Assertions.Expect(OpensWithoutLink(phone)).ToBeAttachedAsync();

        await phone.EvaluateAsync("() => localStorage.setItem('deaf', 'yes')");
        await phoneContext.SetOfflineAsync(true);
        await phone.ReloadAsync();
        await TapAsync(phone, "Accept");
        await Assertions.Expect(Kept(phone)).ToHaveCountAsync(1);
        await phoneContext.SetOfflineAsync(false);
        await EventCame(id, "answered");

        var asleep = await phoneContext.NewPageAsync();
        await asleep.GotoAsync(Desk.ConsoleOf(village.Demo) + "/help");
        await asleep.EvaluateAsync("() => new Promise(held => navigator.locks.request('outbox', () => { held(); return new Promise(() => {}); }))");
        await TapAsync(phone, "On my way");
        await EventCame(id, "wentOut");
    }

    [Fact]
    public async Task A_shared_place_is_a_village_for_the_shift_and_is_gone_when_sharing_stops()
    {
        var chromium = await Chromium.SharedAsync();
        var (responder, _) = await village.VolunteerAsync(4);
        using var client = village.Demo.Client();
        await using var phoneContext = await chromium.Context(width: 390, height: 844);
        await phoneContext.GrantPermissionsAsync(["geolocation"]);
        await phoneContext.SetGeolocationAsync(new() { Latitude = 39.46f, Longitude = 107.5f });
        var phone = await village.PhoneAsync(phoneContext, responder);

        await TapAsync(phone, "Share my village until the shift ends");
        await PlaceIs("saikhan");
        await Assertions.Expect(phone.GetByText("The command room sees you in: Saikhan")).ToBeVisibleAsync();
        await TapAsync(phone, "Stop sharing");
        await PlaceIs("bayanbulag");

        Task<string?> PlaceIs(string expected) => Eventually.Get($"the duty list says {expected}", async () =>
            JsonDocument.Parse(await client.GetStringAsync("/api/duty")).RootElement.GetProperty("responders").EnumerateArray()
                .First(other => other.GetProperty("responderId").GetString() == responder).GetProperty("villageId").GetString(), seen => seen == expected);
    }

    private static ILocator Button(IPage phone, string name) => phone.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Kept(IPage phone) => phone.Locator(".field-steps").GetByText("kept on this phone");

    private static ILocator OpensWithoutLink(IPage phone) => phone.Locator("body[data-opens-without-link]");

    private static async Task TapAsync(IPage phone, string name)
    {
        await Assertions.Expect(Button(phone, name)).ToBeVisibleAsync();
        await Button(phone, name).ClickAsync();
    }

    private async Task<string[]> Types(long id) =>
        [.. (await village.Station.Incident(id)).GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event").GetProperty("type").GetString()!)];

    private Task<string[]> EventCame(long id, string type) => Eventually.Get($"the event {type}", () => Types(id), seen => seen.Contains(type));

    /// <summary>Three rooms and the command room's desk.</summary>
    public sealed class Village : IAsyncLifetime
    {
        private static readonly string[] Rooms = ["sumitu-01", "sumitu-02", "sumitu-03"];

        private readonly TemporaryFolder folder = new();
        private IBrowserContext? desk;

        internal DemoProcess Demo { get; private set; } = null!;

        internal Station Station { get; private set; } = null!;

        internal IPage AtDesk { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            if (Chromium.Place is null)
            {
                // Each test is skipped by name.
                return;
            }

            Demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", Rooms.Length.ToString());
            Station = Station.Of(Demo);
            foreach (var room in Rooms)
            {
                await Station.BoardIsLinked(room);
            }

            desk = await (await Chromium.SharedAsync()).Context();
            AtDesk = await Desk.SignUpAsync(desk, Demo, []);
        }

        internal async Task<(string ResponderId, long AccountId)> VolunteerAsync(int number)
        {
            var responder = $"bayanbulag-volunteer-{number}";
            var account = (await Desk.MakeAccountAsync(AtDesk, responder, "volunteer")).GetProperty("id").GetInt64();
            await Desk.ChangeAsync(AtDesk, "PUT", $"/api/accounts/{account}/responder", new { responderId = responder });
            return (responder, account);
        }

        internal Task<IPage> PhoneAsync(IBrowserContext context, string responderId) => Desk.SignInAsync(context, Demo, responderId, "/field", []);

        /// <summary>A press in the room, and this volunteer sent to it.</summary>
        internal async Task<long> SentAsync(string room, string responderId)
        {
            await Station.Press(room);
            var id = await Station.CallOf(room);
            await Station.Do(id, new { type = "dispatch", responderIds = new[] { responderId } });
            return id;
        }

        public async ValueTask DisposeAsync()
        {
            if (desk is not null)
            {
                await desk.DisposeAsync();
            }

            Station?.Dispose();
            if (Demo is not null)
            {
                await Demo.DisposeAsync();
            }

            folder.Dispose();
        }
    }
}
