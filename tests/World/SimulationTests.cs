using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.World.Faults;

namespace Gateway.World.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Same_seed_twice_gives_a_byte_identical_trace()
    {
        var (first, firstTrace) = RunTraced(11);
        var (second, secondTrace) = RunTraced(11);
        var (_, otherTrace) = RunTraced(12);

        Assert.True(firstTrace.Length > 100_000, $"only {firstTrace.Length} characters: too little happened");
        Assert.Equal(firstTrace, secondTrace);
        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.NotEqual(firstTrace, otherTrace);
    }

    /// <summary>Polls of a core in which nothing changes are left out; whoever runs them all sees the same, byte for byte.</summary>
    [Theory]
    [InlineData(21, FaultProfile.Storm)]
    [InlineData(22, FaultProfile.Storm)]
    [InlineData(23, FaultProfile.Usual)]
    [InlineData(24, FaultProfile.Lossy)]
    [InlineData(25, FaultProfile.Outage)]
    public void Polls_that_are_left_out_change_nothing(uint seed, FaultProfile faults)
    {
        var (all, allTrace) = RunTraced(seed, faults, leavesOutPolls: false);
        var (some, someTrace) = RunTraced(seed, faults);

        Assert.Equal(0, all.StepsLeftOut);

        // In a storm boards are in safe mode, in trials and under test, and see broken lines: then they poll.
        Assert.True(some.StepsLeftOut > some.Steps / (faults == FaultProfile.Storm ? 2 : 1), $"only {some.StepsLeftOut} polls of {some.StepsLeftOut + some.Steps} were left out");
        Assert.Equal(allTrace, someTrace);
    }

    [Fact]
    public void A_world_without_faults_delivers_every_press_and_comes_to_rest()
    {
        var report = new Simulation(new SimulationOptions(5, 3, TimeSpan.FromHours(3)) { Faults = FaultProfile.None, PressMean = TimeSpan.FromMinutes(10) }).Run();

        Assert.True(report.Violation is null, report.Violation?.ToString());
        Assert.True(report.Presses > 20, $"only {report.Presses} presses");
        Assert.True(report.Incidents > 5, $"only {report.Incidents} incidents");
        Assert.DoesNotContain(report.Faults.Keys, name => FaultKind.All.Any(kind => kind.Name == name));
    }

    /// <summary>
    /// The soak of every test run: two minutes, half of them under a storm of faults. I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11. The worlds are new with each commit, whose hash
    /// they are drawn from, so that a second run of the same commit judges the same; GATEWAY_WORLD_SEED=fresh draws others, GATEWAY_WORLD_SECONDS=S takes so long for
    /// each. The seed is printed; a violation is told with the command that replays it.
    /// </summary>
    [Theory]
    [InlineData(FaultProfile.Storm)]
    [InlineData(FaultProfile.Usual)]
    public void No_promise_is_broken_in_worlds_under_a_storm_of_faults(FaultProfile faults)
    {
        const double usualSeconds = 60;
        var seed = Environment.GetEnvironmentVariable("GATEWAY_WORLD_SEED") switch
        {
            null or "" when SeedOfTheCommit(faults) is { } ofCommit => ofCommit,
            null or "" or "fresh" => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)),
            var given => ulong.Parse(given, CultureInfo.InvariantCulture),
        };
        var seconds = Environment.GetEnvironmentVariable("GATEWAY_WORLD_SECONDS") is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : usualSeconds;
        output.WriteLine($"{faults}: worlds from seed {seed}");
        var options = new SimulationOptions(seed, 5, TimeSpan.FromHours(4)) { Faults = faults, PressMean = TimeSpan.FromMinutes(15) };

        var summary = new Soak(options, TimeSpan.FromSeconds(seconds)).Run();

        output.WriteLine(Soak.ToJsonLine(summary));
        Assert.True(summary.Violation is null, summary.Violation?.ToString());
        Assert.True(summary.Faults.Values.Sum() > 20, "hardly a fault struck");
        foreach (var rule in (string[])["I1 delivered", "I2 one incident", "I3 received", "I4 taken", "I5 no invention", "I7 lamps", "I8 acknowledged", "I8 receipt", "I9 step", "I11 link"])
        {
            Assert.True(summary.Checks.GetValueOrDefault(rule) > 0, $"\"{rule}\" was never checked");
        }
    }

    /// <summary>Eight digits of the hash of what this was built from; null without a repository.</summary>
    private static ulong? SeedOfTheCommit(FaultProfile faults) => Oracle.Violation.Commit is { Length: >= 16 } commit
        && uint.TryParse(commit.AsSpan(faults == FaultProfile.Storm ? 0 : 8, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    [Fact]
    public void No_link_is_shown_as_lost_at_5_percent_packet_loss_I11()
    {
        var report = new Simulation(new SimulationOptions(5, 3, TimeSpan.FromHours(6)) { Faults = FaultProfile.Lossy }).Run();

        Assert.True(report.Violation is null, report.Violation?.ToString());
        Assert.True(report.InvariantsChecked.GetValueOrDefault("I11 no false loss") > 10_000, "hardly ever looked");
    }

    [Fact]
    public void A_grid_outage_with_sinking_batteries_makes_three_annunciations_I12()
    {
        var report = new Simulation(new SimulationOptions(8, 8, TimeSpan.FromHours(16)) { Faults = FaultProfile.Outage }).Run();

        Assert.True(report.Violation is null, report.Violation?.ToString());
        Assert.True(report.Faults.GetValueOrDefault("grid outage") > 0, "the grid never failed");
        Assert.True(report.InvariantsChecked.GetValueOrDefault("I12 annunciations") > 0, "nothing was counted");
    }

    /// <summary>A violation is made smaller: fewer boards, less time, fewer kinds of faults, and the same promise breaks.</summary>
    [Fact]
    public void A_violation_is_shrunk()
    {
        var options = new SimulationOptions(2, 4, TimeSpan.FromHours(2))
        {
            Faults = FaultProfile.Storm, PressMean = TimeSpan.FromMinutes(10), Wrappers = PlantedFaults.All["received is shown with the press"],
        };
        var found = new Simulation(options).Run().Violation;
        Assert.NotNull(found);

        var smallest = new Shrink(TimeSpan.FromSeconds(120)).Run(found);

        Assert.Equal(found.Invariant, smallest.Invariant);
        Assert.True(smallest.Ran.Keep.Length == 1, smallest.ToString());
        Assert.True(smallest.Ran.Duration < found.Ran.Duration, smallest.ToString());
        Assert.Contains("--keep", smallest.Replay, StringComparison.Ordinal);
    }

    public static TheoryData<string> Planted => [.. PlantedFaults.All.Keys];

    /// <summary>Prove the prover: each planted fault is found within four seeds of two virtual hours with three boards.</summary>
    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_fault_is_found_within_four_seeds(string fault)
    {
        const ulong seeds = 4;
        for (var seed = 1UL; seed <= seeds; seed++)
        {
            var options = new SimulationOptions(seed, 3, TimeSpan.FromHours(2))
            {
                Faults = FaultProfile.Storm, PressMean = TimeSpan.FromMinutes(10), Wrappers = PlantedFaults.All[fault],
            };
            if (new Simulation(options).Run().Violation is { } violation)
            {
                output.WriteLine(violation.ToString());
                Assert.Contains($"--seed {seed} ", violation.Replay, StringComparison.Ordinal);
                Assert.NotEmpty(violation.Story);
                return;
            }
        }

        Assert.Fail($"\"{fault}\" was not found in {seeds} seeds");
    }

    /// <summary>Whoever chooses nothing gets all kinds of worlds, and each is told so that it can be run again.</summary>
    [Fact]
    public void Each_world_of_a_long_soak_has_a_weather_of_its_own()
    {
        var ran = new List<SimulationOptions>();
        var first = new SimulationOptions(40, 1, TimeSpan.FromMinutes(2)) { Healing = TimeSpan.FromMinutes(5) }; // a metered board needs two to see that its connection is dead
        var soak = new Soak(first, TimeSpan.FromSeconds(2))
        {
            Each = static world => world with { Faults = Weather.ProfileOf(world.Seed), PressMean = Weather.PressMeanOf(world.Seed) },
            OnWorld = (world, report) => ran.Add(world with { Seed = report.Seed }),
        };

        var summary = soak.Run();

        Assert.True(summary.Violation is null, summary.Violation?.ToString());
        Assert.Equal(ran.Count, summary.Worlds);
        Assert.All(ran, world => Assert.Equal(Weather.ProfileOf(world.Seed), world.Faults));
        var seeds = Enumerable.Range(1, 200).Select(static seed => (ulong)seed).ToArray();
        Assert.Equal([FaultProfile.Usual, FaultProfile.Storm, FaultProfile.Lossy, FaultProfile.Outage], seeds.Select(Weather.ProfileOf).Distinct().Order());
        Assert.Equal([15, 60, 240], seeds.Select(static seed => Weather.PressMeanOf(seed).TotalMinutes).Distinct().Order());
    }

    [Fact]
    public void The_last_line_of_a_soak_has_what_is_promised()
    {
        var options = new SimulationOptions(3, 2, TimeSpan.FromMinutes(30)) { PressMean = TimeSpan.FromMinutes(5) };

        using var line = JsonDocument.Parse(Soak.ToJsonLine(new Soak(options, null).Run()));

        foreach (var member in (string[])["signals", "presses", "incidents", "invariantsChecked", "violations", "seed", "virtualDays", "speed"])
        {
            Assert.Equal(JsonValueKind.Number, line.RootElement.GetProperty(member).ValueKind);
        }

        Assert.Equal(JsonValueKind.Object, line.RootElement.GetProperty("faults").ValueKind);
        Assert.Equal(3, line.RootElement.GetProperty("seed").GetInt64());
        Assert.Equal(0, line.RootElement.GetProperty("violations").GetInt64());
    }

    private static (SimulationReport Report, string Trace) RunTraced(ulong seed, FaultProfile faults = FaultProfile.Storm, bool leavesOutPolls = true)
    {
        using var text = new StringWriter();
        var options = new SimulationOptions(seed, 3, TimeSpan.FromHours(2))
        {
            Faults = faults, PressMean = TimeSpan.FromMinutes(10), LeavesOutPolls = leavesOutPolls, TraceTo = text,
        };
        return (new Simulation(options).Run(), text.ToString());
    }
}
