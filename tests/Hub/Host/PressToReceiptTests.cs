using Gateway.Hub.Incidents;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Host;

/// <summary>The whole way over a real socket: press, commit, incident, PUBACK, receipt, notices, latch reset.</summary>
public sealed class PressToReceiptTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private WebApplication _app = null!;
    private HubService _hub = null!;
    private HubAddresses _addresses = null!;

    public async ValueTask InitializeAsync()
    {
        _app = HubHost.Build(new HubOptions { DataFolder = _folder.Path, StationFile = "", AllowVirtualBoards = true }, Seeds.Sumitu);
        _addresses = await HubHost.StartAsync(_app, TestContext.Current.CancellationToken);
        _hub = _app.Services.GetRequiredService<HubService>();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_press_becomes_an_incident_and_its_receipt_comes_back_I3_I8()
    {
        var file = await _hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        using var board = await SocketBoard.ConnectAsync(_addresses.MqttPort, file);
        board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
        Assert.Equal(0, (await board.NextAsync("receipt", m => m.GetProperty("lane").GetString() == "call")).GetProperty("through").GetInt64());

        await board.PublishAckedAsync("signal", board.Board.Signal(1));

        var incident = Assert.Single(_hub.Current.OpenIncidents).Value;
        Assert.Equal(IncidentKind.Help, incident.Kind);
        var receipt = await board.NextAsync("receipt", m => m.GetProperty("lane").GetString() == "call");
        Assert.Equal(1, receipt.GetProperty("through").GetInt64());
        var signal = Assert.Single(_hub.FindIncident(incident.Id)!.Signals);
        Assert.Equal(1u, signal.Seq);
    }

    [Fact]
    public async Task The_presser_is_told_each_step_and_the_latch_is_reset_at_the_end_GW37()
    {
        var file = await _hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        using var board = await SocketBoard.ConnectAsync(_addresses.MqttPort, file);
        board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
        await board.PublishAckedAsync("signal", board.Board.Signal(1));
        var id = Assert.Single(_hub.Current.OpenIncidents).Key;
        var responder = Seeds.Sumitu.Responders[0].Id;

        IncidentCommand[] steps =
        [
            new IncidentCommand.Accept(new Assessment("fell down")), new IncidentCommand.Dispatch([responder], 6), new IncidentCommand.EnRoute(responder),
            new IncidentCommand.Arrive(responder), new IncidentCommand.Handle("helped up"), new IncidentCommand.Report("well again", Disposition.Helped),
            new IncidentCommand.FollowUp("visited"), new IncidentCommand.Close(),
        ];
        foreach (var step in steps)
        {
            var outcome = await _hub.ExecuteAsync(id, step, "operator", cancellation: TestContext.Current.CancellationToken);
            Assert.True(outcome.Done, $"{step}: {outcome.Refusal}");
        }

        foreach (var stage in new[] { "accepted", "dispatched", "enRoute", "onScene", "closed" })
        {
            var notice = await board.NextAsync("notice");
            Assert.Equal(stage, notice.GetProperty("stage").GetString());
            Assert.Equal(1, notice.GetProperty("seq").GetInt64());
        }

        var command = await board.NextAsync("command");
        Assert.Equal("resetLatch", command.GetProperty("command").GetString());
        Assert.Equal(1, command.GetProperty("seq").GetInt64());
        Assert.Empty(_hub.Current.OpenIncidents);
        Assert.True(_hub.VerifyAudit().Whole);
    }
}
