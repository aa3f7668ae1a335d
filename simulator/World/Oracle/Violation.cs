using System.Globalization;
using System.Reflection;
using System.Text;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <summary>A promise was broken.</summary>
/// <param name="Invariant">I1..I13 of tests/INVARIANTS.md, or the name of a check of the world itself.</param>
/// <param name="Ran">The options of the world in which it happened.</param>
/// <param name="Story">The last events of those concerned.</param>
public sealed record Violation(string Invariant, string Text, SimulationOptions Ran, long AtUs, IReadOnlyList<string> Story)
{
    /// <summary>The commit that this program was built from, or "unknown".</summary>
    public static string Commit { get; } =
        typeof(Violation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : "unknown";

    /// <summary>The one command that shows it again; with `--trace FILE` behind it, every event.</summary>
    public string Replay
    {
        get
        {
            var days = ((decimal)Ran.Duration.Ticks / TimeSpan.TicksPerDay).ToString("0.######", CultureInfo.InvariantCulture);
            var keep = Ran.Keep.IsDefaultOrEmpty ? "" : " --keep " + string.Join(',', Ran.Keep);
            var without = Ran.Without.IsEmpty ? "" : $" --without \"{string.Join(',', Ran.Without.Order(StringComparer.Ordinal))}\"";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"dotnet run --project simulator/Cli -c Release -- soak --boards {Ran.Boards} --days {days} --seed {Ran.Seed} --faults {Ran.Faults.ToString().ToLowerInvariant()} --press-minutes {Ran.PressMean.TotalMinutes}{keep}{without} --no-shrink");
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Invariant} is broken: {Text}\n");
        text.Append(CultureInfo.InvariantCulture, $"seed {Ran.Seed}, commit {Commit}, virtual time {VirtualTime.Text(AtUs)}\n");
        foreach (var line in Story)
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.Append("replay: ").Append(Replay).Append(" --trace trace.txt").ToString();
    }
}
