using System.Globalization;
using Gateway.World;

namespace Gateway.Cli.Commands;

/// <summary>
/// Tells how far a soak is: on a terminal one line that is written anew each second, else a line every half minute. A night's log stays short that way.
/// </summary>
internal sealed class SoakProgress(TextWriter output, bool isRedirected, TimeProvider clock)
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan InLog = TimeSpan.FromSeconds(30);

    private long _toldAt = clock.GetTimestamp();

    /// <summary>A world is over: one line that stays.</summary>
    public static void Over(SimulationOptions world, SimulationReport report) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"world {report.Seed} ({Name(world)}): {report.VirtualDays:0.###} days, {report.Presses} presses, {report.Signals} signals, {report.Incidents} incidents, {report.Faults.Values.Sum()} faults, {report.Speed:0}x real time"));

    public void Running(SimulationOptions world, double days)
    {
        if (clock.GetElapsedTime(_toldAt) < (isRedirected ? InLog : OnTerminal))
        {
            return;
        }

        _toldAt = clock.GetTimestamp();
        var line = string.Create(CultureInfo.InvariantCulture, $"world {world.Seed} ({Name(world)}): day {days:0.00} of {world.Duration.TotalDays:0.###}");
        if (isRedirected)
        {
            output.WriteLine(line);
        }
        else
        {
            output.Write($"\r{line}   \r");
        }
    }

    private static string Name(SimulationOptions world) =>
        string.Create(CultureInfo.InvariantCulture, $"{world.Faults.ToString().ToLowerInvariant()}, a press in {world.PressMean.TotalMinutes:0.#} min");
}
