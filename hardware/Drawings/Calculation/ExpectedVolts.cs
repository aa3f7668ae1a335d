using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Hardware.Data;

namespace Gateway.Hardware.Calculation;

/// <summary>
/// What a multimeter shows at a terminal, as text for the placeholders of wiring.json. Lines: worst case of loop-thresholds.json, two decimals.
/// Supply: worst case rounded outwards to a tenth of a volt, so that no good box lies outside what is printed.
/// </summary>
public sealed partial class ExpectedVolts(HardwareRoom room)
{
    private readonly LoopCalculation loops = new(room.Netlist, room.LoopDesign);
    private readonly SupplyCalculation supply = new(room.Netlist);

    /// <summary>Volts at an outlet with mains: float voltage, at worst less what its load drops over the resettable fuse.</summary>
    public Span WithMains(string terminal) => new(supply.FloatVolts.Min - FuseDrop(terminal), supply.FloatVolts.Max);

    /// <summary>
    /// Volts at an outlet on the battery alone: from the disconnect, D4 and fuse in the way, up to a battery just charged. With little load R5
    /// bridges D4, so nothing is taken off at the upper end.
    /// </summary>
    public Span OnBattery(string terminal) =>
        new(supply.DisconnectVolts.Min - room.Power.DiodeVolts - FuseDrop(terminal), supply.FloatVolts.Max);

    /// <summary>Fills the placeholders of one line. Throws FormatException for a name that is not computed here.</summary>
    public string Fill(string line) => Placeholder().Replace(line, match => Text(match.Groups[1].Value));

    /// <summary>"13.1 to 13.9 V": to a tenth of a volt, outwards.</summary>
    public static string Tenths(Span volts) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(volts.Min * 10) / 10:F1} to {Math.Ceiling(volts.Max * 10) / 10:F1} V");

    private string Text(string name) => name switch
    {
        "line open" => Hundredths(loops.TerminalMillivolts(LineState.Open, LoopDraw.Nominal(room.LoopDesign.Assumptions)), loops.FieldMillivolts(LineState.Open)),
        "line pressed" => Hundredths(loops.PressedMillivolts()),
        "contact open" => Hundredths(room.LoopDesign.Assumptions.LoopSupplyMillivolts, loops.ContactOpenMillivolts()),
        "contact closed" => Hundredths(loops.ContactClosedMillivolts()),
        "supply" => Tenths(room.Power.Supply.Volts),
        "diode" => string.Create(CultureInfo.InvariantCulture, $"{room.Power.DiodeVolts:F1} V"),
        "sensors with mains" => Tenths(WithMains("J3.AUX+")),
        "siren with mains" => Tenths(WithMains("J9.SIREN+")),
        "siren on battery" => Tenths(OnBattery("J9.SIREN+")),
        "hold with mains" => Tenths(WithMains("J9.HOLD")),
        "hold on battery" => Tenths(OnBattery("J9.HOLD")),
        "router lowest" => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(OnBattery("J4.RTR+").Min * 10) / 10:F1} V"),
        _ => throw new FormatException($"wiring.json: no computed figure '{name}'"),
    };

    private double FuseDrop(string terminal)
    {
        var outlet = room.Power.Outlets.Single(o => o.Terminal == terminal);
        return outlet.MaxAmps * outlet.FuseMaxOhm;
    }

    private static string Hundredths(double nominal, Span millivolts) =>
        string.Create(CultureInfo.InvariantCulture, $"{nominal / 1000:F2} V ({millivolts.Min / 1000:F2} to {millivolts.Max / 1000:F2} V)");

    private static string Hundredths(Span millivolts) =>
        string.Create(CultureInfo.InvariantCulture, $"{millivolts.Min / 1000:F2} to {millivolts.Max / 1000:F2} V");

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Placeholder();
}
