using System.Diagnostics;
using System.Net;
using Gateway.Mqtt.Packets;

namespace Gateway.Loads.Bench;

/// <summary>What a flood came to. Times are from the write of a PUBLISH (paced: from when it was due) to its PUBACK.</summary>
/// <param name="ServerCpuSeconds">Processor time of the server meanwhile; null when nobody looked.</param>
internal sealed record FloodResult(int Connections, long Signals, double SignalsPerSecond, double AckP50Ms, double AckP99Ms, double? ServerCpuSeconds = null);

/// <summary>The load generator: many publishers at one server, flat out or at a pace.</summary>
internal static class Flood
{
    private const int ConnectingAtOnce = 200;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a flood may take; a server that stops acknowledging ends it with an error.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Flat out: a warm-up that does not count, then <paramref name="each"/> packets of every publisher.</summary>
    public static async Task<FloodResult> RunAsync(
        IPEndPoint server, IReadOnlyList<FloodFrames> publishers, int window, int warmUpEach, int each, Func<string, ConnectPacket> connect, Func<double>? serverCpuSeconds = null)
    {
        var latencies = new LatencyHistogram();
        using var connections = await ConnectAsync(server, publishers, window, latencies, connect);
        await connections.AllAsync(connection => connection.RunAsync(warmUpEach));
        latencies.Clear();
        var cpuBefore = serverCpuSeconds?.Invoke();
        var started = Stopwatch.GetTimestamp();
        await connections.AllAsync(connection => connection.RunAsync(each));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var total = (long)publishers.Count * each;
        return new FloodResult(
            publishers.Count, total, Math.Round(total / seconds), latencies.PercentileMs(0.50)!.Value, latencies.PercentileMs(0.99)!.Value, serverCpuSeconds?.Invoke() - cpuBefore);
    }

    /// <summary>At a pace over all publishers in turn, for some seconds.</summary>
    public static async Task<FloodResult> RunPacedAsync(
        IPEndPoint server, IReadOnlyList<FloodFrames> publishers, int window, int warmUpEach, int perSecond, int seconds, Func<string, ConnectPacket> connect)
    {
        var latencies = new LatencyHistogram();
        using var connections = await ConnectAsync(server, publishers, window, latencies, connect);
        await connections.AllAsync(connection => connection.RunAsync(warmUpEach));
        latencies.Clear();
        var each = perSecond * seconds / publishers.Count;
        var done = connections.All.Select(connection => connection.BeginPaced(each)).ToArray();
        var started = Stopwatch.GetTimestamp();
        await Task.Factory.StartNew(() => Pace(connections.All, (long)each * publishers.Count, perSecond, started), TaskCreationOptions.LongRunning);
        await Task.WhenAll(done).WaitAsync(Patience);
        var total = (long)each * publishers.Count;
        return new FloodResult(
            publishers.Count, total, Math.Round(total / Stopwatch.GetElapsedTime(started).TotalSeconds), latencies.PercentileMs(0.50)!.Value, latencies.PercentileMs(0.99)!.Value);
    }

    private static void Pace(IReadOnlyList<FloodConnection> connections, long total, int perSecond, long started)
    {
        var ticksEach = (double)Stopwatch.Frequency / perSecond;
        for (long sent = 0; sent < total;)
        {
            var due = Math.Min(total, (long)((Stopwatch.GetTimestamp() - started) / ticksEach));
            for (; sent < due; sent++)
            {
                connections[(int)(sent % connections.Count)].Offer(started + (long)(sent * ticksEach));
            }

            Thread.Sleep(1);
        }
    }

    private static async Task<Connections> ConnectAsync(
        IPEndPoint server, IReadOnlyList<FloodFrames> publishers, int window, LatencyHistogram latencies, Func<string, ConnectPacket> connect)
    {
        var connections = new Connections([.. publishers.Select(frames => new FloodConnection(frames, window, latencies))]);
        try
        {
            await Parallel.ForEachAsync(
                connections.All.Zip(publishers), new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce },
                async (pair, _) => await pair.First.ConnectAsync(server, connect(pair.Second.Device), ConnectPatience));
            return connections;
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    private sealed record Connections(IReadOnlyList<FloodConnection> All) : IDisposable
    {
        public Task AllAsync(Func<FloodConnection, Task> act) => Task.WhenAll(All.Select(act)).WaitAsync(Patience);

        public void Dispose()
        {
            foreach (var connection in All)
            {
                connection.Dispose();
            }
        }
    }
}
