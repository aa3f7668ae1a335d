using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>What several station files of one hub say of each other.</summary>
public static class StationBookCheck
{
    private const double RoundingKm = 0.5;

    /// <summary>Every clash between the files, at most <see cref="StationLoader.ErrorsMax"/>.</summary>
    /// <param name="files">Each station with the name of its file, for the errors.</param>
    public static ImmutableArray<StationFileError> Errors(IReadOnlyList<(string File, Station Station)> files)
    {
        IEnumerable<StationFileError> errors =
        [
            .. files.Count > StationBook.StationsMax ? [new StationFileError(files[0].File, 0, $"{files.Count} stations are more than the {StationBook.StationsMax} of one hub.")] : Array.Empty<StationFileError>(),
            .. Twice(files, "station.id", station => [station.Id]),
            .. Twice(files, "villages", station => station.Villages.Select(village => village.Id)),
            .. Twice(files, "callPoints", station => station.CallPoints.Select(point => point.Id)),
            .. Twice(files, "boards", station => station.Boards.Select(board => board.DeviceId)),
            .. Twice(files, "responders", station => station.Responders.Select(responder => responder.Id)),
            .. Twice(files, "patrolPoints and patrolLines", station => [.. station.Patrol.Points.Select(point => point.Id), .. station.Patrol.Lines.Select(line => line.Id)]),
            .. Levels(files),
            .. files.SelectMany(file => Neighbours(file, files)),
        ];
        return [.. errors.Take(StationLoader.ErrorsMax)];
    }

    private static IEnumerable<StationFileError> Twice(IReadOnlyList<(string File, Station Station)> files, string list, Func<Station, IEnumerable<string>> idsOf)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, station) in files)
        {
            foreach (var id in idsOf(station))
            {
                if (!first.TryAdd(id, file))
                {
                    yield return new StationFileError(file, 0, $"`{id}` of `{list}` is also in {first[id]}: such ids are unique over all stations of a hub.");
                }
            }
        }
    }

    /// <summary>A level means the same in every file, and is no station.</summary>
    private static IEnumerable<StationFileError> Levels(IReadOnlyList<(string File, Station Station)> files)
    {
        var known = new Dictionary<string, (string File, string Path)>(StringComparer.Ordinal);
        var stations = files.Select(file => file.Station.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (file, station) in files)
        {
            var path = "";
            foreach (var level in station.Above)
            {
                if (stations.Contains(level.Id))
                {
                    yield return new StationFileError(file, 0, $"`{level.Id}` of `station.above` is a station of this hub, and no level above one.");
                }

                path = $"{path} > {level.Id} ({level.Name.Zh})";
                if (known.TryGetValue(level.Id, out var other) && other.Path != path)
                {
                    yield return new StationFileError(file, 0, $"`{level.Id}` of `station.above` stands here as{path}, and in {other.File} as{other.Path}.");
                }

                known.TryAdd(level.Id, (file, path));
            }
        }
    }

    private static IEnumerable<StationFileError> Neighbours((string File, Station Station) file, IReadOnlyList<(string File, Station Station)> files)
    {
        foreach (var neighbour in file.Station.Neighbours)
        {
            // The same file may run in a hub without this neighbour.
            if (files.FirstOrDefault(other => other.Station.Id == neighbour.StationId).Station is not { } their)
            {
                continue;
            }

            if (their.FindVillage(neighbour.TheirVillageId) is not { } village)
            {
                yield return new StationFileError(file.File, 0, $"`neighbours`: {neighbour.StationId} has no village `{neighbour.TheirVillageId}`.");
            }
            else if (file.Station.FindVillage(neighbour.VillageId) is { } own && neighbour.Km + RoundingKm < own.KmTo(village))
            {
                yield return new StationFileError(file.File, 0, FormattableString.Invariant(
                    $"`neighbours`: a way of {neighbour.Km} km cannot join `{own.Id}` and `{village.Id}`: the straight line has {own.KmTo(village):F1} km."));
            }
        }
    }
}
