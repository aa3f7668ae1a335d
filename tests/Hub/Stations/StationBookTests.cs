using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Incidents;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Stations;

/// <summary>Several stations of one hub: what their files say of each other, whose an id is, who helps whom, and what becomes of a room that moves over the border.</summary>
public sealed class StationBookTests
{
    [Fact]
    public void A_station_is_a_book_of_one_and_all_of_it_is_that_station()
    {
        StationBook one = Seeds.Sumitu;
        Assert.True(one.IsOne);
        Assert.Same(Seeds.Sumitu, one.All);
        Assert.Same(Seeds.Sumitu, one.WithAid(Seeds.Sumitu));
        Assert.Same(one, one.Only(new HashSet<string> { "sumitu" }));
        Assert.Equal("", one.CodeOf("sumitu"));
    }

    [Fact]
    public void Every_id_says_whose_it_is_and_what_no_file_names_is_the_first_stations()
    {
        Assert.Equal("urad-south", Seeds.Urad.OfDevice("urad-s-01").Id);
        Assert.Equal("urad-south", Seeds.Urad.OfVillage("s-well")!.Id);
        Assert.Equal("urad-north", Seeds.Urad.OfCallPoint("n-yurt")!.Id);
        Assert.Equal("urad-south", Seeds.Urad.OfResponder("s-officer-1")!.Id);
        Assert.Equal("urad-north", Seeds.Urad.OfDevice("nobody-wrote-it-down").Id);
    }

    [Theory]
    [InlineData("", "urad-north urad-south")]
    [InlineData("bayannur", "urad-north urad-south")]
    [InlineData("urad-middle-banner", "urad-north urad-south")]
    [InlineData("urad-south", "urad-south")]
    [InlineData("otog", "")]
    public void A_unit_holds_the_stations_under_it(string unit, string stations) =>
        Assert.Equal(stations, string.Join(' ', Seeds.Urad.In(unit).Select(station => station.Id)));

    [Fact]
    public void The_same_id_in_two_files_is_an_error_that_names_both_files()
    {
        var twin = Seeds.Load("urad-north.yaml") with { Id = "twin" };
        var errors = StationBookCheck.Errors([("a.yaml", Seeds.Load("urad-north.yaml")), ("b.yaml", twin)]);
        Assert.Contains(errors, error => error.ToString() == "b.yaml: `n-seat` of `villages` is also in a.yaml: such ids are unique over all stations of a hub.");
        foreach (var list in new[] { "callPoints", "boards", "responders", "patrolPoints" })
        {
            Assert.Contains(errors, error => error.Sentence.Contains(list, StringComparison.Ordinal));
        }

        Assert.Empty(StationBookCheck.Errors([("a.yaml", Seeds.Urad.Stations[0]), ("b.yaml", Seeds.Urad.Stations[1])]));
    }

    [Fact]
    public void A_level_means_the_same_in_every_file_and_is_no_station()
    {
        var (north, south) = (Seeds.Urad.Stations[0], Seeds.Urad.Stations[1]);
        var renamed = south with { Above = [south.Above[0], south.Above[1] with { Name = new LocalText("别旗") }] };
        Assert.Contains(StationBookCheck.Errors([("a.yaml", north), ("b.yaml", renamed)]), error => error.Sentence.StartsWith("`urad-middle-banner` of `station.above` stands here as", StringComparison.Ordinal));
        var above = south with { Above = [new StationLevel("urad-north", south.Name)] };
        Assert.Contains(StationBookCheck.Errors([("a.yaml", north), ("b.yaml", above)]), error => error.Sentence.Contains("is a station of this hub", StringComparison.Ordinal));
    }

    [Fact]
    public void A_way_to_a_neighbours_village_that_is_not_there_or_too_short_is_an_error_and_a_neighbour_elsewhere_is_none()
    {
        var (north, south) = (Seeds.Urad.Stations[0], Seeds.Urad.Stations[1]);
        Neighbour way = north.Neighbours[0];
        Assert.Contains(StationBookCheck.Errors([("a.yaml", north with { Neighbours = [way with { TheirVillageId = "nowhere" }] }), ("b.yaml", south)]), error => error.Sentence == "`neighbours`: urad-south has no village `nowhere`.");
        Assert.Contains(StationBookCheck.Errors([("a.yaml", north with { Neighbours = [way with { Km = 2 }] }), ("b.yaml", south)]), error => error.Sentence.Contains("the straight line has", StringComparison.Ordinal));
        Assert.Empty(StationBookCheck.Errors([("a.yaml", north)]));
    }

    [Fact]
    public void A_moving_room_belongs_with_its_board_to_the_station_whose_village_it_stands_in()
    {
        var moved = Seeds.Urad.With([new MovedCallPoint("n-yurt", "s-well", TestTime.Start, "desk")]);
        Assert.Equal("urad-south", moved.OfCallPoint("n-yurt")!.Id);
        Assert.Equal("urad-south", moved.OfDevice("urad-yurt").Id);
        Assert.Null(moved.Find("urad-north")!.FindCallPoint("n-yurt"));
        var back = moved.With([new MovedCallPoint("n-yurt", "n-border", TestTime.Start, "desk")]);
        Assert.Equal("urad-north", back.OfDevice("urad-yurt").Id);
        Assert.Equal("n-border", back.All.FindCallPoint("n-yurt")!.VillageId);
        Assert.Same(Seeds.Urad, Seeds.Urad.With([new MovedCallPoint("n-border-room", "s-well", TestTime.Start, "desk")]));
    }

    [Fact]
    public void A_neighbour_who_is_sooner_there_is_suggested_with_words_why_and_one_who_is_not_is_no_candidate()
    {
        var near = Suggest("n-border-room");
        var help = near[0];
        Assert.Equal("s-auxiliary-1", help.Responder.Id);
        Assert.NotNull(help.Responder.AidFrom);
        Assert.Equal("mutualAid", help.Reasons.First(reason => reason.Key is not ("firstAble" or "nearestPolice")).Key);
        Assert.Contains("sooner than this station's own", help.Reasons.Single(reason => reason.Key == "mutualAid").Text.En, StringComparison.Ordinal);
        Assert.Equal(2, near.Count(suggestion => suggestion.Responder.AidFrom is null));

        Assert.DoesNotContain(Suggest("n-pasture-room"), suggestion => suggestion.Responder.AidFrom is not null);
    }

    [Fact]
    public void A_neighbour_may_be_chosen_by_hand_and_nobody_of_a_station_without_a_way_here()
    {
        var call = Call("n-pasture-room");
        var context = new DecideContext(TestTime.Start, "desk", new StationTargets()) { Station = Seeds.Urad.WithAid(Seeds.Urad.Stations[0]) };
        Assert.False(IncidentRules.Decide(call, new IncidentCommand.Dispatch(["s-officer-1"]), context).IsRefused);
        var apart = new StationBook([Seeds.Urad.Stations[0] with { Neighbours = [] }, Seeds.Urad.Stations[1]]);
        Assert.Equal(RefusalNames.UnknownResponder, IncidentRules.Decide(call, new IncidentCommand.Dispatch(["s-officer-1"]), context with { Station = apart.WithAid(apart.Stations[0]) }).Refusal!.Name);
    }

    private static IReadOnlyList<Suggestion> Suggest(string callPoint)
    {
        var call = Call(callPoint);
        return SuggestionRules.Suggest(Seeds.Urad.WithAid(Seeds.Urad.Of(call)), call, ResponderStates.Of(Seeds.Urad, [], new Dictionary<string, DutyEntry>(), TestTime.Start));
    }

    private static Incident Call(string callPoint) => IncidentRules.Evolve(null,
    [
        new IncidentEvent.Opened(
            TestTime.Start, "gw/urad-n-02", 1, IncidentKind.Help, callPoint, Seeds.Urad.All.FindCallPoint(callPoint)!.VillageId, ZoneClass.General, IncidentStory.Press("help"), StationId: "urad-north"),
    ]);
}
