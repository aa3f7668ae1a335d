using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.World;

namespace Gateway.Cli.Commands;

/// <summary><c>soak</c>: whole simulated worlds from a seed, with an oracle that watches every promise (simulator/World/README.md).</summary>
internal static class SoakCommand
{
    /// <summary>A week of real time.</summary>
    private const int MinutesMax = 7 * 24 * 60;

    public static Command Create()
    {
        var boards = NumberOption.Create("--boards", "Boards in the world, 1 to 2000.", 1, 2_000, () => 50);
        var days = NumberOption.Create("--days", "Virtual days before everything heals, 0.001 to 90.", 0.001m, 90, () => 30);
        var seed = NumberOption.CreateOptional("--seed", "Replays that world; without it a fresh one is drawn and printed.", 0ul, ulong.MaxValue);
        var minutes = NumberOption.CreateOptional<double>("--minutes", "Real time: worlds with the seeds that follow, until it is over.", 0, MinutesMax);
        var faults = new Option<FaultProfile>("--faults") { Description = "How hard the world is.", DefaultValueFactory = _ => FaultProfile.Usual };
        var press = NumberOption.Create<double>("--press-minutes", "Mean time between presses at one board, virtual minutes.", 1, 1_000_000, () => 240);
        var trace = new Option<FileInfo?>("--trace") { Description = "Write every event of the world to this file." };
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        trace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>() is { Directory.Exists: false } file)
            {
                result.AddError($"The folder of {file} does not exist.");
            }
        });
        var command = new Command("soak", "Run whole simulated worlds and look for a broken promise.") { boards, days, seed, minutes, faults, press, trace, json };
        command.SetAction(parsed =>
        {
            using var writer = parsed.GetValue(trace) is { } file ? new StreamWriter(file.FullName) : null;
            var options = new SimulationOptions(
                parsed.GetValue(seed) ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)), parsed.GetValue(boards),
                TimeSpan.FromMicroseconds((long)(parsed.GetValue(days) * 86_400_000_000m)))
            {
                Faults = parsed.GetValue(faults), PressMean = TimeSpan.FromMinutes(parsed.GetValue(press)), TraceTo = writer,
            };
            return Run(options, parsed.GetValue(minutes), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(SimulationOptions options, double? minutes, bool json)
    {
        Console.WriteLine($"seed {options.Seed}");
        var soak = new Soak(options, minutes is { } real ? TimeSpan.FromMinutes(real) : null)
        {
            OnWorld = static report => Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"world {report.Seed}: {report.VirtualDays:0.###} days, {report.Presses} presses, {report.Signals} signals, {report.Incidents} incidents, {report.Faults.Values.Sum()} faults, {report.Speed:0}x real time")),
        };
        var summary = soak.Run();
        Console.WriteLine(summary.Violation is { } violation ? violation.ToString() : "no promise was broken");
        if (json)
        {
            Console.WriteLine(Soak.ToJsonLine(summary));
        }

        return summary.Violations == 0 ? 0 : 1;
    }
}
