using System.CommandLine;
using Gateway.Cli.Demo;

namespace Gateway.Cli.Commands;

/// <summary><c>demo</c>: hub and virtual boards in one process, on loopback.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var port = PortOption("--port", "Port of the console on 127.0.0.1; with --no-hub that of the boards' API, by default a free one.", DemoOptions.DefaultConsolePort);
        var mqttPort = PortOption("--mqtt-port", "Port of the MQTT endpoint on 127.0.0.1.", DemoOptions.DefaultMqttPort);
        var data = DataOption("Folder that keeps the hub's database and the boards' flash images.");
        var boards = NumberOption.CreateOptional(
            "--boards", "How many virtual boards to run, from the first; all of the station's by default, 0 for the hub alone.", 0, int.MaxValue);
        var stations = new Option<string[]>("--station")
        {
            Description = "Station file, or the name of one in seeds/stations; several for several stations in one hub. Sumitu by default.",
            AllowMultipleArgumentsPerToken = true,
        };
        var noHub = new Option<bool>("--no-hub") { Description = "Run the boards alone, against the hub of the same data folder (started with --boards 0)." };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Do not open a browser." };

        var history = new Option<bool>("--history") { Description = "Make up a past of thirteen months first, so that statistics, warnings and patrol proposals have something to show. For a new data folder only." };
        var command = new Command("demo", "Run a hub and the virtual boards of its station in this process: the ten of Sumitu, unless others are named.") { port, mqttPort, data, boards, stations, noHub, noBrowser, history };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noHub) && result.GetValue(boards) == 0)
            {
                result.AddError("--no-hub with --boards 0 leaves nothing to run.");
            }

            if (result.GetValue(noHub) && result.GetValue(history))
            {
                result.AddError("--history is the hub's; with --no-hub there is none.");
            }
        });
        command.SetAction((parsed, cancellation) => DemoHost.RunAsync(
            new DemoOptions(
                PortOf(parsed, port, noHub), parsed.GetValue(mqttPort), parsed.GetValue(data)!,
                parsed.GetValue(boards), parsed.GetValue(noHub), parsed.GetValue(noBrowser), parsed.GetValue(history)) { Stations = parsed.GetValue(stations) ?? [] },
            Console.Out, Console.Error, cancellation));
        return command;
    }

    /// <summary>Boards alone run beside a hub, which has the default port already.</summary>
    private static int PortOf(ParseResult parsed, Option<int> port, Option<bool> noHub) =>
        parsed.GetValue(noHub) && parsed.GetResult(port) is not { Implicit: false } ? 0 : parsed.GetValue(port);

    internal static Option<int> PortOption(string name, string description, int defaultPort) =>
        NumberOption.Create(name, description + " 0 takes any free one.", 0, ushort.MaxValue, () => defaultPort);

    /// <summary>A data folder, as a full path.</summary>
    internal static Option<string> DataOption(string description) => new("--data")
    {
        Description = description,
        DefaultValueFactory = _ => DemoOptions.DefaultDataFolder,
        CustomParser = result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } path }] && !path.Contains('\0'))
            {
                return Path.GetFullPath(path);
            }

            result.AddError("--data takes a folder.");
            return "";
        },
    };
}
