using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Gateway.Hub.Fleet;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Host;

/// <summary>
/// kill -9 in the middle of a flood: what was acknowledged is in the database, once, and its call in one incident (I2, I8). A kill is no power cut: what the
/// kernel had taken is written all the same. That a commit also waits for the disk is SQLite's synchronous=FULL, which another test reads back.
/// </summary>
public sealed class KillTests
{
    private const int Kills = 4;
    private const int SignalsPerLife = 4_000;

    [Fact]
    public async Task Every_acknowledged_signal_is_in_the_database_once_after_kills_in_a_flood_I2_I8()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        using var folder = new TempFolder();
        var options = new HubOptions { DataFolder = folder.Path, StationFile = "", AllowVirtualBoards = true };
        ProvisioningFile file;
        await using (var hub = HubService.Open(options, Seeds.Sumitu, NullLogger.Instance))
        {
            file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        }

        var acknowledged = new ConcurrentDictionary<uint, bool>();
        var next = 1u;
        for (var life = 0; life <= Kills; life++)
        {
            using var process = await HubProcess.StartAsync(folder.Path);
            next = await FloodAsync(process, file, life, acknowledged, next, life == Kills ? null : random.Next(1, SignalsPerLife / 2));
        }

        await using var after = HubService.Open(options, Seeds.Sumitu, NullLogger.Instance);
        var stored = AllSignals(after);
        Assert.True(acknowledged.Count > SignalsPerLife, $"seed {seed}: only {acknowledged.Count} signals were acknowledged; the test proves nothing");
        Assert.Equal(stored.Count, stored.Select(signal => signal.Seq).Distinct().Count());
        var known = stored.ToDictionary(signal => signal.Seq);
        Assert.All(acknowledged.Keys, seq => Assert.True(known.ContainsKey(seq), $"seed {seed}: signal {seq} was acknowledged and is not in the database"));
        Assert.All(stored.Where(signal => signal.Kind == "help"), signal => Assert.True(signal.IncidentId is not null, $"seed {seed}: call {signal.Seq} is in no incident"));
        Assert.True(after.VerifyAudit().Whole);
    }

    /// <summary>Publishes from the first unacknowledged signal on. Kills the hub after so many acknowledgements, or waits for all.</summary>
    private static async Task<uint> FloodAsync(HubProcess process, ProvisioningFile file, int life, ConcurrentDictionary<uint, bool> acknowledged, uint next, int? killAfter)
    {
        var board = new TestBoard(file) { Boot = (uint)life + 1, Session = $"{life + 1:x16}" };
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", process.Port);
        using var mqtt = new MqttConnection(tcp.GetStream());
        var waiting = new Dictionary<ushort, uint>();
        using var window = new SemaphoreSlim(50);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        mqtt.Published += id =>
        {
            uint seq;
            lock (waiting)
            {
                waiting.Remove(id, out seq);
            }

            if (seq > 0)
            {
                acknowledged[seq] = true;
                if (++count == (killAfter ?? SignalsPerLife))
                {
                    reached.TrySetResult();
                }
            }

            window.Release();
        };
        Assert.Equal(0, await mqtt.ConnectAsync(
            new ConnectPacket { ClientId = file.Device, UserName = file.Device, Password = Encoding.ASCII.GetBytes(file.Password) }, TimeSpan.FromSeconds(10)));
        await SendAsync("status", board.Birth(isVirtual: true), 0);

        // As a board does: again from the first one without an answer, the same bytes as before.
        var first = Enumerable.Range(1, (int)next).Select(n => (uint)n).First(n => !acknowledged.ContainsKey(n));
        var last = first + SignalsPerLife - 1;
        var sending = Task.Run(async () =>
        {
            for (var seq = first; seq <= last && !reached.Task.IsCompleted; seq++)
            {
                var isCall = seq % 100 == 1;
                await SendAsync("signal", board.Signal(seq, isCall ? "help" : "door", isCall ? 1 : 3, isCall ? "alarm" : "normal", boot: 1, up: seq, epoch: board.CallEpoch), seq);
                next = Math.Max(next, seq + 1);
            }
        });
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        process.Kill();
        try
        {
            await sending;
        }
        catch (MqttConnectionException)
        {
            // The hub is dead: that was the purpose.
        }

        return next;

        async Task SendAsync(string leaf, byte[] payload, uint seq)
        {
            while (!await window.WaitAsync(TimeSpan.FromMilliseconds(100)))
            {
                if (reached.Task.IsCompleted)
                {
                    return;
                }
            }

            lock (waiting)
            {
                var id = mqtt.Publish(new ApplicationMessage(board.Topic(leaf), payload, 1, leaf == "status"));
                waiting[id] = seq;
            }
        }
    }

    private static List<SignalRecord> AllSignals(HubService hub)
    {
        var all = new List<SignalRecord>();
        long? before = null;
        while (hub.Signals(new SignalQuery(null, before, 500)) is { Count: > 0 } page)
        {
            all.AddRange(page);
            before = page[^1].Id;
        }

        return all;
    }
}
