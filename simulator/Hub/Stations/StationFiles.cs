using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Stations;

/// <summary>
/// The station file that runs, and the one for the next start. An imported file lies in the data folder and goes before the configured one, which is never touched;
/// taken back, the configured one is in force again at the next start. What runs changes at a start only, so no batch sees half of a file.
/// </summary>
public sealed class StationFiles
{
    /// <summary>Name of the imported file, in the data folder.</summary>
    public const string ImportedName = "station.yaml";

    private readonly string _imported;

    public StationFiles(HubOptions options)
    {
        _imported = Path.Combine(options.DataFolder, ImportedName);
        RunningPath = PathAtStart(options);
        Running = File.Exists(RunningPath) ? File.ReadAllText(RunningPath) : null;
    }

    /// <summary>The text that the hub was started with; null when it was started without a file.</summary>
    public string? Running { get; }

    public string RunningPath { get; }

    /// <summary>The file that a hub reads when it starts now.</summary>
    public static string PathAtStart(HubOptions options) =>
        Path.Combine(options.DataFolder, ImportedName) is var imported && File.Exists(imported) ? imported : options.StationFile;

    /// <summary>Puts a file, already judged, in place for the next start.</summary>
    /// <exception cref="IOException">It cannot be written; what was there is still there.</exception>
    public void Import(string text)
    {
        var next = _imported + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        // A power cut before this line leaves the file before in force; after it, this one. Never half of one.
        File.Move(next, _imported, overwrite: true);
    }

    /// <summary>Takes the imported file back; false when there is none.</summary>
    public bool TakeBack()
    {
        if (!File.Exists(_imported))
        {
            return false;
        }

        File.Move(_imported, _imported + ".taken-back", overwrite: true);
        return true;
    }

    /// <summary>By which a file is known in the audit: SHA-256 of its UTF-8 text, hexadecimal.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
