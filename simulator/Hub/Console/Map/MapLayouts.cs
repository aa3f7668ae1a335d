using Gateway.Hub.Stations;

namespace Gateway.Hub.Console.Map;

/// <summary>The newest layouts. Finding a place for every name is the dearest part of the map, and it changes only when a village gets its first call or loses its last.</summary>
public sealed class MapLayouts
{
    /// <summary>One per language and set of villages that call, newest last; the oldest makes room.</summary>
    public const int KeptMax = 16;

    private readonly Lock gate = new();
    private readonly List<(Station Station, string Key, MapLayout Layout)> kept = [];

    /// <param name="language">Tag of the language in which <paramref name="nameOf"/> names villages.</param>
    public MapLayout Of(Station station, string language, Func<Village, string> nameOf, IReadOnlySet<string> loud)
    {
        var key = language + " " + string.Join(' ', loud.Order(StringComparer.Ordinal));
        lock (gate)
        {
            foreach (var entry in kept)
            {
                if (ReferenceEquals(entry.Station, station) && entry.Key == key)
                {
                    return entry.Layout;
                }
            }
        }

        var layout = MapLayout.Of(station, nameOf, village => loud.Contains(village.Id));
        lock (gate)
        {
            kept.Add((station, key, layout));
            if (kept.Count > KeptMax)
            {
                kept.RemoveAt(0);
            }
        }

        return layout;
    }
}
