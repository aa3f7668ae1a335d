using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Cli.Bench;
using Gateway.Cli.Demo;
using Gateway.Hub;
using Gateway.Loads.Bench;

namespace Gateway.Cli.Commands;

/// <summary><c>bench</c>: measurements, each ending in one line of JSON. Build with <c>-c Release</c>; figures of a busy machine are figures of a busy machine.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure; each ends with one line of JSON.") { All(), Line(), ConsoleOf(), Ingest(), Station(), Idle(), Storm(), Growth(), Soak(), HubOf() };

    private static Command All()
    {
        var folder = new Option<string?>("--output") { Description = $"A folder for {WholeBench.JsonName} and {WholeBench.SvgName}." };
        var compare = new Option<string?>("--compare") { Description = $"An earlier {WholeBench.JsonName}: its figures stand beside the new ones." };
        var command = new Command("all", "The whole table of what must be fast, with its targets; some minutes. Fails when a target is missed.") { folder, compare, Json() };
        command.SetAction((parsed, cancellation) => RunAsync(async () =>
        {
            var result = await WholeBench.RunAsync(Program, new WholeOptions(parsed.GetValue(folder), parsed.GetValue(compare)), Console.Out, cancellation);
            return (result, result["missed"]!.AsArray().Count == 0);
        }));
        return command;
    }

    private static Command Line()
    {
        var data = DemoCommand.DataOption("Data folder of the running demo.");
        var presses = NumberOption.Create("--presses", "How many presses, over all boards in turn.", 1, 100_000, () => 100);
        var command = new Command("line", "Virtual pin edge to the lamp \"the station has it\", on the boards of a running demo.") { data, presses };
        command.SetAction((parsed, cancellation) => LineBench.RunAsync(parsed.GetValue(data)!, parsed.GetValue(presses), Console.Out, Console.Error, cancellation));
        return command;
    }

    private static Command ConsoleOf()
    {
        var data = DemoCommand.DataOption("Data folder of the running demo, with an incident open.");
        var consoles = NumberOption.Create("--consoles", "Open consoles.", 1, 100, () => 10);
        var changes = NumberOption.Create("--changes", "Changes of the incident.", 1, 10_000, () => 100);
        var command = new Command("console", "A change of an incident until every open console has the page that shows it.") { data, consoles, changes, Json() };
        command.SetAction((parsed, cancellation) =>
            ConsoleBench.RunAsync(parsed.GetValue(data)!, parsed.GetValue(consoles), parsed.GetValue(changes), Console.Out, Console.Error, cancellation));
        return command;
    }

    private static Command Station()
    {
        var incidents = NumberOption.Create("--incidents", "Incidents in the store, over two years.", 10_000, 10_000_000, () => 1_000_000);
        var requests = NumberOption.Create("--requests", "Requests of each kind.", 10, 100_000, () => 200);
        var clients = NumberOption.Create("--clients", "Clients that ask at the same time.", 1, 64, () => 2);
        var command = new Command("station", "Lists, search and statistics of a banner of 87 villages with a million incidents; fails beyond 200 ms at the 99th percentile.") { incidents, requests, clients, Json() };
        command.SetAction((parsed, cancellation) => StationBench.RunAsync(
            DemoHost.LoadStation("urad-middle"), new StationBenchOptions(parsed.GetValue(incidents), parsed.GetValue(requests), parsed.GetValue(clients)), Console.Out, cancellation));
        return command;
    }

    private static Command Ingest()
    {
        var connections = new Option<int[]>("--connections") { Description = "Numbers of publishers; one flood for each.", DefaultValueFactory = _ => [100, 1_000], AllowMultipleArgumentsPerToken = true };
        var signals = NumberOption.Create("--signals", "Signals of one flood, over all publishers.", 1_000, 100_000_000, () => 300_000);
        var window = NumberOption.Create("--window", "Unacknowledged signals per publisher.", 1, 1_000, () => 10);
        var alone = new Option<bool>("--alone") { Description = "The hub only, without the other servers." };
        var command = new Command("ingest", "Signals committed before their PUBACK, beside other servers and SQLite alone in the same run.") { connections, signals, window, alone, Json() };
        command.SetAction(parsed => RunAsync(async () =>
        {
            var options = new IngestOptions(parsed.GetValue(connections)!, parsed.GetValue(signals), parsed.GetValue(window), WithRivals: !parsed.GetValue(alone));
            var result = await new IngestBench(options, Console.Out).RunAsync(Program);
            return (result, result["lost"]!.GetValue<long>() == 0);
        }));
        return command;
    }

    private static Command Idle()
    {
        var boards = NumberOption.Create("--boards", "Connected gateways.", 1, 15_000, () => 10_000);
        var alone = new Option<bool>("--alone") { Description = "The hub only, without the other servers." };
        var command = new Command("idle", "Memory of the whole hub process with connected gateways.") { boards, alone, Json() };
        command.SetAction(parsed => RunAsync(async () =>
        {
            var result = await IdleBench.RunAsync(Program, parsed.GetValue(boards), !parsed.GetValue(alone), Console.Out);
            return (result, result["faults"]!.GetValue<long>() == 0);
        }));
        return command;
    }

    private static Command Storm()
    {
        var boards = NumberOption.Create("--boards", "Boards that come back at once.", 1, 10_000, () => 1_000);
        var backlog = NumberOption.Create("--backlog", "Records that each of them holds.", 1, 10_000, () => 100);
        var command = new Command("storm", "Boards that come back with a backlog, and fresh calls meanwhile.") { boards, backlog, Json() };
        command.SetAction(parsed => RunAsync(async () =>
        {
            var result = await StormBench.RunAsync(Program, parsed.GetValue(boards), parsed.GetValue(backlog), Console.Out);
            return (result, result["lost"]!.GetValue<long>() == 0);
        }));
        return command;
    }

    private static Command Growth()
    {
        var sizes = new Option<int[]>("--boards") { Description = "Sizes of the fleet.", DefaultValueFactory = _ => [10, 100, 1_000, 10_000], AllowMultipleArgumentsPerToken = true };
        var signals = NumberOption.Create("--signals", "Signals at each size, and as many before them that do not count.", 100, 10_000_000, () => 200_000);
        var command = new Command("growth", "What a signal costs as the fleet grows.") { sizes, signals, Json() };
        command.SetAction(parsed => RunAsync(async () => (await GrowthBench.RunAsync(Program, parsed.GetValue(sizes)!, parsed.GetValue(signals), Console.Out), true)));
        return command;
    }

    private static Command Soak()
    {
        var boards = NumberOption.Create("--boards", "Boards under a steady load.", 1, 10_000, () => 200);
        var minutes = NumberOption.Create("--minutes", "For how long.", 0.05, 10_000.0, () => 1.5);
        var seed = NumberOption.Create("--seed", "Decides what happens when; a fresh one by default.", 0, int.MaxValue, () => Random.Shared.Next(1, int.MaxValue));
        var command = new Command("soak", "Memory of the hub process under a steady load.") { boards, minutes, seed, Json() };
        command.SetAction((parsed, cancellation) => RunAsync(async () =>
        {
            var result = await SoakBench.RunAsync(Program, parsed.GetValue(boards), parsed.GetValue(minutes), parsed.GetValue(seed), Console.Out, cancellation);
            return (result, result["isFlat"]!.GetValue<bool>() && result["lost"]!.GetValue<long>() == 0);
        }));
        return command;
    }

    /// <summary>What the other benchmarks start as their hub (<see cref="BenchHub"/>).</summary>
    private static Command HubOf()
    {
        var data = DemoCommand.DataOption("Data folder of the hub.");
        var command = new Command("hub", "The hub of a measurement, driven by its standard input.") { data };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => BenchHub.RunAsync(parsed.GetValue(data)!, DemoHost.LoadDemoStation(), Console.In, Console.Out, cancellation));
        return command;
    }

    /// <summary>Kept for scripts: the last line is JSON with and without it.</summary>
    private static Option<bool> Json() => new("--json") { Description = "The last line is one JSON object; it always is." };

    private static string Program => typeof(BenchCommand).Assembly.Location;

    private static async Task<int> RunAsync(Func<Task<(JsonObject Result, bool Good)>> bench)
    {
        try
        {
            var (result, good) = await bench();
            Console.WriteLine(result.ToJsonString());
            return good ? 0 : 1;
        }
        catch (Exception e) when (e is HubStartException or IOException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
