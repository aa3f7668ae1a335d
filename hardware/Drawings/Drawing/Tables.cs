using System.Globalization;
using System.Text;
using Gateway.Hardware.Calculation;
using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>hardware/TABLES.md: every figure of the documents that a calculation yields, in one generated page.</summary>
public sealed class Tables(HardwareRoom room)
{
    public const int Seed = 20260101;
    public const int Draws = 200_000;

    private readonly StringBuilder text = new();
    private readonly LoopCalculation loops = new(room.Netlist, room.LoopDesign);

    public string Write()
    {
        text.Append("# Tables\n\nComputed from the data in this folder by `dotnet run --project hardware/Drawings`. Do not edit; a test compares.\n");
        Loops();
        Bands();
        Bench();
        Stretcher();
        Supply();
        Power();
        Terminals();
        return text.ToString();
    }

    private static string F(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    private void Head(string title, string note, params string[] columns)
    {
        text.Append($"\n## {title}\n\n{note}\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(Enumerable.Repeat("---|", columns.Length))}\n");
    }

    private void Line(params string[] cells) => text.Append($"| {string.Join(" | ", cells)} |\n");

    private void Loops()
    {
        Head(
            "Supervised loops: states",
            $"Volts for the multimeter at the terminals; millivolts at the pin; what the firmware computes from raw counts. Worst case: all corners of loop-thresholds.json at once. Monte Carlo: {Draws} draws, seed {Seed}.",
            "line",
            "terminals V",
            "pin mV nominal",
            "pin mV worst case",
            "reading mV worst case",
            "reading mV Monte Carlo");
        foreach (var state in Enum.GetValues<LineState>())
        {
            var nominal = LoopDraw.Nominal(room.LoopDesign.Assumptions);
            var (pin, reading) = loops.Corners(state);
            var draws = loops.MonteCarlo(state, Seed, Draws);
            Line(
                Name(state),
                F(loops.TerminalMillivolts(state, nominal) / 1000, 2),
                F(loops.PinMillivolts(state, nominal), 0),
                $"{F(pin.Min, 0)}-{F(pin.Max, 0)}",
                $"{F(reading.Min, 0)}-{F(reading.Max, 0)}",
                $"{F(draws.Min, 0)}-{F(draws.Max, 0)}");
        }
    }

    private static string Name(LineState state) => state switch
    {
        LineState.Short => "wires touching",
        LineState.AlarmLow => "alarm, contact closed (Rb)",
        LineState.Normal => "at rest",
        LineState.AlarmHigh => "alarm, contact opened (Ra)",
        _ => "wire cut",
    };

    private void Bands()
    {
        var b = room.LoopDesign.BandsMillivolts;
        int[] borders = [b.ShortBelow, b.AlarmLowBelow, b.NormalBelow, b.AlarmHighBelow];
        var states = Enum.GetValues<LineState>();
        Head(
            "Supervised loops: borders",
            $"Margin: from the border to the nearest worst-case reading on either side. Hysteresis {b.Hysteresis} mV. These numbers are in firmware/Inputs/LoopThresholds.cs.",
            "between",
            "border mV",
            "margin below mV",
            "margin above mV");
        for (var i = 0; i < borders.Length; i++)
        {
            Line(
                $"{Name(states[i])} / {Name(states[i + 1])}",
                borders[i].ToString(CultureInfo.InvariantCulture),
                F(borders[i] - loops.Corners(states[i]).Reading.Max, 0),
                F(loops.Corners(states[i + 1]).Reading.Min - borders[i], 0));
        }
    }

    private void Bench()
    {
        var eol = room.LoopDesign.EndOfLine;
        Head(
            "Bench jig: expected voltages",
            "Jig of 1 % resistors straight at the terminals (L and COM), multimeter across them. Outside the range: the box is not passed.",
            "jig",
            "state",
            "V smallest",
            "V largest");
        foreach (var (jig, state) in new[]
        {
            ("wire link", LineState.Short),
            ($"{F(eol.ReOhm / 1000, 1)} k and {F(eol.RbOhm / 1000, 1)} k in parallel", LineState.AlarmLow),
            ($"{F(eol.ReOhm / 1000, 1)} k", LineState.Normal),
            ($"{F(eol.ReOhm / 1000, 1)} k and {F(eol.RaOhm / 1000, 1)} k in series", LineState.AlarmHigh),
            ("nothing", LineState.Open),
        })
        {
            var span = loops.JigMillivolts(state);
            Line(jig, Name(state), F(span.Min / 1000, 2), F(span.Max / 1000, 2));
        }
    }

    private void Stretcher()
    {
        var stretcher = new StretcherCalculation(room.Netlist);
        var random = new Random(Seed);
        var span = new Span(double.MaxValue, double.MinValue);
        var shortest = new Span(double.MaxValue, double.MinValue);
        for (var i = 0; i < Draws; i++)
        {
            var draw = StretcherCalculation.Draw(random);
            span = span.With(stretcher.StretchSeconds(0.030, draw));
            shortest = shortest.With(stretcher.ShortestPressSeconds(draw));
        }

        Head("Pulse stretcher", $"After a press of 30 ms, -30 to 60 C, {Draws} draws, seed {Seed}; the deck stretcher.cir agrees.", "figure", "nominal", "smallest", "largest");
        Line("low after the press, s", F(stretcher.StretchSeconds(0.030, StretcherCalculation.Nominal), 2), F(span.Min, 2), F(span.Max, 2));
        Line("shortest press that counts, ms", F(stretcher.ShortestPressSeconds(StretcherCalculation.Nominal) * 1000, 1), F(shortest.Min * 1000, 1), F(shortest.Max * 1000, 1));
    }

    private void Supply()
    {
        var supply = new SupplyCalculation(room.Netlist);
        Head("Supply, lamps, relay", "Corners over resistors, references and the ratings in netlist.json.", "figure", "smallest", "largest");
        Line("float voltage at J3, mains on, V", F(supply.FloatVolts.Min, 2), F(supply.FloatVolts.Max, 2));
        Line("battery disconnects at, V", F(supply.DisconnectVolts.Min, 2), F(supply.DisconnectVolts.Max, 2));
        Line("battery reconnects without mains at, V", F(supply.ReconnectVolts.Min, 2), F(supply.ReconnectVolts.Max, 2));
        Line("charging current into an empty battery (10.5 V), A", "0", F(supply.ChargeAmps(10.5), 2));
        foreach (var (name, resistor, low, high) in Lamps)
        {
            var span = supply.LampMilliamps(resistor, low, high);
            Line($"{name} lamp, mA", F(span.Min, 1), F(span.Max, 1));
        }

        Line("relay coil at 10.5 V / 12.8 V of battery, V", F(SupplyCalculation.CoilVolts(10.5), 1), F(SupplyCalculation.CoilVolts(12.8), 1));
    }

    /// <summary>Name, resistor and LED voltage range of each lamp.</summary>
    public static IReadOnlyList<(string Name, string Resistor, double MinVolts, double MaxVolts)> Lamps { get; } =
    [
        ("red", "R601", 1.8, 2.4),
        ("yellow", "R602", 1.8, 2.4),
        ("blue", "R603", 2.8, 3.4),
        ("green", "R604", 2.8, 3.4),
        ("white", "R605", 2.8, 3.4),
    ];

    private void Power()
    {
        var plan = room.Power;
        var budget = new PowerBudget(plan);
        Head(
            "Battery hours",
            $"An old battery ({F(plan.AgingFactor * 100, 0)} % of its rating), cold, with one full call in it ({F(budget.CallAh, 2)} Ah). -30 C is below the rating of the AGM battery: that column is an estimate. Calculated, not measured.",
            ["mode", "mA from the battery", "battery", .. plan.Temperature.Select(t => $"{F(t.Celsius, 0)} C"), "hours to 80 %"]);
        foreach (var mode in plan.Modes)
        {
            foreach (var ah in plan.BatteriesAh)
            {
                Line(
                [
                    mode.Name,
                    F(budget.BatteryMilliamps(mode), 0),
                    $"{F(ah, 0)} Ah",
                    .. plan.Temperature.Select(t => F(budget.Hours(mode, ah, t), 0)),
                    F(PowerBudget.HoursToEightyPercent(new SupplyCalculation(room.Netlist).NominalFloatVolts, room.Netlist["R5"].Number, ah), 0),
                ]);
            }
        }
    }

    private void Terminals()
    {
        Head("Terminals", "Guard: the part that takes a surge on that terminal.", "terminal", "net", "guard");
        foreach (var terminal in room.Netlist.Components.Where(c => c.IsTerminal))
        {
            foreach (var (pin, net) in terminal.Pins)
            {
                var guards = room.Netlist.Components.Where(c => c.Protects == $"{terminal.Ref}.{pin}").Select(c => $"{c.Ref} {c.Value}");
                Line($"{terminal.Ref} {pin}", net == "GND" ? "0 V" : net, string.Join(", ", guards));
            }
        }
    }
}
