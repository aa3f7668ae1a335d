using System.CommandLine;
using Gateway.Cli.Demo;

namespace Gateway.Cli.Commands;

/// <summary><c>demo</c>: hub and virtual boards in one process, on loopback.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var port = PortOption("--port", "Port of the console on 127.0.0.1.", DemoOptions.DefaultConsolePort);
        var mqttPort = PortOption("--mqtt-port", "Port of the MQTT endpoint on 127.0.0.1.", DemoOptions.DefaultMqttPort);
        var data = new Option<string>("--data")
        {
            Description = "Folder that keeps the hub's database and the boards' flash images.",
            DefaultValueFactory = _ => DemoOptions.DefaultDataFolder,
        };
        var boards = new Option<int?>("--boards") { Description = "How many virtual boards to run, from the first; all of the station's by default, 0 for the hub alone." };
        boards.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0)
            {
                result.AddError("--boards takes a number from 0 up.");
            }
        });
        var noHub = new Option<bool>("--no-hub") { Description = "Run the boards alone, against the hub of the same data folder (started with --boards 0)." };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Do not open a browser." };

        var command = new Command("demo", "Run a hub and the ten virtual boards of Sumitu in this process.") { port, mqttPort, data, boards, noHub, noBrowser };
        command.SetAction((parsed, cancellation) => DemoHost.RunAsync(
            new DemoOptions(
                parsed.GetValue(port), parsed.GetValue(mqttPort), Path.GetFullPath(parsed.GetValue(data)!),
                parsed.GetValue(boards), parsed.GetValue(noHub), parsed.GetValue(noBrowser)),
            Console.Out, Console.Error, cancellation));
        return command;
    }

    internal static Option<int> PortOption(string name, string description, int defaultPort)
    {
        var option = new Option<int>(name) { Description = description + " 0 takes any free one.", DefaultValueFactory = _ => defaultPort };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError($"{name} takes a port from 0 to 65535.");
            }
        });
        return option;
    }
}
