using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Stations;

/// <summary>The file that one station of a hub was started with.</summary>
/// <param name="Text">Byte for byte.</param>
/// <param name="Imported">It lies in the data folder and goes before the configured one.</param>
public sealed record StationSource(string StationId, string Path, string Text, bool Imported);

/// <summary>
/// The station files that run, and those for the next start. An imported file lies in the data folder and goes before the configured one of the same station, which is
/// never touched; taken back, the configured one is in force again at the next start. What runs changes at a start only, so no batch sees half of a file.
/// </summary>
public sealed class StationFiles(HubOptions options, ImmutableArray<StationSource> running)
{
    /// <summary>Name of the imported file, in the data folder, of a hub of one station.</summary>
    public const string ImportedName = "station.yaml";

    /// <summary>Those in the data folder: <see cref="ImportedName"/>, and <c>station.ID.yaml</c> of each station where a hub has several.</summary>
    public const string ImportedPattern = "station*.yaml";

    /// <summary>What each station was started with, in the hub's order; empty when it was started without files.</summary>
    public ImmutableArray<StationSource> Running { get; } = running;

    public StationSource? Find(string stationId) => Running.FirstOrDefault(source => source.StationId == stationId);

    /// <summary>Files of which the imported one is not the one that runs: it is in force from the next start.</summary>
    public bool IsWaiting(string stationId) => ImportedOf(stationId) is { } path
        ? Find(stationId) is not { } source || !source.Imported || File.ReadAllText(path) != source.Text
        : Find(stationId) is { Imported: true };

    /// <summary>There is an imported file that would be in force at the next start: it can be taken back.</summary>
    public bool IsImported(string stationId) => ImportedOf(stationId) is not null;

    /// <summary>The configured files: one, several, or those of a folder, by name.</summary>
    /// <exception cref="StationFileException">The folder holds none.</exception>
    public static ImmutableArray<string> Configured(HubOptions options)
    {
        if (!Directory.Exists(options.StationFile))
        {
            return [options.StationFile, .. options.OtherStationFiles];
        }

        var files = Directory.GetFiles(options.StationFile, "*.yaml").Order(StringComparer.Ordinal).ToImmutableArray();
        return files.IsEmpty ? throw new StationFileException($"The folder {options.StationFile} holds no station file (*.yaml).") : files;
    }

    /// <summary>Reads and judges what a hub starts with now.</summary>
    /// <exception cref="StationFileException">A file has errors, or two contradict each other; the message lists them with file and line.</exception>
    public static (StationBook Stations, ImmutableArray<StationSource> Sources) Load(HubOptions options)
    {
        var configured = Configured(options);
        var whole = Path.Combine(options.DataFolder, ImportedName);
        var imported = File.Exists(whole) ? Read(whole, true) : ((Station Station, StationSource Source)?)null;
        if (configured.Length == 1 && imported is { } only)
        {
            return (only.Station, [only.Source]);
        }

        var loaded = new List<(Station Station, StationSource Source)>();
        foreach (var path in configured)
        {
            var file = Read(path, false);
            var own = Path.Combine(options.DataFolder, NameFor(file.Station.Id));
            loaded.Add(File.Exists(own) ? Read(own, true) : imported?.Station.Id == file.Station.Id ? imported.Value : file);
        }

        var errors = StationBookCheck.Errors([.. loaded.Select(file => (Path.GetFileName(file.Source.Path), file.Station))]);
        return errors.IsEmpty
            ? (new StationBook(loaded.Select(file => file.Station)), [.. loaded.Select(file => file.Source)])
            : throw new StationFileException($"The station files of this hub contradict each other:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
    }

    /// <summary>Puts a file, already judged, in place for the next start.</summary>
    /// <param name="stationId">Of the station that runs and whose file this replaces.</param>
    /// <exception cref="IOException">It cannot be written; what was there is still there.</exception>
    public void Import(string stationId, string text)
    {
        var target = Path.Combine(options.DataFolder, Running.Length <= 1 ? ImportedName : NameFor(stationId));
        var next = target + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        // A power cut before this line leaves the file before in force; after it, this one. Never half of one.
        File.Move(next, target, overwrite: true);
    }

    /// <summary>Takes the imported file back; false when there is none.</summary>
    public bool TakeBack(string stationId)
    {
        var any = false;
        while (ImportedOf(stationId) is { } path)
        {
            File.Move(path, path + ".taken-back", overwrite: true);
            any = true;
        }

        return any;
    }

    /// <summary>By which a file is known in the audit: SHA-256 of its UTF-8 text, hexadecimal.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The imported file that would be in force for a station at a start now; null when none would.</summary>
    private string? ImportedOf(string stationId)
    {
        var own = Path.Combine(options.DataFolder, NameFor(stationId));
        var whole = Path.Combine(options.DataFolder, ImportedName);
        return Running.Length <= 1 && File.Exists(whole) ? whole
            : File.Exists(own) ? own
            : File.Exists(whole) && StationLoader.Load(whole).Station?.Id == stationId ? whole
            : null;
    }

    private static string NameFor(string stationId) => $"station.{stationId}.yaml";

    private static (Station Station, StationSource Source) Read(string path, bool imported)
    {
        var loaded = StationLoader.Load(path);
        return loaded.Station is { } station
            ? (station, new StationSource(station.Id, path, File.ReadAllText(path), imported))
            : throw new StationFileException($"The station file {path} has errors:{Environment.NewLine}{string.Join(Environment.NewLine, loaded.Errors)}");
    }
}
