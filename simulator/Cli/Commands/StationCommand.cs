using System.CommandLine;
using Gateway.Hub.Stations;

namespace Gateway.Cli.Commands;

/// <summary><c>station check</c>: whether a hub would start with a station file; changes nothing.</summary>
internal static class StationCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A station file (seeds/README.md)." };
        var check = new Command("check", "Read a station file as a hub would, without changing anything: 0 it is good, 1 with every error and its line.") { file };
        check.SetAction(parsed => Check(parsed.GetValue(file)!));
        return new Command("station", "Reference data of a station.") { check };
    }

    private static int Check(string path)
    {
        var result = StationLoader.Load(path);
        if (result.Station is not { } station)
        {
            foreach (var error in result.Errors)
            {
                Console.Error.WriteLine(error);
            }

            return 1;
        }

        Console.WriteLine($"{station.Id}: {StationSummary.Of(station)}");
        return 0;
    }
}
