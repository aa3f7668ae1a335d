using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.World.Scenarios;

/// <summary>What a step asked for, and what happened.</summary>
/// <param name="At">The scenario's clock when it was over, on the station's own clock.</param>
/// <param name="Expected">What had to happen, in words.</param>
public sealed record StepVerdict(int Line, DateTimeOffset At, string Sentence, string Expected, string Happened, bool Held);

/// <summary>What came of a scenario: it passed when every step held.</summary>
public sealed record Verdict(string Scenario, string Title, ImmutableArray<string> Sources, string Station, ImmutableArray<StepVerdict> Steps, double VirtualDays, double RealS)
{
    /// <summary>How it was told: to a simulated hub unless it says otherwise.</summary>
    public string Told { get; init; } = "simulated";

    public bool Passed => Steps.All(step => step.Held);

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>For people: every step with its time; what did not hold with its line.</summary>
    public string ToText()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Scenario}: {Title} ({string.Join(", ", Sources)}; station {Station})\n"));
        var first = Steps.Length > 0 ? Steps[0].At.Date : default;
        foreach (var step in Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {(step.Held ? "ok  " : "FAIL")} day {(step.At.Date - first).Days + 1,3} {step.At:HH:mm:ss}  {step.Sentence}  -> {step.Happened}\n");
            if (!step.Held)
            {
                text.Append(CultureInfo.InvariantCulture, $"       line {step.Line}: expected {step.Expected}, but: {step.Happened}\n");
            }
        }

        var failed = Steps.Count(step => !step.Held);
        var outcome = Passed ? "PASSED" : $"FAILED ({failed} of {Steps.Length} steps)";
        return text.Append(CultureInfo.InvariantCulture, $"{outcome} {Scenario}: {Steps.Length} steps, {(Told == "simulated" ? $"{VirtualDays:0.##} days" : Told)} in {RealS:0.0} s\n").ToString();
    }

    /// <summary>For programs: one line.</summary>
    public string ToJsonLine() => JsonSerializer.Serialize(
        new { Scenario, Title, Sources, Station, Told, Passed, VirtualDays = Math.Round(VirtualDays, 4), RealS = Math.Round(RealS, 2), Steps }, Options);
}
