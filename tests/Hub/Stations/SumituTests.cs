using Gateway.Hub.Dispatch;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Tests.Stations;

/// <summary>The seed holds what the sources say of Sumitu (S6 in seeds/SOURCES.md), and marks what it invents.</summary>
public sealed class SumituTests
{
    private static readonly Station Sumitu = Seeds.Sumitu;

    [Fact]
    public void Every_station_file_of_the_seeds_loads()
    {
        var files = Directory.GetFiles(Path.Combine(Seeds.Folder, "stations"), "*.yaml");

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(StationLoader.Load(file).Errors));
    }

    [Fact]
    public void Ten_gacha_have_a_room_with_a_board_each()
    {
        Assert.Equal(11, Sumitu.Villages.Length);
        Assert.Equal(10, Sumitu.CallPoints.Select(point => point.VillageId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 10).Select(n => $"sumitu-{n:00}"), Sumitu.Boards.Select(board => board.DeviceId));
        Assert.All(Sumitu.Boards, board => Assert.Equal(
            [(0, ZoneKind.Box), (1, ZoneKind.Help), (2, ZoneKind.Silent), (3, ZoneKind.Door), (4, ZoneKind.Pen), (5, ZoneKind.Smoke), (6, ZoneKind.Water)],
            board.Zones.Select(zone => (zone.Number, zone.Kind))));
    }

    [Fact]
    public void The_nearest_gacha_is_over_30_km_away_and_the_farthest_over_70()
    {
        var km = new RoadGraph(Sumitu, TravelMeans.Car).From(Sumitu.VillageId).Where(way => way.Key != Sumitu.VillageId).Select(way => way.Value).ToList();

        Assert.Equal(10, km.Count);
        Assert.InRange(km.Min(), 30, 35);
        Assert.InRange(km.Max(), 70, 75);
    }

    [Fact]
    public void More_than_40_volunteers_live_across_all_gacha()
    {
        var volunteers = Sumitu.Responders.Where(responder => responder.Role == ResponderRole.Volunteer).ToList();

        Assert.True(volunteers.Count > 40, $"{volunteers.Count} volunteers");
        Assert.Equal(10, volunteers.Select(volunteer => volunteer.VillageId).Distinct().Count());
        Assert.Contains(Sumitu.Responders, responder => responder.Role == ResponderRole.Officer && responder.VillageId == Sumitu.VillageId);
    }

    [Fact]
    public void What_is_invented_says_so()
    {
        Assert.All(Sumitu.Villages, village => Assert.True(village.SyntheticPlace, village.Id));
        Assert.All(Sumitu.Villages.Where(village => village.Id != "sumitu"), village => Assert.True(village.SyntheticName, village.Id));
        Assert.All(Sumitu.CallPoints, point => Assert.True(point.CallBackNumberSynthetic, point.Id));
        Assert.Contains("synthetic", Sumitu.DataNote.En);
    }

    [Fact]
    public void Every_gacha_can_be_answered_in_Mongolian_and_Chinese() =>
        Assert.All(Sumitu.CallPoints, point => Assert.All(new[] { "mn", "zh" }, language => Assert.Contains(
            Sumitu.Responders, responder => responder.VillageId == point.VillageId && responder.OnDuty && responder.Languages.Contains(language))));
}
