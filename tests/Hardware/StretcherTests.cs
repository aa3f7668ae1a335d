using Gateway.Hardware.Calculation;
using Gateway.Hardware.Drawing;

namespace Gateway.Hardware.Tests;

public sealed class StretcherTests
{
    private static readonly StretcherCalculation Stretcher = new(Room.Data.Netlist);

    [Fact]
    public void A_press_of_30_ms_is_held_for_2_s_over_every_spread()
    {
        var random = new Random(Tables.Seed);
        for (var i = 0; i < Tables.Draws; i++)
        {
            var draw = StretcherCalculation.Draw(random);
            var seconds = Stretcher.StretchSeconds(0.030, draw);
            Assert.True(seconds >= 2.0, $"seed {Tables.Seed}, draw {i}: {seconds:F2} s with {draw}");
        }
    }

    [Fact]
    public void The_bench_test_names_the_range_of_the_table()
    {
        var row = Room.Read("hardware/TABLES.md").Split('\n').Single(l => l.StartsWith("| low after the press", StringComparison.Ordinal)).Split('|');
        var low = double.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture);
        var high = double.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture);
        var range = FormattableString.Invariant($"for {Math.Floor(low * 10) / 10:F1} to {Math.Ceiling(high * 10) / 10:F1} s");
        Assert.Contains(range, Room.Read("hardware/BENCH.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Interference_of_2_ms_is_no_press_and_a_press_of_5_ms_is_one()
    {
        var random = new Random(Tables.Seed);
        for (var i = 0; i < Tables.Draws; i++)
        {
            var shortest = Stretcher.ShortestPressSeconds(StretcherCalculation.Draw(random));
            Assert.InRange(shortest, 0.002, 0.005);
        }
    }

    [Fact]
    public void The_trip_level_lies_between_a_button_at_rest_and_a_pressed_one()
    {
        var trip = 3300 * Room.Data.Netlist["R302"].Number / (Room.Data.Netlist["R301"].Number + Room.Data.Netlist["R302"].Number);
        var loops = new LoopCalculation(Room.Data.Netlist, Room.Data.LoopDesign);
        const double offsetAndTolerance = 40;
        Assert.True(loops.Corners(LineState.AlarmLow).Pin.Max < trip - offsetAndTolerance, $"trip {trip:F0} mV");
        Assert.True(loops.Corners(LineState.Normal).Pin.Min > trip + offsetAndTolerance, $"trip {trip:F0} mV");
    }

    [Fact]
    public void Help_and_silent_have_the_same_stretcher()
    {
        foreach (var (help, silent) in new[] { ("R311", "R321"), ("R312", "R322"), ("C311", "C321"), ("D311", "D321"), ("R314", "R324"), ("R315", "R325"), ("U6", "U7") })
        {
            Assert.Equal(Room.Data.Netlist[help].Value, Room.Data.Netlist[silent].Value);
        }
    }
}
