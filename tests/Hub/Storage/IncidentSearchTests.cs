using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Storage;

/// <summary>Incidents by a part of a place's name, by kind, by days, and all of it together.</summary>
public sealed class IncidentSearchTests : IDisposable
{
    private const string Here = "bayanbulag-room";
    private readonly CoreHarness _hub = new();
    private readonly DateTimeOffset _begins;

    public IncidentSearchTests()
    {
        _begins = _hub.Now;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Signal(1));
        var there = _hub.Provision(Seeds.Sumitu.Boards.First(board => board.CallPointId == "bayanundur-room").DeviceId);
        _hub.Receive("status", there.Birth(), there);
        _hub.Advance(3 * 86_400);
        _hub.Receive("signal", there.Signal(1), there);
        _hub.Receive("signal", _hub.Board.Signal(2, "smoke", 4));
    }

    [Theory]
    [InlineData("BAYANBULAG", 2)]
    [InlineData("巴音布拉格", 2)]
    [InlineData("bayan", 3)]
    [InlineData("nowhere", 0)]
    public void A_part_of_a_name_in_any_language_finds_the_calls_of_its_places(string text, int calls) =>
        Assert.Equal(calls, Found(new IncidentQuery(Places: PlaceSearch.Find(Seeds.Sumitu, text))).Count);

    [Fact]
    public void A_text_that_names_more_than_twenty_places_is_too_wide()
    {
        var many = Seeds.Sumitu with { CallPoints = [.. Enumerable.Range(0, 21).Select(n => Seeds.Sumitu.CallPoints[0] with { Id = $"room-{n}" })] };
        Assert.Null(PlaceSearch.Find(many, "room"));
        Assert.Equal(20, PlaceSearch.Find(many with { CallPoints = many.CallPoints[..20] }, "room")!.Count);
    }

    [Fact]
    public void Days_kind_place_and_state_narrow_each_other()
    {
        var (first, late) = (_begins.AddDays(-1), _begins.AddDays(2));
        Assert.Equal(2, Found(new IncidentQuery(From: late, To: late.AddDays(2))).Count);
        Assert.Single(Found(new IncidentQuery(From: first, To: late)));
        Assert.Equal([Here], Found(new IncidentQuery(From: late, To: late.AddDays(2), Places: [Here])).Select(incident => incident.CallPointId));
        Assert.Equal([IncidentKind.Smoke], Found(new IncidentQuery(From: late, To: late.AddDays(2), Kind: IncidentKind.Smoke)).Select(incident => incident.Kind));
        Assert.Single(Found(new IncidentQuery(From: first, To: late.AddDays(2), VillageId: "bayanbulag", Kind: IncidentKind.Help)));
        Assert.Equal(2, Found(new IncidentQuery(Open: true, Places: [Here])).Count);
        Assert.Empty(Found(new IncidentQuery(Open: false, Places: [Here])));
        Assert.Single(Found(new IncidentQuery(Open: true, VillageId: "bayanbulag", Kind: IncidentKind.Help)));
        Assert.Single(Found(new IncidentQuery(Open: true, Kind: IncidentKind.Smoke, CallPointId: Here)));
    }

    [Fact]
    public void Pages_go_on_behind_the_last_one()
    {
        var all = Found(new IncidentQuery(Places: PlaceSearch.Find(Seeds.Sumitu, "bayan"), Limit: 2));
        var rest = Found(new IncidentQuery(Places: PlaceSearch.Find(Seeds.Sumitu, "bayan"), Limit: 2, BeforeId: all[^1].Id));
        Assert.Equal(3, all.Concat(rest).Select(incident => incident.Id).Distinct().Count());
        Assert.True(all[0].Id > all[1].Id && all[1].Id > rest[0].Id);
    }

    public void Dispose() => _hub.Dispose();

    /// <summary>Without what the silent link makes in three days.</summary>
    private List<Incident> Found(IncidentQuery query) =>
        [.. _hub.Queries.Incidents(query).Select(summary => summary.Incident).Where(incident => incident.Kind != IncidentKind.LinkLost)];
}
