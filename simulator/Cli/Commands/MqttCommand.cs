using System.CommandLine;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Cli.Commands;

/// <summary><c>mqtt</c>: the bare endpoint without the hub, for other people's suites, fuzzers and load generators. Loopback only, anonymous, everything allowed.</summary>
internal static class MqttCommand
{
    public static Command Create()
    {
        var port = DemoCommand.PortOption("--port", "Port on 127.0.0.1.", 18830);
        var command = new Command("mqtt", "Run the bare MQTT 3.1.1 endpoint on loopback: anonymous, everything allowed.") { port };
        command.SetAction((parsed, cancellation) => BareEndpoint.RunAsync(parsed.GetValue(port), Console.Out, cancellation));
        return command;
    }
}
