using System.CommandLine;
using System.Text.Json;
using Gateway.Cli.Demo;
using Gateway.Hub.Stations;
using Gateway.World.Scenarios;
using Gateway.World.Weeks;

namespace Gateway.Cli.Commands;

/// <summary><c>run</c>: a station's story from seeds/scenarios, in simulated time against the real rules, with a verdict (seeds/README.md).</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Scenario files.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every scenario of --folder." };
        var folder = new Option<string>("--folder") { Description = "Where --all looks.", DefaultValueFactory = _ => Path.Combine("seeds", "scenarios") };
        var json = new Option<bool>("--json") { Description = "One line of JSON per scenario instead of text." };
        var week = new Option<string[]>("--week") { Description = "A station file, or several for one hub: a random week of it, with a verdict whether every loop is closed or shown as escalated." };
        var seed = NumberOption.Create("--seed", "Of the week; a fresh one by default, which is printed.", 1, int.MaxValue, () => Random.Shared.Next(1, int.MaxValue));
        var live = new Option<bool>("--live") { Description = "Against a running demo and its virtual boards, in real time, instead of a simulated hub." };
        var data = DemoCommand.DataOption("Data folder of the running demo, for --live.");
        var longest = NumberOption.Create("--longest", "All waits of a story together, s, for --live.", 1, 86_400, () => LiveRun.LongestS);
        var brisk = new Option<bool>("--brisk") { Description = $"Nobody waits longer than {LiveRun.BriskS} s before they do something, for --live; what is expected after a time gets all of it." };
        var command = new Command("run", "Run scenarios: 0 every expectation held, 1 one did not, 2 a file could not be read.") { files, all, folder, week, seed, live, data, longest, brisk, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(week) is { Length: > 0 } stationFiles)
            {
                return RunWeek(stationFiles, (ulong)parsed.GetValue(seed), parsed.GetValue(json));
            }

            var paths = parsed.GetValue(files)!.ToList();
            if (parsed.GetValue(all))
            {
                var where = parsed.GetValue(folder)!;
                if (!Directory.Exists(where))
                {
                    Console.Error.WriteLine($"There is no folder {where}: start in the project's folder, or name one with --folder.");
                    return 2;
                }

                paths.AddRange(Directory.EnumerateFiles(where, "*.yaml").Order(StringComparer.Ordinal));
            }

            if (paths.Count == 0)
            {
                Console.Error.WriteLine("Name a scenario file, or --all.");
                return 2;
            }

            if (!parsed.GetValue(live))
            {
                return paths.Select(path => Run(path, parsed.GetValue(json))).ToList().Max();
            }

            if (DemoFile.Read(parsed.GetValue(data)!) is not { } demo)
            {
                await Console.Error.WriteLineAsync($"No demo runs on {parsed.GetValue(data)}: start one with 'demo', or name its folder with --data.");
                return 2;
            }

            var worst = 0;
            foreach (var path in paths)
            {
                worst = Math.Max(worst, await RunLiveAsync(path, new LiveTarget(new Uri(demo.Console), demo.Token), parsed.GetValue(longest), parsed.GetValue(brisk), parsed.GetValue(json), cancellation));
            }

            return worst;
        });
        return command;
    }

    private static int RunWeek(string[] stationFiles, ulong seed, bool json)
    {
        var loaded = stationFiles.Select(file => (Path: file, Result: StationLoader.Load(file))).ToList();
        var errors = loaded.SelectMany(file => file.Result.Errors).ToList();
        if (errors.Count == 0)
        {
            errors.AddRange(StationBookCheck.Errors([.. loaded.Select(file => (Path.GetFileName(file.Path), file.Result.Station!))]));
        }

        if (errors.Count > 0)
        {
            foreach (var error in errors)
            {
                Console.Error.WriteLine(error);
            }

            return 2;
        }

        var verdict = Week.RunAll(new StationBook(loaded.Select(file => file.Result.Station!)), seed);
        Console.WriteLine(json ? verdict.ToJsonLine() : verdict.ToText());
        return verdict.Passed ? 0 : 1;
    }

    private static async Task<int> RunLiveAsync(string path, LiveTarget target, int longestS, bool isBrisk, bool json, CancellationToken cancellation)
    {
        if (Load(path, json) is not { } scenario)
        {
            return 2;
        }

        try
        {
            var (verdict, refusals) = await LiveRun.RunAsync(scenario, target, longestS, isBrisk, cancellation);
            foreach (var refusal in refusals)
            {
                await Console.Error.WriteLineAsync($"{path}: {refusal}");
            }

            if (verdict is null)
            {
                return 2;
            }

            Console.WriteLine(json ? verdict.ToJsonLine() : verdict.ToText());
            return verdict.Passed ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"The demo does not answer: {e.Message}");
            return 2;
        }
    }

    private static int Run(string path, bool json)
    {
        if (Load(path, json) is not { } scenario)
        {
            return 2;
        }

        var verdict = ScenarioRun.Run(scenario);
        Console.WriteLine(json ? verdict.ToJsonLine() : verdict.ToText());
        return verdict.Passed ? 0 : 1;
    }

    /// <summary>The scenario; null when the file could not be read, which is said.</summary>
    private static Scenario? Load(string path, bool json)
    {
        var loaded = ScenarioReader.Load(path);
        if (loaded.Scenario is null)
        {
            if (json)
            {
                Console.WriteLine(JsonSerializer.Serialize(new { file = path, passed = false, errors = loaded.Errors }, JsonSerializerOptions.Web));
            }

            foreach (var error in loaded.Errors)
            {
                Console.Error.WriteLine(error);
            }

        }

        return loaded.Scenario;
    }
}
