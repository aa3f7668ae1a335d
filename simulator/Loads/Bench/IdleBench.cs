using System.Text.Json.Nodes;
using Gateway.Hub;
using Gateway.Loads.Boards;
using Gateway.Loads.Rivals;

namespace Gateway.Loads.Bench;

/// <summary>
/// Resident memory of the whole hub process with so many gateways connected: births, subscriptions and a heartbeat every 5 s. Beside it other servers with as
/// many connections that have subscribed to as many topics.
/// </summary>
internal static class IdleBench
{
    private const int ConnectsPerSecond = 1_000;

    /// <summary>RabbitMQ took 170 MB per 1,000: more than this the comparison does not need.</summary>
    private const int RivalConnectionsMax = 2_000;

    private static readonly TimeSpan OnlinePatience = TimeSpan.FromSeconds(60);

    /// <summary>Memory rises for half a minute after the last board came, by what its heartbeats leave in the heap; then it stays.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(60);

    public static async Task<JsonObject> RunAsync(string program, int boards, bool withRivals, TextWriter output, TimeSpan? settle = null)
    {
        double empty, full;
        long refusals;
        await using (var hub = await HubProcess.StartAsync(program))
        {
            empty = hub.ResidentMegabytes;
            var files = await hub.ProvisionAsync(boards);

            // Gateways are provisioned one by one over years, and connect day by day: what ten thousand at once leave in the heap is no part of the figure.
            await hub.RestartAsync();
            await using var crowd = new Crowd(files, new LoadRoute("127.0.0.1", hub.Ready.MqttPort));
            await crowd.ConnectAsync(crowd.Boards, ConnectsPerSecond);
            if (!await Crowd.UntilAsync(() => crowd.Figures.Online == boards, OnlinePatience))
            {
                throw new HubStartException($"Only {crowd.Figures.Online:N0} of {boards:N0} boards got online (open files allowed: see `ulimit -n`).");
            }

            await Task.Delay(settle ?? Settle);
            full = hub.ResidentMegabytes;
            refusals = crowd.Figures.Refusals + (boards - crowd.Figures.Online);
        }

        await output.WriteLineAsync($"hub: {empty:F0} MB empty, {full:F0} MB with {boards:N0} gateways");
        var result = new JsonObject
        {
            ["benchmark"] = "idle", ["boards"] = boards, ["megabytesEmpty"] = Math.Round(empty, 1), ["megabytes"] = Math.Round(full, 1),
            ["megabytesPer1000"] = PerThousand(empty, full, boards), ["faults"] = refusals,
        };
        foreach (var rival in withRivals ? Rival.All : [])
        {
            result[$"{rival.Name}MegabytesPer1000"] = await RunRivalAsync(rival, Math.Min(boards, RivalConnectionsMax), output);
        }

        return result;
    }

    private static async Task<double?> RunRivalAsync(Rival rival, int connections, TextWriter output)
    {
        if (rival.Find() is not { } program)
        {
            await output.WriteLineAsync($"{rival.Name}: not installed: {rival.Install}");
            return null;
        }

        try
        {
            await using var running = await RivalProcess.StartAsync(rival, program);
            var empty = ProcessFigures.ResidentMegabytes(running.Pid);
            var idle = new List<IdleConnection>();
            try
            {
                for (var i = 0; i < connections; i++)
                {
                    idle.Add(await IdleConnection.OpenAsync(running.Server, BenchHub.Device(i)));
                }

                var full = ProcessFigures.ResidentMegabytes(running.Pid);
                await output.WriteLineAsync($"{rival.Name}: {empty:F0} MB empty, {full:F0} MB with {connections:N0} connections");
                return PerThousand(empty, full, connections);
            }
            finally
            {
                idle.ForEach(connection => connection.Dispose());
            }
        }
        catch (Exception e) when (e is IOException or TimeoutException or System.Net.Sockets.SocketException or Gateway.Mqtt.Client.MqttConnectionException)
        {
            await output.WriteLineAsync($"{rival.Name}: failed: {e.Message}");
            return null;
        }
    }

    private static double PerThousand(double empty, double full, int connections) => Math.Round((full - empty) * 1_000 / connections, 2);
}
