using System.Net;
using Gateway.Hub.Fleet;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Endpoint;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Operation;

/// <summary>A disk that is really full, and one that the kernel really made read-only: said clearly, no false receipt, and the way back (I8).</summary>
public sealed class DiskTests : IDisposable
{
    /// <summary>More than fit into what SQLite's log still holds of room when the disk is full.</summary>
    private const uint AttemptsMax = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LoopDisk _disk = LoopDisk.MakeOrSkip();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task On_a_disk_that_is_really_full_nothing_is_acknowledged_and_the_hub_goes_on_by_itself_when_there_is_room_I8()
    {
        await using var app = HubHost.Build(Options, Seeds.Sumitu);
        var addresses = await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        var hub = app.Services.GetRequiredService<HubService>();
        var file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(addresses));

        var ballast = _disk.Fill();
        uint seq = 1;
        while (await TakeAsync(hub, file, seq))
        {
            Assert.True(++seq < AttemptsMax, "the disk was never full");
        }

        var accepted = seq - 1;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync(addresses));
        for (var again = 0; again < 3; again++)
        {
            Assert.False(await TakeAsync(hub, file, seq), "acknowledged on a full disk");
        }

        await Assert.ThrowsAsync<HubUnavailableException>(() => hub.ProvisionAsync("sumitu-02", "test", TestContext.Current.CancellationToken));
        File.Delete(ballast);
        Assert.True(await TakeAsync(hub, file, seq), "there is room again, and nothing is stored");
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(addresses));
        AssertStored(hub, accepted + 1);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task On_a_disk_that_becomes_read_only_nothing_is_acknowledged_and_after_the_repair_everything_acknowledged_is_there_I8()
    {
        ProvisioningFile file;
        await using (var app = HubHost.Build(Options, Seeds.Sumitu))
        {
            var addresses = await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
            var hub = app.Services.GetRequiredService<HubService>();
            file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
            for (uint seq = 1; seq <= 20; seq++)
            {
                Assert.True(await TakeAsync(hub, file, seq));
            }

            _disk.FailMedium();
            for (var again = 0; again < 3; again++)
            {
                Assert.False(await TakeAsync(hub, file, 21), "acknowledged on a read-only disk");
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync(addresses));
            Assert.Equal(20, hub.Signals(new SignalQuery("sumitu-01", Limit: 100)).Count);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        _disk.Unmount();
        _disk.Repair();
        _disk.Mount("ro");
        var refusal = Assert.ThrowsAny<HubStartException>(() => HubService.Open(Options, Seeds.Sumitu, NullLogger.Instance));
        Assert.DoesNotContain('\n', refusal.Message);

        _disk.Unmount();
        _disk.Mount();
        await using var repaired = HubService.Open(Options, Seeds.Sumitu, NullLogger.Instance);
        AssertStored(repaired, 20);
        Assert.True(await TakeAsync(repaired, file, 21));
        AssertStored(repaired, 21);
    }

    private HubOptions Options => new() { DataFolder = Path.Combine(_disk.Path, "data"), StationFile = "", DiskWarnBytes = 1 };

    /// <summary>Each of the first so many signals once, nothing else, in a database and a chain that are whole.</summary>
    private static void AssertStored(HubService hub, uint last)
    {
        using var connection = hub.Database.Connect();
        Assert.Equal("ok", connection.ScalarText("PRAGMA integrity_check"));
        Assert.Equal((last, last), ((uint)connection.Scalar("SELECT count(*) FROM signals"), (uint)connection.Scalar("SELECT count(DISTINCT seq) FROM signals")));
        Assert.True(hub.VerifyAudit().Whole);
    }

    private static async Task<HttpStatusCode> HealthAsync(HubAddresses addresses)
    {
        using var client = new HttpClient();
        return (await client.GetAsync(new Uri(addresses.Console, "/health"), TestContext.Current.CancellationToken)).StatusCode;
    }

    private static async Task<bool> TakeAsync(HubService hub, ProvisioningFile file, uint seq)
    {
        var board = new TestBoard(file);
        var answer = new Answer();
        Assert.True(hub.TryTake(hub.Gate.Judge(board.Topic("signal"), board.Signal(seq, "door", zone: 3, state: "normal", call: 0)).Message!, answer));
        return await answer.Accepted.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private sealed class Answer : PublishReceipt
    {
        private readonly TaskCompletionSource<bool> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> Accepted => _accepted.Task;

        public override void Accept() => _accepted.TrySetResult(true);

        public override void Refuse(string reason) => _accepted.TrySetResult(false);
    }
}
