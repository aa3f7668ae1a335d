using Gateway.Hub.Stations;

namespace Gateway.Hub.Tests.Stations;

/// <summary>What the sources say in numbers of the other systems is in their station files (seeds/SOURCES.md).</summary>
public sealed class OtherStationsTests
{
    [Fact]
    public void Baita_Street_has_ten_grids_with_one_community_officer_each_S1()
    {
        var station = Seeds.Load("baita-street.yaml");
        var grids = station.Villages.Where(village => village.Id.StartsWith("grid-", StringComparison.Ordinal)).Select(village => village.Id).ToList();

        Assert.Equal(10, grids.Count);
        Assert.All(grids, grid => Assert.Single(station.Responders, responder => responder.VillageId == grid && responder.Role == ResponderRole.Officer));
    }

    [Fact]
    public void Urad_Middle_Banner_has_87_villages_with_an_auxiliary_and_a_pen_each_and_22_assistants_S2()
    {
        var station = Seeds.Load("urad-middle.yaml");
        var villages = station.Villages.Where(village => village.Id != station.VillageId).Select(village => village.Id).ToList();

        Assert.Equal(87, villages.Count);
        Assert.All(villages, village => Assert.Single(station.Responders, responder => responder.VillageId == village && responder.Role == ResponderRole.Auxiliary));
        Assert.Equal(22, station.Responders.Count(responder => responder.Role == ResponderRole.VillagePolice));
        Assert.All(station.Boards, board => Assert.Contains(board.Zones, zone => zone.Kind == ZoneKind.Pen));
    }

    [Fact]
    public void Baicheng_has_9_work_stations_21_core_and_12_key_areas_and_1_3_5_minutes_S4()
    {
        var station = Seeds.Load("baicheng.yaml");

        Assert.Equal(9, station.Villages.Count(village => village.Id.StartsWith("work-", StringComparison.Ordinal)));
        Assert.Equal((21, 12), (station.CallPoints.Count(point => point.ZoneClass == ZoneClass.Core), station.CallPoints.Count(point => point.ZoneClass == ZoneClass.Key)));
        Assert.Equal([60, 180, 300], Enum.GetValues<ZoneClass>().Select(station.Targets.ArriveS));
    }

    [Fact]
    public void Hainan_has_all_roles_of_4_and_N_S5() =>
        Assert.Equal(Enum.GetValues<ResponderRole>(), Seeds.Load("hainan.yaml").Responders.Select(responder => responder.Role).Distinct().Order());

    [Theory]
    [InlineData("baita-street.yaml")]
    [InlineData("urad-middle.yaml")]
    [InlineData("baicheng.yaml")]
    [InlineData("hainan.yaml")]
    [InlineData("tongliao.yaml")]
    [InlineData("chifeng.yaml")]
    public void What_is_invented_says_so(string file)
    {
        var station = Seeds.Load(file);

        Assert.All(station.Villages, village => Assert.True(village.SyntheticPlace, village.Id));
        Assert.All(station.CallPoints, point => Assert.True(point.CallBackNumberSynthetic, point.Id));
        Assert.Contains("synthetic", station.DataNote.En);
    }
}
