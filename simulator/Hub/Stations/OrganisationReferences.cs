using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>What the parts of a station file that organise people say of its other parts.</summary>
internal static class OrganisationReferences
{
    public static void Check(Station station, YamlObject root)
    {
        foreach (var (board, at) in station.Responders.Zip(root.Objects("responders", 0, StationReader.RespondersMax)))
        {
            CheckAll(at, board.BoxDevice.Length > 0 ? [board.BoxDevice] : [], id => station.FindBoard(id) is not null, $"The box of responder `{board.Id}`", "boards");
        }

        foreach (var (entry, at) in station.Roster.Zip(root.Objects("roster", 0, OrganisationReader.ShiftsMax)))
        {
            CheckAll(at, [entry.ShiftId], id => station.Patrol.Shifts.Any(shift => shift.Id == id), "The roster's shift", "shifts");
            CheckAll(at, entry.ResponderIds, id => station.FindResponder(id) is not null, "In the roster,", "responders");
        }

        foreach (var (group, at) in station.WatchGroups.Zip(root.Objects("watchGroups", 0, OrganisationReader.WatchGroupsMax)))
        {
            CheckAll(at, group.CallPointIds, id => station.FindCallPoint(id) is not null, $"In watch group `{group.Id}`, call point", "callPoints");
            CheckAll(at, group.VolunteerIds, id => station.FindResponder(id) is not null, $"In watch group `{group.Id}`, volunteer", "responders");
            CheckAll(at, group.Loudspeakers, id => station.FindBoard(id) is not null, $"In watch group `{group.Id}`, loudspeaker", "boards");
            CheckAll(at, [.. group.Consents.Select(consent => consent.CallPointId)], group.CallPointIds.Contains, $"In watch group `{group.Id}`, the consent of", "callPoints` of the group: `callPoints");
        }

        foreach (var (area, at) in station.Areas.Zip(root.Objects("areas", 0, OrganisationReader.AreasMax)))
        {
            CheckAll(at, area.VillageIds, id => station.FindVillage(id) is not null, $"In area `{area.Id}`, village", "villages");
            CheckAll(at, [area.WardenId], id => station.FindResponder(id) is not null, $"The warden of area `{area.Id}`,", "responders");
        }

        foreach (var (neighbour, at) in station.Neighbours.Zip(root.Objects("neighbours", 0, OrganisationReader.NeighboursMax)))
        {
            CheckAll(at, [neighbour.VillageId], id => station.FindVillage(id) is not null, $"The way to neighbour `{neighbour.StationId}` begins in village", "villages");
        }

        foreach (var level in station.Above.Where(level => level.Id == station.Id))
        {
            root.Offend(root.Object("station")!.Line, $"`{level.Id}` of `above` is the station itself.");
        }
    }

    private static void CheckAll(YamlObject at, ImmutableArray<string> ids, Func<string, bool> isThere, string who, string list)
    {
        foreach (var id in ids.Where(id => !isThere(id)))
        {
            at.Offend(at.Line, $"{who} `{id}` is not in `{list}`.");
        }
    }
}
