using System.Collections.Immutable;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Incidents;
using Gateway.Hub.Tests.Stations;

namespace Gateway.Hub.Tests.Dispatch;

/// <summary>Who could be there first, with reasons in plain words.</summary>
public sealed class SuggestionTests
{
    private static readonly Station Sumitu = Seeds.Sumitu;

    [Fact]
    public void For_a_remote_gacha_the_nearest_volunteer_and_the_nearest_officer_are_recommended()
    {
        var recommended = Suggest(Call("help")).Where(suggestion => suggestion.Recommended).ToList();

        Assert.Equal([ResponderRole.Volunteer, ResponderRole.Officer], recommended.Select(suggestion => suggestion.Responder.Role));
        Assert.Equal("munkhgol", recommended[0].Responder.VillageId);
        Assert.Equal(1, recommended[0].Rank);
        Assert.True(recommended[0].EtaMinutes < 15 && recommended[1].EtaMinutes > 60, string.Join(", ", recommended));
    }

    [Fact]
    public void The_way_is_the_shortest_over_the_roads_and_the_time_is_by_means()
    {
        var officer = Suggest(Call("help")).First(suggestion => suggestion.Responder.Id == IncidentStory.Officer);
        var km = new RoadGraph(Sumitu, TravelMeans.Car).From("munkhgol")["sumitu"];

        Assert.Equal((TravelMeans.Car, km), (officer.Means, officer.Km));
        Assert.Equal((int)Math.Ceiling(3 + (km / Sumitu.Speeds.CarKmh * 60)), officer.EtaMinutes);
    }

    [Fact]
    public void Every_suggestion_says_why_in_Chinese_and_English()
    {
        var suggestions = Suggest(Call("help"));

        Assert.All(suggestions, suggestion => Assert.Contains(suggestion.Reasons, reason => reason.Key == "way"));
        Assert.All(suggestions.SelectMany(suggestion => suggestion.Reasons), reason => Assert.True(reason.Text.Zh.Length > 0 && reason.Text.En.Length > 0, reason.Key));
        Assert.Equal("Can be there first", suggestions[0].Reasons[0].Text.For("en"));
        Assert.Equal("最先能到", suggestions[0].Reasons[0].Text.For("zh-CN"));
    }

    [Fact]
    public void Who_is_not_on_duty_is_not_suggested()
    {
        var offDuty = Sumitu.Responders.Where(responder => !responder.OnDuty).Select(responder => responder.Id).ToHashSet();

        Assert.NotEmpty(offDuty);
        Assert.DoesNotContain(Suggest(Call("help")), suggestion => offDuty.Contains(suggestion.Responder.Id));
        Assert.Equal(Sumitu.Responders.Length - offDuty.Count, Suggest(Call("help")).Length);
    }

    [Fact]
    public void A_silent_call_is_for_police_only()
    {
        var recommended = Assert.Single(Suggest(Call("silent")), suggestion => suggestion.Recommended);

        Assert.True(recommended.Responder.IsPolice);
        Assert.Equal("policeFirst", recommended.Reasons[0].Key);
    }

    [Fact]
    public void Equipment_wants_one_person_with_the_skill_where_the_way_allows_it()
    {
        var battery = Suggest(Call("battery", state: "low", zone: 0));
        var recommended = Assert.Single(battery, suggestion => suggestion.Recommended);

        Assert.Contains(SkillNames.Electrical, recommended.Responder.Skills);
    }

    [Fact]
    public void Skill_language_and_load_count_as_minutes_and_are_said()
    {
        var station = Plain();
        var call = IncidentRules.Evolve(null, [new IncidentEvent.Opened(IncidentStory.Start, "gw", 1, IncidentKind.Smoke, "room", "a", ZoneClass.General, IncidentStory.Press("smoke"))]);
        var busy = States(station, []).SetItem("fireman", new ResponderState("fireman", true, "a", 1));

        Assert.Equal(["fireman", "speaker", "stranger"], Ids(SuggestionRules.Suggest(station, call, States(station, []))));
        Assert.Equal(["speaker", "stranger", "fireman"], Ids(SuggestionRules.Suggest(station, call, busy)));
        Assert.Contains(SuggestionRules.Suggest(station, call, busy)[2].Reasons, reason => reason.Key == "busy");
        Assert.Contains(SuggestionRules.Suggest(station, call, busy)[1].Reasons, reason => reason.Key == "noLanguage");
        Assert.Contains(SuggestionRules.Suggest(station, call, busy)[0].Reasons, reason => reason.Key == "noSkill");
        static IEnumerable<string> Ids(IEnumerable<Suggestion> suggestions) => suggestions.Select(suggestion => suggestion.Responder.Id);
    }

    [Fact]
    public void Who_is_sent_already_is_shown_as_such_and_not_recommended_again()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(new IncidentCommand.Dispatch([IncidentStory.Volunteer], 10));

        var suggestions = SuggestionRules.Suggest(Sumitu, story.Current, States(Sumitu, [story.Current]));

        Assert.Equal([ResponderRole.Officer], suggestions.Where(suggestion => suggestion.Recommended).Select(suggestion => suggestion.Responder.Role));
        Assert.Contains(suggestions.Single(suggestion => suggestion.Responder.Id == IncidentStory.Volunteer).Reasons, reason => reason.Key == "sent");
    }

    [Fact]
    public void Who_is_out_is_busy_and_is_where_they_arrived_until_the_work_is_over()
    {
        var story = IncidentStory.WithHelpCall().Accepted().Does(new IncidentCommand.Dispatch([IncidentStory.Officer], 80)).Does(new IncidentCommand.EnRoute(IncidentStory.Officer));
        Assert.Equal(new ResponderState(IncidentStory.Officer, true, "sumitu", 1), States(Sumitu, [story.Current])[IncidentStory.Officer]);

        story.Does(new IncidentCommand.Arrive(IncidentStory.Officer));
        Assert.Equal(new ResponderState(IncidentStory.Officer, true, "munkhgol", 1), States(Sumitu, [story.Current])[IncidentStory.Officer]);

        story.Does(new IncidentCommand.Handle("Done."));
        Assert.Equal(new ResponderState(IncidentStory.Officer, true, "sumitu", 0), States(Sumitu, [story.Current])[IncidentStory.Officer]);
    }

    [Fact]
    public void A_track_for_horses_is_no_road_for_cars()
    {
        var car = new RoadGraph(Sumitu, TravelMeans.Car).From("saikhan")["bayanbulag"];
        var horse = new RoadGraph(Sumitu, TravelMeans.Horse).From("saikhan")["bayanbulag"];

        Assert.True(horse < car, $"horse {horse} km, car {car} km");
    }

    [Fact]
    public void A_call_from_a_board_that_the_station_does_not_know_is_measured_from_the_station()
    {
        var call = new IncidentStory().Open(IncidentStory.Press(device: "stranger-1")).Current;

        Assert.Equal("sumitu", Suggest(call)[0].Responder.VillageId);
    }

    private static Incident Call(string kind, string state = "alarm", int zone = 1) => new IncidentStory().Open(IncidentStory.Press(kind, zone: zone, state: state)).Current;

    private static ImmutableDictionary<string, ResponderState> States(Station station, Incident[] open) =>
        ResponderStates.Of(station, open, ImmutableDictionary<string, DutyEntry>.Empty, IncidentStory.Start);

    private static ImmutableArray<Suggestion> Suggest(Incident incident) => SuggestionRules.Suggest(Sumitu, incident, States(Sumitu, []));

    /// <summary>One village; three people alike but for one thing each.</summary>
    private static Station Plain()
    {
        static Responder Person(string id, string[] skills, string[] languages) =>
            new(id, new LocalText(id), ResponderRole.Volunteer, "a", [.. skills], [.. languages], [TravelMeans.Foot], 0, true);
        return Sumitu with
        {
            VillageId = "a",
            Villages = [new Village("a", new LocalText("甲"), 39, 107, true, true)],
            Roads = [],
            CallPoints = [new CallPoint("room", new LocalText("室"), "a", ZoneClass.General, "0", true, LocalText.Empty, ["mn"])],
            Boards = [],
            Responders = [Person("stranger", [], ["zh"]), Person("speaker", [], ["mn"]), Person("fireman", [SkillNames.Fire], ["mn"])],
        };
    }
}
