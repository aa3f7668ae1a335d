using Gateway.Hub;
using Gateway.Hub.Fleet;
using Gateway.Hub.Stations;
using Gateway.Loads.Boards;
using Gateway.Loads.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Loads.Tests;

/// <summary>A press over a bad path arrives, and once: a light board, real sockets, the proxy, a hub (I2, I8; [GW-15], [GW-17], [GW-34]).</summary>
public sealed class PressThroughImpairment : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private WebApplication _app = null!;
    private ImpairmentProxy _proxy = null!;
    private Crowd _crowd = null!;

    public async ValueTask InitializeAsync()
    {
        var station = StationLoader.Load(Path.Combine(AppContext.BaseDirectory, "seeds/stations/sumitu.yaml")).Station!;
        _app = HubHost.Build(new HubOptions { DataFolder = _folder, StationFile = "", AllowVirtualBoards = true }, station);
        var addresses = await HubHost.StartAsync(_app, TestContext.Current.CancellationToken);
        _proxy = ImpairmentProxy.Start(0, "127.0.0.1", addresses.MqttPort);
        var file = await Hub.ProvisionAsync(station.Boards[0].DeviceId, "test", TestContext.Current.CancellationToken);
        _crowd = new Crowd([file], new LoadRoute("127.0.0.1", _proxy.Port));
    }

    public async ValueTask DisposeAsync()
    {
        await _crowd.DisposeAsync();
        await _proxy.DisposeAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_proxy_that_is_ended_twice_ends_once_and_takes_no_more_connections()
    {
        var proxy = ImpairmentProxy.Start(0, "127.0.0.1", 1);
        var port = proxy.Port;
        await proxy.DisposeAsync();
        await proxy.DisposeAsync();

        using var client = new System.Net.Sockets.TcpClient();
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(async () => await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken));
    }

    [Fact]
    public Task A_press_over_a_slow_path_arrives_once() => PressArrivesOnceAsync(new Impairment { DelayMs = 300, JitterMs = 200 });

    [Fact]
    public Task A_press_over_a_lossy_path_arrives_once() => PressArrivesOnceAsync(new Impairment { LossShare = 0.5, StallMs = 500 });

    [Fact]
    public Task A_press_that_comes_byte_by_byte_arrives_once() => PressArrivesOnceAsync(new Impairment { Trickle = true });

    [Fact]
    public async Task A_press_whose_connection_is_cut_before_the_receipt_arrives_once()
    {
        await OnlineAsync();
        _proxy.Path = new Impairment { DelayMs = 400 };
        Board.Press();
        await Until(() => _crowd.Figures.PressToPubAck.Count > 0 || Hub.Signals(new SignalQuery()).Count > 0, "the hub has the press");
        _proxy.Cut();
        _proxy.Path = Impairment.None;

        await ReceiptedOnceAsync();
        Assert.True(_proxy.Accepted >= 2, "the board did not connect again");
    }

    [Fact]
    public async Task A_press_into_a_half_open_connection_arrives_once_after_the_board_has_given_it_up()
    {
        await OnlineAsync();
        _proxy.Path = new Impairment { HalfOpen = true };
        Board.Press();
        await Until(() => _crowd.Figures.Losses > 0, "the board gave the dead connection up [GW-15]");
        Assert.Empty(Hub.Signals(new SignalQuery()));
        _proxy.Path = Impairment.None;
        _proxy.Cut();

        await ReceiptedOnceAsync();
    }

    private LightBoard Board => _crowd.Boards[0];

    private HubService Hub => _app.Services.GetRequiredService<HubService>();

    private async Task PressArrivesOnceAsync(Impairment path)
    {
        _proxy.Path = path;
        await OnlineAsync();
        Board.Press();
        await ReceiptedOnceAsync();
    }

    private async Task OnlineAsync()
    {
        Board.SetLink(true);
        await Until(() => Board.IsOnline, "the board is online");
    }

    private async Task ReceiptedOnceAsync()
    {
        await Until(() => _crowd.Figures.Receipted == 1, "the press is receipted");
        var signal = Assert.Single(Hub.Signals(new SignalQuery()));
        Assert.Equal("help", signal.Kind);
        Assert.Single(Hub.Current.OpenIncidents.Values, incident => incident.Kind == Gateway.Hub.Incidents.IncidentKind.Help);
        Assert.Equal(0, _crowd.Figures.Refusals);
    }

    private static async Task Until(Func<bool> holds, string what) =>
        Assert.True(await Crowd.UntilAsync(holds, Patience, TestContext.Current.CancellationToken), $"not within {Patience}: {what}");
}
