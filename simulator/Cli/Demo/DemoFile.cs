using System.Text.Json;

namespace Gateway.Cli.Demo;

/// <summary><c>demo.json</c> in the data folder: what a script needs to drive a running demo. It holds a token, so only its owner may read it.</summary>
internal sealed record DemoFile(string Console, string Mqtt, string Token, int Pid)
{
    public const string Name = "demo.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>That of the demo, or of boards that run alone; null when neither runs here.</summary>
    public static DemoFile? Read(string folder)
    {
        var path = new[] { Name, BoardsOnly.FileName }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return path is null ? null : JsonSerializer.Deserialize<DemoFile>(File.ReadAllText(path), Json);
    }

    /// <summary>Replaces the file. The permissions are set before the token is in it.</summary>
    public void Write(string folder, string name = Name)
    {
        var path = Path.Combine(folder, name);
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // On Windows the folder below the user's profile is the user's own already.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, this, Json);
    }
}
