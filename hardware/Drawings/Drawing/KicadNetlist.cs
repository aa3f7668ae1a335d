using System.Text;
using Gateway.Hardware.Data;

namespace Gateway.Hardware.Drawing;

/// <summary>The netlist in KiCad's exchange form. Unchecked: pins carry names, not pad numbers, and no footprint is assigned.</summary>
public static class KicadNetlist
{
    public static string Write(Netlist netlist)
    {
        var text = new StringBuilder("(export (version \"E\")\n  (components\n");
        foreach (var component in netlist.Fitted("devkit"))
        {
            text.Append($"    (comp (ref \"{component.Ref}\") (value \"{component.Value}\"))\n");
        }

        text.Append("  )\n  (nets\n");
        var code = 1;
        foreach (var (net, pins) in netlist.Nets("devkit"))
        {
            text.Append($"    (net (code \"{code++}\") (name \"{net}\")");
            foreach (var pin in pins)
            {
                text.Append($" (node (ref \"{pin.Component.Ref}\") (pin \"{pin.Name}\"))");
            }

            text.Append(")\n");
        }

        return text.Append("  )\n)\n").ToString();
    }
}
