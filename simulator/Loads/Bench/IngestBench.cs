using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.Hub;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Loads.Rivals;

namespace Gateway.Loads.Bench;

/// <summary>What the ingest benchmark does.</summary>
/// <param name="Connections">Numbers of publishers; one flood for each.</param>
/// <param name="Signals">Signals of one flood, over all publishers.</param>
/// <param name="Window">Unacknowledged signals per publisher.</param>
/// <param name="PacePerSecond">The pace at which the time to PUBACK is measured.</param>
/// <param name="PaceSeconds">For how long.</param>
/// <param name="WithRivals">Measure the other servers too.</param>
/// <param name="WarmUpSignals">Before each flood, over all publishers; they do not count.</param>
internal sealed record IngestOptions(
    IReadOnlyList<int> Connections, int Signals = 300_000, int Window = 10, int PacePerSecond = 10_000, int PaceSeconds = 10, bool WithRivals = true, int WarmUpSignals = 60_000)
{
    /// <summary>Publishers at the pace.</summary>
    public const int PaceConnections = 100;
}

/// <summary>
/// Signals committed before their PUBACK: flat out, and the time to PUBACK at a pace; beside it other servers under the same bytes of the same generator in the
/// same run, and the rate at which SQLite alone takes the same rows. Every server has a process of its own, on the same cores as the generator.
/// </summary>
internal sealed class IngestBench(IngestOptions options, TextWriter output)
{
    private const string Hub = "hub";

    private readonly JsonArray _floods = [];
    private readonly Dictionary<(string Server, int Connections), double> _rates = [];

    /// <returns>The members of the last line; <c>lost</c> is above 0 when a signal was acknowledged and is not in the database.</returns>
    public async Task<JsonObject> RunAsync(string program)
    {
        await output.WriteLineAsync($"{"server",-12}{"publishers",12}{"signals/s",12}{"p50 ms",10}{"p99 ms",10}  PUBACK means");
        var loads = new List<IReadOnlyList<FloodFrames>>();
        FloodResult paced;
        long acknowledged, stored;
        await using (var hub = await HubProcess.StartAsync(program))
        {
            // Each flood has boards of its own, so that no signal is ever a duplicate.
            var files = await hub.ProvisionAsync(options.Connections.Sum() + IngestOptions.PaceConnections);
            var first = IngestOptions.PaceConnections;
            foreach (var connections in options.Connections)
            {
                var frames = Compose(files.Skip(first).Take(connections), (options.WarmUpSignals + options.Signals) / connections);
                loads.Add(frames);
                first += connections;
                Note(Hub, "committed: SQLite, WAL, synchronous=FULL", connections, await FloodAsync(hub.Server, frames, hub.Connect, () => hub.CpuSeconds));
            }

            var paceWarmUp = options.WarmUpSignals / IngestOptions.PaceConnections;
            var paceFrames = Compose(files.Take(IngestOptions.PaceConnections), paceWarmUp + (options.PacePerSecond * options.PaceSeconds / IngestOptions.PaceConnections));
            paced = await Flood.RunPacedAsync(hub.Server, paceFrames, options.Window, paceWarmUp, options.PacePerSecond, options.PaceSeconds, hub.Connect);
            await output.WriteLineAsync($"{"hub, paced",-12}{paced.Connections,12:N0}{paced.SignalsPerSecond,12:N0}{paced.AckP50Ms,10:F2}{paced.AckP99Ms,10:F2}");
            acknowledged = loads.Append(paceFrames).Sum(frames => frames.Sum(one => (long)one.Count));
            stored = await hub.StoredAsync();
        }

        if (options.WithRivals)
        {
            foreach (var rival in Rival.All)
            {
                await RunRivalAsync(rival, loads);
            }
        }

        var sqlite = SqliteRate(loads[0][0].Sample, options.Signals);
        await output.WriteLineAsync($"{"sqlite alone",-12}{"",12}{sqlite,12:N0}{"",20}  rows/s into the same table, {HubBatch.InputsMax} to a commit");
        return Summarize(paced, loads[0][0].Sample.Length, acknowledged, stored, sqlite);
    }

    private static IReadOnlyList<FloodFrames> Compose(IEnumerable<ProvisioningFile> files, int each) =>
        [.. files.AsParallel().AsOrdered().Select(file => FloodFrames.Compose(file.Device, file.Key, each))];

    private Task<FloodResult> FloodAsync(
        System.Net.IPEndPoint server, IReadOnlyList<FloodFrames> frames, Func<string, Gateway.Mqtt.Packets.ConnectPacket> connect, Func<double> cpu) =>
        Flood.RunAsync(server, frames, options.Window, options.WarmUpSignals / frames.Count, options.Signals / frames.Count, connect, cpu);

    /// <summary>A rival that is not there, or does not get through, is reported so: no figure is ever guessed.</summary>
    private async Task RunRivalAsync(Rival rival, List<IReadOnlyList<FloodFrames>> loads)
    {
        if (rival.Find() is not { } program)
        {
            foreach (var frames in loads)
            {
                Note(rival.Name, $"not installed: {rival.Install}", frames.Count, null);
            }

            return;
        }

        foreach (var frames in loads)
        {
            try
            {
                // Anew for each flood: what one has left behind must not weigh on the next.
                await using var running = await RivalProcess.StartAsync(rival, program);
                Note(rival.Name, rival.Promise, frames.Count, await FloodAsync(running.Server, frames, RivalProcess.Connect, () => ProcessFigures.CpuSeconds(running.Pid)));
            }
            catch (Exception e) when (e is IOException or TimeoutException or System.Net.Sockets.SocketException)
            {
                Note(rival.Name, $"failed: {e.Message}", frames.Count, null);
            }
        }
    }

    private void Note(string server, string promise, int connections, FloodResult? flood)
    {
        if (flood is not null)
        {
            _rates[(server, connections)] = flood.SignalsPerSecond;
        }

        _floods.Add(new JsonObject
        {
            ["server"] = server, ["promise"] = promise, ["connections"] = connections, ["signals"] = flood?.Signals, ["signalsPerSecond"] = flood?.SignalsPerSecond,
            ["ackP50Ms"] = flood?.AckP50Ms, ["ackP99Ms"] = flood?.AckP99Ms,
            ["serverCpuMicrosPerSignal"] = flood?.ServerCpuSeconds is { } cpu ? Math.Round(cpu * 1e6 / flood.Signals, 2) : null,
        });
        output.WriteLine(flood is null
            ? $"{server,-12}{connections,12:N0}{"-",12}{"-",10}{"-",10}  {promise}"
            : $"{server,-12}{connections,12:N0}{flood.SignalsPerSecond,12:N0}{flood.AckP50Ms,10:F2}{flood.AckP99Ms,10:F2}  {promise}");
    }

    /// <summary>The rate and the ratios are the lowest over the numbers of publishers: what holds for each of them.</summary>
    private JsonObject Summarize(FloodResult paced, int payloadBytes, long acknowledged, long stored, double sqlite)
    {
        var signalsPerSecond = options.Connections.Min(connections => _rates[(Hub, connections)]);
        var result = new JsonObject
        {
            ["benchmark"] = "ingest", ["cores"] = Environment.ProcessorCount, ["window"] = options.Window, ["payloadBytes"] = payloadBytes,
            ["signalsPerSecond"] = signalsPerSecond, ["pacedPerSecond"] = paced.SignalsPerSecond, ["ackP50Ms"] = paced.AckP50Ms, ["ackP99Ms"] = paced.AckP99Ms,
        };
        foreach (var (name, server) in new[] { ("ratioToMosquitto", "mosquitto"), ("ratioToNats", "nats"), ("ratioToRabbitMq", "rabbitmq") })
        {
            var ratios = options.Connections.Where(connections => _rates.ContainsKey((server, connections)))
                .Select(connections => _rates[(Hub, connections)] / _rates[(server, connections)]).ToList();
            result[name] = ratios.Count == 0 ? null : Math.Round(ratios.Min(), 3);
        }

        result["ratioToSqlite"] = Math.Round(signalsPerSecond / sqlite, 3);
        result["sqliteRowsPerSecond"] = Math.Round(sqlite);
        result["acknowledged"] = acknowledged;
        result["stored"] = stored;
        result["lost"] = acknowledged - stored;
        result["floods"] = _floods;
        return result;
    }

    /// <summary>The same rows into the same table by SQLite alone, in full batches: the ceiling of this disk and machine.</summary>
    private static double SqliteRate(byte[] payload, long rows)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-sqlite-").FullName;
        try
        {
            using var store = new SqliteHubStore(HubDatabase.Open(folder));
            var lane = store.AddLane("bench", Lane.Event, 1, DateTimeOffset.UnixEpoch);
            store.Commit();
            var started = Stopwatch.GetTimestamp();
            for (long seq = 1; seq <= rows; seq++)
            {
                store.AppendSignal(new SignalRow(lane, (uint)seq, DateTimeOffset.UnixEpoch, default, false, false, false, payload));
                if (seq % HubBatch.InputsMax == 0)
                {
                    store.Commit();
                }
            }

            store.Commit();
            return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
