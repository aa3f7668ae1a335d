using System.CommandLine;
using Gateway.Cli.Bench;
using Gateway.Cli.Demo;
using Gateway.Hub;

namespace Gateway.Cli.Commands;

/// <summary><c>bench</c>: measurements, each ending in one line of JSON. Build with <c>-c Release</c>; figures of a busy machine are figures of a busy machine.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure; each ends with one line of JSON.") { Line(), Ingest() };

    private static Command Line()
    {
        var data = new Option<string>("--data") { Description = "Data folder of the running demo.", DefaultValueFactory = _ => DemoOptions.DefaultDataFolder };
        var presses = new Option<int>("--presses") { Description = "How many presses, over all boards in turn.", DefaultValueFactory = _ => 100 };
        presses.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000)
            {
                result.AddError("--presses takes 1 to 100000.");
            }
        });
        var command = new Command("line", "Virtual pin edge to the lamp \"the station has it\", on the boards of a running demo.") { data, presses };
        command.SetAction((parsed, cancellation) => LineBench.RunAsync(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(presses), Console.Out, Console.Error, cancellation));
        return command;
    }

    private static Command Ingest()
    {
        var connections = new Option<int>("--connections") { Description = "Boards, each on its own socket.", DefaultValueFactory = _ => 100 };
        var signals = new Option<int>("--signals") { Description = "Signals per board.", DefaultValueFactory = _ => 3_000 };
        foreach (var option in new[] { connections, signals })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 1 or > 100_000)
                {
                    result.AddError($"{option.Name} takes 1 to 100000.");
                }
            });
        }

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
