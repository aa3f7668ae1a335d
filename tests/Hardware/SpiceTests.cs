using System.Globalization;
using Gateway.Hardware.Calculation;

namespace Gateway.Hardware.Tests;

/// <summary>The decks of hardware/decks, run by ngspice: they check the closed forms and what has none (surges, discharges).</summary>
public sealed class SpiceTests
{
    public static TheoryData<string> Decks => [.. Directory.GetFiles(Path.Combine(Room.Data.Root, "decks"), "*.cir").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Decks))]
    public void A_deck_uses_the_values_of_the_netlist(string deck)
    {
        var parameters = Spice.Parameters(deck).ToList();
        Assert.NotEmpty(parameters);
        foreach (var (name, value, reference) in parameters)
        {
            var expected = Room.Data.Netlist[reference].Number;
            Assert.True(Math.Abs(Number(value) - expected) < expected * 1e-9, $"{deck}: {name}={value}, but {reference} is {Room.Data.Netlist[reference].Value}");
        }

        var eol = Room.Data.LoopDesign.EndOfLine;
        if (Spice.Text(deck).Contains("Re=", StringComparison.Ordinal))
        {
            Assert.Contains(FormattableString.Invariant($"Re={eol.ReOhm / 1000:F1}k Rb={eol.RbOhm / 1000:F1}k"), Spice.Text(deck), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Loop_voltages_of_the_deck_are_those_of_the_formula()
    {
        Spice.SkipWithoutSpice();
        var values = Spice.Run("loop.cir");
        var loops = new LoopCalculation(Room.Data.Netlist, Room.Data.LoopDesign);
        foreach (var (name, state) in new[] { ("pshort", LineState.Short), ("plow", LineState.AlarmLow), ("pnormal", LineState.Normal), ("phigh", LineState.AlarmHigh), ("popen", LineState.Open) })
        {
            var formula = loops.PinMillivolts(state, LoopDraw.Nominal(Room.Data.LoopDesign.Assumptions));
            Assert.InRange(values[$"v({name})"] * 1000, formula - 1.5, formula + 1.5);
        }
    }

    [Theory]
    [InlineData("30m", "25", "820k", "4.7u")]
    [InlineData("30m", "-30", "808k", "4.0u")]
    [InlineData("30m", "60", "808k", "4.2u")]
    [InlineData("200m", "-30", "808k", "4.0u")]
    public void The_stretcher_holds_a_press_for_2_s_in_the_deck(string press, string celsius, string resistor, string capacitor)
    {
        Spice.SkipWithoutSpice();
        var values = Spice.Run("stretcher.cir", ("Tpress", press), ("Tamb", celsius), ("Rtime", resistor), ("Ctime", capacitor));
        var held = values["trise"] - 0.2 - Number(press);
        Assert.True(held >= 2.0, $"{held:F2} s after a press of {press} at {celsius} C");
        Assert.True(values["tfall"] - 0.2 <= 0.030, "the output falls while the button is still down");
    }

    [Fact]
    public void The_deck_and_the_formula_of_the_stretcher_agree_within_8_percent()
    {
        Spice.SkipWithoutSpice();
        var values = Spice.Run("stretcher.cir");
        var deck = values["trise"] - 0.23;
        var formula = new StretcherCalculation(Room.Data.Netlist).StretchSeconds(0.030, StretcherCalculation.Nominal);
        Assert.InRange(formula, deck * 0.92, deck * 1.08);
    }

    [Theory]
    [InlineData("1m")]
    [InlineData("5m")]
    [InlineData("50m")]
    public void Switching_on_makes_no_press(string riseTime)
    {
        Spice.SkipWithoutSpice();
        var values = Spice.Run("power-up.cir", ("Trise", riseTime));
        Assert.True(values["qmin"] >= 3.0, $"{values["qmin"]:F2} V at HELP_N from 0.3 s on, with a supply that rises in {riseTime}");
    }

    [Theory]
    [InlineData("1", "1", "0")]
    [InlineData("-1", "1", "0")]
    [InlineData("1", "0", "1")]
    [InlineData("-1", "0", "1")]
    public void A_surge_or_discharge_on_a_loop_wire_stays_within_the_ratings(string sign, string surge, string discharge)
    {
        Spice.SkipWithoutSpice();
        var v = Spice.Run("surge-loop.cir", ("Sign", sign), ("Surge", surge), ("Esd", discharge));

        // SMAJ15A: 400 W for 10/1000 us; a shorter pulse may be stronger by the square root of the ratio: 1,789 W for 50 us.
        var watts = Math.Max(Math.Abs(v["isurge_max"]), Math.Abs(v["isurge_min"])) * Math.Max(v["vterm_max"], -v["vterm_min"]);
        Assert.True(watts <= 400 * Math.Sqrt(1000.0 / 50), $"{watts:F0} W in the guard");

        // BAV99: 1 A for 1 ms repetitive; ESP32 pin: -0.3 V to 3.6 V, with 4.7 kOhm before its own clamps.
        Assert.InRange(Math.Max(v["irs_max"], -v["irs_min"]), 0, 1.0);
        Assert.InRange(v["vpin_max"], 0, 3.6);
        Assert.InRange(v["vpin_min"], -0.3, 3.3);
        Assert.InRange(v["vloop_max"], 3.2, 3.6);
    }

    [Theory]
    [InlineData("1", "24", "1")]
    [InlineData("-1", "24", "1")]
    [InlineData("1", "27.6", "50")]
    [InlineData("-1", "12", "50")]
    public void A_surge_on_the_supply_input_stays_within_the_ratings(string sign, string volts, string leadOhm)
    {
        Spice.SkipWithoutSpice();
        var v = Spice.Run("surge-supply.cir", ("Sign", sign), ("Vin", volts), ("Rlead", leadOhm));
        Assert.True(v["vinp_max"] <= 40, $"{v["vinp_max"]:F1} V at the XL6019, which is recommended to 40 V");
        Assert.True(v["vinp_max"] + 13.9 <= 60, "the switch of the SEPIC sees input and output: XL6019, 60 V");
        Assert.True(v["vrev_max"] <= 100, $"{v["vrev_max"]:F1} V across D2, SS510: 100 V");
        var watts = Math.Max(v["isurge_max"], -v["isurge_min"]) * Math.Max(v["vinf_max"], -v["vinf_min"]);
        Assert.True(watts <= 1500 * Math.Sqrt(1000.0 / 50), $"{watts:F0} W in SMCJ28CA");
    }

    private static double Number(string text)
    {
        var scale = text[^1] switch { 'k' => 1e3, 'm' => 1e-3, 'u' => 1e-6, 'n' => 1e-9, _ => 1.0 };
        return double.Parse(text.TrimEnd('k', 'm', 'u', 'n'), CultureInfo.InvariantCulture) * scale;
    }
}
