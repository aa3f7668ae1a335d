using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Firmware.Configuration;
using Gateway.Hub;

namespace Gateway.Cli.Demo;

/// <summary>
/// The provisioning file in a virtual board's flash: what a technician does once with a cable, the demo does in the data folder while the board has no power.
/// </summary>
internal static class BoardFlash
{
    /// <summary>Name of the provisioning file in flash (firmware/README.md).</summary>
    private const string FileName = "gateway.json";

    private const string Actor = "demo";

    /// <summary>Folder of a board's flash image.</summary>
    public static string Folder(string dataFolder, string device) => Path.Combine(dataFolder, "boards", device);

    public static bool IsProvisioned(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>
    /// Makes the board belong to this hub and find it at this port. Its journal is not touched. A board that is already this hub's keeps its key;
    /// only the address is brought up to date, since a demo may be started with other ports each time.
    /// </summary>
    public static async Task PrepareAsync(HubService hub, string folder, string device, int mqttPort, CancellationToken cancellation)
    {
        var known = Read(folder);
        if (known is null || known["hub"]?.GetValue<string>() != hub.Current.HubId || hub.FindGateway(device) is null)
        {
            var file = await hub.ProvisionAsync(device, Actor, cancellation);
            known = JsonNode.Parse(file.ToJson())!.AsObject();
            known["siren"] = true;

            // What was stored at the box under another key or another hub would win over the new file.
            ForgetStored(folder);
        }

        // As the station file names them: what a demo board's page can play.
        known["zone4"] ??= "contact2 pen";
        known["zone5"] ??= "loop1 smoke";
        known["zone6"] ??= "loop2 water";
        known["host"] = "127.0.0.1";
        known["port"] = mqttPort;
        Write(folder, known);
    }

    /// <summary>Takes the settings out of the flash of a board without power. Returns the file that they are in now, beside the flash image.</summary>
    public static string Blank(string folder)
    {
        var (path, before) = (Path.Combine(folder, FileName), folder + ".before.json");
        if (File.Exists(path))
        {
            File.Move(path, before, overwrite: true);
        }

        ForgetStored(folder);
        return before;
    }

    /// <summary>The two copies of the stored configuration (firmware/CONFIGURATION.md).</summary>
    private static void ForgetStored(string folder)
    {
        foreach (var copy in new[] { ConfigurationFile.NameA, ConfigurationFile.NameB }.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            File.Delete(copy);
        }
    }

    private static JsonObject? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))?.AsObject() : null;
        }
        catch (JsonException)
        {
            // A damaged provisioning file is replaced by a new one: on a real board a technician would do the same.
            return null;
        }
    }

    private static void Write(string folder, JsonObject file)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        var beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(beside, options))
        using (var writer = new Utf8JsonWriter(stream))
        {
            file.WriteTo(writer);
        }

        // A kill before this line leaves the old file; after it, the new one.
        File.Move(beside, path, overwrite: true);
    }
}
