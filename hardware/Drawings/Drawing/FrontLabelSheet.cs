using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>
/// The front label, true to size on A4 landscape: the help button left, one column for each lamp and key. Every column by place, shape and
/// colour first, then Chinese and English across, and traditional Mongolian downwards.
/// </summary>
public static class FrontLabelSheet
{
    private const double TopMm = 16;
    private const double BottomMm = 168;
    private const double LeftMm = 14;
    private const double ButtonMm = 68;
    private const double ColumnMm = 25;

    public static string Render(FrontLabel label)
    {
        var svg = new Svg();
        var others = label.Items.Skip(1).ToList();
        svg.Rect(LeftMm, TopMm, ButtonMm + (ColumnMm * others.Count), BottomMm - TopMm, "f", 4);
        svg.Text(LeftMm + 5, TopMm + 12, label.Title.Zh, "xx");
        svg.Text(LeftMm + 5, TopMm + 19, label.Title.En, "x");
        Mongolian(svg, LeftMm + ButtonMm - 9, TopMm + 5, label.Title.Mn);
        Button(svg, label.Items[0]);
        for (var i = 0; i < others.Count; i++)
        {
            Column(svg, others[i], LeftMm + ButtonMm + (i * ColumnMm));
        }

        var y = BottomMm + 6;
        foreach (var line in label.Notes.SelectMany(n => Svg.Wrap(n, 165)))
        {
            svg.Text(LeftMm, y, line, "s");
            y += 4.2;
        }

        return svg.Finish("Front label, print at 100 %", "label.json");
    }

    private static void Button(Svg svg, LabelItem item)
    {
        const double x = LeftMm + 29;
        const double y = TopMm + 52;
        svg.Circle(x, y, 24, Fill(item));
        svg.Circle(x, y, 20, "w");
        svg.Text(x, y + 3, "SOS", "xx", "middle");
        svg.Text(LeftMm + 5, y + 38, item.Text.Zh, "xx");
        svg.Text(LeftMm + 5, y + 44, item.Text.En, "x");
        Sound(svg, item, LeftMm + 5, y + 50, 30);
        Mongolian(svg, LeftMm + ButtonMm - 9, y + 34, item.Text.Mn);
    }

    private static void Column(Svg svg, LabelItem item, double x)
    {
        svg.Line(x, TopMm + 4, x, BottomMm - 4, "g");
        Shape(svg, item, x + (ColumnMm / 2), TopMm + 16);
        svg.Text(x + (ColumnMm / 2), TopMm + 34, item.Text.Zh, "z", "middle");
        var y = TopMm + 41;
        foreach (var line in Svg.Wrap(item.Text.En, 15))
        {
            svg.Text(x + (ColumnMm / 2), y, line, "v", "middle");
            y += 3.4;
        }

        Sound(svg, item, x + 2, TopMm + 54, 14);
        Mongolian(svg, x + (ColumnMm / 2), TopMm + 68, item.Text.Mn);
    }

    private static void Sound(Svg svg, LabelItem item, double x, double y, int characters)
    {
        if (item.Sound.Length == 0)
        {
            return;
        }

        foreach (var line in Svg.Wrap("♪ " + item.Sound, characters))
        {
            svg.Text(x, y, line, "v");
            y += 3.2;
        }
    }

    /// <summary>Traditional Mongolian runs from top to bottom; a turned line of text is the same picture.</summary>
    private static void Mongolian(Svg svg, double x, double y, string text) =>
        svg.Group(x, y, 90, () => svg.Text(0, 1.8, text, "m"));

    private static string Fill(LabelItem item) => $"b\" style=\"fill:{item.Colour}";

    private static void Shape(Svg svg, LabelItem item, double x, double y)
    {
        var style = Fill(item);
        switch (item.Shape)
        {
            case "square":
                svg.Rect(x - 6, y - 6, 12, 12, style);
                break;
            case "triangle":
                svg.Path($"M{Svg.N(x)} {Svg.N(y - 7)}L{Svg.N(x + 7.5)} {Svg.N(y + 6)}H{Svg.N(x - 7.5)}Z", style);
                break;
            case "circle":
                svg.Circle(x, y, 6.5, style);
                break;
            case "arrow":
                svg.Path($"M{Svg.N(x - 9)} {Svg.N(y - 3)}h10v-4l8 7l-8 7v-4h-10z", style);
                break;
            case "dot":
                svg.Circle(x, y, 3, style);
                break;
            case "cross":
                svg.Circle(x, y, 6.5, style);
                svg.Path($"M{Svg.N(x - 3.5)} {Svg.N(y - 3.5)}l7 7m-7 0l7 -7", "c");
                break;
            case "key":
                svg.Circle(x - 4, y, 3.4, style);
                svg.Path($"M{Svg.N(x - 0.6)} {Svg.N(y)}h9v3m-3 -3v2.4", "c");
                break;
            default:
                throw new FormatException($"label.json: shape '{item.Shape}' is not known");
        }
    }
}
