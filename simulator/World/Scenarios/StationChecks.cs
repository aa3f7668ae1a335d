using System.Collections.Immutable;
using System.Globalization;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Stations;

namespace Gateway.World.Scenarios;

/// <summary>What can be expected of the station's own data, and of the audit chain.</summary>
internal static class StationChecks
{
    public static ImmutableArray<Phrase> All { get; } =
    [
        Phrase.See("the station has {n} {list}", static (s, w) => CallChecks.Same(Count(s.Station, w["list"]), w.Number())),
        Phrase.See("{n} responders are {role}", static (s, w) => CallChecks.Same(s.Station.Responders.Count(responder => responder.Role == w.Choice<ResponderRole>("role")), w.Number())),
        Phrase.See("at least {n} responders are {role}", static (s, w) =>
            CallChecks.AtLeast(s.Station.Responders.Count(responder => responder.Role == w.Choice<ResponderRole>("role")), w.Number())),
        Phrase.See("{n} call points are of class {zoneClass}", static (s, w) =>
            CallChecks.Same(s.Station.CallPoints.Count(point => point.ZoneClass == w.Choice<ZoneClass>("zoneClass")), w.Number())),
        Phrase.See("{n} zones watch {zone}", static (s, w) =>
            CallChecks.Same(s.Station.Boards.Sum(board => board.Zones.Count(zone => zone.Kind == w.Choice<ZoneKind>("zone"))), w.Number())),
        Phrase.See("every village but the station's has a {role}", static (s, w) => EveryVillage(s.Station, w.Choice<ResponderRole>("role"))),
        Phrase.See("the nearest call point is more than {km} km away", static (s, w) => Way(s.Station, kms => kms.Min(), w.Decimal("km"))),
        Phrase.See("the farthest call point is more than {km} km away", static (s, w) => Way(s.Station, kms => kms.Max(), w.Decimal("km"))),
        Phrase.See("the audit chain is whole", static (s, _) => s.Audit()),
    ];

    private static int Count(Station station, string list) => list switch
    {
        "villages" => station.Villages.Length,
        "callPoints" => station.CallPoints.Length,
        "boards" => station.Boards.Length,
        "responders" => station.Responders.Length,
        "patrolPoints" => station.Patrol.Points.Length,
        "patrolLines" => station.Patrol.Lines.Length,
        "shifts" => station.Patrol.Shifts.Length,
        "areas" => station.Areas.Length,
        "watchGroups" => station.WatchGroups.Length,
        _ => station.JointResponses.Length,
    };

    private static Finding EveryVillage(Station station, ResponderRole role)
    {
        var without = station.Villages.Where(village => village.Id != station.VillageId && station.Responders.All(responder => responder.Role != role || responder.VillageId != village.Id))
            .Select(village => village.Id).ToList();
        return new(without.Count == 0, without.Count == 0 ? $"all {station.Villages.Length - 1}" : $"not {Lists.Join(without.Take(5))}");
    }

    private static Finding Way(Station station, Func<IEnumerable<double>, double> which, double moreThanKm)
    {
        var ways = new RoadGraph(station, TravelMeans.Car).From(station.VillageId);
        var km = which(station.CallPoints.Select(point => ways.GetValueOrDefault(point.VillageId, double.PositiveInfinity)));
        return new(km > moreThanKm && double.IsFinite(km), string.Create(CultureInfo.InvariantCulture, $"{km:0.#} km"));
    }
}
