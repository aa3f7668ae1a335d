namespace Gateway.Hardware.Drawing;

/// <summary>Symbols of two-pin parts, drawn along x from 0 to length, the near pin at 0.</summary>
public static class Symbols
{
    /// <summary>
    /// The two pins tell which way a polarised part lies: a diode with its cathode near is drawn the other way round. A clamp is one of the two
    /// diodes of a BAV99: pin 1 is the anode of the first, pin 2 the cathode of the second, pin 3 the joint of both.
    /// </summary>
    public static void Draw(Svg svg, string kind, string nearPin, string farPin, double length)
    {
        var a = (length - 7) / 2;
        var b = a + 7;
        var turned = nearPin is "K" or "-" || (kind == "clamp" && (nearPin == "2" || farPin == "1"));
        switch (kind)
        {
            case "resistor":
                Leads(svg, a, b, length);
                svg.Rect(a, -1.4, 7, 2.8);
                break;
            case "fuse":
                Leads(svg, 0, 0, length);
                svg.Rect(a, -1.4, 7, 2.8);
                svg.Line(a, 0, b, 0);
                break;
            case "ptc":
                Leads(svg, a, b, length);
                svg.Rect(a, -1.4, 7, 2.8);
                svg.Path($"M{Svg.N(a - 0.6)} 2.4h2L{Svg.N(b)} -2.4");
                break;
            case "capacitor":
            case "electrolytic":
                Capacitor(svg, kind == "electrolytic", turned, length);
                break;
            case "inductor":
                Leads(svg, a, b, length);
                svg.Path($"M{Svg.N(a)} 0a1.17 1.17 0 0 1 2.33 0a1.17 1.17 0 0 1 2.33 0a1.17 1.17 0 0 1 2.33 0");
                break;
            case "gdt":
                Leads(svg, (length / 2) - 1, (length / 2) + 1, length);
                svg.Circle(length / 2, 0, 2.6, "w");
                svg.Line((length / 2) - 1, -1.3, (length / 2) - 1, 1.3, "c");
                svg.Line((length / 2) + 1, -1.3, (length / 2) + 1, 1.3, "c");
                break;
            case "buzzer":
                Leads(svg, a, b, length);
                svg.Path($"M{Svg.N(a)} -2v4h7v-4a3.5 2 0 0 0 -7 0", "b");
                break;
            default:
                Diode(svg, kind, turned, length);
                break;
        }
    }

    private static void Leads(Svg svg, double a, double b, double length)
    {
        if (a > 0)
        {
            svg.Line(0, 0, a, 0);
        }

        svg.Line(b, 0, length, 0);
    }

    private static void Capacitor(Svg svg, bool polar, bool turned, double length)
    {
        var m = length / 2;
        Leads(svg, m - 0.7, m + 0.7, length);
        svg.Line(m - 0.7, -2.2, m - 0.7, 2.2, "c");
        svg.Line(m + 0.7, -2.2, m + 0.7, 2.2, "c");
        if (polar)
        {
            var x = turned ? m + 2.2 : m - 2.2;
            svg.Line(x - 0.7, -1.9, x + 0.7, -1.9);
            svg.Line(x, -2.6, x, -1.2);
        }
    }

    private static void Diode(Svg svg, string kind, bool turned, double length)
    {
        var m = length / 2;
        if (kind == "tvs2")
        {
            Leads(svg, m - 2.6, m + 2.6, length);
            svg.Path($"M{Svg.N(m - 2.6)} -1.8v3.6L{Svg.N(m)} 0ZM{Svg.N(m + 2.6)} -1.8v3.6L{Svg.N(m)} 0Z", "b");
            svg.Path($"M{Svg.N(m - 0.8)} -2.4L{Svg.N(m)} -1.9V1.9L{Svg.N(m + 0.8)} 2.4");
            return;
        }

        Leads(svg, m - 1.6, m + 1.6, length);
        var s = turned ? -1 : 1;
        var k = m + (1.6 * s);
        var t = m - (1.6 * s);
        svg.Path($"M{Svg.N(t)} -1.8L{Svg.N(t)} 1.8L{Svg.N(k)} 0Z", "b");
        svg.Line(k, -1.9, k, 1.9);
        switch (kind)
        {
            case "schottky":
                svg.Path($"M{Svg.N(k)} -1.9h{Svg.N(0.9 * s)}v.7M{Svg.N(k)} 1.9h{Svg.N(-0.9 * s)}v-.7");
                break;
            case "zener":
            case "tvs":
                svg.Path($"M{Svg.N(k)} -1.9l{Svg.N(-0.8 * s)} -.5M{Svg.N(k)} 1.9l{Svg.N(0.8 * s)} .5");
                break;
            case "led":
                svg.Path($"M{Svg.N(m)} -2.4l1.4 -1.6m-.1 .9l.1 -.9l-.9 .1M{Svg.N(m + 1.3)} -2.2l1.4 -1.6m-.1 .9l.1 -.9l-.9 .1");
                break;
        }
    }
}
