using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Gateway.World.Tests;

/// <summary>
/// Prove the prover with the sources themselves: each defect is patched into the hub's or the firmware's sources, compiled in memory, and whole worlds are run on it
/// until the oracle finds it. All of them take many minutes: <c>GATEWAY_MUTANTS=all dotnet test tests/World -c Release --filter SourceMutantTests</c>.
/// An ordinary run takes the first, so that what compiles and loads them cannot rot unnoticed.
/// </summary>
public sealed class SourceMutantTests(ITestOutputHelper output)
{
    private const ulong SeedsMax = 12;

    private static readonly SourceMutant[] All = [.. SourceMutants.All, .. StrangersMutants.All];

    public static TheoryData<string> Names =>
        [.. All.Take(Environment.GetEnvironmentVariable("GATEWAY_MUTANTS") == "all" ? int.MaxValue : 1).Select(static mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_defect_in_the_sources_is_found_within_twelve_seeds(string name)
    {
        var mutant = All.Single(mutant => mutant.Name == name);
        for (var seed = 1UL; seed <= SeedsMax; seed++)
        {
            if (Run(MutatedHouse.Compile(mutant), seed) is { } violation)
            {
                output.WriteLine($"seed {seed}: {violation.Split('\n')[0]}");
                return;
            }
        }

        Assert.Fail($"\"{name}\" was not found in {SeedsMax} seeds");
    }

    /// <summary>A patch that no longer fits its source proves nothing: checked in every run.</summary>
    [Fact]
    public void Every_patch_fits_its_source()
    {
        foreach (var mutant in All)
        {
            var found = File.ReadAllText(Path.Combine(MutatedHouse.Root, mutant.File)).Replace("\r\n", "\n").Split(mutant.Sound).Length - 1;
            Assert.True(found == 1, $"\"{mutant.Name}\": the sound text stands {found} times in {mutant.File}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Run(AssemblyLoadContext house, ulong seed)
    {
        try
        {
            var world = house.LoadFromAssemblyName(new AssemblyName("Gateway.World"));
            var optionsType = world.GetType("Gateway.World.SimulationOptions")!;
            var options = Activator.CreateInstance(optionsType, seed, 3, TimeSpan.FromHours(6))!;
            optionsType.GetProperty("Faults")!.SetValue(options, Enum.Parse(world.GetType("Gateway.World.FaultProfile")!, "Storm"));
            optionsType.GetProperty("PressMean")!.SetValue(options, TimeSpan.FromMinutes(10));
            var simulation = Activator.CreateInstance(world.GetType("Gateway.World.Simulation")!, options)!;
            var report = simulation.GetType().GetMethod("Run")!.Invoke(simulation, [null])!;
            return report.GetType().GetProperty("Violation")!.GetValue(report)?.ToString();
        }
        catch (TargetInvocationException e)
        {
            // A fault may break the world outright: found, too.
            return e.InnerException!.ToString();
        }
        finally
        {
            house.Unload();
        }
    }
}
