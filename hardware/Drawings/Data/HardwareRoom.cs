using System.Text.Json;

namespace Gateway.Hardware.Data;

/// <summary>The folder hardware/ with its data files read.</summary>
public sealed class HardwareRoom
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // A field that the reader does not know is a typing error, except the free text "about" and the like at the top.
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
    };

    private HardwareRoom(string root)
    {
        Root = root;
        PinMap = Read<PinMap>("pinmap.json");
        Netlist = Read<Netlist>("netlist.json");
        SheetBook = Read<SheetBook>("sheets.json");
        LoopDesign = Read<LoopDesign>("loop-thresholds.json");
        WiringBook = Read<WiringBook>("wiring.json");
        Label = Read<FrontLabel>("label.json");
        Power = Read<PowerPlan>("power.json");
        Bom = Data.Bom.Read(Path.Combine(root, "bom.csv"));
    }

    /// <summary>The folder hardware/ itself.</summary>
    public string Root { get; }

    /// <summary>The folder of the repository.</summary>
    public string Repository => Path.GetDirectoryName(Root)!;

    public PinMap PinMap { get; }

    public Netlist Netlist { get; }

    public SheetBook SheetBook { get; }

    public LoopDesign LoopDesign { get; }

    public WiringBook WiringBook { get; }

    public FrontLabel Label { get; }

    public PowerPlan Power { get; }

    public IReadOnlyList<BomLine> Bom { get; }

    /// <summary>Looks upwards from a folder for the repository and reads its hardware room.</summary>
    public static HardwareRoom Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return new HardwareRoom(Path.Combine(folder.FullName, "hardware"));
            }
        }

        throw new DirectoryNotFoundException($"No Gateway.sln above {from}: run this inside the repository.");
    }

    private T Read<T>(string name)
    {
        var path = Path.Combine(Root, name);
        return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options)
            ?? throw new InvalidDataException($"{path} is empty");
    }
}
