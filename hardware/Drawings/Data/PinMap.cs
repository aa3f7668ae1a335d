namespace Gateway.Hardware.Data;

/// <summary>hardware/pinmap.json as it stands in the file.</summary>
public sealed record PinMap(PinRules Rules, IReadOnlyList<Board> Boards);

public sealed record PinRules(
    IReadOnlyList<StrappingPin> Strapping,
    IReadOnlyList<int> InputOnly,
    IReadOnlyList<int> Flash,
    IReadOnlyList<int> Debugger,
    IReadOnlyList<AdcPin> Adc1,
    int AdcMinMillivolts,
    int AdcMaxMillivolts);

/// <summary>AtReset: high, low, low-or-open or any.</summary>
public sealed record StrappingPin(int Gpio, string AtReset, string Why);

public sealed record AdcPin(int Channel, int Gpio);

public sealed record ReservedPin(int Gpio, string Why);

/// <summary>A controller board. PinMapClass names its class in firmware/Esp32/PinMap.cs, or is null while the firmware has none.</summary>
public sealed record Board(
    string Id,
    string Name,
    string Image,
    string? PinMapClass,
    IReadOnlyList<string> Facts,
    IReadOnlyList<ReservedPin> Reserved,
    IReadOnlyList<PinFunction> Functions)
{
    public PinFunction Function(string name) => Functions.Single(f => f.Function == name);
}

/// <summary>Kind: input, output, analog, service or bus. Gpio is null for a function behind the expander.</summary>
public sealed record PinFunction(
    string Function,
    string Kind,
    int? Gpio,
    string Electrical,
    string Pull,
    string Net,
    string Note,
    string? AssertedLevel = null,
    string? ExpanderPin = null,
    int? AdcChannel = null,
    int? ChannelIndex = null);
