using System.CommandLine;
using System.Text.Json;
using Gateway.Cli.Demo;
using Gateway.Loads.Fleet;

namespace Gateway.Cli.Commands;

/// <summary><c>fleet</c>: many light boards at a running hub. They say that they are virtual, so a production hub refuses them by name.</summary>
internal static class FleetCommand
{
    private const double SecondsMax = 604_800;

    public static Command Create()
    {
        var boards = NumberOption.Create("--boards", "How many.", 1, 15_000, () => 100);
        var hub = new Option<string?>("--hub") { Description = "HOST:PORT of the hub's MQTT port; by default that of the demo." };
        var api = new Option<Uri?>("--api") { Description = "Address of the hub's console and API; by default that of the demo." };
        var token = new Option<string?>("--token-file") { Description = "File with an API token that may provision, read and operate; by default the demo's." };
        var authority = new Option<string?>("--authority") { Description = "PEM file of whom to trust at an https API: the station's ca.pem." };
        var data = DemoCommand.DataOption("Data folder of the running demo, for what is not said.");
        var profile = new Option<string>("--profile") { Description = "How they behave.", DefaultValueFactory = _ => "quiet-night" };
        profile.AcceptOnlyFromAmong([.. FleetProfile.All.Keys]);
        var seconds = NumberOption.Create("--seconds", "For how long.", 1.0, SecondsMax, () => 60.0);
        var seed = NumberOption.Create("--seed", "Decides what happens when; a fresh one by default.", 0, int.MaxValue, () => Random.Shared.Next(1, int.MaxValue));
        var prefix = new Option<string>("--prefix") { Description = "Their ids begin so; others are another fleet.", DefaultValueFactory = _ => "fleet" };
        var accept = NumberOption.Create("--accept", "Calls a second that the fleet itself accepts as an operator; 0: none.", 0, 1_000, () => 10);
        var command = new Command("fleet", "Many light boards over real sockets at a running hub; ends with one line of JSON.") { boards, hub, api, token, authority, data, profile, seconds, seed, prefix, accept };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var demo = DemoOf(parsed.GetValue(data)!);
                var (host, port) = HostAndPort.Parse(parsed.GetValue(hub) ?? demo?.Mqtt ?? "")
                    ?? throw new IOException("Say where the hub is: --hub HOST:PORT, or --data with the folder of a running demo.");
                var options = new FleetOptions(
                    parsed.GetValue(boards), host, port,
                    parsed.GetValue(api) ?? (demo is null ? throw new IOException("Say where the hub's API is: --api https://HOST:PORT.") : new Uri(demo.Console)),
                    parsed.GetValue(token) is { } file ? (await File.ReadAllTextAsync(file, cancellation)).Trim() : demo?.Token ?? throw new IOException("Say which token: --token-file FILE."),
                    FleetProfile.All[parsed.GetValue(profile)!], TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(seed), parsed.GetValue(prefix)!, parsed.GetValue(accept),
                    AuthorityPem: parsed.GetValue(authority) is { } pem ? await File.ReadAllTextAsync(pem, cancellation) : null);
                var result = await new FleetRun(options, Console.Out).RunAsync(cancellation);
                Console.WriteLine(result.ToJsonString());
                return result["unreceipted"]!.GetValue<long>() == 0 && result["refusals"]!.GetValue<long>() == 0 ? 0 : 1;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static DemoFile? DemoOf(string folder)
    {
        var path = Path.Combine(folder, DemoFile.Name);
        return File.Exists(path) ? JsonSerializer.Deserialize<DemoFile>(File.ReadAllText(path), new JsonSerializerOptions(JsonSerializerDefaults.Web)) : null;
    }
}
