using System.Text.Json;

namespace Gateway.Hardware.Data;

/// <summary>hardware/sheets.json: where the parts of the netlist stand on the drawings.</summary>
public sealed record SheetBook(IReadOnlyList<Sheet> Sheets);

public sealed record Sheet(
    string Id,
    string Title,
    string Variant,
    IReadOnlyList<Row> Rows,
    IReadOnlyList<Box> Boxes,
    IReadOnlyList<string> Notes);

/// <summary>A part drawn as a box with its pins; millimetres of the upper left corner.</summary>
public sealed record Box(string Ref, double X, double Y);

/// <summary>A chain from left to right: terminals ("J1.VIN+"), parts in series ("R5") and nodes.</summary>
public sealed record Row(string Title, double X, double Y, IReadOnlyList<JsonElement> Line)
{
    public IEnumerable<RowItem> Items => Line.Select(RowItem.From);
}

/// <summary>Exactly one of Part and Node is set. Up and Down hang at a node; "D1:3-2" draws the pins 3 (at the node) and 2 of D1.</summary>
public sealed record RowItem(string? Part, string? Node, IReadOnlyList<string> Up, IReadOnlyList<string> Down)
{
    public static RowItem From(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return new RowItem(element.GetString(), null, [], []);
        }

        return new RowItem(null, element.GetProperty("node").GetString(), List(element, "up"), List(element, "down"));
    }

    private static IReadOnlyList<string> List(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : [];
}

/// <summary>A part hung at a node or set in series, with the pin on the near and on the far side.</summary>
public sealed record Hanging(Component Component, string NearPin, string FarPin)
{
    public string FarNet => Component.Pins[FarPin];

    /// <summary>Reads "R5" (the pins are found by the node's net) or "D1:3-2".</summary>
    public static Hanging Read(string text, string nodeNet, Netlist netlist)
    {
        var colon = text.IndexOf(':');
        var component = netlist[colon < 0 ? text : text[..colon]];
        if (colon >= 0)
        {
            var pins = text[(colon + 1)..].Split('-');
            return Check(new Hanging(component, pins[0], pins[1]), nodeNet);
        }

        if (component.Pins.Count != 2)
        {
            throw new FormatException($"{text}: a part with {component.Pins.Count} pins needs its pins named");
        }

        var first = component.Pins.First();
        var last = component.Pins.Last();
        var near = first.Value == nodeNet ? first.Key : last.Key;
        return Check(new Hanging(component, near, near == first.Key ? last.Key : first.Key), nodeNet);
    }

    private static Hanging Check(Hanging hanging, string nodeNet) =>
        hanging.Component.Pins[hanging.NearPin] == nodeNet
            ? hanging
            : throw new FormatException($"{hanging.Component.Ref}.{hanging.NearPin} is on {hanging.Component.Pins[hanging.NearPin]}, drawn at {nodeNet}");
}
