using System.Collections.Immutable;
using YamlDotNet.Core;

namespace Gateway.Hub.Stations;

/// <summary>What is wrong with a station file, and where.</summary>
/// <param name="Line">1 or above; 0 when it concerns the file as a whole.</param>
/// <param name="Sentence">A sentence for the person who wrote the file.</param>
public sealed record StationFileError(string File, int Line, string Sentence)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Sentence}" : $"{File}: {Sentence}";
}

/// <summary>A station, or at least one error; never both.</summary>
public sealed record StationLoadResult(Station? Station, ImmutableArray<StationFileError> Errors);

/// <summary>Reads and judges a station file (seeds/README.md). Never throws for what the file says: every offence is an error with its line.</summary>
public static class StationLoader
{
    public const int FileMaxBytes = 4 * 1024 * 1024;

    /// <summary>More are not listed: whoever repairs the first of them meets the rest.</summary>
    public const int ErrorsMax = 50;

    /// <summary>Reads a file. One that cannot be read is an error of the result, too.</summary>
    public static StationLoadResult Load(string path)
    {
        var file = Path.GetFileName(path);
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > FileMaxBytes)
            {
                return Failed(new(file, 0, $"The file has {stream.Length} bytes; at most {FileMaxBytes} are allowed."));
            }

            using var reader = new StreamReader(stream);
            return Read(reader.ReadToEnd(), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(new(file, 0, $"The file cannot be read: {e.Message}"));
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="file">Its name, for the errors.</param>
    public static StationLoadResult Read(string text, string file)
    {
        if (text.Length > FileMaxBytes)
        {
            return Failed(new(file, 0, $"The file has {text.Length} characters; at most {FileMaxBytes} are allowed."));
        }

        var errors = new List<StationFileError>();
        try
        {
            var root = YamlObject.Parse(text, file, errors);
            var station = root is null ? null : StationReader.Read(root);
            if (station is not null && errors.Count == 0)
            {
                StationReferences.Check(station, root!);
            }

            return errors.Count == 0 && station is not null ? new(station, []) : new(null, [.. errors]);
        }
        catch (TooManyErrors)
        {
            return new(null, [.. errors]);
        }
        catch (YamlException e)
        {
            return Failed(new(file, (int)e.Start.Line, $"This is not YAML: {e.Message}"));
        }
    }

    private static StationLoadResult Failed(StationFileError error) => new(null, [error]);
}
