using System.Text.Json.Nodes;
using Gateway.Hub;

namespace Gateway.Loads.Bench;

/// <summary>What a signal costs as the fleet grows: a new hub for each size, flat out, its processor time per signal and the rate.</summary>
internal static class GrowthBench
{
    /// <summary>Under way in all; more would meet the bound of the writer's queue at ten thousand boards, and measure refusals.</summary>
    private const int UnderWayMax = 50_000;

    private const int WindowMax = 10;

    public static async Task<JsonObject> RunAsync(string program, IReadOnlyList<int> sizes, int signals, TextWriter output)
    {
        var points = new JsonArray();
        await output.WriteLineAsync($"{"boards",8}{"signals/s",12}{"CPU us/signal",16}{"p99 ms",10}{"MB",8}");
        foreach (var boards in sizes)
        {
            await using var hub = await HubProcess.StartAsync(program);
            var files = await hub.ProvisionAsync(boards);
            var each = Math.Max(1, signals / boards);
            var frames = files.AsParallel().AsOrdered().Select(file => FloodFrames.Compose(file.Device, file.Key, 2 * each)).ToList();
            var flood = await Flood.RunAsync(hub.Server, frames, Math.Min(WindowMax, UnderWayMax / boards), each, each, hub.Connect, () => hub.CpuSeconds);
            var megabytes = hub.ResidentMegabytes;
            var cpu = Math.Round(flood.ServerCpuSeconds!.Value * 1e6 / flood.Signals, 2);
            if (await hub.StoredAsync() is var stored && stored != 2 * flood.Signals)
            {
                throw new HubStartException($"With {boards:N0} boards {2 * flood.Signals:N0} signals were acknowledged and {stored:N0} are stored.");
            }

            await output.WriteLineAsync($"{boards,8:N0}{flood.SignalsPerSecond,12:N0}{cpu,16:F2}{flood.AckP99Ms,10:F1}{megabytes,8:F0}");
            points.Add(new JsonObject
            {
                ["boards"] = boards, ["signalsPerSecond"] = flood.SignalsPerSecond, ["cpuMicrosPerSignal"] = cpu, ["ackP99Ms"] = flood.AckP99Ms, ["megabytes"] = Math.Round(megabytes, 1),
            });
        }

        return new JsonObject { ["benchmark"] = "growth", ["signals"] = signals, ["sizes"] = points };
    }
}
