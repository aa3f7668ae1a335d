using Gateway.Hub.Stations;

namespace Gateway.Hub.Console.Map;

/// <summary>Names as a map writes them: without the word that most of them end with ("gacha", "嘎查"), which says nothing there and takes a third of the room. Everywhere else the whole name stands.</summary>
public sealed class MapNames
{
    private readonly string tag;
    private readonly string common;

    public MapNames(Station station, string tag)
    {
        this.tag = tag;
        var ends = station.Villages.Select(village => EndOf(village.Name.For(tag))).Where(end => end.Length > 0).GroupBy(end => end, StringComparer.Ordinal).OrderByDescending(group => group.Count()).FirstOrDefault();
        common = ends is not null && ends.Count() * 2 > station.Villages.Length ? ends.Key : "";
    }

    public string Of(Village village)
    {
        var name = village.Name.For(tag);
        return common.Length > 0 && name.Length > common.Length && name.EndsWith(common, StringComparison.Ordinal) ? name[..^common.Length] : name;
    }

    /// <summary>The last word with its space; the last two characters where words are not parted.</summary>
    private static string EndOf(string name) => name.LastIndexOf(' ') is > 0 and var at ? name[at..] : name.Length > 2 && name[^1] > 0x2E80 ? name[^2..] : "";
}
