using System.Globalization;
using System.Text;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <summary>A promise was broken.</summary>
/// <param name="Invariant">I1..I13 of tests/INVARIANTS.md, or the name of a check of the world itself.</param>
/// <param name="Story">The last events of those concerned.</param>
/// <param name="Replay">The one command that shows it again.</param>
public sealed record Violation(string Invariant, string Text, ulong Seed, long AtUs, IReadOnlyList<string> Story, string Replay)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Invariant} is broken: {Text}\n");
        text.Append(CultureInfo.InvariantCulture, $"seed {Seed}, virtual time {VirtualTime.Text(AtUs)}\n");
        foreach (var line in Story)
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.Append("replay: ").Append(Replay).ToString();
    }
}
