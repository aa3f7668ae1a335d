using System.Text.RegularExpressions;
using Gateway.Hardware.Calculation;

namespace Gateway.Hardware.Tests;

public sealed partial class ExpectedVoltsTests
{
    private static readonly ExpectedVolts Volts = new(Room.Data);

    /// <summary>Besides placeholders only the 0 V of a terminal that nothing feeds may stand there.</summary>
    [Fact]
    public void No_voltage_to_be_measured_is_typed_into_the_wiring_data()
    {
        var lines = Room.Data.WiringBook.Drawings.SelectMany(d => d.Expected).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.DoesNotMatch(TypedVolts(), l));
    }

    [Fact]
    public void A_placeholder_without_a_calculation_is_refused() =>
        Assert.Throws<FormatException>(() => Volts.Fill("{volts of the moon} at J3"));

    /// <summary>Worked by hand from the parts: 3.9 k over 10 k, with 270 Ohm and 70 Ohm (cable, contact) beside the 10 k while pressed; 2.2 k from 3.3 V +-1.5 % into 200 k or 70 Ohm; float 13.18 to 13.84 V; cut-off 10.21 V less 0.4 V, siren 0.3 V.</summary>
    [Theory]
    [InlineData("{line open}", "2.37 V (2.28 to 2.43 V)")]
    [InlineData("{line pressed}", "0.00 to 0.05 V")]
    [InlineData("{contact open}", "3.30 V (3.21 to 3.35 V)")]
    [InlineData("{contact closed}", "0.00 to 0.10 V")]
    [InlineData("{supply}", "10.8 to 27.6 V")]
    [InlineData("{siren with mains}", "12.8 to 13.9 V")]
    [InlineData("{siren on battery}", "9.5 to 13.9 V")]
    [InlineData("{hold on battery}", "9.8 to 13.9 V")]
    public void A_figure_is_the_one_worked_by_hand(string placeholder, string expected) => Assert.Equal(expected, Volts.Fill(placeholder));

    [Fact]
    public void The_rails_of_the_netlist_cover_what_is_expected_at_the_outlets_and_the_input()
    {
        var bus = Room.Data.Netlist.Rails.Single(r => r.Net == "VBUS");
        var hold = Volts.OnBattery("J9.HOLD");
        Assert.InRange(hold.Min, bus.MinVolts - 0.05, bus.MinVolts + 0.05);
        Assert.InRange(hold.Max, bus.MaxVolts - 0.1, bus.MaxVolts);
        Assert.Equal(Room.Data.Netlist.Rails.Single(r => r.Net == "VIN_RAW").MaxVolts, Room.Data.Power.Supply.Volts.Max, 6);
    }

    [Fact]
    public void Every_outlet_is_behind_the_fuse_that_its_figure_uses()
    {
        foreach (var outlet in Room.Data.Power.Outlets)
        {
            var parts = outlet.Terminal.Split('.');
            var net = Room.Data.Netlist[parts[0]].Pins[parts[1]];
            var fuse = Room.Data.Netlist[outlet.Fuse].Pins["2"];
            var relay = Room.Data.Netlist["K1"].Pins;
            Assert.True(net == fuse || (fuse == relay["COM"] && (net == relay["NO"] || net == relay["NC"])), $"{outlet.Terminal} is not behind {outlet.Fuse}");
        }
    }

    [Fact]
    public void Every_plain_contact_has_the_pull_up_that_its_figure_uses()
    {
        var pullUps = Room.Data.Netlist.Components.Where(c => c.Role == "pull-up").ToList();
        Assert.NotEmpty(pullUps);
        Assert.All(pullUps, c => Assert.Equal(Room.Data.Netlist["R411"].Value, c.Value));
    }

    [GeneratedRegex(@"(?<!\d)(?!0 V)\d[\d.,]* ?(m?V\b|to )")]
    private static partial Regex TypedVolts();
}
