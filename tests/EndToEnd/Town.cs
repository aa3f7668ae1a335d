using Gateway.Cli.Demo;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Stations;
using Gateway.Loads.Boards;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EndToEnd.Tests;

/// <summary>A hub in this process with many rooms, each with a light board on a real socket: the 87 villages of Urad Middle Banner, and as many call points in them as are asked for.</summary>
internal sealed class Town : IAsyncDisposable
{
    private const int ConnectsPerSecond = 500;

    private readonly TemporaryFolder folder;
    private readonly WebApplication app;
    private readonly Crowd crowd;

    private Town(TemporaryFolder folder, WebApplication app, Uri console, Crowd crowd)
    {
        this.folder = folder;
        this.app = app;
        this.crowd = crowd;
        Console = console;
    }

    public Uri Console { get; }

    public HubService Hub => app.Services.GetRequiredService<HubService>();

    public IReadOnlyList<LightBoard> Boards => crowd.Boards;

    /// <summary>The one-time link that makes the first account.</summary>
    public Uri SetupLink => new(Console, "/setup?key=" + app.Services.GetRequiredService<AccountService>().CreateSetupKey());

    public static string PlaceOf(int room) => $"Room {room + 1}";

    /// <param name="linkLostS">A link that is lost for so long becomes an incident.</param>
    public static async Task<Town> StartAsync(int rooms, int linkLostS = 3_600)
    {
        var folder = new TemporaryFolder();
        var station = StationOf(rooms, linkLostS);
        var app = HubHost.Build(new HubOptions { DataFolder = folder.Path, StationFile = "", AllowVirtualBoards = true }, station);
        var addresses = await HubHost.StartAsync(app);
        var hub = app.Services.GetRequiredService<HubService>();
        // All at once: the writer makes batches of them.
        var files = await Task.WhenAll(station.Boards.Select(board => hub.ProvisionAsync(board.DeviceId, "test")));
        var crowd = new Crowd(files, new LoadRoute("127.0.0.1", addresses.MqttPort));
        await crowd.ConnectAsync(crowd.Boards, ConnectsPerSecond);
        Assert.True(await Crowd.UntilAsync(() => crowd.Figures.Online == rooms, Eventually.Patience), $"{crowd.Figures.Online} of {rooms} boards came online");
        return new Town(folder, app, addresses.Console, crowd);
    }

    /// <summary>Waits until the hub has so many open incidents.</summary>
    public async Task HasOpenAsync(int incidents) =>
        Assert.True(await Crowd.UntilAsync(() => Hub.Current.OpenIncidents.Count >= incidents, Eventually.Patience), $"{Hub.Current.OpenIncidents.Count} of {incidents} incidents are open");

    public async ValueTask DisposeAsync()
    {
        await crowd.DisposeAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }

    private static Hub.Stations.Station StationOf(int rooms, int linkLostS)
    {
        var banner = DemoHost.LoadStation("urad-middle");
        string Point(int room) => $"room-{room}";
        return banner with
        {
            Targets = banner.Targets with { LinkLostS = linkLostS },
            CallPoints =
            [
                .. Enumerable.Range(0, rooms).Select(room => banner.CallPoints[0] with
                {
                    Id = Point(room), Name = new LocalText($"{room + 1} 号警务室", PlaceOf(room)), VillageId = banner.Villages[room % banner.Villages.Length].Id,
                }),
            ],
            Boards = [.. Enumerable.Range(0, rooms).Select(room => new Board($"town-{room:d4}", Point(room), banner.Boards[0].Zones))],
            Patrol = PatrolPlan.None, WatchGroups = [], Areas = [], JointResponses = [],
        };
    }
}
