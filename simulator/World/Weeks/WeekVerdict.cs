using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.World.Weeks;

/// <summary>How many there were, how many are over, and how many are open and visibly overdue.</summary>
public sealed record WeekTally(int Opened, int Closed, int OpenEscalated);

/// <summary>What came of a random week.</summary>
/// <param name="Signals">What the boxes sent: presses, cancels, sensors, keys.</param>
/// <param name="Incidents">The incidents that they made.</param>
/// <param name="EverEscalated">Incidents of which a step was overdue at some time.</param>
/// <param name="Escalations">Overdue steps that went upward, each level counted.</param>
/// <param name="Unanswered">Responders who did not answer in time.</param>
/// <param name="Work">Work beside incidents, by kind.</param>
/// <param name="Commands">Commands that people gave.</param>
/// <param name="Refused">Those that were refused, by name.</param>
/// <param name="Violations">What must never be; the first <see cref="ViolationsMax"/>.</param>
/// <param name="VirtualDays">With the days of grace after the week.</param>
public sealed record WeekVerdict(
    ulong Seed, string Station, int Villages, int Signals, WeekTally Incidents, int EverEscalated, int Escalations, int Unanswered,
    ImmutableSortedDictionary<string, WeekTally> Work, int Commands, ImmutableSortedDictionary<string, int> Refused, ImmutableArray<string> Violations, double VirtualDays, double RealS)
{
    public const int ViolationsMax = 20;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Every loop is closed, or shown as escalated.</summary>
    public bool Passed => Violations.IsEmpty;

    /// <summary>For programs: one line.</summary>
    public string ToJsonLine() => JsonSerializer.Serialize(
        new
        {
            week = Station, Seed, Passed, Villages, Signals, Incidents, EverEscalated, Escalations, Unanswered, Work, Commands, Refused, Violations,
            VirtualDays = Math.Round(VirtualDays, 2), RealS = Math.Round(RealS, 2),
        },
        Options);

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"A week of {Station}, {Villages} villages, seed {Seed}");
        Line($"  {Signals} signals made {Incidents.Opened} incidents: {Incidents.Closed} closed, {Incidents.OpenEscalated} open and escalated");
        Line($"  {EverEscalated} of them were overdue at some time; {Escalations} escalations; {Unanswered} responders did not answer in time");
        foreach (var (kind, tally) in Work)
        {
            Line($"  {kind}: {tally.Opened} opened, {tally.Closed} closed, {tally.OpenEscalated} open and escalated");
        }

        Line($"  {Commands} commands; refused: {string.Join(", ", Refused.Select(entry => $"{entry.Key} {entry.Value}"))}");
        foreach (var violation in Violations)
        {
            Line($"  VIOLATION {violation}");
        }

        Line($"{(Passed ? "PASSED" : "FAILED")}: {VirtualDays:0.#} days in {RealS:0.0} s");
        return text.ToString();
    }
}
