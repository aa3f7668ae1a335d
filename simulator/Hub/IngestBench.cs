using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub;

/// <summary>What the ingest benchmark does.</summary>
/// <param name="Connections">Boards, each on its own socket.</param>
/// <param name="SignalsEach">Signals per board. They are routine ones (`patrol`): no incident is made.</param>
/// <param name="Window">Unacknowledged signals per board.</param>
public sealed record IngestBenchOptions(int Connections = 100, int SignalsEach = 3_000, int Window = 10);

/// <summary>
/// Signals committed before their PUBACK, flat out, over real sockets on loopback; hub and load generator share this process and its cores.
/// The payloads are composed before the clock starts.
/// </summary>
public static class IngestBench
{
    private const int SqliteBatch = HubBatch.InputsMax;

    /// <summary>Runs once in a temporary folder and prints one line of JSON. Returns 0, or 1 when a signal is not in the database.</summary>
    public static async Task<int> RunAsync(Station station, IngestBenchOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        try
        {
            await using var app = HubHost.Build(new HubOptions { DataFolder = folder, StationFile = "" }, station);
            var addresses = await HubHost.StartAsync(app);
            var hub = app.Services.GetRequiredService<HubService>();
            var boards = new List<BenchBoard>();
            for (var i = 0; i < options.Connections; i++)
            {
                boards.Add(new BenchBoard(await hub.ProvisionAsync($"bench-{i:d5}", "bench"), options));
            }

            await Task.WhenAll(boards.Select(board => board.ConnectAsync(addresses.MqttPort)));
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(boards.Select(board => board.RunAsync()));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var total = (long)options.Connections * options.SignalsEach;
            var stored = hub.Signals(new SignalQuery(Limit: 1))[0].Id;
            await app.StopAsync();

            var latencies = boards.SelectMany(board => board.LatenciesMs).Order().ToArray();
            var sqlite = SqliteRate(folder, boards[0].Sample, total);
            output.WriteLine(JsonSerializer.Serialize(new
            {
                benchmark = "ingest", connections = options.Connections, window = options.Window, payloadBytes = boards[0].Sample.Length, signals = total, stored,
                signalsPerSecond = Math.Round(total / seconds), ackP50Ms = Math.Round(latencies[latencies.Length / 2], 2),
                ackP99Ms = Math.Round(latencies[(int)(latencies.Length * 0.99)], 2), sqliteRowsPerSecond = Math.Round(sqlite), ratioToSqlite = Math.Round(total / seconds / sqlite, 3),
                cores = Environment.ProcessorCount,
            }));
            return stored == total ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The same rows into the same table by SQLite alone, in full batches: the ceiling of this disk and machine.</summary>
    private static double SqliteRate(string folder, byte[] payload, long rows)
    {
        var bare = Directory.CreateDirectory(Path.Combine(folder, "bare")).FullName;
        var database = HubDatabase.Open(bare);
        using var store = new SqliteHubStore(database);
        var lane = store.AddLane("bench", Lane.Event, 1, DateTimeOffset.UnixEpoch);
        store.Commit();
        var started = Stopwatch.GetTimestamp();
        for (long seq = 1; seq <= rows; seq++)
        {
            store.AppendSignal(new SignalRow(lane, (uint)seq, DateTimeOffset.UnixEpoch, default, false, false, false, payload));
            if (seq % SqliteBatch == 0)
            {
                store.Commit();
            }
        }

        store.Commit();
        return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed class BenchBoard
    {
        private readonly ProvisioningFile _file;
        private readonly IngestBenchOptions _options;
        private readonly ApplicationMessage[] _messages;
        private readonly Dictionary<ushort, long> _sentAt = [];
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private MqttConnection? _mqtt;
        private int _next;

        public BenchBoard(ProvisioningFile file, IngestBenchOptions options)
        {
            (_file, _options) = (file, options);
            var key = new MessageKey(Convert.FromHexString(file.Key));
            var topic = Topics.Of(file.Device, "signal");
            _messages = [.. Enumerable.Range(1, options.SignalsEach).Select(seq => new ApplicationMessage(topic, Compose(key, topic, seq), 1, false))];
        }

        public List<double> LatenciesMs { get; } = [];

        public byte[] Sample => _messages[0].Payload.ToArray();

        public async Task ConnectAsync(int port)
        {
            var tcp = new TcpClient { NoDelay = true };
            await tcp.ConnectAsync("127.0.0.1", port);
            _mqtt = new MqttConnection(tcp.GetStream());
            _mqtt.Published += Acknowledged;
            _mqtt.Closed += reason => _done.TrySetException(new IOException($"{_file.Device}: {reason}"));
            await _mqtt.ConnectAsync(
                new ConnectPacket { ClientId = _file.Device, UserName = _file.Device, Password = Encoding.ASCII.GetBytes(_file.Password) }, TimeSpan.FromSeconds(30));
        }

        public async Task RunAsync()
        {
            lock (_gate)
            {
                for (var i = 0; i < _options.Window; i++)
                {
                    SendNext();
                }
            }

            await _done.Task;
            _mqtt!.Disconnect();
        }

        private void Acknowledged(ushort id)
        {
            lock (_gate)
            {
                _sentAt.Remove(id, out var sentAt);
                LatenciesMs.Add(Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds);
                if (LatenciesMs.Count == _messages.Length)
                {
                    _done.TrySetResult();
                }

                SendNext();
            }
        }

        private void SendNext()
        {
            if (_next < _messages.Length)
            {
                var sentAt = Stopwatch.GetTimestamp();
                _sentAt[_mqtt!.Publish(_messages[_next++])] = sentAt;
            }
        }

        private static byte[] Compose(MessageKey key, string topic, int seq)
        {
            var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
            writer.Text("lane", "event");
            writer.Text("epoch", "00000001");
            writer.Integer("seq", seq);
            writer.Text("kind", "patrol");
            writer.Integer("zone", 0);
            writer.Text("state", "normal");
            writer.Integer("call", 0);
            writer.Integer("count", 1);
            writer.Integer("value", 0);
            writer.Text("detail", "");
            writer.Integer("boot", 1);
            writer.Integer("up", seq);
            writer.Integer("at", 0);
            writer.Text("clock", "none");
            writer.Boolean("test", false);
            return writer.Close(key, topic);
        }
    }
}
