using Gateway.Hardware.Calculation;
using Gateway.Hardware.Data;
using Gateway.Hardware.Drawing;

namespace Gateway.Hardware.Tests;

public sealed class SupplyTests
{
    private static readonly SupplyCalculation Supply = new(Room.Data.Netlist);
    private static readonly PowerBudget Budget = new(Room.Data.Power);

    private static Rail Rail(string net) => Room.Data.Netlist.Rails.Single(r => r.Net == net);

    [Fact]
    public void The_float_voltage_suits_a_lead_acid_battery_and_stays_inside_its_rail()
    {
        Assert.InRange(Supply.FloatVolts.Min, 13.1, 13.5);
        Assert.InRange(Supply.FloatVolts.Max, 13.5, Rail("VBUS").MaxVolts);
    }

    [Fact]
    public void The_battery_is_cut_off_near_its_end_and_does_not_come_back_by_itself()
    {
        Assert.InRange(Supply.DisconnectVolts.Min, 10.2, 11.0);
        Assert.InRange(Supply.DisconnectVolts.Max, 10.2, 11.0);
        Assert.True(Supply.ReconnectVolts.Min - Supply.DisconnectVolts.Max > 0.8, "rest recovery of a discharged battery is below 0.8 V");
        Assert.True(Supply.ReconnectVolts.Max <= 12.8, "a charged battery must start the box without mains");
        Assert.True(Room.Data.LoopDesign.Battery.CriticalMillivolts > Supply.DisconnectVolts.Max * 1000, "critical is reported before the cut-off");
    }

    [Fact]
    public void The_charging_current_stays_within_limiter_resettable_fuse_and_battery()
    {
        var amps = Supply.ChargeAmps(10.5);
        var limiter = Room.Data.Netlist["R5"];
        Assert.True(amps < Room.Data.Netlist["F6"].Number, $"{amps:F2} A against {Room.Data.Netlist["F6"].Value}");
        Assert.True(amps * amps * limiter.Number < 10.0 / 2, "half the rating of R5");
        Assert.True(amps < 0.3 * Room.Data.Power.BatteriesAh.Min(), "0.3 C of the smallest battery");
        Assert.True(Supply.ChargeAmps(0) > 2 * Room.Data.Netlist["F6"].Number, "a shorted battery trips the resettable fuse");
    }

    [Fact]
    public void Lamps_are_bright_enough_and_never_above_20_mA()
    {
        foreach (var (name, resistor, low, high) in Tables.Lamps)
        {
            var span = Supply.LampMilliamps(resistor, low, high);
            Assert.True(span.Min >= 1.0 && span.Max <= 20, $"{name}: {span.Min:F1}..{span.Max:F1} mA");
        }
    }

    [Fact]
    public void The_relay_pulls_in_until_the_battery_is_cut_off()
    {
        // HF115F/012: pulls in at 70 % of 12 V at 23 C, 0.4 %/K more when the coil is warm.
        Assert.True(SupplyCalculation.CoilVolts(Supply.DisconnectVolts.Max) >= 0.70 * 12, "at 23 C, until the cut-off");
        Assert.True(SupplyCalculation.CoilVolts(11.6) >= 0.70 * 12 * (1 + (0.004 * 37)), "at 60 C, until battery low");
    }

    [Fact]
    public void The_peak_load_is_within_the_rail_and_the_siren_within_its_fuse()
    {
        var peak = Room.Data.Power.Peak.Sum(l => l.Milliamps) / 1000;
        Assert.True(peak <= Rail("VBUS").MaxAmps, $"{peak:F2} A on VBUS");

        // SEPIC: the switch carries input and output current; XL6019 stands 5 A. With the lowest 12 V supply and 85 % efficiency.
        var input = peak * 13.5 / 0.85 / 10.8;
        Assert.True(peak + input + 0.5 <= 5, $"{peak + input + 0.5:F1} A in the switch");
        Assert.True(input <= Room.Data.Netlist["F1"].Number * 0.75, $"{input:F1} A through F1");
    }

    [Fact]
    public void A_resettable_fuse_holds_the_load_of_its_outlet_at_60_degrees()
    {
        foreach (var outlet in Room.Data.Power.Outlets)
        {
            // RXEF series: 68 % of the rated hold current at 60 C.
            var fuse = Room.Data.Netlist[outlet.Fuse];
            Assert.True(outlet.MaxAmps <= fuse.Number * 0.685, $"{outlet.MaxAmps} A at {outlet.Terminal} through {fuse.Ref} {fuse.Value}");
        }
    }

    [Fact]
    public void The_loop_supply_feeds_every_loop_shorted_and_every_contact_closed()
    {
        var loops = Room.Data.Netlist.Components.Count(c => c.Role == "Rup");
        var contacts = Room.Data.Netlist.Components.Where(c => c.Role == "pull-up").ToList();
        var amps = (loops * 3.35 / Room.Data.Netlist["R211"].Number) + contacts.Sum(c => 3.35 / c.Number) + 0.005;
        Assert.True(amps <= Rail("VLOOP").MaxAmps / 2, $"{amps * 1000:F0} mA");
    }

    [Theory]
    [InlineData("wifi", 7, -15, 24)]
    [InlineData("ethernet", 7, -15, 24)]
    [InlineData("cellular", 17, -15, 12)]
    public void An_old_battery_in_the_cold_lasts_as_long_as_the_guide_promises(string mode, double ah, double celsius, double hours)
    {
        var cold = Room.Data.Power.Temperature.Single(t => t.Celsius == celsius);
        var actual = Budget.Hours(Room.Data.Power.Modes.Single(m => m.Id == mode), ah, cold);
        Assert.True(actual >= hours, $"{actual:F1} h");
    }

    [Fact]
    public void A_flat_7_Ah_battery_is_at_80_percent_within_72_hours() =>
        Assert.InRange(PowerBudget.HoursToEightyPercent(Supply.NominalFloatVolts, Room.Data.Netlist["R5"].Number, 7), 1, 72);

    [Fact]
    public void The_mains_sense_has_current_to_spare_at_the_lowest_supply()
    {
        // LTV-817: 50 % at 5 mA; taken as 20 % at these currents and -30 C.
        var led = (10.8 - 0.4 - 6.2 - 1.3) / Room.Data.Netlist["R13"].Number;
        var pull = 3.4 / Room.Data.Netlist["R14"].Number;
        Assert.True(led * 0.2 >= 2 * pull, $"{led * 1000:F2} mA through the LED, {pull * 1e6:F0} uA to sink");
        var hot = (27.6 - 6.2 - 1.0) * (27.6 - 6.2 - 1.0) / Room.Data.Netlist["R13"].Number;
        Assert.True(hot <= 0.5 / 2, $"{hot:F2} W in R13");
    }

    [Fact]
    public void A_transmit_burst_and_all_lamps_stay_within_the_5_V_rail()
    {
        var amps = 0.5 + 0.012 + (5 * 0.015);
        Assert.True(amps <= Rail("5V").MaxAmps);
    }
}
