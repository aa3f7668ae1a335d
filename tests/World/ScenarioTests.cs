using System.Text.RegularExpressions;
using Gateway.World.Scenarios;

namespace Gateway.World.Tests;

/// <summary>Every story of seeds/scenarios holds against the real rules, and a story that does not hold, or cannot be read, says so.</summary>
public sealed partial class ScenarioTests
{
    private static readonly string Seeds = FindSeeds();

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(Seeds, "scenarios"), "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_scenario_of_the_seeds_holds(string file)
    {
        var loaded = ScenarioReader.Load(Path.Combine(Seeds, "scenarios", file));
        Assert.True(loaded.Scenario is not null, string.Join("\n", loaded.Errors));

        var verdict = ScenarioRun.Run(loaded.Scenario);

        Assert.True(verdict.Passed, verdict.ToText());
    }

    [Fact]
    public void An_expectation_that_does_not_hold_fails_the_scenario_and_says_what_happened()
    {
        var verdict = ScenarioRun.Run(Read(
            """
              - then: help is pressed at crossing
              - after 31 s: the accept clock has reached the bannerSupervisor
              - then: the operator closes the call
              - refused no-report: the operator closes the call
              - refused closed: the operator closes the call
            """).Scenario!);

        Assert.False(verdict.Passed);
        Assert.Equal([true, false, false, true, false], verdict.Steps.Select(step => step.Held));
        Assert.Equal((10, "shiftLeader, 1 s ago"), (verdict.Steps[1].Line, verdict.Steps[1].Happened));
        Assert.StartsWith("refused as no-report", verdict.Steps[2].Happened);
        Assert.Contains("line 10: expected that the accept clock has reached the bannerSupervisor, but: shiftLeader", verdict.ToText());
        Assert.Contains("\"passed\":false", verdict.ToJsonLine());
    }

    [Theory]
    [InlineData("  - then: help is pressed at moon", "broken.yaml:9: The station has no call point `moon`.")]
    [InlineData("  - then: help is pushed at crossing", "broken.yaml:9: No sentence of the vocabulary says: help is pushed at crossing. Did you mean: help is pressed at {place}")]
    [InlineData("  - expect: the call is asleep", "broken.yaml:9: `asleep` is none of: received, assessed, dispatched,")]
    [InlineData("  - after 5 fortnights: help is pressed at crossing", "broken.yaml:9: `after 5 fortnights` is not how a step begins")]
    [InlineData("  - expect: help is pressed at crossing", "broken.yaml:9: No sentence of the vocabulary expects: help is pressed at crossing.")]
    [InlineData("  - then: help is pressed at crossing", "broken.yaml:1: A scenario that expects nothing proves nothing.")]
    public void A_word_that_nobody_knows_is_an_error_with_file_and_line_and_nothing_runs(string step, string error)
    {
        var loaded = Read(step);

        Assert.Null(loaded.Scenario);
        Assert.Contains(loaded.Errors, found => found.ToString().StartsWith(error, StringComparison.Ordinal));
    }

    /// <summary>Against a running hub: what it cannot do is refused by name, before anything happens there.</summary>
    [Theory]
    [InlineData("  - after 3 h: help is pressed at crossing\n  - expect: the call is received", "too-long")]
    [InlineData("  - on day 2 at 09:00: 1 calls are open", "day-clock")]
    [InlineData("  - then: the hub loses its power and starts again\n  - expect: 0 calls are open", "hub-power")]
    [InlineData("  - expect: this month counts 0 calls", "not-counted")]
    [InlineData("  - expect: there is no warning", "not-counted")]
    [InlineData("  - expect: the county and the prefecture know the call", "not-shown")]
    [InlineData("  - then: the gas sensor at crossing alarms\n  - expect: the call is received", "no-input")]
    [InlineData("  - then: help is pressed at crossing\n  - after 31 s: nothing of the call has escalated", "would-not-hold")]
    public void A_story_that_a_running_hub_cannot_live_through_is_refused_by_name(string steps, string name)
    {
        var scenario = Read(steps).Scenario!;

        Assert.Equal([name], LiveRun.Judge(scenario, LiveRun.LongestS, scenario.Begins).Select(refusal => refusal.Name));
    }

    /// <summary>Rights, the audit chain, the station's data and work beside calls can be told to a running hub too.</summary>
    [Theory]
    [InlineData("  - then: help is pressed at crossing\n  - refused not-allowed: the auditor closes the call")]
    [InlineData("  - expect: the station has 6 boards\n  - expect: there is no campaign")]
    [InlineData("  - then: the operator hands the shift over with \"quiet\"\n  - then: the next operator takes the shift over\n  - expect: the audit chain is whole")]
    public void A_story_of_rights_work_and_the_station_can_be_told_to_a_running_hub(string steps)
    {
        var scenario = Read(steps + "\n  - expect: the station has 6 boards").Scenario!;

        Assert.Empty(LiveRun.Judge(scenario, LiveRun.LongestS, scenario.Begins));
    }

    [Fact]
    public void In_a_brisk_run_people_wait_no_longer_and_what_is_expected_after_a_time_gets_all_of_it()
    {
        var told = LiveRun.AtPace(Read("  - after 5 min: help is pressed at crossing\n  - after 31 s: the accept clock has reached the shiftLeader").Scenario!, isBrisk: true);

        Assert.Equal([LiveRun.BriskS, 31], told.Steps.Select(step => (int)step.Wait.For.TotalSeconds));
        Assert.Empty(LiveRun.Judge(told, LiveRun.LongestS, told.Begins));
    }

    /// <summary>How each file can be told to a running hub, or the names under which it is refused, stands in seeds/README.md as the program judges it.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void How_a_file_is_told_to_a_running_hub_is_what_the_list_says(string file)
    {
        var listed = LiveRow().Matches(File.ReadAllText(Path.Combine(Seeds, "README.md"))).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        Assert.Equal(HowTold(ScenarioReader.Load(Path.Combine(Seeds, "scenarios", file)).Scenario!), listed.GetValueOrDefault(file));
        Assert.Equal(Files.Count, listed.Count);
    }

    /// <summary>As the file is; else brisk; else with more time; else why not.</summary>
    private static string HowTold(Scenario scenario)
    {
        var brisk = LiveRun.AtPace(scenario, isBrisk: true);
        var waitsS = (int)scenario.Steps.Sum(step => step.Wait.For.TotalSeconds);
        const int dayS = 86_400;
        return LiveRun.Judge(scenario, LiveRun.LongestS, scenario.Begins).Count == 0 ? "`--live`"
            : LiveRun.Judge(brisk, LiveRun.LongestS, scenario.Begins).Count == 0 ? "`--live --brisk`"
            : LiveRun.Judge(scenario, dayS, scenario.Begins).Count == 0 ? $"`--live --longest {waitsS}`"
            : string.Join(", ", LiveRun.Judge(brisk, dayS, scenario.Begins).Select(refusal => $"`{refusal.Name}`").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_list_of_the_vocabulary_is_the_vocabulary()
    {
        var listed = Listed().Matches(File.ReadAllText(Path.Combine(Seeds, "README.md"))).Select(match => match.Groups[1].Value).ToList();
        var known = ScenarioReader.Phrases.ToList();

        Assert.True(listed.Count > 80, $"only {listed.Count} sentences are listed");
        Assert.Equal(known.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_item_of_the_sources_is_mapped_and_every_scenario_that_is_named_there_exists()
    {
        var items = SourceItem().Matches(File.ReadAllText(Path.Combine(Seeds, "SOURCES.md"))).Select(match => match.Groups[1].Value).ToList();
        var rows = MapRow().Matches(File.ReadAllText(Path.Combine(Seeds, "README.md"))).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        Assert.True(items.Count > 30, $"only {items.Count} items are numbered");
        Assert.Equal(items, rows.Keys);
        foreach (var file in Files.Select(row => row.Data))
        {
            foreach (var item in ScenarioReader.Load(Path.Combine(Seeds, "scenarios", file)).Scenario!.Sources)
            {
                Assert.True(rows.TryGetValue(item, out var row) && row.Contains($"scenarios/{file}", StringComparison.Ordinal), $"{file} claims {item}, and the map does not name it there");
            }
        }

        foreach (var (item, row) in rows)
        {
            foreach (Match named in ScenarioLink().Matches(row))
            {
                var scenario = ScenarioReader.Load(Path.Combine(Seeds, "scenarios", named.Groups[1].Value)).Scenario;
                Assert.True(scenario?.Sources.Contains(item), $"the map says that {named.Groups[1].Value} shows {item}, and the scenario does not say so");
            }
        }
    }

    private static ScenarioLoadResult Read(string steps) => ScenarioReader.Read(
        $"""
        format: 1
        scenario: broken
        title: A test
        story: A test
        sources: [S7.1]
        station: chifeng
        begins: "2026-05-20 07:40"
        steps:
        {steps}
        """,
        "broken.yaml", Path.Combine(Seeds, "stations"));

    private static string FindSeeds()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Gateway.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new InvalidOperationException("the checkout was not found"), "seeds");
    }

    [GeneratedRegex(@"^\| ([a-z0-9-]+\.yaml) \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex LiveRow();

    [GeneratedRegex(@"^- `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex(@"^\| (S\d\.\d+) \|", RegexOptions.Multiline)]
    private static partial Regex SourceItem();

    [GeneratedRegex(@"^\| (S\d\.\d+) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex MapRow();

    [GeneratedRegex(@"\(scenarios/([a-z0-9-]+\.yaml)\)")]
    private static partial Regex ScenarioLink();
}
