using Gateway.Loads.Bench;

namespace Gateway.Loads.Tests;

/// <summary>The measurements measure: small ones, whose figures say nothing, but whose counts must fit.</summary>
public sealed class Benchmarks
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "gateway.dll");

    [Fact]
    public async Task Ingest_counts_every_acknowledged_signal_and_finds_each_in_the_database()
    {
        var options = new IngestOptions([4, 8], Signals: 800, PacePerSecond: 1_000, PaceSeconds: 1, WithRivals: false, WarmUpSignals: 400);

        var result = await new IngestBench(options, new StringWriter()).RunAsync(Program);

        Assert.Equal((2 * 1_200) + 400 + 1_000, result["acknowledged"]!.GetValue<long>());
        Assert.Equal(0, result["lost"]!.GetValue<long>());
        Assert.True(result["signalsPerSecond"]!.GetValue<double>() > 0);
        Assert.InRange(result["ackP99Ms"]!.GetValue<double>(), result["ackP50Ms"]!.GetValue<double>(), double.MaxValue);
        Assert.Null(result["ratioToMosquitto"]);
        Assert.InRange(result["payloadBytes"]!.GetValue<int>(), 240, 260);
    }

    [Fact]
    public async Task A_storm_drains_whole_while_fresh_calls_get_their_receipts()
    {
        var result = await StormBench.RunAsync(Program, boards: 20, backlog: 20, new StringWriter());

        Assert.Equal(0, result["lost"]!.GetValue<long>());
        Assert.Equal(0, result["refusals"]!.GetValue<long>());
        Assert.InRange(result["drainSeconds"]!.GetValue<double>(), 0.01, 90);
        Assert.True(result["freshCalls"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task Idle_counts_the_memory_of_boards_that_are_all_online()
    {
        var result = await IdleBench.RunAsync(Program, boards: 100, withRivals: false, new StringWriter(), settle: TimeSpan.FromSeconds(1));

        Assert.Equal(0, result["faults"]!.GetValue<long>());
        Assert.True(result["megabytes"]!.GetValue<double>() > result["megabytesEmpty"]!.GetValue<double>());
    }

    [Fact]
    public void A_percentile_of_the_histogram_is_right_within_two_percent()
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 1_000; ms++)
        {
            histogram.RecordMs(ms);
        }

        Assert.InRange(histogram.PercentileMs(0.50)!.Value, 500, 510);
        Assert.InRange(histogram.PercentileMs(0.99)!.Value, 990, 1_010);
        histogram.Clear();
        Assert.Null(histogram.PercentileMs(0.5));
    }
}
