using System.Reflection;
using System.Runtime.CompilerServices;
using Gateway.Hub.Stations;
using Gateway.World.Weeks;

namespace Gateway.World.Tests;

/// <summary>A random week of a station, from one seed: every loop is closed, or shown as escalated. <c>gateway run --week seeds/stations/urad-middle.yaml --seed 1</c> tells the same.</summary>
public sealed class WeekTests(ITestOutputHelper output)
{
    private const ulong SeedsMax = 4;

    [Fact]
    public void A_random_week_of_a_banner_of_87_villages_closes_every_loop_or_shows_it_escalated_I9_I10()
    {
        var verdict = Week.Run(Load("urad-middle"), 1);

        output.WriteLine(verdict.ToText());
        Assert.Equal(87, verdict.Villages);
        Assert.Empty(verdict.Violations);
        Assert.True(verdict.Incidents.Opened > 150, $"{verdict.Incidents.Opened} incidents");
        Assert.Equal(verdict.Incidents.Opened, verdict.Incidents.Closed + verdict.Incidents.OpenEscalated);
        Assert.True(verdict.EverEscalated > 0 && verdict.Unanswered > 0 && verdict.Refused.Count > 5, "the week was too quiet to prove anything");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_random_week_of_a_small_station_does_so_too_and_a_seed_tells_the_same_week_again(ulong seed)
    {
        var first = Week.Run(Load("hainan"), seed);

        output.WriteLine(first.ToText());
        Assert.Empty(first.Violations);
        Assert.Equal((first with { RealS = 0 }).ToJsonLine(), (Week.Run(Load("hainan"), seed) with { RealS = 0 }).ToJsonLine());
    }

    [Fact]
    public void A_random_week_of_two_stations_in_one_hub_goes_by_each_ones_targets_and_statistics()
    {
        var north = Load("urad-north");
        var book = new StationBook([north with { Targets = north.Targets with { AcceptS = 45, AssessS = 90, AnswerS = 60 } }, Load("urad-south")]);
        var verdict = Week.RunAll(book, 4);

        output.WriteLine(verdict.ToText());
        Assert.Equal("urad-north+urad-south", verdict.Station);
        Assert.Empty(verdict.Violations);
        Assert.Equal(verdict.Incidents.Opened, verdict.Incidents.Closed + verdict.Incidents.OpenEscalated);
        Assert.Equal(2, verdict.Work["campaign"].Opened);
    }

    public static TheoryData<string> Defects =>
        [.. WeekMutants.All.Take(Environment.GetEnvironmentVariable("GATEWAY_MUTANTS") == "all" ? int.MaxValue : 1).Select(static mutant => mutant.Name)];

    /// <summary>Proves the judge: a rule is broken in the sources, and a week must tell it. All of them: <c>GATEWAY_MUTANTS=all dotnet test tests/World --filter WeekTests</c>.</summary>
    [Theory]
    [MemberData(nameof(Defects))]
    public void A_week_finds_a_broken_rule_within_four_seeds(string name)
    {
        var mutant = WeekMutants.All.Single(mutant => mutant.Name == name);
        for (var seed = 1UL; seed <= SeedsMax; seed++)
        {
            if (RunMutated(mutant, seed) is { Count: > 0 } violations)
            {
                output.WriteLine($"seed {seed}: {violations[0]}");
                return;
            }
        }

        Assert.Fail($"\"{name}\" was not found in {SeedsMax} seeds");
    }

    [Fact]
    public void Every_patch_of_a_rule_fits_its_source()
    {
        foreach (var mutant in WeekMutants.All)
        {
            var found = File.ReadAllText(PathOf(mutant.File)).Replace("\r\n", "\n").Split(mutant.Sound).Length - 1;
            Assert.True(found == 1, $"\"{mutant.Name}\": the sound text stands {found} times in {mutant.File}");
        }
    }

    private static string PathOf(string file) => Path.Combine(MutatedHouse.Root, file);

    /// <summary>The violations of a week that the patched hub lived through.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<string> RunMutated(SourceMutant mutant, ulong seed)
    {
        var house = MutatedHouse.Compile(mutant);
        try
        {
            var hub = house.LoadFromAssemblyName(new AssemblyName("Gateway.Hub"));
            var loaded = hub.GetType("Gateway.Hub.Stations.StationLoader")!.GetMethod("Load")!.Invoke(null, [PathOf("seeds/stations/hainan.yaml")])!;
            var station = loaded.GetType().GetProperty("Station")!.GetValue(loaded);
            var week = house.LoadFromAssemblyName(new AssemblyName("Gateway.World")).GetType("Gateway.World.Weeks.Week")!;
            var verdict = week.GetMethod("Run")!.Invoke(null, [station, seed])!;
            return [.. (IEnumerable<string>)verdict.GetType().GetProperty("Violations")!.GetValue(verdict)!];
        }
        catch (TargetInvocationException e)
        {
            // A defect may break the week outright: found, too.
            return [e.InnerException!.Message];
        }
        finally
        {
            house.Unload();
        }
    }

    private static Station Load(string name) => StationLoader.Load(PathOf($"seeds/stations/{name}.yaml")).Station!;
}

/// <summary>Rules of the work, broken one at a time.</summary>
internal static class WeekMutants
{
    private const string Incidents = "simulator/Hub/Incidents/";

    public static readonly SourceMutant[] All =
    [
        new("a mediation has no clock", Incidents + "IncidentClocks.cs", "if (incident.Mediation is { IsOpen: true } mediation)", "if (incident.Mediation is { IsOpen: true, EndedAt: not null } mediation)"),
        new("a case that was handed over has no clock", Incidents + "IncidentClocks.cs", "if (incident.Case is { IsOpen: true } file)", "if (incident.Case is { IsOpen: true, TakenAt: not null } file)"),
        new("a call-back has no clock", Incidents + "IncidentClocks.cs", "yield return (ClockName.CallBack, since);", "yield break;"),
        new("an escalation ends at the shift leader", Incidents + "IncidentClocks.cs", "AddSeconds(targets.EscalateAgainS), EscalationLevel.BannerSupervisor)", "AddSeconds(targets.EscalateAgainS), EscalationLevel.None)"),
        new("nobody turns to the next when nobody answers", Incidents + "IncidentClocks.cs", "if (asked is { } since)", "if (asked is { } since && incident.Id < 0)"),
        new("an incident closes while its mediation is open", Incidents + "IncidentRules.cs", "Stage.FollowedUp when RefuseWhileLoopsAreOpen(incident) is { } open => open,", ""),
        new("a warning that nobody takes up has no clock", "simulator/Hub/Work/Warnings/Warning.cs", "var again = TimeSpan.FromHours(Level == WarningLevel.Red ? 2 : 24);", "var again = TimeSpan.FromHours(24);\n        if (SupervisedAt is null)\n        {\n            yield break;\n        }"),
        new("a visit round that is done waits for nobody", "simulator/Hub/Work/Visits/VisitRound.cs", "if (IsOpen && State() == \"done\")", "if (IsOpen && Id < 0)"),
        new("overdue work goes to nobody", "simulator/Hub/Work/WorkTimers.cs", "dueMs <= now.MonotonicMs", "dueMs < long.MinValue + now.MonotonicMs"),
    ];
}
