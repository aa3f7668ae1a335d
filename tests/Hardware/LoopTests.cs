using Gateway.Hardware.Calculation;
using Gateway.Hardware.Drawing;

namespace Gateway.Hardware.Tests;

public sealed class LoopTests
{
    private static readonly LoopCalculation Loops = new(Room.Data.Netlist, Room.Data.LoopDesign);

    public static TheoryData<LineState> States => [.. Enum.GetValues<LineState>()];

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_stays_inside_the_range_of_the_converter_at_every_corner(LineState state)
    {
        var rules = Room.Data.PinMap.Rules;
        var (pin, _) = Loops.Corners(state);
        Assert.True(pin.Min >= rules.AdcMinMillivolts && pin.Max <= rules.AdcMaxMillivolts, $"{state}: {pin.Min:F0}..{pin.Max:F0} mV");
    }

    [Fact]
    public void The_borders_in_the_data_are_those_of_the_calculation() =>
        Assert.Equal(Loops.Bands(), Room.Data.LoopDesign.BandsMillivolts);

    [Theory]
    [MemberData(nameof(States))]
    public void Every_corner_reads_as_its_own_state_with_twice_the_hysteresis_to_spare(LineState state)
    {
        var bands = Room.Data.LoopDesign.BandsMillivolts;
        var (_, reading) = Loops.Corners(state);
        Assert.Equal(state, LoopCalculation.StateOf(reading.Min - (2 * bands.Hysteresis), bands));
        Assert.Equal(state, LoopCalculation.StateOf(reading.Max + (2 * bands.Hysteresis), bands));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void No_random_draw_reads_as_another_state(LineState state)
    {
        var bands = Room.Data.LoopDesign.BandsMillivolts;
        var span = Loops.MonteCarlo(state, Tables.Seed, Tables.Draws);
        Assert.True(
            LoopCalculation.StateOf(span.Min, bands) == state && LoopCalculation.StateOf(span.Max, bands) == state,
            $"seed {Tables.Seed}: {state} reads {span.Min:F0}..{span.Max:F0} mV against {bands}");
        var (_, corners) = Loops.Corners(state);
        Assert.True(span.Min >= corners.Min && span.Max <= corners.Max, "the corners must enclose every draw");
    }

    [Fact]
    public void Two_pressed_buttons_on_one_line_always_trip_the_stretcher_and_never_read_as_rest()
    {
        var design = Room.Data.LoopDesign;
        var two = design with { EndOfLine = design.EndOfLine with { RbOhm = design.EndOfLine.RbOhm / 2 } };
        var (pin, reading) = new LoopCalculation(Room.Data.Netlist, two).Corners(LineState.AlarmLow);
        Assert.True(pin.Max < 3300 * Room.Data.Netlist["R302"].Number / (Room.Data.Netlist["R301"].Number + Room.Data.Netlist["R302"].Number));
        Assert.True(reading.Max < design.BandsMillivolts.AlarmLowBelow, "alarm or touching wires, never at rest");
    }

    [Fact]
    public void All_sensing_inputs_have_the_resistors_of_loop_1()
    {
        foreach (var (role, reference) in new[] { ("Rup", "R211"), ("Rd", "R212"), ("Rs", "R213"), ("Rpin", "R214") })
        {
            Assert.All(Room.Data.Netlist.Components.Where(c => c.Role == role), c => Assert.Equal(Room.Data.Netlist[reference].Value, c.Value));
        }
    }

    [Fact]
    public void The_battery_divider_stays_in_range_and_its_scale_is_that_of_the_netlist()
    {
        var battery = Room.Data.LoopDesign.Battery;
        Assert.Equal(battery.DividerTopOhm, Room.Data.Netlist["R11"].Number);
        Assert.Equal(battery.DividerBottomOhm, Room.Data.Netlist["R12"].Number);
        foreach (var volts in new[] { battery.DisconnectMillivolts, 14200 })
        {
            var pin = volts * 1000.0 / battery.ScalePermille;
            Assert.InRange(pin, Room.Data.PinMap.Rules.AdcMinMillivolts, Room.Data.PinMap.Rules.AdcMaxMillivolts);
        }
    }

    [Fact]
    public void Twelve_volts_on_a_loop_terminal_by_mistake_destroys_nothing()
    {
        var rs = Room.Data.Netlist["R213"];
        var volts = 13.9 - 3.3 - 0.7;
        Assert.InRange(volts * volts / rs.Number, 0, Data.Quantity.Parse(rs.Rating.Split(' ')[0]));
        Assert.True(volts / rs.Number < 0.215, "BAV99 stands 215 mA");
        Assert.True(13.9 <= 15, "SMAJ15A does not conduct below 15 V");
    }
}
