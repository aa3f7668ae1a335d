using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>
/// A police station with everything that is known of its area: the content of one station file (seeds/README.md). Immutable reference data;
/// <see cref="StationLoader"/> has checked every reference and bound in it.
/// </summary>
public sealed record Station
{
    private readonly FrozenDictionary<string, Village> villages = FrozenDictionary<string, Village>.Empty;
    private readonly FrozenDictionary<string, CallPoint> callPoints = FrozenDictionary<string, CallPoint>.Empty;
    private readonly FrozenDictionary<string, Board> boards = FrozenDictionary<string, Board>.Empty;
    private readonly FrozenDictionary<string, Responder> responders = FrozenDictionary<string, Responder>.Empty;

    public required string Id { get; init; }

    public required LocalText Name { get; init; }

    /// <summary>The banner, county or district above it.</summary>
    public required LocalText Region { get; init; }

    /// <summary>What in this data is real and what is invented, for whoever reads it on a screen.</summary>
    public required LocalText DataNote { get; init; }

    /// <summary>Id of the village where the station stands.</summary>
    public required string VillageId { get; init; }

    public required StationTargets Targets { get; init; }

    public required TravelSpeeds Speeds { get; init; }

    public required ImmutableArray<Village> Villages
    {
        get;
        init
        {
            field = value;
            villages = value.ToFrozenDictionary(village => village.Id, StringComparer.Ordinal);
        }
    }

    public required ImmutableArray<Road> Roads { get; init; }

    public required ImmutableArray<CallPoint> CallPoints
    {
        get;
        init
        {
            field = value;
            callPoints = value.ToFrozenDictionary(point => point.Id, StringComparer.Ordinal);
        }
    }

    public required ImmutableArray<Board> Boards
    {
        get;
        init
        {
            field = value;
            boards = value.ToFrozenDictionary(board => board.DeviceId, StringComparer.Ordinal);
        }
    }

    public required ImmutableArray<Responder> Responders
    {
        get;
        init
        {
            field = value;
            responders = value.ToFrozenDictionary(responder => responder.Id, StringComparer.Ordinal);
        }
    }

    /// <summary>Where patrols must go; empty where the file names nothing.</summary>
    public PatrolPlan Patrol { get; init; } = PatrolPlan.None;

    /// <summary>How calls add up to an early warning.</summary>
    public WarningTable Warnings { get; init; } = new();

    /// <summary>The station's clock against UTC, for shifts, days and months. China has one zone and no summer time.</summary>
    public TimeSpan UtcOffset { get; init; } = TimeSpan.FromHours(8);

    public ImmutableArray<RosterEntry> Roster { get; init; } = [];

    public ImmutableArray<JointResponse> JointResponses { get; init; } = [];

    public ImmutableArray<WatchGroup> WatchGroups { get; init; } = [];

    public ImmutableArray<Area> Areas { get; init; } = [];

    /// <summary>The levels above, outermost first: an account of such a level sees every station under it. Empty where nobody above has an account here.</summary>
    public ImmutableArray<StationLevel> Above { get; init; } = [];

    /// <summary>Ways to neighbouring stations, for mutual aid.</summary>
    public ImmutableArray<Neighbour> Neighbours { get; init; } = [];

    public Village? FindVillage(string id) => villages.GetValueOrDefault(id);

    public CallPoint? FindCallPoint(string id) => callPoints.GetValueOrDefault(id);

    public Board? FindBoard(string deviceId) => boards.GetValueOrDefault(deviceId);

    public Responder? FindResponder(string id) => responders.GetValueOrDefault(id);

    public JointResponse? FindJointResponse(string id) => JointResponses.FirstOrDefault(response => response.Id == id);

    /// <summary>The station with its moving call points where they stand now. What is no longer in the file, or no longer moves, is where the file says.</summary>
    public Station With(IEnumerable<MovedCallPoint> moved)
    {
        var places = moved.Where(entry => FindVillage(entry.VillageId) is not null).ToDictionary(entry => entry.CallPointId, entry => entry.VillageId, StringComparer.Ordinal);
        return places.Count == 0 ? this : this with
        {
            CallPoints = [.. CallPoints.Select(point => point.Mobile && places.TryGetValue(point.Id, out var village) ? point with { VillageId = village } : point)],
        };
    }

    /// <summary>The group that a call from here alerts; null where it has none, or its consent is not recorded.</summary>
    public WatchGroup? FindWatchOf(string callPointId) =>
        WatchGroups.FirstOrDefault(group => group.CallPointIds.Contains(callPointId) && group.HasConsentOf(callPointId));
}

/// <summary>A village, gacha, grid or street of the area: a node of the road graph.</summary>
/// <param name="Latitude">WGS 84 degrees, north positive.</param>
/// <param name="Longitude">WGS 84 degrees, east positive.</param>
/// <param name="SyntheticName">The name is invented: the sources do not give one.</param>
/// <param name="SyntheticPlace">The coordinates are invented.</param>
public sealed record Village(string Id, LocalText Name, double Latitude, double Longitude, bool SyntheticName, bool SyntheticPlace)
{
    /// <summary>Anything in it is invented.</summary>
    public bool Synthetic => SyntheticName || SyntheticPlace;

    private const double EarthRadiusKm = 6_371;

    /// <summary>Straight line over the ground, km.</summary>
    public double KmTo(Village other)
    {
        var a = double.DegreesToRadians(Latitude);
        var b = double.DegreesToRadians(other.Latitude);
        var halfLat = (b - a) / 2;
        var halfLon = double.DegreesToRadians(other.Longitude - Longitude) / 2;
        var h = Math.Pow(Math.Sin(halfLat), 2) + (Math.Cos(a) * Math.Cos(b) * Math.Pow(Math.Sin(halfLon), 2));
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}

/// <summary>A way between two villages, travelled in both directions.</summary>
/// <param name="Km">0.1..500.</param>
/// <param name="Means">Means of travel that can use it; empty for all.</param>
public sealed record Road(string From, string To, double Km, ImmutableArray<TravelMeans> Means);

/// <summary>Speeds in km/h over the whole way, getting ready not included.</summary>
public sealed record TravelSpeeds(double CarKmh, double MotorbikeKmh, double HorseKmh, double FootKmh)
{
    public double Of(TravelMeans means) => means switch
    {
        TravelMeans.Car => CarKmh,
        TravelMeans.Motorbike => MotorbikeKmh,
        TravelMeans.Horse => HorseKmh,
        _ => FootKmh,
    };
}

public enum TravelMeans
{
    Car,
    Motorbike,
    Horse,
    Foot,
}

/// <summary>How near help must be (S4): core 1 min, key 3 min, general 5 min by default; a station may set its own numbers.</summary>
public enum ZoneClass
{
    Core,
    Key,
    General,
}

/// <summary>A place from which calls come: a room, a house, a pen. Whoever answers a call needs these words.</summary>
/// <param name="CallBackNumber">Telephone number that reaches the place; marked as synthetic in the data when it is.</param>
/// <param name="Directions">How to find it, in plain words.</param>
public sealed record CallPoint(
    string Id, LocalText Name, string VillageId, ZoneClass ZoneClass, string CallBackNumber, bool CallBackNumberSynthetic, LocalText Directions,
    ImmutableArray<string> Languages)
{
    /// <summary>It moves (a yurt police room, a backpack): its village is where it stands at first, and the desk says where it stands now.</summary>
    public bool Mobile { get; init; }
}

/// <summary>A gateway at a call point, with the zones it watches.</summary>
public sealed record Board(string DeviceId, string CallPointId, ImmutableArray<Zone> Zones)
{
    /// <summary>It stands at the station and sounds for calls that nobody takes.</summary>
    public bool Annunciator { get; init; }

    public Zone? FindZone(int number) => Zones.FirstOrDefault(zone => zone.Number == number);
}

/// <summary>The named place that an electrical loop watches.</summary>
/// <param name="Number">0..32; 0 is the board itself.</param>
/// <param name="LifeSafety">Its signals travel in the call lane.</param>
public sealed record Zone(int Number, ZoneKind Kind, LocalText Name, bool LifeSafety);

public enum ZoneKind
{
    Box,
    Help,
    Silent,
    Door,
    Pen,
    Smoke,
    Gas,
    Water,
    Sensor,
    Tamper,
    Mains,
    Patrol,
}
