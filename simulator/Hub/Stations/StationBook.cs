using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Stations;

/// <summary>A level above a station: a region, a banner. Its id is known to every station file that stands under it.</summary>
public sealed record StationLevel(string Id, LocalText Name);

/// <summary>A way over the border to a village of a neighbouring station: by it their people may come to help.</summary>
/// <param name="StationId">The neighbour; counts for nothing in a hub that does not have it.</param>
/// <param name="VillageId">On this side.</param>
/// <param name="TheirVillageId">On theirs.</param>
/// <param name="Km">0.1..500.</param>
/// <param name="Means">Means of travel that can use it; empty for all.</param>
public sealed record Neighbour(string StationId, string VillageId, string TheirVillageId, double Km, ImmutableArray<TravelMeans> Means);

/// <summary>
/// The stations of one hub, at least one. Ids of villages, call points, boards, responders and patrol targets are unique over all of them (<see cref="StationBookCheck"/>),
/// so that each of those ids says which station it is of. Immutable.
/// </summary>
public sealed class StationBook
{
    public const int StationsMax = 64;

    private readonly FrozenDictionary<string, Station> stations;
    private readonly FrozenDictionary<string, Station> byVillage;
    private readonly FrozenDictionary<string, Station> byCallPoint;
    private readonly FrozenDictionary<string, Station> byDevice;
    private readonly FrozenDictionary<string, Station> byResponder;
    private readonly FrozenDictionary<string, Station> withAid;
    private readonly ConcurrentDictionary<string, StationBook?> parts = new(StringComparer.Ordinal);

    /// <param name="all">Checked: <see cref="StationBookCheck"/> has no complaint.</param>
    /// <param name="homeId">See <see cref="HomeId"/>; null for the first one.</param>
    public StationBook(IEnumerable<Station> all, string? homeId = null)
    {
        Stations = [.. all];
        HomeId = homeId ?? First.Id;
        stations = Stations.ToFrozenDictionary(station => station.Id, StringComparer.Ordinal);
        byVillage = Index(station => station.Villages.Select(village => village.Id));
        byCallPoint = Index(station => station.CallPoints.Select(point => point.Id));
        byDevice = Index(station => station.Boards.Select(board => board.DeviceId));
        byResponder = Index(station => station.Responders.Select(responder => responder.Id));
        withAid = Stations.ToFrozenDictionary(station => station.Id, AidOf, StringComparer.Ordinal);
        All = Stations.Length == 1 ? First : Together(Stations);
    }

    /// <summary>In the order in which the hub was told of them.</summary>
    public ImmutableArray<Station> Stations { get; }

    /// <summary>Also the station of whatever no file names: a call from a board that nobody wrote down must reach somebody.</summary>
    public Station First => Stations[0];

    /// <summary>The station that was here when the hub had one only: what was stored without a station is its.</summary>
    public string HomeId { get; }

    /// <summary>
    /// What all stations' files list, in one: for looking up what an id means. Its targets, speeds, tables and clock are the first station's, so rules must not take it.
    /// In a hub of one station it is that station.
    /// </summary>
    public Station All { get; }

    public bool IsOne => Stations.Length == 1;

    public Station? Find(string stationId) => stations.GetValueOrDefault(stationId);

    /// <summary>The station by whose rules this incident goes: its own; where that is no longer in the hub, the first.</summary>
    public Station Of(Incident incident) => Of(incident.StationId);

    /// <inheritdoc cref="Of(Incident)"/>
    public Station Of(string stationId) => Find(stationId.Length > 0 ? stationId : HomeId) ?? First;

    public Station OfDevice(string device) => byDevice.GetValueOrDefault(device) ?? First;

    public Station? OfVillage(string villageId) => byVillage.GetValueOrDefault(villageId);

    public Station? OfCallPoint(string callPointId) => byCallPoint.GetValueOrDefault(callPointId);

    public Station? OfResponder(string responderId) => byResponder.GetValueOrDefault(responderId);

    /// <summary>The station, and with it the villages, roads and responders of those neighbours to whom its file knows a way.</summary>
    public Station WithAid(Station station) => withAid.GetValueOrDefault(station.Id) ?? station;

    /// <summary>How a station is written down in the tables: nothing for <see cref="HomeId"/>, so that what was stored before there were several stations stays as it is.</summary>
    public string CodeOf(string stationId) => stationId.Length == 0 || stationId == HomeId ? "" : stationId;

    /// <summary>A station's id from how it is written down.</summary>
    public string IdOf(string code) => code.Length == 0 ? HomeId : code;

    /// <summary>The stations of a unit: a station's own id, or a level's above it; all for the empty one. Empty when the hub knows no such unit.</summary>
    public ImmutableArray<Station> In(string unit) =>
        unit.Length == 0 ? Stations : [.. Stations.Where(station => station.Id == unit || station.Above.Any(level => level.Id == unit))];

    /// <summary>The levels above the stations, outermost first, each once.</summary>
    public IReadOnlyList<StationLevel> Levels() => [.. Stations.SelectMany(station => station.Above).DistinctBy(level => level.Id)];

    /// <summary>The name of a unit; null when the hub knows none of this id.</summary>
    public LocalText? NameOf(string unit) => Find(unit)?.Name ?? Levels().FirstOrDefault(level => level.Id == unit)?.Name;

    /// <summary>Of these stations only; null when it is none. Made once, and the same one ever after.</summary>
    public StationBook? Only(IReadOnlySet<string> stationIds) => Stations.All(station => stationIds.Contains(station.Id))
        ? this
        : parts.GetOrAdd(string.Join(',', stationIds.Order(StringComparer.Ordinal)), _ =>
            Stations.Where(station => stationIds.Contains(station.Id)).ToList() is { Count: > 0 } some ? new StationBook(some, HomeId) : null);

    /// <summary>
    /// With the moving call points where they stand now. One that went over into another station's village belongs, with its boards, to that station from now on.
    /// What is no longer in a file, or no longer moves, is where the file says.
    /// </summary>
    public StationBook With(IEnumerable<MovedCallPoint> moved)
    {
        var next = Stations.ToDictionary(station => station.Id, StringComparer.Ordinal);
        var isMoved = false;
        foreach (var entry in moved)
        {
            if (next.Values.FirstOrDefault(station => station.FindCallPoint(entry.CallPointId) is { Mobile: true }) is not { } origin || OfVillage(entry.VillageId) is not { } target)
            {
                continue;
            }

            isMoved = true;
            if (target.Id == origin.Id)
            {
                next[origin.Id] = origin.With([entry]);
                continue;
            }

            var to = next[target.Id];
            var point = origin.FindCallPoint(entry.CallPointId)! with { VillageId = entry.VillageId };
            var boards = origin.Boards.Where(board => board.CallPointId == point.Id).ToList();
            next[origin.Id] = origin with { CallPoints = origin.CallPoints.RemoveAll(other => other.Id == point.Id), Boards = origin.Boards.RemoveAll(board => board.CallPointId == point.Id) };
            next[to.Id] = to with { CallPoints = to.CallPoints.Add(point), Boards = to.Boards.AddRange(boards) };
        }

        return isMoved ? new StationBook(Stations.Select(station => next[station.Id]), HomeId) : this;
    }

    /// <summary>One station is a book of one.</summary>
    public static implicit operator StationBook(Station only) => new([only]);

    /// <summary>A station of nothing: what somebody sees who may see none.</summary>
    internal Station Empty => First with
    {
        Id = "", Name = LocalText.Empty, Region = LocalText.Empty, DataNote = LocalText.Empty, Villages = [], Roads = [], CallPoints = [], Boards = [], Responders = [], Patrol = PatrolPlan.None,
        Roster = [], JointResponses = [], WatchGroups = [], Areas = [], Above = [], Neighbours = [],
    };

    private FrozenDictionary<string, Station> Index(Func<Station, IEnumerable<string>> idsOf) =>
        Stations.SelectMany(station => idsOf(station).Select(id => (id, station))).ToFrozenDictionary(entry => entry.id, entry => entry.station, StringComparer.Ordinal);

    private Station AidOf(Station station)
    {
        var ways = station.Neighbours.Select(neighbour => (neighbour, Their: Find(neighbour.StationId))).Where(way => way.Their is not null).ToList();
        var neighbours = ways.Select(way => way.Their!).Distinct().ToList();
        return neighbours.Count == 0 ? station : station with
        {
            Villages = [.. station.Villages, .. neighbours.SelectMany(other => other.Villages)],
            Roads =
            [
                .. station.Roads, .. neighbours.SelectMany(other => other.Roads),
                .. ways.Select(way => new Road(way.neighbour.VillageId, way.neighbour.TheirVillageId, way.neighbour.Km, way.neighbour.Means)),
            ],
            Responders = [.. station.Responders, .. neighbours.SelectMany(other => other.Responders.Select(responder => responder with { AidFrom = other.Name }))],
        };
    }

    private static Station Together(ImmutableArray<Station> stations)
    {
        var common = stations[0].Above.LastOrDefault(level => stations.All(station => station.Above.Any(other => other.Id == level.Id)));
        return stations[0] with
        {
            Id = "",
            Name = common?.Name ?? new LocalText("全部派出所", "All stations"),
            Villages = [.. stations.SelectMany(station => station.Villages)],
            Roads = [.. stations.SelectMany(station => station.Roads)],
            CallPoints = [.. stations.SelectMany(station => station.CallPoints)],
            Boards = [.. stations.SelectMany(station => station.Boards)],
            Responders = [.. stations.SelectMany(station => station.Responders)],
            Patrol = new PatrolPlan(
                [.. stations.SelectMany(station => station.Patrol.Shifts)], [.. stations.SelectMany(station => station.Patrol.Points)], [.. stations.SelectMany(station => station.Patrol.Lines)]),
            Roster = [.. stations.SelectMany(station => station.Roster)],
            JointResponses = [.. stations.SelectMany(station => station.JointResponses)],
            WatchGroups = [.. stations.SelectMany(station => station.WatchGroups)],
            Areas = [.. stations.SelectMany(station => station.Areas)],
        };
    }
}
