using Gateway.Hardware.Data;

namespace Gateway.Hardware.Tests;

/// <summary>The hardware room of this checkout.</summary>
public static class Room
{
    public static HardwareRoom Data { get; } = HardwareRoom.Find(AppContext.BaseDirectory);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Data.Repository, path)).ReplaceLineEndings("\n");
}
