using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.World;

namespace Gateway.Cli.Commands;

/// <summary><c>soak</c>: whole simulated worlds from a seed, with an oracle that watches every promise (simulator/World/README.md).</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var boards = new Option<int>("--boards") { Description = "Boards in the world, 1 to 2000.", DefaultValueFactory = _ => 50 };
        var days = new Option<decimal>("--days") { Description = "Virtual days before everything heals, 0.001 to 90.", DefaultValueFactory = _ => 30 };
        var seed = new Option<ulong?>("--seed") { Description = "Replays that world; without it a fresh one is drawn and printed." };
        var minutes = new Option<double?>("--minutes") { Description = "Real time: worlds with the seeds that follow, until it is over." };
        var faults = new Option<FaultProfile>("--faults") { Description = "How hard the world is.", DefaultValueFactory = _ => FaultProfile.Usual };
        var press = new Option<double>("--press-minutes") { Description = "Mean time between presses at one board, virtual minutes.", DefaultValueFactory = _ => 240 };
        var trace = new Option<FileInfo?>("--trace") { Description = "Write every event of the world to this file." };
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        InRange(boards, 1, 2_000);
        InRange(days, 0.001m, 90);
        InRange(press, 1, 1_000_000);
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

    private static void InRange<T>(Option<T> option, T min, T max)
        where T : IComparable<T> =>
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<T>();
            if (value is null || value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be {min} to {max}."));
            }
        });
}
