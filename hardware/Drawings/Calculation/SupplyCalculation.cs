using Gateway.Hardware.Data;

namespace Gateway.Hardware.Calculation;

/// <summary>Direct-voltage figures of supply, disconnect, lamps and relay from the netlist's values.</summary>
public sealed class SupplyCalculation(Netlist netlist)
{
    private const double ResistorError = 0.0155;
    /// <summary>R3 and R4: 0.1 % and 25 ppm/K over 55 K.</summary>
    private const double FeedbackError = 0.0024;
    private const double Tl431Volts = 2.495;

    /// <summary>Float voltage of VBUS: XL6019 reference 1.25 V, 2 %.</summary>
    public Span FloatVolts => Over(sign => 1.25 * (1 + (0.02 * sign)) * (1 + (R("R3") * (1 + (FeedbackError * sign)) / (R("R4") * (1 - (FeedbackError * sign))))));

    public double NominalFloatVolts => 1.25 * (1 + (R("R3") / R("R4")));

    /// <summary>Battery voltage at which Q1 opens, with D4's 0.4 V between battery and VBUS.</summary>
    public Span DisconnectVolts => Over(sign => Disconnect(Tl431Volts * (1 + (0.01 * sign)), ResistorError * sign));

    /// <summary>Battery voltage at which Q1 closes again without mains.</summary>
    public Span ReconnectVolts => Over(sign =>
    {
        var reference = Tl431Volts * (1 + (0.01 * sign));
        var error = ResistorError * sign;
        return reference * (1 + (R("R7") * (1 + error) * ((1 / (R("R8") * (1 - error))) + (1 / R("R9")))));
    });

    /// <summary>Lamp current in milliamperes: 5 V with 4 %, driver 0.7 to 1.0 V, the LED's own voltage range.</summary>
    public Span LampMilliamps(string resistor, double ledMinVolts, double ledMaxVolts) => new(
        (4.8 - 1.0 - ledMaxVolts) / (R(resistor) * 1.0155) * 1000,
        (5.2 - 0.7 - ledMinVolts) / (R(resistor) * 0.9845) * 1000);

    /// <summary>Volts at the relay's coil at a battery voltage without mains: D4 and the driver in the way.</summary>
    public static double CoilVolts(double batteryVolts) => batteryVolts - 0.4 - 1.0;

    /// <summary>Charging current into a battery of this voltage, amperes, at the highest float voltage.</summary>
    public double ChargeAmps(double batteryVolts) => Math.Max(0, (FloatVolts.Max - batteryVolts) / (R("R5") * 0.95));

    private static Span Over(Func<double, double> value)
    {
        var a = value(-1);
        var b = value(1);
        return new Span(Math.Min(a, b), Math.Max(a, b));
    }

    private double Disconnect(double reference, double error)
    {
        var r7 = R("R7") * (1 + error);
        var r8 = R("R8") * (1 - error);
        var r9 = R("R9");
        return ((reference * ((1 / r7) + (1 / r9) + (1 / r8))) + (0.4 / r9)) / ((1 / r7) + (1 / r9));
    }

    private double R(string reference) => netlist[reference].Number;
}
