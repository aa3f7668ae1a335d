namespace Gateway.Hub.Stations;

/// <summary>What a station file's parts say of each other.</summary>
internal static class StationReferences
{
    /// <summary>Coordinates are rounded, so a road may seem a little shorter than the straight line.</summary>
    private const double RoundingKm = 0.5;

    public static void Check(Station station, YamlObject root)
    {
        CheckVillage(station, root.Object("station")!, station.VillageId, "The station");
        CheckRoads(station, root);
        foreach (var (point, at) in station.CallPoints.Zip(root.Objects("callPoints", 0, StationReader.CallPointsMax)))
        {
            CheckVillage(station, at, point.VillageId, $"Call point `{point.Id}`");
        }

        foreach (var (board, at) in station.Boards.Zip(root.Objects("boards", 0, StationReader.BoardsMax)))
        {
            CheckBoard(station, board, at);
        }

        foreach (var (responder, at) in station.Responders.Zip(root.Objects("responders", 0, StationReader.RespondersMax)))
        {
            CheckVillage(station, at, responder.VillageId, $"Responder `{responder.Id}`");
        }

        OrganisationReferences.Check(station, root);
        PatrolReader.Check(station, root);
        CheckReach(station, root);
    }

    private static void CheckVillage(Station station, YamlObject at, string villageId, string who)
    {
        if (station.FindVillage(villageId) is null)
        {
            at.Offend(at.Line, $"{who} stands in village `{villageId}`, which is not in `villages`.");
        }
    }

    private static void CheckRoads(Station station, YamlObject root)
    {
        foreach (var (road, at) in station.Roads.Zip(root.Objects("roads", 0, StationReader.RoadsMax)))
        {
            var (from, to) = (station.FindVillage(road.From), station.FindVillage(road.To));
            if (from is null || to is null)
            {
                at.Offend(at.Line, $"A road joins `{road.From}` and `{road.To}`, but `{(from is null ? road.From : road.To)}` is not in `villages`.");
            }
            else if (from == to)
            {
                at.Offend(at.Line, $"A road leads from `{road.From}` to itself.");
            }
            else if (road.Km + RoundingKm < from.KmTo(to))
            {
                at.Offend(at.Line, FormattableString.Invariant($"A road of {road.Km} km cannot join `{road.From}` and `{road.To}`: the straight line has {from.KmTo(to):F1} km."));
            }
        }
    }

    private static void CheckBoard(Station station, Board board, YamlObject at)
    {
        if (station.FindCallPoint(board.CallPointId) is null)
        {
            at.Offend(at.Line, $"Board `{board.DeviceId}` hangs at call point `{board.CallPointId}`, which is not in `callPoints`.");
        }

        foreach (var twice in board.Zones.GroupBy(zone => zone.Number).Where(group => group.Count() > 1))
        {
            at.Offend(at.Line, $"Board `{board.DeviceId}` has zone {twice.Key} twice.");
        }

        foreach (var zone in board.Zones.Where(zone => (zone.Number == 0) != (zone.Kind == ZoneKind.Box)))
        {
            at.Offend(at.Line, $"Board `{board.DeviceId}`: zone 0 is the box itself, and only zone 0 is; zone {zone.Number} is none.");
        }
    }

    /// <summary>A call point that nobody from the station can reach is a mistake in the roads.</summary>
    private static void CheckReach(Station station, YamlObject root)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { station.VillageId };
        for (var before = 0; before != reached.Count;)
        {
            before = reached.Count;
            foreach (var road in station.Roads.Where(road => reached.Contains(road.From) != reached.Contains(road.To)).ToList())
            {
                reached.Add(road.From);
                reached.Add(road.To);
            }
        }

        foreach (var (point, at) in station.CallPoints.Zip(root.Objects("callPoints", 0, StationReader.CallPointsMax)))
        {
            if (!reached.Contains(point.VillageId))
            {
                at.Offend(at.Line, $"No road leads from the station to `{point.VillageId}`, where call point `{point.Id}` is.");
            }
        }
    }
}
