using System.Globalization;
using Gateway.Hub.Stations;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World;

/// <summary>
/// A made-up station for the world: one village for ten boards, a call point for each board, a handful of responders. What not every station has, the dice give it:
/// a box of its own that sounds for calls that nobody takes, neighbours who watch over each other, a warden, somebody with a box at home.
/// </summary>
internal sealed class Places
{
    private const int BoardsPerVillage = 10;

    /// <summary>Elsewhere it is a week; a world of some hours shall see it run out.</summary>
    private const int FollowUpS = 1_800;

    /// <summary>Neighbours who watch over each other: the first of the first village.</summary>
    private const int WatchMax = 4;

    /// <summary>Who may have a box at home.</summary>
    private const string AtHome = "r2";

    public Places(int boards, ulong seed)
    {
        var dice = new Dice(seed, "places");
        var hasAnnunciator = !dice.OneIn(4);
        var villages = new List<Village>();
        var points = new List<CallPoint>();
        var stationBoards = new List<Board>();
        var roads = new List<Road>();
        for (var i = 0; i < boards; i++)
        {
            var village = "v" + (i / BoardsPerVillage).ToString(CultureInfo.InvariantCulture);
            if (i % BoardsPerVillage == 0)
            {
                villages.Add(new Village(village, Text(village), 43.5 + (0.01 * villages.Count), 118.2, SyntheticName: true, SyntheticPlace: true));
                if (villages.Count > 1)
                {
                    roads.Add(new Road(villages[^2].Id, village, 7, []));
                }
            }

            var device = DeviceOf(i);
            Devices.Add(device);
            points.Add(new CallPoint("p" + device, Text("room " + device), village, (ZoneClass)(i % 3), "000", true, Text("by the road"), []));
            stationBoards.Add(new Board(device, "p" + device,
            [
                new Zone(1, ZoneKind.Help, Text("help"), true), new Zone(2, ZoneKind.Silent, Text("silent"), true),
                .. new BoardZones(seed, device).All.Select(static zone => new Zone(zone.Zone, Enum.Parse<ZoneKind>(zone.Kind, ignoreCase: true), Text(zone.Kind), zone.IsLife)),
            ]) { Annunciator = hasAnnunciator && i == 0 });
        }

        Station = new Station
        {
            Id = "world", Name = Text("World"), Region = Text("Nowhere"), DataNote = Text("Everything here is invented."), VillageId = "v0", Targets = new StationTargets { FollowUpS = FollowUpS },
            Speeds = new TravelSpeeds(60, 45, 15, 5), Villages = [.. villages], Roads = [.. roads], CallPoints = [.. points], Boards = [.. stationBoards],
            Responders = [.. Enumerable.Range(1, 8).Select(Volunteer).Select(responder => responder.Id == AtHome && dice.OneIn(2) ? responder with { BoxDevice = Devices[^1] } : responder)],
            WatchGroups = dice.OneIn(4) ? [] : [Neighbours(dice)],
            Areas = dice.OneIn(2) ? [new Area("steppe", Text("steppe"), AreaKind.Grassland, ["v0"], "r6")] : [],
        };
    }

    public Station Station { get; }

    public List<string> Devices { get; } = [];

    public static string DeviceOf(int board) => string.Create(CultureInfo.InvariantCulture, $"world-{board:0000}");

    /// <summary>The consent of one of them may not be recorded: its calls alert nobody.</summary>
    private WatchGroup Neighbours(Dice dice)
    {
        string[] points = [.. Devices.Take(WatchMax).Select(static device => "p" + device)];
        var without = dice.Between(0, WatchMax);
        return new WatchGroup(
            "neighbours", Text("neighbours"), [.. points], ["r1", "r5"], dice.OneIn(2) ? [Devices[Math.Min(1, Devices.Count - 1)]] : [],
            [.. points.Where((_, at) => at != without).Select(static point => new WatchConsent(point, "2026-05-01", "village office"))]);
    }

    private static Responder Volunteer(int number) => new(
        "r" + number.ToString(CultureInfo.InvariantCulture), Text("Volunteer"), (ResponderRole)(number % 8), "v0", [SkillNames.FirstAid], ["mn", "zh"],
        [TravelMeans.Motorbike], 2, OnDuty: true);

    private static LocalText Text(string text) => new(text, text);
}
