using System.Text.Json;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Webhooks;
using static Gateway.Hub.Incidents.IncidentCommand;
using static Gateway.Hub.Tests.Ingest.AlertingStory;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>Neighbours, wardens, boxes, messages, the annunciator, the next in turn: over the real rules and desk, in simulated time.</summary>
public sealed class AlertingTests
{
    [Fact]
    public void A_call_alerts_the_neighbours_whose_consent_is_recorded_with_the_station_and_stops_when_it_is_accepted()
    {
        using var hub = HubOf(Watching(consent: true));
        var neighbour = Born(hub, NeighbourBox);
        hub.Receive("signal", hub.Board.Signal(1));

        var alert = Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert");
        Assert.Equal(["v", "hub", "session", "n", "id", "command", "untilUp", "seconds", "mac"], alert.EnumerateObject().Select(member => member.Name));
        var watch = Only(hub).Watch!;
        Assert.Equal((TestTime.Start, "neighbours"), (watch.At, watch.GroupId));
        Assert.Equal([NeighbourBox], watch.Boards);
        Assert.Equal([Caller], Only(hub).Informed.Select(person => person.ResponderId));

        hub.Receive("result", neighbour.Result(alert.GetProperty("id").GetString()!), neighbour);
        hub.Execute(Only(hub).Id, new Answer(Caller));
        Assert.Equal([NeighbourBox], Only(hub).Watch!.Sounding);
        Assert.NotNull(Assert.Single(Only(hub).Informed).AnsweredAt);

        hub.Execute(Only(hub).Id, new Accept());
        Assert.Equal(0, Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert").GetProperty("seconds").GetInt32());
        Assert.NotNull(Only(hub).Watch!.StoppedAt);
    }

    [Fact]
    public void A_call_that_is_taken_back_stops_the_neighbours_alert()
    {
        using var hub = HubOf(Watching(consent: true));
        Born(hub, NeighbourBox);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.TakeSent("command");
        hub.Receive("signal", hub.Board.Signal(2, "cancel", state: "normal", call: 1));

        Assert.Equal(0, Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert").GetProperty("seconds").GetInt32());
    }

    [Fact]
    public void The_end_of_one_neighbours_alert_leaves_the_box_sounding_for_the_other()
    {
        using var hub = HubOf(Watching(consent: true));
        var neighbour = Born(hub, NeighbourBox);
        hub.Receive("signal", hub.Board.Signal(1, "smoke", 4, "alarm"));
        Live(hub, neighbour, 100);
        hub.Receive("signal", hub.Board.Signal(2));
        var (smoke, help) = (hub.Snapshot.OpenIncidents.Values.Single(incident => incident.Kind == IncidentKind.Smoke), hub.Snapshot.OpenIncidents.Values.Single(incident => incident.Kind == IncidentKind.Help));
        Live(hub, neighbour, 50);
        hub.TakeSent("command");

        hub.Execute(smoke.Id, new Accept());
        Assert.InRange(Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert").GetProperty("seconds").GetInt32(), 535, 550);

        hub.Execute(help.Id, new Accept());
        Assert.Equal(0, Assert.Single(hub.TakeSent("command"), command => Name(command) == "watchAlert").GetProperty("seconds").GetInt32());
    }

    [Fact]
    public void A_station_board_whose_neighbours_need_it_no_more_goes_on_for_the_station()
    {
        var watching = Watching(consent: true);
        using var hub = HubOf(watching with { Boards = [.. watching.Boards.Select(board => board with { Annunciator = board.DeviceId == NeighbourBox })] });
        Born(hub, NeighbourBox);
        hub.Audible = 0;
        hub.Tick();
        hub.Advance(11);
        hub.Receive("signal", hub.Board.Signal(1, "smoke", 4, "alarm"));
        hub.Receive("signal", hub.Board.Signal(2));
        hub.Advance(0.5);
        hub.TakeSent("command");

        hub.Execute(hub.Snapshot.OpenIncidents.Values.Single(incident => incident.Kind == IncidentKind.Smoke).Id, new Accept());
        Assert.Equal(300, Assert.Single(hub.TakeSent("command"), command => Name(command) == "annunciate").GetProperty("seconds").GetInt32());
    }

    [Theory]
    [InlineData("help", 1, false, false)]
    [InlineData("silent", 2, true, false)]
    [InlineData("help", 1, true, true)]
    public void Without_consent_for_a_silent_call_and_under_test_no_neighbour_is_alerted_I7(string kind, int zone, bool consent, bool test)
    {
        using var hub = HubOf(Watching(consent));
        Born(hub, NeighbourBox);
        hub.Receive("signal", hub.Board.Signal(1, kind, zone, test: test));
        hub.Advance(1);

        Assert.Empty(hub.TakeSent("command"));
        Assert.All(hub.Snapshot.OpenIncidents.Values, incident => Assert.Null(incident.Watch));
    }

    [Fact]
    public void Smoke_in_an_area_reaches_its_warden_first()
    {
        var station = Seeds.Sumitu with { Areas = [new Area("steppe", new LocalText("草场", "Steppe"), AreaKind.Grassland, ["bayanbulag"], Caller)], WatchGroups = [] };
        using var hub = HubOf(station);
        hub.Receive("signal", hub.Board.Signal(1, "smoke", 4, "alarm"));

        Assert.Equal((Caller, InformReason.Warden), Assert.Single(Only(hub).Informed.Select(person => (person.ResponderId, person.Why))));
    }

    [Fact]
    public void With_no_console_to_hear_it_a_call_goes_up_at_once_and_the_stations_board_sounds_until_it_is_taken()
    {
        using var hub = NobodyHears(out var board);
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
    public void A_station_board_where_a_silent_call_waits_is_asked_for_nothing_until_that_is_taken_also_when_it_refused_the_first_word_I7()
    {
        using var hub = NobodyHears(out var board);
        var sound = CallThatNobodyHears(hub);
        hub.Receive("signal", board.Signal(1, "silent", 2), board);
        hub.Advance(0.25);
        hub.Receive("result", board.Result(sound.GetProperty("id").GetString()!, "refused"), board);
        Live(hub, board, 250);
        Assert.Empty(hub.TakeSent("command"));

        // It is taken, and the other still waits: now the box sounds for that one, as it can.
        hub.Execute(hub.Snapshot.OpenIncidents.Values.Single(incident => incident.IsSilent).Id, new Accept());
        Assert.Equal(("watchAlert", 300), Assert.Single(hub.TakeSent("command")) is var said ? (Name(said), said.GetProperty("seconds").GetInt32()) : default);
    }

    [Fact]
    public void A_station_board_that_is_not_set_up_to_annunciate_sounds_as_a_neighbour_would()
    {
        using var hub = NobodyHears(out var board);
        var refused = CallThatNobodyHears(hub);
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
        using var hub = HubOf(Seeds.Sumitu);
        hub.Audible = 1;
        hub.Advance(60);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Advance(Seeds.Sumitu.Targets.AcceptS - 1);
        Assert.Equal(EscalationLevel.None, Only(hub).EscalatedTo);
    }

    [Fact]
    public void Whoever_does_not_answer_in_time_is_marked_and_the_next_is_sent_three_times_at_most()
    {
        using var hub = HubOf(Seeds.Sumitu);
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
        using var hub = HubOf(Seeds.Sumitu);
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
        using var hub = HubOf(Seeds.Sumitu);
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
        var station = Seeds.Sumitu with { Responders = [.. Seeds.Sumitu.Responders.Select(responder => responder.Id == Caller ? responder with { BoxDevice = NeighbourBox } : responder)] };
        using var hub = new CoreHarness(station: station, webhooks: [gateway]);
        hub.Receive("status", hub.Board.Birth());
        var box = Born(hub, NeighbourBox);
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
        var station = Seeds.Sumitu with { WatchGroups = [], Responders = [.. Seeds.Sumitu.Responders.Select(responder => responder.Id == Caller ? responder with { BoxDevice = NeighbourBox } : responder)] };
        using var hub = HubOf(station);
        Born(hub, NeighbourBox);
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Execute(Only(hub).Id, new IncidentCommand.Dispatch([Caller], 10));
        hub.Advance(66);

        Assert.Contains((ReachChannel.Box, ReachState.Failed), Reaches(hub));
    }

    [Fact]
    public void A_split_makes_a_second_incident_that_names_the_first_and_holds_none_of_its_signals_I2()
    {
        using var hub = HubOf(Seeds.Sumitu);
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
        using var hub = HubOf(Seeds.Sumitu);
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
}
