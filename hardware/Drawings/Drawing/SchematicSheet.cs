using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>One page of the schematic: chains with parts that hang up and down, and boxes. Every net name comes from the netlist.</summary>
public sealed class SchematicSheet(Sheet sheet, Netlist netlist, IReadOnlyList<string> extraNotes)
{
    private const double HangMm = 13;
    private readonly Svg svg = new();
    private readonly HashSet<string> drawn = [];
    private readonly List<(double Y, double From, double To)> wires = [];

    /// <summary>The pins that this page shows, as "R5.1". Filled by Render.</summary>
    public IReadOnlySet<string> Drawn => drawn;

    /// <summary>The horizontal extent of every row, millimetres: two that touch would look connected. Filled by Render.</summary>
    public IReadOnlyList<(double Y, double From, double To)> Wires => wires;

    public string Render(int number, int count)
    {
        foreach (var row in sheet.Rows)
        {
            DrawRow(row);
        }

        foreach (var box in sheet.Boxes)
        {
            DrawBox(box);
        }

        var y = 191.0;
        foreach (var line in sheet.Notes.Concat(extraNotes).Reverse().SelectMany(n => Svg.Wrap(n, 165).Reverse()))
        {
            svg.Text(11, y, line, "s");
            y -= 4;
        }

        return svg.Finish($"{sheet.Title}  ({number}/{count})", "netlist.json and sheets.json");
    }

    private static double Wide(string text) => text.Length * 1.8;

    private void DrawRow(Row row)
    {
        var x = row.X;
        var items = row.Items.ToList();
        var lamp = items.Any(i => i.Part is not null && i.Part.StartsWith("LED", StringComparison.Ordinal));
        var lift = items.Any(i => i.Up.Count > 0) ? HangMm + 7 : lamp ? 11 : 8;
        if (row.Title.Length > 0)
        {
            svg.Text(row.X, row.Y - lift, row.Title, "h");
        }

        string? net = null;
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (item.Node is not null)
            {
                if (net is not null && net != item.Node)
                {
                    throw new FormatException($"{sheet.Id}: the part before {item.Node} ends on {net}");
                }

                net = item.Node;
                x = DrawNode(item, x, row.Y, i == 0, i == items.Count - 1);
            }
            else if (item.Part!.Contains('.'))
            {
                x = DrawTerminal(item.Part, x, row.Y);
                net = netlist[item.Part.Split('.')[0]].Pins[item.Part[(item.Part.IndexOf('.') + 1)..]];
            }
            else
            {
                var part = Hanging.Read(item.Part, net ?? throw new FormatException($"{sheet.Id}: {item.Part} has no node before it"), netlist);
                x = DrawSeries(part, x, row.Y);
                net = part.FarNet;
            }
        }

        wires.Add((row.Y, row.X, x));
    }

    private double DrawTerminal(string terminal, double x, double y)
    {
        var width = Math.Max(6, Wide(terminal) + 2);
        svg.Circle(x + 1.5, y, 1.5);
        svg.Line(x + 0.5, y + 1, x + 2.5, y - 1);
        svg.Text(x, y - 3, terminal.Replace('.', ' '), "r");
        svg.Line(x + 3, y, x + width, y);
        drawn.Add(terminal);
        return x + width;
    }

    private double DrawNode(RowItem item, double x, double y, bool first, bool last)
    {
        var ups = item.Up.Select(t => Hanging.Read(t, item.Node!, netlist)).ToList();
        var downs = item.Down.Select(t => Hanging.Read(t, item.Node!, netlist)).ToList();
        var name = Wide(item.Node!) + 3;
        var slots = Math.Max(ups.Count, downs.Count);
        var position = x + (slots == 0 ? 0 : ups.Count > 0 ? name : Math.Min(name, 6));
        if (first)
        {
            svg.Path($"M{Svg.N(x + 1)} {Svg.N(y - 1)}l-1 1l1 1");
        }

        svg.Text(x + 1, y - 1.2, item.Node!, "n");
        for (var slot = 0; slot < slots; slot++)
        {
            var wide = 0.0;
            if (slot < ups.Count)
            {
                wide = Math.Max(wide, Hang(ups[slot], position + 1.5, y, up: true));
            }

            if (slot < downs.Count)
            {
                wide = Math.Max(wide, Hang(downs[slot], position + 1.5, y, up: false));
            }

            svg.Dot(position + 1.5, y);
            position += wide;
        }

        var end = Math.Max(position, x + name);
        svg.Line(x, y, end, y);
        if (last)
        {
            svg.Path($"M{Svg.N(end - 1)} {Svg.N(y - 1)}l1 1l-1 1");
        }

        return end;
    }

    private double Hang(Hanging part, double x, double y, bool up)
    {
        svg.Group(x, y, up ? -90 : 90, () => Symbols.Draw(svg, part.Component.Kind, part.NearPin, part.FarPin, HangMm));
        Mark(part);
        var middle = up ? y - (HangMm / 2) : y + (HangMm / 2);
        svg.Text(x + 2.9, middle - 0.3, part.Component.Ref, "r");
        svg.Text(x + 2.9, middle + 2.6, part.Component.Value, "v");
        var tip = up ? y - HangMm : y + HangMm;
        EndMark(part.FarNet, x, tip, up);
        return Math.Max(13, 6.5 + Wide(part.Component.Value.Length > part.Component.Ref.Length ? part.Component.Value : part.Component.Ref));
    }

    private void EndMark(string net, double x, double y, bool up)
    {
        if (net == "GND" && !up)
        {
            svg.Line(x - 2, y, x + 2, y, "c");
            svg.Line(x - 1.2, y + 0.9, x + 1.2, y + 0.9);
            svg.Line(x - 0.5, y + 1.7, x + 0.5, y + 1.7);
            return;
        }

        svg.Line(x - 1.6, y, x + 1.6, y, "c");
        svg.Text(x, up ? y - 1 : y + 3.1, net, "n", "middle");
    }

    private double DrawSeries(Hanging part, double x, double y)
    {
        var length = Math.Max(15, Wide(part.Component.Value) + 3);
        svg.Group(x, y, 0, () => Symbols.Draw(svg, part.Component.Kind, part.NearPin, part.FarPin, length));
        Mark(part);
        svg.Text(x + (length / 2), y - (part.Component.Kind is "led" or "buzzer" ? 5 : 2.8), part.Component.Ref, "r", "middle");
        svg.Text(x + (length / 2), y + 5, part.Component.Value, "v", "middle");
        return x + length;
    }

    private void Mark(Hanging part)
    {
        drawn.Add($"{part.Component.Ref}.{part.NearPin}");
        drawn.Add($"{part.Component.Ref}.{part.FarPin}");
    }

    private void DrawBox(Box box)
    {
        const double pitch = 5.5;
        var component = netlist[box.Ref];
        var left = component.Left ?? throw new FormatException($"{box.Ref} is drawn as a box and needs left and right pins");
        var right = component.Right!;
        var longest = component.Pins.Keys.Max(k => k.Length);
        var width = Math.Max(Math.Max(22, (longest * 3.6) + 8), Wide(component.Value) * 0.9);
        var height = (Math.Max(left.Count, right.Count) * pitch) + 3;
        svg.Rect(box.X, box.Y, width, height);
        svg.Text(box.X + (width / 2), box.Y - 4.4, box.Ref, "r", "middle");
        svg.Text(box.X + (width / 2), box.Y - 1.2, component.Value, "v", "middle");
        for (var i = 0; i < left.Count; i++)
        {
            BoxPin(component, left[i], box.X, box.Y + 4 + (i * pitch), -1);
        }

        for (var i = 0; i < right.Count; i++)
        {
            BoxPin(component, right[i], box.X + width, box.Y + 4 + (i * pitch), 1);
        }
    }

    private void BoxPin(Component component, string pin, double x, double y, int side)
    {
        var anchor = side < 0 ? "end" : "start";
        svg.Line(x, y, x + (5 * side), y);
        svg.Text(x - (1.2 * side), y + 1, pin, "v", side < 0 ? "start" : "end");
        if (component.Pads is not null)
        {
            svg.Text(x + (2.6 * side), y - 0.5, component.Pads[pin].ToString(System.Globalization.CultureInfo.InvariantCulture), "n", "middle");
        }

        svg.Text(x + (6 * side), y + 1, component.Pins[pin], "n", anchor);
        drawn.Add($"{component.Ref}.{pin}");
    }
}
