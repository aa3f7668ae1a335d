using System.CommandLine;
using Gateway.Cli.Bench;
using Gateway.Cli.Demo;
using Gateway.Hub;

namespace Gateway.Cli.Commands;

/// <summary><c>bench</c>: measurements, each ending in one line of JSON. Build with <c>-c Release</c>; figures of a busy machine are figures of a busy machine.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure; each ends with one line of JSON.") { Line(), ConsoleOf(), Ingest() };

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
        var command = new Command("console", "A change of an incident until every open console has the page that shows it.") { data, consoles, changes };
        command.SetAction((parsed, cancellation) =>
            ConsoleBench.RunAsync(parsed.GetValue(data)!, parsed.GetValue(consoles), parsed.GetValue(changes), Console.Out, Console.Error, cancellation));
        return command;
    }

    private static Command Ingest()
    {
        var connections = NumberOption.Create("--connections", "Boards, each on its own socket.", 1, 100_000, () => 100);
        var signals = NumberOption.Create("--signals", "Signals per board.", 1, 100_000, () => 3_000);
        var command = new Command("ingest", "Signals committed before their PUBACK, flat out, over loopback sockets; beside it SQLite's own rate in the same run.") { connections, signals };
        command.SetAction(async parsed =>
        {
            try
            {
                return await IngestBench.RunAsync(DemoHost.LoadDemoStation(), new IngestBenchOptions(parsed.GetValue(connections), parsed.GetValue(signals)), Console.Out);
            }
            catch (HubStartException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }
}
