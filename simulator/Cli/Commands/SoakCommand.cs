using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.World;
using Gateway.World.Faults;
using Gateway.World.Oracle;

namespace Gateway.Cli.Commands;

/// <summary><c>soak</c>: whole simulated worlds from a seed, with an oracle that watches every promise (simulator/World/README.md).</summary>
internal static class SoakCommand
{
    /// <summary>A week of real time.</summary>
    private const int MinutesMax = 7 * 24 * 60;

    /// <summary>Virtual days of each world when many run: new seeds find more than long lives.</summary>
    private const int DaysOfMany = 1;

    /// <summary>Real time for making a violation smaller.</summary>
    private const int ShrinkSeconds = 90;

    public static Command Create()
    {
        var boards = NumberOption.Create("--boards", "Boards in the world, 1 to 2000.", 1, 2_000, () => 50);
        var days = NumberOption.CreateOptional("--days", $"Virtual days before everything heals, 0.0001 to 90; 30 if not said, {DaysOfMany} in each of the worlds of --minutes.", (decimal)SimulationOptions.DurationMin.TotalDays, 90m);
        var seed = NumberOption.CreateOptional("--seed", "Replays that world; without it a fresh one is drawn and printed.", 0ul, ulong.MaxValue);
        var minutes = NumberOption.CreateOptional<double>("--minutes", "Real time: worlds with the seeds that follow, until it is over.", 0, MinutesMax);
        var faults = new Option<FaultProfile?>("--faults") { Description = "How hard the world is; usual if not said, drawn for each of the worlds of --minutes." };
        var press = NumberOption.CreateOptional<double>("--press-minutes", "Mean time between presses at one board, virtual minutes; 240 if not said, drawn for each of the worlds of --minutes.", 1, 1_000_000);
        var keep = new Option<string>("--keep") { Description = "Only these boards of all are there, by number: 3,17.", DefaultValueFactory = _ => "" };
        var without = new Option<string>("--without") { Description = "Kinds of faults that do not strike, by name: \"power cut,disk full\".", DefaultValueFactory = _ => "" };
        var noShrink = new Option<bool>("--no-shrink") { Description = "Show a violation as it was found; do not look for a smaller world that has it." };
        var trace = new Option<FileInfo?>("--trace") { Description = "Write every event of the world to this file." };
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        trace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>() is { Directory.Exists: false } file)
            {
                result.AddError($"The folder of {file} does not exist.");
            }
        });
        keep.Validators.Add(result =>
        {
            if (!Numbers(result.GetValueOrDefault<string>()).All(number => number is >= 0 and < SimulationOptions.BoardsMax))
            {
                result.AddError("--keep takes numbers of boards with commas between.");
            }
        });
        without.Validators.Add(result =>
        {
            if (Names(result.GetValueOrDefault<string>()).FirstOrDefault(name => FaultKind.All.All(kind => kind.Name != name)) is { } unknown)
            {
                result.AddError($"There is no kind of fault \"{unknown}\". The kinds: {string.Join(", ", FaultKind.All.Select(kind => kind.Name))}.");
            }
        });
        var command = new Command("soak", "Run whole simulated worlds and look for a broken promise.") { boards, days, seed, minutes, faults, press, keep, without, noShrink, trace, json };
        command.SetAction(parsed =>
        {
            using var writer = parsed.GetValue(trace) is { } file ? new StreamWriter(file.FullName) : null;
            TimeSpan? realTimeMax = parsed.GetValue(minutes) is { } real ? TimeSpan.FromMinutes(real) : null;
            var isOne = realTimeMax is null;
            var first = new SimulationOptions(
                parsed.GetValue(seed) ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)), parsed.GetValue(boards),
                TimeSpan.FromMicroseconds((long)((parsed.GetValue(days) ?? (isOne ? 30 : DaysOfMany)) * 86_400_000_000m)))
            {
                TraceTo = writer,
                Keep = [.. Numbers(parsed.GetValue(keep)).Where(number => number < parsed.GetValue(boards)).Distinct().Order()],
                Without = [.. Names(parsed.GetValue(without))],
            };
            var profile = parsed.GetValue(faults) ?? (isOne ? first.Faults : null);
            var pressMean = parsed.GetValue(press) is { } pressMinutes ? TimeSpan.FromMinutes(pressMinutes) : isOne ? first.PressMean : (TimeSpan?)null;
            var soak = new Soak(first, realTimeMax)
            {
                Each = world => world with { Faults = profile ?? Weather.ProfileOf(world.Seed), PressMean = pressMean ?? Weather.PressMeanOf(world.Seed) },
                OnWorld = SoakProgress.Over,
                OnProgress = new SoakProgress(Console.Error, Console.IsErrorRedirected, TimeProvider.System).Running,
            };
            Console.WriteLine($"seed {first.Seed}");
            return Run(soak, parsed.GetValue(json), shrinks: !parsed.GetValue(noShrink) && writer is null);
        });
        return command;
    }

    private static int Run(Soak soak, bool json, bool shrinks)
    {
        var summary = soak.Run();
        if (summary.Violation is { } found)
        {
            Console.WriteLine(found);
            if (shrinks)
            {
                ShowSmaller(found);
            }
        }
        else
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"no promise was broken in {summary.VirtualDays:0.####} virtual days, {summary.InvariantsChecked} looks"));
        }

        if (json)
        {
            Console.WriteLine(Soak.ToJsonLine(summary));
        }

        return summary.Violations == 0 ? 0 : 1;
    }

    private static void ShowSmaller(Violation found)
    {
        Console.WriteLine($"looking for a smaller world that breaks it, at most {ShrinkSeconds} s");
        var shrink = new Shrink(TimeSpan.FromSeconds(ShrinkSeconds));
        var smallest = shrink.Run(found);
        Console.WriteLine(ReferenceEquals(smallest, found) ? $"none of {shrink.Tried} smaller worlds breaks it" : $"the smallest of {shrink.Tried} worlds:\n{smallest}");
    }

    private static string[] Names(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>-1 for what is no number.</summary>
    private static IEnumerable<int> Numbers(string? list) =>
        Names(list).Select(static name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
}
