using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>A page with the functions of one board and their pins.</summary>
public static class PinTable
{
    public static string Render(Board board)
    {
        var svg = new Svg();
        double[] columns = [12, 35, 66, 96, 160];
        svg.Text(12, 17, $"{board.Name}: image {board.Image}", "h");
        Row(svg, columns, 24, "h", "Function", "Pin", "Net", "Electrical", "Pull, notes");
        var y = 29.0;
        foreach (var f in board.Functions)
        {
            svg.Line(11, y - 3.3, 286, y - 3.3, "g");
            var pin = f.Gpio is null ? $"{f.ExpanderPin} (U9)" : f.AdcChannel is null ? $"GPIO {f.Gpio}" : $"GPIO {f.Gpio}, ADC1 {f.AdcChannel}";
            var level = f.AssertedLevel is "low" ? "; asserted low" : f.Kind == "input" ? "; asserted high" : "";
            var notes = Svg.Wrap(f.Note.Length == 0 ? f.Pull : $"{f.Pull}; {f.Note}", 80);
            Row(svg, columns, y, "v", f.Function, pin.Replace(", ADC1", " / ADC1"), f.Net, f.Electrical.Replace(" into a ULQ2003A input", "") + level, notes[0]);
            foreach (var more in notes.Skip(1))
            {
                y += 3;
                svg.Text(columns[4], y, more, "v");
            }

            y += 4;
        }

        var reserved = board.Reserved.GroupBy(r => r.Why).Select(g => $"GPIO {string.Join(", ", g.Select(r => r.Gpio))}: {g.Key}");
        foreach (var line in Svg.Wrap("Not free: " + string.Join("; ", reserved) + ".", 165))
        {
            svg.Text(12, y + 1, line, "v");
            y += 3.6;
        }

        return svg.Finish($"Pin map: {board.Name}", "pinmap.json");
    }

    private static void Row(Svg svg, double[] columns, double y, string style, params string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            svg.Text(columns[i], y, cells[i], style);
        }
    }
}
