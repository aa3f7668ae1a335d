using System.Collections.Immutable;

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
