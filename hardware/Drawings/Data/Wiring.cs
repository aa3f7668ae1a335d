namespace Gateway.Hardware.Data;

/// <summary>hardware/wiring.json: one drawing for each way of connecting a zone.</summary>
public sealed record WiringBook(IReadOnlyList<Wiring> Drawings);

/// <summary>
/// Style: no (contact closes on alarm, with Rb), nc (opens on alarm, with Ra), key (plain contact, closes), loop-closed (plain contact, opens)
/// or power (load or detector at a 12 V outlet). Terminals are "J5.L1" of the netlist.
/// </summary>
public sealed record Wiring(
    string Id,
    string Title,
    string Style,
    IReadOnlyList<string> Terminals,
    IReadOnlyList<string> Devices,
    IReadOnlyList<string> Expected,
    IReadOnlyList<string> Notes);

/// <summary>hardware/label.json: the front of the box, top to bottom.</summary>
public sealed record FrontLabel(LabelText Title, IReadOnlyList<LabelItem> Items, IReadOnlyList<string> Notes);

/// <summary>Chinese, traditional Mongolian and English. Reviewed is false until a native reader has signed for the text.</summary>
public sealed record LabelText(string Zh, string Mn, string En, bool Reviewed);

/// <summary>Shape: button, square, triangle, circle, arrow, dot or sound. Function: of the pin map.</summary>
public sealed record LabelItem(string Function, string Shape, string Colour, string Sound, LabelText Text);
