using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>All terminals of the carrier with their nets and the part that guards each.</summary>
public static class TerminalSheet
{
    public static string Render(Netlist netlist)
    {
        var svg = new Svg();
        var x = 14.0;
        var y = 28.0;
        foreach (var terminal in netlist.Components.Where(c => c.IsTerminal))
        {
            var height = (terminal.Pins.Count * 6) + 12;
            if (y + height > 188)
            {
                y = 28;
                x += 92;
            }

            svg.Text(x, y - 2, $"{terminal.Ref}  {terminal.Value}", "h");
            var i = 0;
            foreach (var (pin, net) in terminal.Pins)
            {
                var row = y + (i * 6);
                svg.Rect(x, row, 12, 6);
                svg.Circle(x + 6, row + 3, 2);
                svg.Line(x + 4.8, row + 4.2, x + 7.2, row + 1.8);
                svg.Text(x + 14, row + 4, pin, "r");
                svg.Text(x + 32, row + 4, Guard(netlist, terminal, pin, net), "v");
                i++;
            }

            y += height;
        }

        return svg.Finish("Terminals of the carrier, from left to right on the board edge", "netlist.json");
    }

    private static string Guard(Netlist netlist, Component terminal, string pin, string net)
    {
        if (net == "GND")
        {
            return "0 V";
        }

        var guards = netlist.Components.Where(c => c.Protects == $"{terminal.Ref}.{pin}").Select(c => $"{c.Ref} {c.Value}").ToList();
        return guards.Count == 0 ? net : $"{net}, guarded by {string.Join(", ", guards)}";
    }
}
