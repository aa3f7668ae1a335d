using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.Loads.Boards;

namespace Gateway.Loads.Bench;

/// <summary>Memory of the hub process under a steady load: boards with patrols, contacts, lost links and calls that are reset. Flat means flat in the second half.</summary>
internal static class SoakBench
{
    private const double SignalsPerSecondPerBoard = 2;
    private const double LinkLossesPerMinutePerBoard = 0.2;
    private const double PressShare = 0.01;
    private const int ConnectsPerSecond = 500;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>What the garbage collector may keep this time and not the last.</summary>
    private const double SlackMegabytes = 10;

    public static async Task<JsonObject> RunAsync(string program, int boards, double minutes, int seed, TextWriter output, CancellationToken cancellation)
    {
        await using var hub = await HubProcess.StartAsync(program);
        var files = await hub.ProvisionAsync(boards);
        await using var crowd = new Crowd(files, new LoadRoute("127.0.0.1", hub.Ready.MqttPort));
        await crowd.ConnectAsync(crowd.Boards, ConnectsPerSecond, cancellation);
        var random = new Random(seed);
        var samples = new List<double>();
        var started = Stopwatch.GetTimestamp();
        var due = 0.0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(minutes) && await timer.WaitForNextTickAsync(cancellation))
        {
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            for (; due < seconds * boards * SignalsPerSecondPerBoard; due++)
            {
                Act(crowd.Boards[random.Next(boards)], random);
            }

            if (samples.Count < seconds / LookEvery.TotalSeconds)
            {
                samples.Add(hub.ResidentMegabytes);
            }
        }

        foreach (var board in crowd.Boards)
        {
            board.SetLink(true);
        }

        var drained = await Crowd.UntilAsync(() => crowd.Figures.Receipted == crowd.Figures.Records, TimeSpan.FromSeconds(90), cancellation);
        return Judge(samples, minutes, seed, crowd.Figures, drained, output);
    }

    private static void Act(LightBoard board, Random random)
    {
        if (random.NextDouble() < LinkLossesPerMinutePerBoard / (SignalsPerSecondPerBoard * 60))
        {
            board.SetLink(false);
        }
        else if (!board.IsOnline)
        {
            board.SetLink(true);
        }

        if (random.NextDouble() >= PressShare)
        {
            board.Tell(random.Next(4) == 0 ? "door" : "patrol", random.Next(4) == 0 ? 3 : 0, "normal");
        }
        else if (board.IsLatched)
        {
            board.Reset();
        }
        else
        {
            board.Press();
        }
    }

    private static JsonObject Judge(List<double> samples, double minutes, int seed, LoadFigures figures, bool drained, TextWriter output)
    {
        var half = samples.Skip(samples.Count / 2).ToList();
        var first = half.Take(half.Count / 2).DefaultIfEmpty(0).Average();
        var second = half.Skip(half.Count / 2).DefaultIfEmpty(0).Average();
        var isFlat = second - first <= SlackMegabytes;
        output.WriteLine(
            $"{figures.Records:N0} records, {figures.Presses:N0} presses, {figures.Losses:N0} lost links in {minutes} min; third quarter {first:F1} MB, last quarter {second:F1} MB: {(isFlat ? "flat" : "GROWING")}");
        return new JsonObject
        {
            ["benchmark"] = "soak", ["minutes"] = minutes, ["seed"] = seed, ["records"] = figures.Records, ["receipted"] = figures.Receipted, ["lostLinks"] = figures.Losses,
            ["lost"] = drained ? 0 : figures.Records - figures.Receipted, ["refusals"] = figures.Refusals, ["megabytesMax"] = Math.Round(samples.DefaultIfEmpty(0).Max(), 1),
            ["megabytesThirdQuarter"] = Math.Round(first, 1), ["megabytesLastQuarter"] = Math.Round(second, 1), ["isFlat"] = isFlat,
            ["receiptP99Ms"] = figures.PressToReceipt.PercentileMs(0.99),
        };
    }
}
