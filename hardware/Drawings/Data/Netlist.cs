namespace Gateway.Hardware.Data;

/// <summary>hardware/netlist.json: every part of the carrier and the net on each of its pins.</summary>
public sealed record Netlist(IReadOnlyList<Rail> Rails, IReadOnlyList<Component> Components)
{
    public Component this[string reference] => Components.Single(c => c.Ref == reference);

    /// <summary>The parts that are fitted with one controller: "devkit" or "eth".</summary>
    public IReadOnlyList<Component> Fitted(string variant) =>
        [.. Components.Where(c => c.Variant == "both" || c.Variant == variant)];

    /// <summary>Nets in ordinal order, each with its pins, for one controller.</summary>
    public SortedDictionary<string, List<Pin>> Nets(string variant)
    {
        var nets = new SortedDictionary<string, List<Pin>>(StringComparer.Ordinal);
        foreach (var component in Fitted(variant))
        {
            foreach (var (name, net) in component.Pins)
            {
                if (!nets.TryGetValue(net, out var pins))
                {
                    nets[net] = pins = [];
                }

                pins.Add(new Pin(component, name));
            }
        }

        return nets;
    }
}

/// <summary>A supply net with the volts that it can have and the amperes that its source can give.</summary>
public sealed record Rail(string Net, double MinVolts, double MaxVolts, double MaxAmps, string Source);

public sealed record Pin(Component Component, string Name)
{
    public override string ToString() => $"{Component.Ref}.{Name}";
}

/// <summary>
/// One part. Role marks a part that a calculation uses; Protects names the terminal that it guards. Drives lists pins that force both levels,
/// Sinks those that only pull down, Reads those whose level decides something. Pads numbers the legs of the package in the column "manufacturer part" of bom.csv.
/// </summary>
public sealed record Component(
    string Ref,
    string Kind,
    string Value,
    string Rating,
    string Variant,
    IReadOnlyDictionary<string, string> Pins,
    IReadOnlyList<string>? Left = null,
    IReadOnlyList<string>? Right = null,
    string? Role = null,
    string? Protects = null,
    IReadOnlyList<string>? Drives = null,
    IReadOnlyList<string>? Sinks = null,
    IReadOnlyList<string>? Reads = null,
    IReadOnlyDictionary<string, int>? Pads = null)
{
    /// <summary>Ohm, farad, henry or ampere of a value such as "4.7 k", "100 nF" or "270".</summary>
    public double Number => Quantity.Parse(Value);

    public bool IsTerminal => Kind is "terminal" or "header";
}

public static class Quantity
{
    /// <summary>Reads "4.7 k", "100 nF", "33 uH", "270" or "2 A slow" into its base unit.</summary>
    public static double Parse(string text)
    {
        var parts = text.Split(' ');
        var number = double.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        if (parts.Length == 1)
        {
            return number;
        }

        return parts[1][0] switch
        {
            'p' => number * 1e-12,
            'n' => number * 1e-9,
            'u' => number * 1e-6,
            'k' => number * 1e3,
            'M' => number * 1e6,
            'A' or 'V' => number,
            _ => throw new FormatException($"'{text}': unknown unit '{parts[1]}'"),
        };
    }
}
