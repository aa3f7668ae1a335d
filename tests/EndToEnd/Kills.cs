using Gateway.Cli.Demo;
using Gateway.Cli.Prove;

namespace Gateway.EndToEnd.Tests;

/// <summary>The hub's own process, killed in the middle of a flood. `prove kills --times 10000` does it for a day.</summary>
public sealed class Kills(ITestOutputHelper output)
{
    private const int Times = 20;

    [Fact]
    public async Task Every_acknowledged_signal_is_in_the_database_once_after_kills_in_a_flood_I2_I8()
    {
        var proof = new KillProof(Times, Random.Shared.Next(1, int.MaxValue), DemoHost.DemoStationFile, DemoHost.LoadDemoStation().Boards[0].DeviceId);

        var result = await proof.RunAsync(TestContext.Current.CancellationToken);

        output.WriteLine(result.ToString());
        Assert.True(result.Violations.Count == 0, $"seed {result.Seed}: {string.Join("; ", result.Violations)}");
        Assert.Equal(Times, result.Kills);
        Assert.True(result.Acknowledged > Times && result.Calls > 0, $"seed {result.Seed}: {result}: too little was acknowledged to prove anything");
    }
}
