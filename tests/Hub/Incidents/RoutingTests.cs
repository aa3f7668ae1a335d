using Gateway.Hub.Incidents;
using static Gateway.Hub.Incidents.IncidentCommand;
using static Gateway.Hub.Tests.Incidents.IncidentStory;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>I2: where a committed signal belongs.</summary>
public sealed class RoutingTests
{
    [Fact]
    public void A_press_opens_an_incident_at_its_call_point()
    {
        var route = SignalRouting.Route(Press(), Sumitu, [], 41);

        var open = Assert.IsType<OpenBySignal>(route.Command);
        Assert.Equal((RouteKind.Open, 41L), (route.Kind, route.IncidentId));
        Assert.Equal((41L, IncidentKind.Help, "munkhgol-room", "munkhgol"), (open.IncidentId, open.Kind, open.CallPointId, open.VillageId));
    }

    [Theory]
    [InlineData("pen", "event", 2)]
    [InlineData("pen", "call", 1)]
    [InlineData("water", "volatile", 1)]
    [InlineData("smoke", "call", 1)]
    public void A_sensor_on_whose_zone_a_life_depends_ranks_with_the_calls(string kind, string lane, int priority)
    {
        var incident = new IncidentStory().Open(Press(kind, zone: 5, lane: lane)).Current;

        Assert.Equal(priority, Urgency.PriorityOf(incident));
    }

    [Theory]
    [InlineData("help")]
    [InlineData("silent")]
    public void A_repeated_press_on_the_latched_call_joins_however_late(string kind)
    {
        var incident = new IncidentStory().Open(Press(kind)).Current;

        AssertJoins(incident, Press(kind, 18, 17, 2, receivedAt: Start.AddDays(2), occurredAt: Start.AddDays(2)));
    }

    [Fact]
    public void A_new_call_of_the_same_point_and_kind_joins_within_the_window_only()
    {
        var incident = WithHelpCall().Current;
        var window = Sumitu.Targets.JoinWindowS;

        AssertJoins(incident, Press(seq: 30, receivedAt: Start.AddSeconds(window)));
        AssertOpens(incident, Press(seq: 30, receivedAt: Start.AddSeconds(window + 1)));
    }

    [Fact]
    public void The_window_runs_from_the_newest_signal()
    {
        var window = Sumitu.Targets.JoinWindowS;
        var incident = WithHelpCall().After(window).PressedAgain(2).Current;

        AssertJoins(incident, Press(seq: 30, receivedAt: Start.AddSeconds(2 * window)));
    }

    [Fact]
    public void Two_silent_calls_are_two_incidents()
    {
        var incident = new IncidentStory().Open(Press("silent", 17, zone: 2)).Current;

        AssertOpens(incident, Press("silent", 30, zone: 2, receivedAt: Start.AddSeconds(60)));
    }

    [Theory]
    [InlineData("silent", "call")]
    [InlineData("smoke", "call")]
    [InlineData("door", "event")]
    public void Another_kind_opens_its_own(string kind, string lane) => AssertOpens(WithHelpCall().Current, Press(kind, 30, lane: lane));

    [Fact]
    public void Another_call_point_opens_its_own() => AssertOpens(WithHelpCall().Current, Press(device: "sumitu-01"));

    [Fact]
    public void A_conflict_opens_its_own_GW17() => AssertOpens(WithHelpCall().Current, Press(conflict: true));

    [Fact]
    public void A_press_from_RAM_joins_the_call_at_its_button()
    {
        AssertJoins(WithHelpCall().Current, Press(lane: "volatile", seq: 1, receivedAt: Start.AddSeconds(30)));
    }

    [Fact]
    public void A_press_after_the_work_was_over_opens_a_new_incident_that_names_the_old()
    {
        var story = WithHelpCall().After(600).OnScene().Does(new Handle("Done."));

        var route = AssertOpens(story.Current, Press(seq: 18, call: 17, count: 2, receivedAt: story.Now.AddSeconds(60)));

        Assert.Equal(1, Assert.IsType<OpenBySignal>(route.Command).Follows);
    }

    [Fact]
    public void A_press_that_happened_before_the_work_was_over_and_came_late_still_joins()
    {
        var story = WithHelpCall().After(600).OnScene().Does(new Handle("Done."));

        AssertJoins(story.Current, Press(seq: 18, call: 17, count: 2, occurredAt: Start.AddSeconds(5), receivedAt: story.Now.AddSeconds(60)));
    }

    [Fact]
    public void A_signal_for_a_closed_incident_opens_a_new_one()
    {
        var story = WithHelpCall().Reported().Does(new FollowUp("Visited.")).Does(new Close());

        AssertOpens(story.Current, Press(seq: 18, call: 17, count: 2, receivedAt: Start.AddSeconds(60)));
    }

    [Fact]
    public void A_test_signal_alerts_nobody()
    {
        Assert.Equal(RouteKind.Test, SignalRouting.Route(Press(test: true), Sumitu, [WithHelpCall().Current], 2).Kind);
        Assert.Equal(RouteKind.Test, SignalRouting.Route(Press("smoke", test: true), Sumitu, [], 2).Kind);
    }

    [Fact]
    public void A_cancel_goes_to_its_call_or_to_the_newest_of_its_zone_GW22()
    {
        var first = WithHelpCall().Current;
        var second = new IncidentStory().Open(Press(seq: 40, receivedAt: Start.AddHours(2))).Current with { Id = 2 };
        SignalRoute Route(uint call, int zone) => SignalRouting.Route(Press("cancel", 50, call, zone: zone, state: "normal"), Sumitu, [first, second], 3);

        Assert.Equal((RouteKind.Join, 1L), (Route(17, 1).Kind, Route(17, 1).IncidentId));
        Assert.Equal((RouteKind.Join, 2L), (Route(0, 1).Kind, Route(0, 1).IncidentId));
        Assert.IsType<CancelByPresser>(Route(0, 1).Command);
        Assert.Equal(RouteKind.None, Route(0, 2).Kind);
    }

    [Fact]
    public void A_cancel_whose_press_never_came_still_makes_someone_call_back()
    {
        var cancel = Press("cancel", 50, 49, state: "normal");

        Assert.Equal(RouteKind.None, SignalRouting.Route(cancel, Sumitu, [], 1, callWasSeen: true).Kind);
        var story = new IncidentStory().Does(SignalRouting.Route(cancel, Sumitu, [], 1, callWasSeen: false).Command!);
        Assert.NotNull(story.Current.CallBackDueSince);
        story.Accepted().Does(new Handle("Rang.")).Does(new Report("Rang.", Disposition.CancelledByPresser)).Does(new FollowUp("Visited.")).Refuses(RefusalNames.NoCallBack, new Close());
    }

    [Fact]
    public void A_reset_of_the_latch_is_noted_and_closes_nothing()
    {
        var story = WithHelpCall();
        var route = SignalRouting.Route(Press("reset", 20, 17, state: "normal", detail: "key"), Sumitu, [story.Current], 2);

        story.Does(route.Command!).StageIs(Stage.Received);

        Assert.NotNull(story.Current.RestoredAt);
        Assert.Empty(story.Current.ActiveZones);
    }

    [Fact]
    public void A_door_that_closes_is_noted_in_its_incident_and_opens_none()
    {
        var normal = Press("door", 31, zone: 3, state: "normal", lane: "event");
        var story = new IncidentStory().Open(Press("door", 30, zone: 3, lane: "event"));

        Assert.IsType<RestoreBySignal>(SignalRouting.Route(normal, Sumitu, [story.Current], 2).Command);
        Assert.Equal(RouteKind.None, SignalRouting.Route(normal with { Zone = 4 }, Sumitu, [story.Current], 2).Kind);
        Assert.Equal(RouteKind.None, SignalRouting.Route(normal, Sumitu, [], 2).Kind);
    }

    [Theory]
    [InlineData("door", "open", IncidentKind.Fault)]
    [InlineData("smoke", "short", IncidentKind.Fault)]
    [InlineData("smoke", "alarm", IncidentKind.Smoke)]
    [InlineData("gas", "alarm", IncidentKind.Gas)]
    [InlineData("water", "alarm", IncidentKind.Water)]
    [InlineData("sensor", "alarm", IncidentKind.Sensor)]
    [InlineData("sensor", "open", IncidentKind.Fault)]
    [InlineData("tamper", "short", IncidentKind.Fault)]
    [InlineData("mains", "alarm", IncidentKind.Sensor)]
    [InlineData("pen", "alarm", IncidentKind.Pen)]
    [InlineData("tamper", "alarm", IncidentKind.Tamper)]
    [InlineData("battery", "critical", IncidentKind.Battery)]
    [InlineData("fault", "alarm", IncidentKind.Fault)]
    [InlineData("journalLost", "alarm", IncidentKind.JournalLost)]
    [InlineData("help", "purple", IncidentKind.Unknown)]
    [InlineData("earthquake", "alarm", IncidentKind.Unknown)]
    public void Every_alarm_has_its_kind_and_an_unknown_one_is_shown_to_a_person_GW24(string kind, string state, IncidentKind expected)
    {
        var route = SignalRouting.Route(Press(kind, 30, call: 0, state: state, zone: 3), Sumitu, [], 1);

        Assert.Equal(expected, Assert.IsType<OpenBySignal>(route.Command).Kind);
    }

    [Theory]
    [InlineData("patrol")]
    [InlineData("restart")]
    [InlineData("gap")]
    public void A_mere_fact_makes_no_work(string kind) => Assert.Equal(RouteKind.None, SignalRouting.Route(Press(kind, 30, state: "normal", zone: 0), Sumitu, [], 1).Kind);

    [Fact]
    public void A_board_that_the_station_does_not_know_still_gets_a_human()
    {
        var incident = new IncidentStory().Open(Press(device: "stranger-1")).Current;

        Assert.Equal("", incident.CallPointId);
        AssertJoins(incident, Press(device: "stranger-1", seq: 30));
        AssertOpens(incident, Press(device: "stranger-2"));
    }

    [Fact]
    public void A_grid_outage_is_one_incident_that_is_restored_when_the_last_room_is_I12()
    {
        var story = new IncidentStory().Open(Mains(1, "alarm"));
        foreach (var n in Enumerable.Range(2, 9))
        {
            var route = SignalRouting.Route(Mains(n, "alarm"), Sumitu, [story.Current], 2);
            Assert.Equal(RouteKind.Join, route.Kind);
            story.Does(route.Command!);
        }

        Assert.Equal((10, 10), (story.Current.CallPoints.Count, story.Current.SignalCount));
        foreach (var n in Enumerable.Range(1, 10))
        {
            Assert.Null(story.Current.RestoredAt);
            story.Does(SignalRouting.Route(Mains(n, "normal"), Sumitu, [story.Current], 2).Command!);
        }

        Assert.NotNull(story.Current.RestoredAt);
        static SignalFacts Mains(int board, string state) => Press("mains", 30, zone: 0, state: state, lane: "event", device: $"sumitu-{board:00}");
    }

    [Fact]
    public void A_signal_of_a_merged_incident_goes_where_its_work_goes_on()
    {
        var merged = WithHelpCall().Current with { MergedInto = 2, MergedAt = Start };
        var target = new IncidentStory().Open(Press(device: "sumitu-01")).Current with { Id = 2 };

        var route = SignalRouting.Route(Press(seq: 18, call: 17, count: 2), Sumitu, [merged, target], 3);

        Assert.Equal((RouteKind.Join, 2L), (route.Kind, route.IncidentId));
    }

    /// <summary>It keeps its zones, and only it can lose them; else they would count as in alarm for as long as it is open.</summary>
    [Fact]
    public void What_is_normal_again_is_told_to_the_duplicate_that_holds_its_zone()
    {
        var held = new IncidentStory().Open(Press("door", 5, zone: 3, lane: "event")).Current with { MergedInto = 2, MergedAt = Start };
        var target = new IncidentStory().Open(Press("door", 6, zone: 4, lane: "event")).Current with { Id = 2 };

        var route = SignalRouting.Route(Press("door", 7, zone: 3, state: "normal", lane: "event"), Sumitu, [held, target], 3);

        Assert.Equal((RouteKind.Join, held.Id), (route.Kind, route.IncidentId));
    }

    /// <summary>What came while two were merged is held by the one where the work went on: a cancel, a further press and a reset find it there, also when they are parted again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_that_came_into_the_target_of_a_duplicate_is_found_there_whatever_it_is_about_I2_I10(bool isStillMerged)
    {
        var duplicate = WithHelpCall().Current with { MergedInto = isStillMerged ? 2 : null, MergedAt = isStillMerged ? Start : null };
        var elsewhere = new IncidentStory().Open(Press(device: "sumitu-01"));
        elsewhere.Does(new IncidentCommand.JoinSignal(Press(seq: 30, call: 30), ""));
        var target = elsewhere.Current with { Id = 2 };

        foreach (var signal in (SignalFacts[])[Press("cancel", 31, 30, state: "normal"), Press("reset", 32, 30, state: "normal"), Press(seq: 33, call: 30, count: 2)])
        {
            var route = SignalRouting.Route(signal, Sumitu, [duplicate, target], 3);
            Assert.Equal((RouteKind.Join, 2L), (route.Kind, route.IncidentId));
        }
    }

    [Fact]
    public void A_zone_that_came_into_alarm_in_a_half_that_was_split_off_is_restored_there()
    {
        var half = new IncidentStory().Open(Press("door", 5, zone: 3, lane: "event")).Current with { Id = 2, SplitFrom = 1 };

        var route = SignalRouting.Route(Press("door", 7, zone: 3, state: "normal", lane: "event"), Sumitu, [half], 3);

        Assert.Equal((RouteKind.Join, 2L), (route.Kind, route.IncidentId));
    }

    [Fact]
    public void A_press_does_not_join_a_duplicate_that_outlived_the_incident_it_joined() =>
        AssertOpens(WithHelpCall().Current with { MergedInto = 2, MergedAt = Start }, Press(seq: 18, call: 17, count: 2));

    [Fact]
    public void A_press_that_names_a_silent_call_does_not_join_it_I7() => AssertOpens(new IncidentStory().Open(Press("silent")).Current, Press(seq: 18, call: 17));

    [Fact]
    public void Signals_and_incidents_that_may_meet_have_the_same_route_key()
    {
        Assert.Equal(SignalRouting.RouteKey(WithHelpCall().Current), SignalRouting.RouteKey(Press("cancel", 20, 17, state: "normal"), Sumitu));
        Assert.NotEqual(SignalRouting.RouteKey(WithHelpCall().Current), SignalRouting.RouteKey(Press(device: "sumitu-01"), Sumitu));
    }

    private static void AssertJoins(Incident incident, SignalFacts signal)
    {
        var route = SignalRouting.Route(signal, Sumitu, [incident], 99);
        Assert.Equal((RouteKind.Join, incident.Id), (route.Kind, route.IncidentId));
        Assert.IsType<JoinSignal>(route.Command);
    }

    private static SignalRoute AssertOpens(Incident incident, SignalFacts signal)
    {
        var route = SignalRouting.Route(signal, Sumitu, [incident], 99);
        Assert.Equal((RouteKind.Open, 99L), (route.Kind, route.IncidentId));
        return route;
    }
}
