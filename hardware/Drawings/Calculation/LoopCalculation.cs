using Gateway.Hardware.Data;

namespace Gateway.Hardware.Calculation;

public enum LineState
{
    Short,
    AlarmLow,
    Normal,
    AlarmHigh,
    Open,
}

/// <summary>Smallest and largest value, millivolts.</summary>
public readonly record struct Span(double Min, double Max)
{
    public Span With(double value) => new(Math.Min(Min, value), Math.Max(Max, value));
}

/// <summary>One draw of everything that varies. Errors of resistors and supply are relative; line values are ohms.</summary>
public readonly record struct LoopDraw(
    double RupError,
    double RdError,
    double RsError,
    double LineError,
    double AlarmError,
    double SupplyError,
    double WireOhm,
    double ContactOhm,
    double LeakageOhm,
    double VrefMillivolts,
    double ResidualMillivolts)
{
    /// <summary>Every part at its nominal value, the shortest wire, the nominal converter.</summary>
    public static LoopDraw Nominal(LoopAssumptions a) =>
        new(0, 0, 0, 0, 0, 0, 0, 0, 1e12, a.AdcVrefNominalMillivolts, 0);
}

/// <summary>
/// Voltage of a supervised loop at the pin and what the raw converter makes of it. Resistors come from the netlist (roles Rup, Rd, Rs of loop 1),
/// everything else from loop-thresholds.json.
/// </summary>
public sealed class LoopCalculation(Netlist netlist, LoopDesign design)
{
    private readonly double pullUpOhm = netlist["R411"].Number;

    public double Rup { get; } = netlist["R211"].Number;

    public double Rd { get; } = netlist["R212"].Number;

    public double Rs { get; } = netlist["R213"].Number;

    /// <summary>Resistance between the two wires, as seen at the terminals.</summary>
    public double LineOhm(LineState state, LoopDraw draw)
    {
        var re = design.EndOfLine.ReOhm * (1 + draw.LineError);
        var far = state switch
        {
            LineState.Short => 0,
            LineState.AlarmLow => Parallel(re, (design.EndOfLine.RbOhm * (1 + draw.AlarmError)) + draw.ContactOhm),
            LineState.Normal => re + draw.ContactOhm,
            LineState.AlarmHigh => re + (design.EndOfLine.RaOhm * (1 + draw.AlarmError)),
            _ => 1e12,
        };
        return Parallel(far + draw.WireOhm, draw.LeakageOhm);
    }

    /// <summary>Millivolts at node S, which the pin follows.</summary>
    public double PinMillivolts(LineState state, LoopDraw draw) => PinMillivolts(LineOhm(state, draw), draw);

    private double PinMillivolts(double lineOhm, LoopDraw draw)
    {
        var rs = Rs * (1 + draw.RsError);
        var lower = Parallel(Rd * (1 + draw.RdError), rs + lineOhm);
        return design.Assumptions.LoopSupplyMillivolts * (1 + draw.SupplyError) * lower / ((Rup * (1 + draw.RupError)) + lower);
    }

    /// <summary>Millivolts between the two terminals, for a multimeter.</summary>
    public double TerminalMillivolts(LineState state, LoopDraw draw) => TerminalMillivolts(LineOhm(state, draw), draw);

    private double TerminalMillivolts(double lineOhm, LoopDraw draw) =>
        PinMillivolts(lineOhm, draw) * lineOhm / (lineOhm + (Rs * (1 + draw.RsError)));

    /// <summary>What the firmware computes from the raw counts of a converter with this reference.</summary>
    public double ReadingMillivolts(LineState state, LoopDraw draw)
    {
        var offset = design.Adc.OffsetMillivolts;
        return offset + ((PinMillivolts(state, draw) - offset) * design.Assumptions.AdcVrefNominalMillivolts / draw.VrefMillivolts) + draw.ResidualMillivolts;
    }

    /// <summary>Every corner of every tolerance at once: nothing within the assumptions lies outside.</summary>
    public (Span Pin, Span Reading) Corners(LineState state)
    {
        var pin = new Span(double.MaxValue, double.MinValue);
        var reading = pin;
        for (var bits = 0; bits < 1 << 11; bits++)
        {
            var draw = Corner(bits);
            pin = pin.With(PinMillivolts(state, draw));
            reading = reading.With(ReadingMillivolts(state, draw));
        }

        return (pin, reading);
    }

    /// <summary>What a multimeter shows at the terminals with a jig of 1 % resistors and no cable: tolerances of box and jig only.</summary>
    public Span JigMillivolts(LineState state) =>
        TerminalSpan(6, corner => TerminalMillivolts(state, corner with { WireOhm = 0, ContactOhm = 0, LeakageOhm = 1e12 }));

    /// <summary>The same with everything that cable and contact add.</summary>
    public Span FieldMillivolts(LineState state) => TerminalSpan(9, corner => TerminalMillivolts(state, corner));

    /// <summary>At the terminals of a line without resistors (silent button) while its contact is closed.</summary>
    public Span PressedMillivolts() => TerminalSpan(9, corner => TerminalMillivolts(corner.WireOhm + corner.ContactOhm, corner));

    /// <summary>At the terminals of a plain contact or key (pull-up R411 to VLOOP) while it is open: the leakage of the cable pulls it down.</summary>
    public Span ContactOpenMillivolts() => TerminalSpan(9, corner => ContactMillivolts(corner.LeakageOhm, corner));

    /// <summary>The same while it is closed: resistance of cable and contact.</summary>
    public Span ContactClosedMillivolts() => TerminalSpan(9, corner => ContactMillivolts(corner.WireOhm + corner.ContactOhm, corner));

    /// <summary>Uniform draws over the same ranges, repeatable by seed.</summary>
    public Span MonteCarlo(LineState state, int seed, int draws)
    {
        var random = new Random(seed);
        var span = new Span(double.MaxValue, double.MinValue);
        for (var i = 0; i < draws; i++)
        {
            span = span.With(ReadingMillivolts(state, RandomDraw(random)));
        }

        return span;
    }

    /// <summary>The bands that follow: each border in the middle between the worst readings of its two neighbours.</summary>
    public LoopBands Bands()
    {
        int Border(LineState lower, LineState upper) =>
            (int)Math.Round((Corners(lower).Reading.Max + Corners(upper).Reading.Min) / 2);
        return new LoopBands(
            Border(LineState.Short, LineState.AlarmLow),
            Border(LineState.AlarmLow, LineState.Normal),
            Border(LineState.Normal, LineState.AlarmHigh),
            Border(LineState.AlarmHigh, LineState.Open),
            design.BandsMillivolts.Hysteresis);
    }

    /// <summary>The band of a reading, without hysteresis: what the firmware decides.</summary>
    public static LineState StateOf(double readingMillivolts, LoopBands bands) => readingMillivolts switch
    {
        _ when readingMillivolts < bands.ShortBelow => LineState.Short,
        _ when readingMillivolts < bands.AlarmLowBelow => LineState.AlarmLow,
        _ when readingMillivolts < bands.NormalBelow => LineState.Normal,
        _ when readingMillivolts < bands.AlarmHighBelow => LineState.AlarmHigh,
        _ => LineState.Open,
    };

    public static double Parallel(double a, double b) => a * b / (a + b);

    private double ContactMillivolts(double lineOhm, LoopDraw draw) =>
        design.Assumptions.LoopSupplyMillivolts * (1 + draw.SupplyError) * lineOhm / (lineOhm + (pullUpOhm * (1 + draw.RupError)));

    private Span TerminalSpan(int varied, Func<LoopDraw, double> millivolts)
    {
        var span = new Span(double.MaxValue, double.MinValue);
        for (var bits = 0; bits < 1 << varied; bits++)
        {
            span = span.With(millivolts(Corner(bits)));
        }

        return span;
    }

    private LoopDraw Corner(int bits)
    {
        var a = design.Assumptions;
        double Sign(int bit) => (bits >> bit & 1) == 0 ? -1 : 1;
        double Choose(int bit, double low, double high) => (bits >> bit & 1) == 0 ? low : high;
        return new LoopDraw(
            Sign(0) * a.ResistorError,
            Sign(1) * a.ResistorError,
            Sign(2) * a.ResistorError,
            Sign(3) * a.ResistorError,
            Sign(4) * a.ResistorError,
            Sign(5) * a.LoopSupplyTolerancePercent / 100,
            Choose(6, 0, a.WireResistanceMaxOhm),
            Choose(7, 0, a.ContactResistanceMaxOhm),
            Choose(8, a.CableLeakageMinOhm, 1e12),
            Choose(9, a.AdcVrefMinMillivolts, a.AdcVrefMaxMillivolts),
            Choose(10, -a.AdcResidualMillivolts, a.AdcResidualMillivolts));
    }

    private LoopDraw RandomDraw(Random random)
    {
        var a = design.Assumptions;
        double Within(double low, double high) => low + (random.NextDouble() * (high - low));
        double Resistor() => Within(-a.ResistorError, a.ResistorError);
        return new LoopDraw(
            Resistor(),
            Resistor(),
            Resistor(),
            Resistor(),
            Resistor(),
            Within(-a.LoopSupplyTolerancePercent / 100, a.LoopSupplyTolerancePercent / 100),
            Within(0, a.WireResistanceMaxOhm),
            Within(0, a.ContactResistanceMaxOhm),
            1 / Within(0, 1 / a.CableLeakageMinOhm),
            Within(a.AdcVrefMinMillivolts, a.AdcVrefMaxMillivolts),
            Within(-a.AdcResidualMillivolts, a.AdcResidualMillivolts));
    }
}
