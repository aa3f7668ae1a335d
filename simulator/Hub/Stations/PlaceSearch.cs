namespace Gateway.Hub.Stations;

/// <summary>Which call points somebody means who types a part of a name. Names stand in the station file and in memory, so no search ever looks for one in the database.</summary>
public static class PlaceSearch
{
    /// <summary>More places than these are too many for one search: type more of the name.</summary>
    public const int PlacesMax = 20;

    /// <summary>Call points whose id or name, or whose village's, holds this text in any language; null when there are more than <see cref="PlacesMax"/>.</summary>
    public static IReadOnlyList<string>? Find(Station station, string text)
    {
        var villages = station.Villages.Where(village => Holds(village.Id, village.Name, text)).Select(village => village.Id).ToHashSet(StringComparer.Ordinal);
        var found = station.CallPoints.Where(point => villages.Contains(point.VillageId) || Holds(point.Id, point.Name, text)).Select(point => point.Id).Take(PlacesMax + 1).ToList();
        return found.Count > PlacesMax ? null : found;
    }

    private static bool Holds(string id, LocalText name, string text) =>
        new[] { id, name.Zh, name.En, name.Mn }.Any(part => part.Contains(text, StringComparison.OrdinalIgnoreCase));
}
