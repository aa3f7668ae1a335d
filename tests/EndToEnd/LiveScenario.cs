namespace Gateway.EndToEnd.Tests;

/// <summary>The same scenario files against a running demo: its hub, its API, and virtual boards that run the firmware, in real time.</summary>
public sealed class LiveScenario
{
    [Fact]
    public async Task A_scenario_holds_against_a_running_demo_and_a_long_one_is_refused_by_name_before_anything_happens()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoProcess.StartAsync(folder.Path, "--port", "0", "--mqtt-port", "0", "--boards", "2");
        using var station = Station.Of(demo);
        await station.BoardIsLinked(Station.FirstBoard);
        await station.BoardIsLinked("sumitu-02");

        var (refused, why) = await DemoProcess.RunAsync("run", "--live", PathOf("seventy-kilometres"), "--data", folder.Path);
        Assert.True(refused == 2, why);
        Assert.Contains("not-live", why, StringComparison.Ordinal);
        Assert.Contains("too-long", why, StringComparison.Ordinal);
        Assert.Empty(await station.IncidentsOf("help", "all"));

        var (exit, said) = await DemoProcess.RunAsync("run", "--live", PathOf("one-call"), "--data", folder.Path);
        Assert.True(exit == 0, said);
        Assert.Single(await station.IncidentsOf("help", "all"));

        // [GW-46] by the firmware: the box that sounds, its key, the hub that takes it for an answer.
        (exit, said) = await DemoProcess.RunAsync("run", "--live", PathOf("a-key-answers"), "--data", folder.Path);
        Assert.True(exit == 0, said);
    }

    private static string PathOf(string scenario)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return Path.Combine(folder.FullName, "seeds", "scenarios", scenario + ".yaml");
            }
        }

        throw new DirectoryNotFoundException("The repository's folder was not found above the tests.");
    }
}
