namespace Gateway.Hub.Console;

/// <summary>The units that an account can be of, besides the whole hub.</summary>
internal static class UnitWords
{
    /// <summary>Levels above, then stations; none in a hub of one station without levels: there nobody has to choose.</summary>
    public static IReadOnlyList<(string Value, string Text)> Of(HubView hub, Words words)
    {
        var stations = hub.InReach.Stations;
        var levels = stations.Levels();
        return stations.IsOne && levels.Count == 0
            ? []
            : [.. levels.Select(level => (level.Id, level.Name.For(words.Tag))), .. stations.Stations.Select(station => (station.Id, station.Name.For(words.Tag)))];
    }
}
