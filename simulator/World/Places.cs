using System.Globalization;
using Gateway.Hub.Stations;
using Gateway.World.Boards;

namespace Gateway.World;

/// <summary>A made-up station for the world: one village for ten boards, a call point for each board, a handful of responders.</summary>
internal sealed class Places
{
    private const int BoardsPerVillage = 10;

    /// <summary>Elsewhere it is a week; a world of some hours shall see it run out.</summary>
    private const int FollowUpS = 1_800;

    public Places(int boards, ulong seed)
    {
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
            ]));
        }

        Station = new Station
        {
            Id = "world", Name = Text("World"), Region = Text("Nowhere"), DataNote = Text("Everything here is invented."), VillageId = "v0", Targets = new StationTargets { FollowUpS = FollowUpS },
            Speeds = new TravelSpeeds(60, 45, 15, 5), Villages = [.. villages], Roads = [.. roads], CallPoints = [.. points], Boards = [.. stationBoards],
            Responders = [.. Enumerable.Range(1, 8).Select(Volunteer)],
        };
    }

    public Station Station { get; }

    public List<string> Devices { get; } = [];

    public static string DeviceOf(int board) => string.Create(CultureInfo.InvariantCulture, $"world-{board:0000}");

    private static Responder Volunteer(int number) => new(
        "r" + number.ToString(CultureInfo.InvariantCulture), Text("Volunteer"), (ResponderRole)(number % 8), "v0", [SkillNames.FirstAid], ["mn", "zh"],
        [TravelMeans.Motorbike], 2, OnDuty: true);

    private static LocalText Text(string text) => new(text, text);
}
