using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Operation;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Host;

/// <summary>The whole way over a real socket: press, commit, incident, PUBACK, receipt, notices, latch reset.</summary>
public sealed class PressToReceiptTests : PressToReceipt
{
    [Fact]
    public async Task A_PUBACK_says_that_the_signal_is_committed_I8()
    {
        var board = await BirthAsync();
        await board.PublishAckedAsync("signal", board.Board.Signal(1));
        Assert.Single(Hub.Current.OpenIncidents);
    }

    protected override Task<HubOptions> OptionsAsync(HubOptions options) => Task.FromResult(options);
}

/// <summary>The same through Mosquitto, of which hub and boards are clients, with passwords and topics as README.md configures them. There only receipts count.</summary>
public sealed class PressThroughMosquittoTests : PressToReceipt
{
    private readonly MosquittoBroker _broker = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _broker.Dispose();
    }

    [Fact]
    public async Task While_the_broker_is_away_that_is_said_and_afterwards_everything_goes_on()
    {
        var conditions = App.Services.GetRequiredService<HubConditions>();
        var file = await ProvisionAsync();
        using var first = await ConnectAsync(file);
        var lost = Seen(conditions, began: true);
        _broker.Stop();
        await lost;
        var back = Seen(conditions, began: false);
        await _broker.StartAsync();
        await back;

        using var again = await ConnectAsync(file);
        again.Publish("status", again.Board.Birth(isVirtual: true), retain: true);
        Assert.Equal(1, await PressAsync(again, 1));
        Assert.Single(Hub.Current.OpenIncidents);
    }

    [Fact]
    public async Task A_signal_that_cannot_be_committed_gets_no_receipt_and_one_when_it_can_I8()
    {
        var board = await BirthAsync();
        using (var holder = Hub.Database.Connect())
        {
            // Another program holds the database for longer than the hub waits.
            holder.Execute("BEGIN IMMEDIATE");
            board.Publish("signal", board.Board.Signal(1));
            await WaitAsync(() => !Hub.IsHealthy);
            Assert.Empty(Hub.Signals(new SignalQuery()));
            holder.Execute("ROLLBACK");
        }

        await WaitAsync(() => Hub.IsHealthy);
        board.Board.UpMs += 10_000;
        board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
        Assert.Equal(1, await PressAsync(board, 1));
        Assert.Single(Hub.Current.OpenIncidents);
    }

    [Fact]
    public async Task A_press_while_the_hub_is_down_waits_at_the_broker_and_is_taken_once_at_the_next_start()
    {
        var board = await BirthAsync();
        await App.StopAsync(TestContext.Current.CancellationToken);
        await App.DisposeAsync();
        var press = board.Board.Signal(1);
        await board.PublishAckedAsync("signal", press);

        await StartAsync();
        await WaitAsync(() => Hub.Current.OpenIncidents.Count == 1);
        board.Board.UpMs += 10_000;
        board.Publish("status", board.Board.Birth(callNext: 2, isVirtual: true), retain: true);
        board.Publish("signal", press);
        Assert.Equal(1, await ReceiptAsync(board, 1));
        Assert.Single(Hub.Signals(new SignalQuery()));
    }

    protected override async Task<HubOptions> OptionsAsync(HubOptions options)
    {
        await _broker.StartAsync();
        return options with { Broker = _broker.ForHub(Folder) };
    }

    protected override Task ProvisionedAsync(ProvisioningFile file) => _broker.AddBoardAsync(file);

    private static Task Seen(HubConditions conditions, bool began)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        conditions.Changed += (condition, begins) =>
        {
            if (condition.Name == BrokerClient.LostCondition && begins == began)
            {
                seen.TrySetResult();
            }
        };
        return seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static async Task WaitAsync(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}

/// <summary>What holds on both ways to the boards: the endpoint inside, and a broker outside.</summary>
public abstract class PressToReceipt : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<SocketBoard> _boards = [];
    private HubAddresses _addresses = null!;

    internal HubService Hub { get; private set; } = null!;

    protected WebApplication App { get; private set; } = null!;

    protected string Folder => _folder.Path;

    public async ValueTask InitializeAsync() => await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var board in _boards)
        {
            board.Dispose();
        }

        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Dispose();
    }

    protected async Task StartAsync()
    {
        App = HubHost.Build(await OptionsAsync(new HubOptions { DataFolder = _folder.Path, StationFile = "", AllowVirtualBoards = true }), Seeds.Sumitu);
        _addresses = await HubHost.StartAsync(App, TestContext.Current.CancellationToken);
        Hub = App.Services.GetRequiredService<HubService>();
    }

    protected abstract Task<HubOptions> OptionsAsync(HubOptions options);

    protected virtual Task ProvisionedAsync(ProvisioningFile file) => Task.CompletedTask;

    protected async Task<ProvisioningFile> ProvisionAsync()
    {
        var file = await Hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        await ProvisionedAsync(file);
        return file;
    }

    internal Task<SocketBoard> ConnectAsync(ProvisioningFile file) => SocketBoard.ConnectAsync(_addresses.MqttPort, file);

    /// <summary>A board that is connected and was heard.</summary>
    internal async Task<SocketBoard> BirthAsync()
    {
        var board = await ConnectAsync(await ProvisionAsync());
        _boards.Add(board);
        board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
        Assert.Equal(0, await ReceiptAsync(board, 0));
        return board;
    }

    /// <summary>Presses and waits for the receipt, as a board does. Returns what it says.</summary>
    internal static Task<long> PressAsync(SocketBoard board, uint seq)
    {
        board.Publish("signal", board.Board.Signal(seq));
        return ReceiptAsync(board, seq);
    }

    internal static async Task<long> ReceiptAsync(SocketBoard board, long through) =>
        (await board.NextAsync("receipt", m => m.GetProperty("lane").GetString() == "call" && m.GetProperty("through").GetInt64() >= through)).GetProperty("through").GetInt64();

    [Fact]
    public async Task A_press_becomes_an_incident_and_its_receipt_comes_back_I3_I8()
    {
        var board = await BirthAsync();

        Assert.Equal(1, await PressAsync(board, 1));

        var incident = Assert.Single(Hub.Current.OpenIncidents).Value;
        Assert.Equal(IncidentKind.Help, incident.Kind);
        var signal = Assert.Single(Hub.FindIncident(incident.Id)!.Signals);
        Assert.Equal(1u, signal.Seq);
    }

    [Fact]
    public async Task The_presser_is_told_each_step_and_the_latch_is_reset_at_the_end_GW37()
    {
        var board = await BirthAsync();
        await PressAsync(board, 1);
        var id = Assert.Single(Hub.Current.OpenIncidents).Key;
        var responder = Seeds.Sumitu.Responders[0].Id;

        IncidentCommand[] steps =
        [
            new IncidentCommand.Accept(new Assessment("fell down")), new IncidentCommand.Dispatch([responder], 6), new IncidentCommand.EnRoute(responder),
            new IncidentCommand.Arrive(responder), new IncidentCommand.Handle("helped up"), new IncidentCommand.Report("well again", Disposition.Helped),
            new IncidentCommand.FollowUp("visited"), new IncidentCommand.Close(),
        ];
        foreach (var step in steps)
        {
            var outcome = await Hub.ExecuteAsync(id, step, "operator", cancellation: TestContext.Current.CancellationToken);
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
        Assert.Empty(Hub.Current.OpenIncidents);
        Assert.True(Hub.VerifyAudit().Whole);
    }
}
