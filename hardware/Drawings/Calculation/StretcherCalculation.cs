using Gateway.Hardware.Data;

namespace Gateway.Hardware.Calculation;

/// <summary>What varies in the pulse stretcher; errors are relative.</summary>
public readonly record struct StretcherDraw(
    double TimingResistorError,
    double TimingCapacitorError,
    double DividerTopError,
    double DividerBottomError,
    double DischargeResistorError,
    double DiodeVolts,
    double LeakageAmps,
    double OffsetVolts);

/// <summary>
/// The pulse stretcher in closed form: a press pulls the capacitor down through diode and resistor, after it the timing resistor lifts it to the
/// threshold. Parts are those of the netlist (help line).
/// </summary>
public sealed class StretcherCalculation(Netlist netlist)
{
    private const double SupplyVolts = 3.3;

    private readonly double timing = netlist["R312"].Number;
    private readonly double capacitor = netlist["C311"].Number;
    private readonly double top = netlist["R303"].Number;
    private readonly double bottom = netlist["R304"].Number;
    private readonly double discharge = netlist["R311"].Number;

    public static StretcherDraw Nominal => new(0, 0, 0, 0, 0, 0.55, 0, 0);

    /// <summary>Seconds that the output stays low after the button is let go. Zero when the press was too short to count.</summary>
    public double StretchSeconds(double pressSeconds, StretcherDraw draw)
    {
        var threshold = Threshold(draw);
        var c = capacitor * (1 + draw.TimingCapacitorError);
        var floor = draw.DiodeVolts + 0.12;
        var low = floor + ((SupplyVolts - floor) * Math.Exp(-pressSeconds / ((discharge * (1 + draw.DischargeResistorError) + 100) * c)));
        if (low >= threshold)
        {
            return 0;
        }

        var r = timing * (1 + draw.TimingResistorError);
        var target = SupplyVolts + (draw.LeakageAmps * r);
        return r * c * Math.Log((target - low) / (target - threshold));
    }

    /// <summary>Shortest press that counts, seconds: shorter pulses are taken for interference.</summary>
    public double ShortestPressSeconds(StretcherDraw draw)
    {
        var floor = draw.DiodeVolts + 0.12;
        var c = capacitor * (1 + draw.TimingCapacitorError);
        return ((discharge * (1 + draw.DischargeResistorError)) + 100) * c * Math.Log((SupplyVolts - floor) / (Threshold(draw) - floor));
    }

    /// <summary>
    /// One draw over 1 % resistors with 100 ppm/K, a 10 % film capacitor that loses up to 5 % in the cold and gains 2 % in the heat, the diode from
    /// -30 to 60 C, 60 nA of leakage either way and 10 mV of comparator offset.
    /// </summary>
    public static StretcherDraw Draw(Random random)
    {
        double Within(double low, double high) => low + (random.NextDouble() * (high - low));
        return new StretcherDraw(
            Within(-0.0155, 0.0155),
            Within(-0.15, 0.12),
            Within(-0.0155, 0.0155),
            Within(-0.0155, 0.0155),
            Within(-0.0155, 0.0155),
            Within(0.45, 0.72),
            Within(-60e-9, 60e-9),
            Within(-0.010, 0.010));
    }

    private double Threshold(StretcherDraw draw)
    {
        var b = bottom * (1 + draw.DividerBottomError);
        return (SupplyVolts * b / (b + (top * (1 + draw.DividerTopError)))) + draw.OffsetVolts;
    }
}
