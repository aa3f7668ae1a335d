using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Hub.Fleet;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Host;

/// <summary>Start and stop, as a person and as a board sees them.</summary>
public sealed class HubHostTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_taken_port_is_one_clear_sentence_and_leaves_the_folder_free()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using (var app = HubHost.Build(Options with { MqttPort = port }, Seeds.Sumitu))
        {
            var e = await Assert.ThrowsAsync<PortTakenException>(() => HubHost.StartAsync(app, TestContext.Current.CancellationToken));
            Assert.Contains(port.ToString(), e.Message);
            Assert.DoesNotContain('\n', e.Message);
        }

        await using var again = HubHost.Build(Options, Seeds.Sumitu);
        await HubHost.StartAsync(again, TestContext.Current.CancellationToken);
        await again.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_station_file_that_is_not_there_is_a_clear_error() =>
        Assert.Throws<StationFileException>(() => HubHost.Build(Options with { StationFile = Path.Combine(_folder.Path, "none.yaml") }));

    [Fact]
    public async Task Health_is_answered_without_an_account()
    {
        await using var app = HubHost.Build(Options, Seeds.Sumitu);
        var addresses = await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(addresses.Console, "/health"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Hub_status_is_retained_and_says_offline_before_the_connections_end()
    {
        await using var app = HubHost.Build(Options with { AllowVirtualBoards = true }, Seeds.Sumitu);
        var addresses = await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        var hub = app.Services.GetRequiredService<HubService>();
        var file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        Assert.Equal(addresses.MqttPort, file.Port);
        using var board = await SocketBoard.ConnectAsync(addresses.MqttPort, file);
        var online = await board.NextAsync("hub/status");
        Assert.Equal(("online", hub.Current.Run, file.Hub), (Text(online, "state"), Text(online, "run"), Text(online, "hub")));

        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("offline", Text(await board.NextAsync("hub/status"), "state"));
    }

    [Fact]
    public async Task Everything_is_there_again_after_a_clean_restart_and_the_run_is_new()
    {
        string run;
        ProvisioningFile file;
        await using (var app = HubHost.Build(Options with { AllowVirtualBoards = true }, Seeds.Sumitu))
        {
            var addresses = await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
            var hub = app.Services.GetRequiredService<HubService>();
            run = hub.Current.Run;
            file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
            using var board = await SocketBoard.ConnectAsync(addresses.MqttPort, file);
            board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
            await board.PublishAckedAsync("signal", board.Board.Signal(1));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        await using var again = HubHost.Build(Options with { AllowVirtualBoards = true }, Seeds.Sumitu);
        var hubAgain = again.Services.GetRequiredService<HubService>();
        Assert.Equal(file.Hub, hubAgain.Current.HubId);
        Assert.NotEqual(run, hubAgain.Current.Run);
        Assert.Single(hubAgain.Current.OpenIncidents);
        Assert.Single(hubAgain.Signals(new SignalQuery("sumitu-01")));
    }

    private HubOptions Options => new() { DataFolder = _folder.Path, StationFile = "" };

    private static string? Text(JsonElement message, string member) => message.GetProperty(member).GetString();
}
