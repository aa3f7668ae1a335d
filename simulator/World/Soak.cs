using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.World;

/// <summary>Runs worlds one after another, each from its own seed, until the time is over or a promise is broken, and says what came of it.</summary>
public sealed class Soak(SimulationOptions first, TimeSpan? realTimeMax)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Called after each world.</summary>
    public Action<SimulationOptions, SimulationReport>? OnWorld { get; init; }

    /// <summary>Called now and then, with the virtual days of the world that runs.</summary>
    public Action<SimulationOptions, double>? OnProgress { get; init; }

    /// <summary>What each world is like, from its own options; nothing: like the first.</summary>
    public Func<SimulationOptions, SimulationOptions> Each { get; init; } = static options => options;

    /// <summary>
    /// Without a bound on real time: one world. With one: worlds with the seeds that follow, until the time is over; the last one is shortened, not dropped.
    /// </summary>
    public SoakSummary Run()
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        var summary = new SoakSummary { Seed = first.Seed, Boards = first.Boards };
        var next = first;
        do
        {
            var options = Each(next);
            var report = new Simulation(options) { OnProgress = days => OnProgress?.Invoke(options, days) }.Run(realTimeMax - started.Elapsed);
            OnWorld?.Invoke(options, report);
            summary.Add(report);
            next = next with { Seed = next.Seed + 1 };
        }
        while (summary.Violation is null && realTimeMax is { } max && started.Elapsed < max);

        summary.Speed = Math.Round(summary.VirtualDays * 86_400 / started.Elapsed.TotalSeconds);
        return summary;
    }

    public static string ToJsonLine(SoakSummary summary) => JsonSerializer.Serialize(summary, Json);
}

/// <summary>The one line at the end of a soak.</summary>
public sealed class SoakSummary
{
    /// <summary>Of the first world; the others follow one by one.</summary>
    public ulong Seed { get; init; }

    public int Boards { get; init; }

    public int Worlds { get; private set; }

    public double VirtualDays { get; private set; }

    public long Signals { get; private set; }

    public long Presses { get; private set; }

    public long Incidents { get; private set; }

    public SortedDictionary<string, long> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>How often a rule was applied to a fact.</summary>
    public long InvariantsChecked => Checks.Values.Sum();

    /// <summary>The same, rule by rule.</summary>
    public SortedDictionary<string, long> Checks { get; } = new(StringComparer.Ordinal);

    public int Violations => Violation is null ? 0 : 1;

    /// <summary>Virtual time over real time.</summary>
    public double Speed { get; set; }

    /// <summary>Steps of firmware cores.</summary>
    public long Steps { get; private set; }

    /// <summary>Polls in which nothing changed, not run.</summary>
    public long StepsLeftOut { get; private set; }

    /// <summary>Of the last world.</summary>
    public string TraceHash { get; private set; } = "";

    [JsonIgnore]
    public Oracle.Violation? Violation { get; private set; }

    internal void Add(SimulationReport report)
    {
        Worlds++;
        VirtualDays = Math.Round(VirtualDays + report.VirtualDays, 4);
        Signals += report.Signals;
        Presses += report.Presses;
        Incidents += report.Incidents;
        Steps += report.Steps;
        StepsLeftOut += report.StepsLeftOut;
        TraceHash = report.TraceHash;
        Violation = report.Violation;
        Sum(Faults, report.Faults);
        Sum(Checks, report.InvariantsChecked);
    }

    private static void Sum(SortedDictionary<string, long> into, IReadOnlyDictionary<string, long> counts)
    {
        foreach (var (name, count) in counts)
        {
            into[name] = into.GetValueOrDefault(name) + count;
        }
    }
}
