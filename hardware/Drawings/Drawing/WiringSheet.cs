using Gateway.Hardware.Calculation;
using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>One page for one way of connecting a zone: terminals left, cable in the middle, device right, expected voltages below.</summary>
public sealed class WiringSheet(Wiring wiring, Netlist netlist, LoopCalculation loops, LoopDesign design, ExpectedVolts volts)
{
    private const double TopMm = 62;
    private const double BottomMm = 98;
    private readonly Svg svg = new();

    public string Render()
    {
        DrawTerminals();
        svg.Line(49, TopMm, 200, TopMm);
        svg.Line(49, BottomMm, 200, BottomMm);
        svg.Path("M104 58h46v44h-46z", "q");
        var power = wiring.Style == "power";
        svg.Text(127, 78, power ? "cable, up to 20 m" : "cable, up to 100 m", "s", "middle");
        svg.Text(127, 82.5, power ? "2 x 1.0 mm²" : "2 x 0.2 mm² or thicker", "s", "middle");
        svg.Rect(186, 42, 92, 76, "q");
        svg.Text(188, 39.5, wiring.Devices[0], "h");
        switch (wiring.Style)
        {
            case "no":
                DrawNormallyOpen();
                break;
            case "nc":
                DrawNormallyClosed();
                break;
            case "power":
                DrawLoad();
                break;
            default:
                DrawPlainContact(wiring.Style == "key");
                break;
        }

        DrawText();
        return svg.Finish($"Wiring: {wiring.Title}", $"wiring.json, netlist.json and {(wiring.Style == "power" ? "power.json" : "loop-thresholds.json")}");
    }

    private void DrawTerminals()
    {
        svg.Rect(14, 42, 35, 76, "f");
        svg.Text(15, 39.5, "Box, terminals", "h");
        for (var i = 0; i < wiring.Terminals.Count; i++)
        {
            var y = i == 0 ? TopMm : BottomMm;
            var parts = wiring.Terminals[i].Split('.');
            if (!netlist[parts[0]].Pins.ContainsKey(parts[1]))
            {
                throw new FormatException($"{wiring.Id}: no terminal {wiring.Terminals[i]}");
            }

            svg.Circle(45, y, 2.5);
            svg.Line(43.4, y + 1.6, 46.6, y - 1.6);
            svg.Text(41, y + 1.2, $"{parts[0]} {parts[1]}", "r", "end");
        }
    }

    private void Contact(double x, double y, bool closed)
    {
        svg.Circle(x, y, 0.8, "d");
        svg.Circle(x + 10, y, 0.8, "d");
        svg.Line(x, y, x + 10.4, closed ? y - 1.2 : y - 5, "c");
        if (closed)
        {
            svg.Line(x + 10, y, x + 10, y - 1.6);
        }
    }

    private void Vertical(double x, double y1, double y2, string name, double ohm)
    {
        svg.Group(x, y1, 90, () => Symbols.Draw(svg, "resistor", "1", "2", y2 - y1));
        svg.Text(x + 2.6, ((y1 + y2) / 2) - 0.5, name, "r");
        svg.Text(x + 2.6, ((y1 + y2) / 2) + 2.8, Kilo(ohm), "v");
    }

    private void DrawNormallyOpen()
    {
        svg.Line(200, TopMm, 245, TopMm);
        svg.Line(200, BottomMm, 245, BottomMm);
        svg.Dot(212, TopMm);
        svg.Dot(212, BottomMm);
        Vertical(212, TopMm, BottomMm, "Re", design.EndOfLine.ReOhm);
        svg.Text(212, BottomMm + 5, "end of line", "v", "middle");
        Vertical(245, TopMm, TopMm + 17, "Rb", design.EndOfLine.RbOhm);
        svg.Group(245, TopMm + 17, 90, () => Contact(3, 0, closed: false));
        svg.Line(245, TopMm + 17, 245, TopMm + 20);
        svg.Line(245, TopMm + 30, 245, BottomMm);
        svg.Text(252, TopMm + 24, "contact", "v");
        svg.Text(252, TopMm + 27.5, "closes on alarm", "v");
    }

    private void DrawNormallyClosed()
    {
        svg.Line(200, TopMm, 214, TopMm);
        Contact(214, TopMm, closed: true);
        svg.Line(224, TopMm, 245, TopMm);
        svg.Text(219, TopMm + 5, "contact, opens on alarm", "v", "middle");
        svg.Dot(208, TopMm);
        svg.Dot(232, TopMm);
        svg.Line(208, TopMm, 208, TopMm - 10);
        svg.Line(232, TopMm, 232, TopMm - 10);
        svg.Group(208, TopMm - 10, 0, () => Symbols.Draw(svg, "resistor", "1", "2", 24));
        svg.Text(220, TopMm - 12.4, $"Ra  {Kilo(design.EndOfLine.RaOhm)}", "r", "middle");
        Vertical(245, TopMm, BottomMm, "Re", design.EndOfLine.ReOhm);
        svg.Line(200, BottomMm, 245, BottomMm);
        svg.Text(245, BottomMm + 5, "end of line", "v", "middle");
    }

    private void DrawPlainContact(bool open)
    {
        svg.Line(200, TopMm, 230, TopMm);
        svg.Line(200, BottomMm, 230, BottomMm);
        svg.Line(230, TopMm, 230, 75);
        svg.Group(230, 75, 90, () => Contact(0, 0, closed: !open));
        svg.Line(230, 85, 230, BottomMm);
        svg.Text(238, 79, "contact", "v");
        svg.Text(238, 82.5, open ? "closes when operated" : "closed at rest, opens on alarm", "v");
    }

    private void DrawLoad()
    {
        svg.Line(200, TopMm, 220, TopMm);
        svg.Line(200, BottomMm, 220, BottomMm);
        svg.Rect(214, 56, 52, 48);
        svg.Text(217, TopMm + 1.2, "+", "t");
        svg.Text(217, BottomMm + 1.2, "-", "t");
        for (var i = 1; i < wiring.Devices.Count; i++)
        {
            svg.Text(240, 74 + (i * 5), wiring.Devices[i], "v", "middle");
        }
    }

    private void DrawText()
    {
        var y = 128.0;
        if (wiring.Style is "no" or "nc")
        {
            svg.Text(14, y, "Between the two terminals, box running (multimeter, volts)", "h");
            var alarm = wiring.Style == "no" ? LineState.AlarmLow : LineState.AlarmHigh;
            foreach (var (state, name) in new[] { (LineState.Normal, "at rest"), (alarm, "alarm"), (LineState.Short, "wires touching"), (LineState.Open, "wire cut") })
            {
                y += 5;
                svg.Text(16, y, name, "s");
                var span = loops.FieldMillivolts(state);
                svg.Text(52, y, Volts(loops.TerminalMillivolts(state, LoopDraw.Nominal(design.Assumptions))), "s", "end");
                svg.Text(58, y, $"({Volts(span.Min)} to {Volts(span.Max)})", "s");
            }
        }
        else
        {
            svg.Text(14, y, "What you should see", "h");
            foreach (var line in wiring.Expected)
            {
                y += 5;
                svg.Text(16, y, volts.Fill(line), "s");
            }
        }

        y = 128;
        svg.Text(130, y, "Remember", "h");
        foreach (var line in wiring.Notes.SelectMany(n => Svg.Wrap("- " + volts.Fill(n), 88)))
        {
            y += 5;
            svg.Text(132, y, line, "s");
        }
    }

    private static string Kilo(double ohm) => (ohm / 1000).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " kΩ";

    private static string Volts(double millivolts) => (millivolts / 1000).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
