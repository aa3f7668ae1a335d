using System.Text.Json;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Webhooks;
using static Gateway.Hub.Incidents.IncidentCommand;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>Neighbours, wardens, boxes, messages, the annunciator, the next in turn: over the real rules and desk, in simulated time.</summary>
public sealed class AlertingTests
{
    private const string Neighbour = "sumitu-02";
    private const string Caller = "bayanbulag-volunteer-1";

    [Fact]
    public void A_call_alerts_the_neighbours_whose_consent_is_recorded_with_the_station_and_stops_when_it_is_accepted()
    {
        using var hub = Hub(Watching(consent: true));
        var neighbour = Born(hub, Neighbour);
        hub.Receive("signal", hub.Board.Signal(1));

        var alert = Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert");
        Assert.Equal(["v", "hub", "session", "n", "id", "command", "untilUp", "seconds", "mac"], alert.EnumerateObject().Select(member => member.Name));
        var watch = Only(hub).Watch!;
        Assert.Equal((TestTime.Start, "neighbours"), (watch.At, watch.GroupId));
        Assert.Equal([Neighbour], watch.Boards);
        Assert.Equal([Caller], Only(hub).Informed.Select(person => person.ResponderId));

        hub.Receive("result", neighbour.Result(alert.GetProperty("id").GetString()!), neighbour);
        hub.Execute(Only(hub).Id, new Answer(Caller));
        Assert.Equal([Neighbour], Only(hub).Watch!.Sounding);
        Assert.NotNull(Assert.Single(Only(hub).Informed).AnsweredAt);

        hub.Execute(Only(hub).Id, new Accept());
        Assert.Equal(0, Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert").GetProperty("seconds").GetInt32());
        Assert.NotNull(Only(hub).Watch!.StoppedAt);
    }

    [Fact]
    public void A_call_that_is_taken_back_stops_the_neighbours_alert()
    {
        using var hub = Hub(Watching(consent: true));
        Born(hub, Neighbour);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.TakeSent("command");
        hub.Receive("signal", hub.Board.Signal(2, "cancel", state: "normal", call: 1));

        Assert.Equal(0, Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert").GetProperty("seconds").GetInt32());
    }

    [Theory]
    [InlineData("help", 1, false, false)]
    [InlineData("silent", 2, true, false)]
    [InlineData("help", 1, true, true)]
    public void Without_consent_for_a_silent_call_and_under_test_no_neighbour_is_alerted_I7(string kind, int zone, bool consent, bool test)
    {
        using var hub = Hub(Watching(consent));
        Born(hub, Neighbour);
        hub.Receive("signal", hub.Board.Signal(1, kind, zone, test: test));
        hub.Advance(1);

        Assert.Empty(hub.TakeSent("command"));
        Assert.All(hub.Snapshot.OpenIncidents.Values, incident => Assert.Null(incident.Watch));
    }

    [Fact]
    public void Smoke_in_an_area_reaches_its_warden_first()
    {
        var station = Seeds.Sumitu with { Areas = [new Area("steppe", new LocalText("草场", "Steppe"), AreaKind.Grassland, ["bayanbulag"], Caller)], WatchGroups = [] };
        using var hub = Hub(station);
        hub.Receive("signal", hub.Board.Signal(1, "smoke", 4, "alarm"));

        Assert.Equal((Caller, InformReason.Warden), Assert.Single(Only(hub).Informed.Select(person => (person.ResponderId, person.Why))));
    }

    [Fact]
    public void With_no_console_to_hear_it_a_call_goes_up_at_once_and_the_stations_board_sounds_until_it_is_taken()
    {
        var station = Seeds.Sumitu with { WatchGroups = [], Boards = [.. Seeds.Sumitu.Boards.Select(board => board with { Annunciator = board.DeviceId == Neighbour })] };
        using var hub = Hub(station);
        var board = Born(hub, Neighbour);
        hub.Audible = 0;
        hub.Tick();
        hub.Advance(9);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Advance(0.75);
        Assert.Equal(EscalationLevel.None, Only(hub).EscalatedTo);

        hub.Advance(0.25);
        Assert.True(Assert.Single(Only(hub).Escalations) is { Level: EscalationLevel.ShiftLeader, Unheard: true });
        var sound = Assert.Single(hub.TakeSent("command"), command => Name(command) == "annunciate");
        Assert.Equal((300, 3), (sound.GetProperty("seconds").GetInt32(), sound.GetProperty("pattern").GetInt32()));

        // It goes on upward, like any other; and the board is told again before it would fall silent.
        Live(hub, board, 240);
        Assert.Single(hub.TakeSent("command"), command => Name(command) == "annunciate");
        Live(hub, board, 60);
        Assert.Equal(EscalationLevel.BannerSupervisor, Only(hub).EscalatedTo);

        hub.Execute(Only(hub).Id, new Accept());
        Assert.Equal(0, Assert.Single(hub.TakeSent("command"), command => Name(command) == "annunciate").GetProperty("seconds").GetInt32());
    }

    [Fact]
    public void A_station_board_that_is_not_set_up_to_annunciate_sounds_as_a_neighbour_would()
    {
        var station = Seeds.Sumitu with { WatchGroups = [], Boards = [.. Seeds.Sumitu.Boards.Select(board => board with { Annunciator = board.DeviceId == Neighbour })] };
        using var hub = Hub(station);
        var board = Born(hub, Neighbour);
        hub.Audible = 0;
        hub.Tick();
        hub.Advance(10);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Advance(0.25);
        var refused = Assert.Single(hub.TakeSent("command"), command => Name(command) == "annunciate");
        hub.Receive("result", board.Result(refused.GetProperty("id").GetString()!, "refused"), board);
        Assert.Equal(300, Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert").GetProperty("seconds").GetInt32());

        // It is renewed and stopped in the same way; and a refusal of that is nobody's answer any more.
        Live(hub, board, 240);
        var renewed = Assert.Single(hub.TakeSent("command"));
        Assert.Equal("watchAlert", Name(renewed));
        hub.Receive("result", board.Result(renewed.GetProperty("id").GetString()!, "refused", n: 2), board);
        Assert.Empty(hub.TakeSent("command"));
        hub.Execute(Only(hub).Id, new Accept());
        Assert.Equal(("watchAlert", 0), Assert.Single(hub.TakeSent("command")) is var stop ? (Name(stop), stop.GetProperty("seconds").GetInt32()) : default);
    }

    [Fact]
    public void While_a_console_can_be_heard_nothing_goes_up_before_its_deadline()
    {
        using var hub = Hub(Seeds.Sumitu);
        hub.Audible = 1;
        hub.Advance(60);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Advance(Seeds.Sumitu.Targets.AcceptS - 1);
        Assert.Equal(EscalationLevel.None, Only(hub).EscalatedTo);
    }

    [Fact]
    public void Whoever_does_not_answer_in_time_is_marked_and_the_next_is_sent_three_times_at_most()
    {
        using var hub = Hub(Seeds.Sumitu);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([Caller], 10));
        hub.Advance(Seeds.Sumitu.Targets.AnswerS - 1);
        Assert.Single(Only(hub).Assignments);

        hub.Advance(1);
        Assert.NotNull(Only(hub).Assignments[0].UnansweredAt);
        var next = Assert.Single(Only(hub).Assignments, assignment => assignment.UnansweredAt is null);
        Assert.Equal("bayanbulag", hub.Snapshot.Station.FindResponder(next.ResponderId)!.VillageId);
        for (var i = 0; i < 6; i++)
        {
            hub.Advance(Seeds.Sumitu.Targets.AnswerS);
        }

        Assert.Equal(AlertPlan.NextMax + 1, Only(hub).Assignments.Length);
    }

    [Fact]
    public void The_second_who_was_sent_is_not_waited_for_longer_when_the_first_answers_and_the_wall_clock_was_set_back_I9()
    {
        using var hub = Hub(Seeds.Sumitu);
        var second = Seeds.Sumitu.Responders.First(responder => responder.Id != Caller).Id;
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([Caller], 10));
        hub.Advance(Seeds.Sumitu.Targets.AnswerS / 2.0);
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([second], 10));
        hub.Advance(1);
        hub.Now = hub.Now.AddHours(-1);
        hub.Execute(Only(hub).Id, new RecordCall(Caller, true));
        hub.Advance(Seeds.Sumitu.Targets.AnswerS - 1.5);
        Assert.Null(Only(hub).Assignments.First(assignment => assignment.ResponderId == second).UnansweredAt);

        hub.Advance(1);
        Assert.NotNull(Only(hub).Assignments.First(assignment => assignment.ResponderId == second).UnansweredAt);
    }

    [Fact]
    public void Whoever_answers_is_not_followed_by_anybody()
    {
        using var hub = Hub(Seeds.Sumitu);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([Caller], 10));
        hub.Execute(Only(hub).Id, new RecordCall(Caller, true));
        hub.Advance(Seeds.Sumitu.Targets.AnswerS * 2);

        Assert.Single(Only(hub).Assignments);
        Assert.Equal((ReachChannel.Telephone, ReachState.Answered), Assert.Single(Only(hub).Reaches.Where(reach => reach.Channel == ReachChannel.Telephone).Select(reach => (reach.Channel, reach.State))));
    }

    [Fact]
    public void Each_channel_to_a_responder_says_how_far_it_came()
    {
        var gateway = new WebhookTarget("sms", new Uri("https://sms.invalid/"), new byte[32], [WebhookEvents.Message, WebhookEvents.Opened]);
        var station = Seeds.Sumitu with { Responders = [.. Seeds.Sumitu.Responders.Select(responder => responder.Id == Caller ? responder with { BoxDevice = Neighbour } : responder)] };
        using var hub = new CoreHarness(station: station, webhooks: [gateway]);
        hub.Receive("status", hub.Board.Birth());
        var box = Born(hub, Neighbour);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([Caller], 10));
        Assert.Equal([(ReachChannel.Box, ReachState.Sent), (ReachChannel.Message, ReachState.Sent)], Reaches(hub));

        // A box that is not set up to annunciate is asked for the neighbours' call instead.
        var first = Assert.Single(hub.TakeSent("command"), command => Name(command) == "annunciate");
        hub.Receive("result", box.Result(first.GetProperty("id").GetString()!, "refused", "not-configured"), box);
        var second = Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert");
        hub.Receive("result", box.Result(second.GetProperty("id").GetString()!, n: 2), box);
        Assert.Contains((ReachChannel.Box, ReachState.Delivered), Reaches(hub));

        var waiting = hub.Outgoing("sms");
        Assert.Equal([WebhookEvents.Opened, WebhookEvents.Message], waiting.Select(outgoing => outgoing.Event));
        using (var body = JsonDocument.Parse(waiting[1].Body))
        {
            Assert.Equal(["event", "incident", "responder", "telephone", "text", "at"], body.RootElement.EnumerateObject().Select(member => member.Name));
        }

        hub.Restart();
        Assert.Equal(2, hub.Outgoing("sms").Count);
        hub.Batch(core => core.EndOutgoing(waiting[1].Id, false, "timeout", new(hub.Now, hub.MonotonicMs)));
        Assert.Contains((ReachChannel.Message, ReachState.Failed), Reaches(hub));
        Assert.Single(hub.Outgoing("sms"));
    }

    [Fact]
    public void A_box_that_does_not_answer_has_failed()
    {
        var station = Seeds.Sumitu with { WatchGroups = [], Responders = [.. Seeds.Sumitu.Responders.Select(responder => responder.Id == Caller ? responder with { BoxDevice = Neighbour } : responder)] };
        using var hub = Hub(station);
        Born(hub, Neighbour);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([Caller], 10));
        hub.Advance(66);

        Assert.Contains((ReachChannel.Box, ReachState.Failed), Reaches(hub));
    }

    [Fact]
    public void A_key_turned_at_the_box_that_calls_a_responder_is_their_answer_and_no_more_GW46()
    {
        using var hub = Hub(Called(Caller));
        var box = Ring(hub, Caller);
        hub.Advance(20);
        Turn(hub, box, hub.Now);

        var incident = Only(hub);
        Assert.Equal(new Reach(Caller, ReachChannel.Box, ReachState.Answered, hub.Now, Neighbour), Assert.Single(incident.Reaches));
        var sent = Assert.Single(incident.Assignments);
        Assert.True(sent is { AnsweredAt: not null, EnRouteAt: null });
        Assert.Equal(Stage.Dispatched, incident.Stage);
        hub.Advance(Seeds.Sumitu.Targets.AnswerS * 2);
        Assert.Null(Assert.Single(Only(hub).Assignments).UnansweredAt);
    }

    [Theory]
    [InlineData(60 + 60 + 4, true)]
    [InlineData(60 + 60 + 6, false)]
    public void A_key_answers_within_the_time_of_the_sound_however_late_the_news_comes_GW46(int turnedAfterS, bool answers)
    {
        using var hub = Hub(Called(Caller));
        var box = Ring(hub, Caller);
        var turned = hub.Now.AddSeconds(turnedAfterS);
        hub.Advance(900);
        Turn(hub, box, turned);

        Assert.Equal(answers ? ReachState.Answered : ReachState.Delivered, Only(hub).Reaches.Single(reach => reach.ResponderId == Caller).State);
    }

    [Fact]
    public void A_key_at_a_box_that_calls_two_reaches_both_and_answers_for_neither_GW46()
    {
        const string other = "bayanbulag-volunteer-2";
        using var hub = Hub(Called(Caller, other));
        var box = Ring(hub, Caller, other);
        Turn(hub, box, hub.Now);

        Assert.All(Only(hub).Reaches, reach => Assert.Equal(ReachState.Answered, reach.State));
        Assert.All(Only(hub).Assignments, assignment => Assert.Null(assignment.AnsweredAt));
    }

    [Fact]
    public void A_key_where_nothing_sounds_and_one_turned_under_test_answer_nothing_GW46()
    {
        using var hub = Hub(Called(Caller));
        var box = Ring(hub, Caller);
        Turn(hub, hub.Board, hub.Now);
        Turn(hub, box, hub.Now, test: true);

        Assert.Equal(ReachState.Delivered, Assert.Single(Only(hub).Reaches).State);
    }

    [Fact]
    public void After_a_restart_of_the_hub_a_key_still_answers_GW46()
    {
        using var hub = Hub(Called(Caller));
        var box = Ring(hub, Caller);
        hub.Restart();
        hub.Advance(10);
        Turn(hub, box, hub.Now);

        Assert.Equal(ReachState.Answered, Assert.Single(Only(hub).Reaches).State);
    }

    [Fact]
    public void A_neighbour_who_turns_the_key_is_on_the_incident_and_is_nobodys_acceptance_GW46()
    {
        using var hub = Hub(Watching(consent: true));
        var neighbour = Born(hub, Neighbour);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Advance(30);
        Turn(hub, neighbour, hub.Now);

        Assert.Equal([Neighbour], Only(hub).Watch!.Answered);
        Assert.Equal((Stage.Received, null), (Only(hub).Stage, Only(hub).Watch!.StoppedAt));
        var answered = Assert.Single(hub.Queries.FindIncident(Only(hub).Id)!.Timeline, entry => entry.Event is IncidentEvent.WatchAnswered);
        Assert.Equal("gw/" + Neighbour, answered.Event.Actor);
    }

    [Fact]
    public void A_split_makes_a_second_incident_that_names_the_first_and_holds_none_of_its_signals_I2()
    {
        using var hub = Hub(Seeds.Sumitu);
        hub.Receive("signal", hub.Board.Signal(1));
        var first = Only(hub);
        Assert.Equal(RefusalNames.NotAccepted, hub.Execute(first.Id, new IncidentCommand.Split("A fire too.", IncidentKind.Smoke)).Refusal!.Name);
        hub.Execute(first.Id, new Accept());
        Assert.True(hub.Execute(first.Id, new IncidentCommand.Split("A fire too.", IncidentKind.Smoke)).Done);

        var second = Assert.Single(hub.Snapshot.OpenIncidents.Values, incident => incident.Id != first.Id);
        Assert.Equal((first.Id, IncidentKind.Smoke, first.CallPointId), (second.SplitFrom!.Value, second.Kind, second.CallPointId));
        Assert.Equal([second.Id], hub.Snapshot.OpenIncidents[first.Id].SplitOffs);
        Assert.Empty(hub.Queries.FindIncident(second.Id)!.Signals);

        hub.Receive("signal", hub.Board.Signal(2, call: 1, count: 2));
        Assert.Equal(2, hub.Snapshot.OpenIncidents[first.Id].SignalCount);
        Assert.Equal(2, hub.Snapshot.OpenIncidents.Count);
    }

    [Fact]
    public void Duty_and_place_are_said_for_the_shift_and_forgotten_with_it()
    {
        using var hub = Hub(Seeds.Sumitu);
        hub.Batch(core => Assert.True(core.SetDuty(Caller, false, "munkhgol", "operator", new(hub.Now, hub.MonotonicMs)).Done));
        hub.Batch(core => Assert.Equal("unknown-responder", core.SetDuty("nobody", false, null, "operator", new(hub.Now, hub.MonotonicMs)).Refusal!.Name));
        Assert.Equal(new ResponderState(Caller, false, "munkhgol", 0), hub.Snapshot.ResponderStates(hub.Now)[Caller]);
        hub.Restart();
        Assert.False(hub.Snapshot.ResponderStates(hub.Now)[Caller].OnDuty);

        using (var connection = hub.Database.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM audit WHERE kind = 'duty.changed' AND instr(content, 'munkhgol') > 0";
            Assert.Equal(0L, command.ExecuteScalar());
        }

        hub.Advance(25 * 3_600);
        Assert.Empty(hub.Snapshot.Duty);
        Assert.Equal("bayanbulag", hub.Snapshot.ResponderStates(hub.Now)[Caller].VillageId);
    }

    /// <summary>No neighbours, and the neighbour's box calls these responders.</summary>
    private static Station Called(params string[] responders) => Seeds.Sumitu with
    {
        WatchGroups = [], Responders = [.. Seeds.Sumitu.Responders.Select(responder => responders.Contains(responder.Id) ? responder with { BoxDevice = Neighbour } : responder)],
    };

    /// <summary>A call for which these are sent, and the box that sounds for them.</summary>
    private static TestBoard Ring(CoreHarness hub, params string[] responders)
    {
        var box = Born(hub, Neighbour);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([.. responders], 10));
        var n = 0;
        foreach (var command in hub.TakeSent("command").Where(command => Name(command) == "annunciate"))
        {
            hub.Receive("result", box.Result(command.GetProperty("id").GetString()!, n: ++n), box);
        }

        return box;
    }

    private static void Turn(CoreHarness hub, TestBoard box, DateTimeOffset at, bool test = false) => hub.Receive(
        "signal", box.Signal(1, "acknowledge", 0, "normal", 0, lane: "event", detail: "key", at: at.ToUnixTimeMilliseconds(), clock: "synced", test: test), box);

    private static (ReachChannel, ReachState)[] Reaches(CoreHarness hub) => [.. Only(hub).Reaches.Select(reach => (reach.Channel, reach.State))];

    private static string? Name(JsonElement command) => command.GetProperty("command").GetString();

    private static Incident Only(CoreHarness hub) => Assert.Single(hub.Snapshot.OpenIncidents.Values, incident => incident.Kind != IncidentKind.LinkLost);

    private static TestBoard Born(CoreHarness hub, string device)
    {
        var board = hub.Provision(device);
        hub.Receive("status", board.Birth(heartbeatS: 30), board);
        hub.Sent.Clear();
        return board;
    }

    /// <summary>Lets time pass for a board that goes on speaking.</summary>
    private static void Live(CoreHarness hub, TestBoard board, int seconds)
    {
        for (var passed = 0; passed < seconds; passed += 30)
        {
            hub.Advance(30);
            hub.Receive("heartbeat", board.Heartbeat(), board);
            hub.Receive("heartbeat", hub.Board.Heartbeat());
        }
    }

    private static CoreHarness Hub(Station station)
    {
        var hub = new CoreHarness(station: station);
        hub.Receive("status", hub.Board.Birth(heartbeatS: 30));
        hub.Sent.Clear();
        return hub;
    }

    private static Station Watching(bool consent) => Seeds.Sumitu with
    {
        WatchGroups =
        [
            new WatchGroup("neighbours", new LocalText("邻里", "Neighbours"), ["bayanbulag-room", "ulaantolgoi-room"], [Caller], [],
                consent ? [new WatchConsent("bayanbulag-room", "2026-02-01", "village committee")] : []),
        ],
        Responders = [.. Seeds.Sumitu.Responders.Select(responder => responder.Id == Caller ? responder with { BoxDevice = "sumitu-09" } : responder)],
    };
}
