using System.Globalization;
using System.Text;

namespace Gateway.Hardware.Drawing;

/// <summary>Writes one A4 page in millimetres. Same data, same bytes: numbers are rounded to 0.01 mm and lines end in LF.</summary>
public sealed class Svg
{
    public const double Width = 297;
    public const double Height = 210;

    private readonly StringBuilder body = new();
    private readonly double width;
    private readonly double height;

    public Svg(bool portrait = false)
    {
        (width, height) = portrait ? (Height, Width) : (Width, Height);
    }

    public void Line(double x1, double y1, double x2, double y2, string style = "w") =>
        Add($"<line class=\"{style}\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"/>");

    public void Rect(double x, double y, double w, double h, string style = "b", double radius = 0) =>
        Add($"<rect class=\"{style}\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(w)}\" height=\"{N(h)}\"{(radius > 0 ? $" rx=\"{N(radius)}\"" : "")}/>");

    public void Circle(double x, double y, double r, string style = "b") =>
        Add($"<circle class=\"{style}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(r)}\"/>");

    public void Dot(double x, double y) => Circle(x, y, 0.6, "d");

    public void Path(string data, string style = "w") => Add($"<path class=\"{style}\" d=\"{data}\"/>");

    /// <summary>Anchor: start, middle or end. Style: n (net), r (reference), v (value), t (title), h (heading), s (small).</summary>
    public void Text(double x, double y, string text, string style = "v", string anchor = "start", string extra = "") =>
        Add($"<text class=\"{style}\" x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\"{extra}>{Escape(text)}</text>");

    /// <summary>Draws inside a turned and moved coordinate system.</summary>
    public void Group(double x, double y, double degrees, Action draw)
    {
        Add($"<g transform=\"translate({N(x)} {N(y)}) rotate({N(degrees)})\">");
        draw();
        Add("</g>");
    }

    /// <summary>Breaks a text into lines of at most so many characters.</summary>
    public static IReadOnlyList<string> Wrap(string text, int characters)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > characters)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        lines.Add(line.ToString());
        return lines;
    }

    /// <summary>Frame and title block; returns the page.</summary>
    public string Finish(string title, string source)
    {
        Rect(8, 8, width - 16, height - 16, "f");
        Line(8, height - 17, width - 8, height - 17, "f");
        Text(11, height - 11, title, "t");
        Text(width - 11, height - 11, $"Made from {source}; do not edit", "s", "end");
        return
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{N(width)}mm\" height=\"{N(height)}mm\" viewBox=\"0 0 {N(width)} {N(height)}\">\n" +
            $"<title>{Escape(title)}</title>\n" +
            "<style>\n" +
            "text{font-family:'Noto Sans','DejaVu Sans',Arial,'Noto Sans CJK SC','Microsoft YaHei','Noto Sans Mongolian','Mongolian Baiti',sans-serif;fill:#000}\n" +
            ".w{stroke:#000;stroke-width:.35;fill:none}.b{stroke:#000;stroke-width:.4;fill:#fff}.f{stroke:#000;stroke-width:.5;fill:none}\n" +
            ".k{stroke:#000;stroke-width:.35;fill:#000}.d{fill:#000;stroke:none}.g{stroke:#777;stroke-width:.25;fill:none}.q{stroke:#000;stroke-width:.35;stroke-dasharray:1.6 1;fill:none}\n" +
            ".c{stroke:#000;stroke-width:.8;fill:none}.n{font-size:2.6px;font-style:italic}.r{font-size:2.8px;font-weight:bold}.v{font-size:2.7px}\n" +
            ".s{font-size:2.9px}.h{font-size:3.3px;font-weight:bold}.t{font-size:4.6px;font-weight:bold}.x{font-size:5px}.m{font-size:6px}.z{font-size:3.9px;font-weight:bold}.xx{font-size:8px;font-weight:bold}\n" +
            "</style>\n" +
            $"<rect x=\"0\" y=\"0\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"#fff\"/>\n" +
            body + "</svg>\n";
    }

    public static string N(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private void Add(string line) => body.Append(line).Append('\n');
}
