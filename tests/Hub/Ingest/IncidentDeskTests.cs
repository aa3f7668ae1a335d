using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>Between signals and the incident rules: one incident per call, clocks by the monotonic clock, answers once, what is told at the button.</summary>
public sealed class IncidentDeskTests : IDisposable
{
    private readonly CoreHarness _hub = new();
    private TestBoard _second = null!;

    public IncidentDeskTests()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Sent.Clear();
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void A_committed_call_is_in_exactly_one_incident_however_often_it_comes_and_across_restarts_I2()
    {
        for (var i = 0; i < 3; i++)
        {
            _hub.Receive("signal", _hub.Board.Signal(1));
            _hub.Restart();
        }

        var incident = Assert.Single(_hub.Snapshot.OpenIncidents).Value;
        Assert.Equal(incident.Id, Assert.Single(_hub.Signals()).IncidentId);
        Assert.Single(_hub.Queries.FindIncident(incident.Id)!.Timeline);
    }

    [Fact]
    public void A_repeated_press_joins_the_incident_of_its_call_also_after_a_restart_GW21()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Restart();
        _hub.Receive("signal", _hub.Board.Signal(2, call: 1, count: 3));

        var incident = Assert.Single(_hub.Snapshot.OpenIncidents).Value;
        Assert.Equal(2, _hub.Queries.FindIncident(incident.Id)!.Signals.Count);
    }

    [Fact]
    public void A_command_with_the_same_key_is_done_once_and_answered_alike_also_after_a_restart()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        var id = _hub.Snapshot.OpenIncidents.Keys.Single();

        var first = _hub.Execute(id, new IncidentCommand.Note("heard"), "key-1");
        _hub.Restart();
        var second = _hub.Execute(id, new IncidentCommand.Note("heard"), "key-1");

        Assert.True(first.Done);
        Assert.Equal(first, second);
        Assert.Single(_hub.Queries.FindIncident(id)!.Timeline, entry => entry.Event is IncidentEvent.Noted);
    }

    [Fact]
    public void The_answer_to_a_key_is_kept_for_seven_days_and_then_forgotten()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        var id = Incident.Id;
        _hub.Execute(id, new IncidentCommand.Note("heard"), "key-1");

        _hub.Advance(((HubCore.OutcomeLifeDays * 24) - 1) * 3_600);
        Assert.Equal(1, Outcomes());
        _hub.Advance(2 * 3_600);
        Assert.Equal(0, Outcomes());

        long Outcomes()
        {
            using var connection = _hub.Database.Connect();
            return connection.Scalar("SELECT count(*) FROM outcomes");
        }
    }

    [Fact]
    public void A_refusal_is_by_name_and_changes_nothing()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        var id = _hub.Snapshot.OpenIncidents.Keys.Single();

        var outcome = _hub.Execute(id, new IncidentCommand.Close());

        Assert.False(outcome.Done);
        Assert.Equal("no-report", outcome.Refusal!.Name);
        Assert.Single(_hub.Queries.FindIncident(id)!.Timeline);
        Assert.Equal("no-incident", _hub.Execute(99, new IncidentCommand.Accept()).Refusal!.Name);
    }

    [Fact]
    public void What_only_the_hub_may_ask_is_refused_from_a_person()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        var id = _hub.Snapshot.OpenIncidents.Keys.Single();

        Assert.Equal("not-allowed", _hub.Execute(id, new IncidentCommand.Escalate(ClockName.Accept)).Refusal!.Name);
    }

    [Fact]
    public void An_overdue_step_escalates_within_a_second_of_its_deadline_I9()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Advance(Seeds.Sumitu.Targets.AcceptS - 0.25);
        Assert.Equal(EscalationLevel.None, Incident.EscalatedTo);

        _hub.Advance(0.25);
        Assert.Equal(EscalationLevel.ShiftLeader, Incident.EscalatedTo);
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    public void A_jump_of_the_wall_clock_moves_no_deadline_I9(int hours)
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Now = _hub.Now.AddHours(hours);
        _hub.Advance(Seeds.Sumitu.Targets.AcceptS - 0.25);
        Assert.Equal(EscalationLevel.None, Incident.EscalatedTo);

        _hub.Advance(0.5);
        Assert.Equal(EscalationLevel.ShiftLeader, Incident.EscalatedTo);
    }

    [Fact]
    public void A_step_that_counts_from_before_the_wall_clock_was_set_back_escalates_in_its_time_I9()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Now = _hub.Now.AddDays(-100);
        _hub.Execute(Incident.Id, new IncidentCommand.Accept());
        _hub.Advance(Seeds.Sumitu.Targets.AssessS + 1);

        Assert.Equal(EscalationLevel.ShiftLeader, Incident.EscalatedTo);
    }

    [Fact]
    public void A_step_that_became_overdue_while_the_hub_was_down_escalates_at_its_start_I9()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Now = _hub.Now.AddHours(1);
        _hub.Restart();
        _hub.Tick();

        Assert.Equal(EscalationLevel.ShiftLeader, Incident.EscalatedTo);
    }

    [Fact]
    public void A_latch_reset_that_the_board_did_not_answer_is_sent_again_after_its_next_birth_and_once_answered_no_more()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Receive("status", _hub.Board.Offline());
        CloseIncident();
        _hub.Restart();
        _hub.Sent.Clear();

        var id = Assert.Single(Rebirth()).GetProperty("id").GetString()!;
        Assert.Equal(id, Assert.Single(Rebirth()).GetProperty("id").GetString());

        _hub.Receive("result", _hub.Board.Result(id));
        Assert.Empty(Rebirth());
        _hub.Restart();
        Assert.Empty(Rebirth());
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("failed")]
    public void A_latch_reset_that_left_the_latch_as_it_is_stays_due_also_after_a_restart_of_the_hub(string result)
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        CloseIncident();
        var id = Assert.Single(_hub.TakeSent("command")).GetProperty("id").GetString()!;
        _hub.Receive("result", _hub.Board.Result(id, result));
        _hub.Restart();

        Assert.Equal(id, Assert.Single(Rebirth()).GetProperty("id").GetString());
    }

    [Fact]
    public void The_minutes_to_arrival_count_down_in_a_notice_that_is_sent_again_GW30()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        Assert.True(_hub.Execute(Incident.Id, new IncidentCommand.Accept(new Assessment("fell down"))).Done);
        Assert.True(_hub.Execute(Incident.Id, new IncidentCommand.Dispatch([Seeds.Sumitu.Responders[0].Id], 12)).Done);
        Assert.Equal(12, _hub.TakeSent("notice")[^1].GetProperty("etaMin").GetInt32());

        _hub.Advance(5 * 60);
        Rebirth();

        Assert.Equal(7, Assert.Single(_hub.TakeSent("notice")).GetProperty("etaMin").GetInt32());
    }

    [Fact]
    public void A_duplicate_closes_in_the_transaction_that_closes_the_incident_it_joined_and_its_button_hears_of_it_GW37()
    {
        var (first, second) = TwoIncidents();
        Assert.True(_hub.Execute(second, new IncidentCommand.MergeInto(first)).Done);
        _hub.Sent.Clear();
        var closed = Close(first);

        Assert.Empty(_hub.Snapshot.OpenIncidents);
        Assert.Equal(_hub.Queries.FindIncident(first)!.Incident.Version, closed.Version);
        Assert.Equal("operator", Assert.Single(_hub.Queries.FindIncident(second)!.Timeline, entry => entry.Event is IncidentEvent.Closed).Event.Actor);
        Assert.Equal([1L, 2L], _hub.TakeSent("notice").Where(notice => notice.GetProperty("stage").GetString() == "closed").Select(notice => notice.GetProperty("seq").GetInt64()).Order());
        Assert.Equal([1L, 2L], _hub.TakeSent("command").Select(reset => reset.GetProperty("seq").GetInt64()).Order());
        _hub.Restart();
        Assert.Empty(_hub.Snapshot.OpenIncidents);
    }

    [Fact]
    public void A_call_that_was_merged_and_merged_again_hears_of_the_work_where_it_goes_on_GW37()
    {
        var (first, second) = TwoIncidents();
        var third = _hub.Provision("sumitu-03");
        _hub.Receive("status", third.Birth(), third);
        _hub.Receive("signal", third.Signal(3), third);
        var last = _hub.Snapshot.OpenIncidents.Keys.Single(id => id != first && id != second);
        Assert.True(_hub.Execute(last, new IncidentCommand.Accept(new Assessment("smoke"))).Done);
        Assert.True(_hub.Execute(last, new IncidentCommand.Dispatch([Seeds.Sumitu.Responders[0].Id])).Done);
        Assert.True(_hub.Execute(last, new IncidentCommand.EnRoute(Seeds.Sumitu.Responders[0].Id)).Done);
        Assert.True(_hub.Execute(first, new IncidentCommand.MergeInto(second)).Done);
        _hub.Sent.Clear();

        Assert.True(_hub.Execute(second, new IncidentCommand.MergeInto(last)).Done);
        Assert.Equal(["1 enRoute", "2 enRoute"], Told());
        Assert.True(_hub.Execute(last, new IncidentCommand.Arrive(Seeds.Sumitu.Responders[0].Id)).Done);
        Assert.Equal(["1 onScene", "2 onScene", "3 onScene"], Told());

        IEnumerable<string> Told() => _hub.TakeSent("notice").Select(notice => $"{notice.GetProperty("seq")} {notice.GetProperty("stage").GetString()}").Order();
    }

    [Fact]
    public void A_presser_who_takes_a_merged_call_back_keeps_both_incidents_open_until_somebody_has_called_I10()
    {
        var (first, second) = TwoIncidents();
        Assert.True(_hub.Execute(second, new IncidentCommand.MergeInto(first)).Done);
        _hub.Receive("signal", _second.Signal(3, kind: "cancel", state: "normal", call: 2), _second);

        Assert.Equal("no-call-back", Close(first).Refusal!.Name);
        Assert.Equal([first, second], _hub.Snapshot.OpenIncidents.Keys.Order());

        Assert.True(_hub.Execute(first, new IncidentCommand.CallBack(CallBackResult.PresserSafe, "pressed by a child")).Done);
        Assert.True(_hub.Execute(first, new IncidentCommand.Close()).Done);
        Assert.Empty(_hub.Snapshot.OpenIncidents);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Whoever_takes_a_merged_call_back_is_told_so_and_the_work_and_the_other_caller_stand_GW37(bool newerIntoOlder, bool names)
    {
        var (first, second) = TwoIncidents();
        var (merged, work) = newerIntoOlder ? (second, first) : (first, second);
        var (board, seq) = newerIntoOlder ? (_second, 2u) : (_hub.Board, 1u);
        Assert.True(_hub.Execute(work, new IncidentCommand.Accept(new Assessment("two callers"))).Done);
        Assert.True(_hub.Execute(merged, new IncidentCommand.MergeInto(work)).Done);
        _hub.Sent.Clear();

        _hub.Receive("signal", board.Signal(3, kind: "cancel", state: "normal", call: names ? seq : 0), board);
        Assert.Equal([$"{seq} cancelled"], Told());
        Assert.Null(_hub.Snapshot.OpenIncidents[work].CancelledAt);
        Assert.NotNull(_hub.Snapshot.OpenIncidents[work].CallBackDueSince);
        _hub.Receive("status", board.Birth(), board);
        Assert.Equal([$"{seq} cancelled"], Told());

        Assert.True(_hub.Execute(work, new IncidentCommand.CallBack(CallBackResult.HelpNeeded, "they do need somebody")).Done);
        Assert.Equal([$"{seq} accepted"], Told());

        IEnumerable<string> Told() => _hub.TakeSent("notice").Select(notice => $"{notice.GetProperty("seq")} {notice.GetProperty("stage").GetString()}").Order();
    }

    [Fact]
    public void A_responder_whom_the_station_does_not_know_is_refused_by_name()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));

        Assert.Equal("unknown-responder", _hub.Execute(Incident.Id, new IncidentCommand.Dispatch(["nobody-7"])).Refusal!.Name);
        Assert.Equal(1, Incident.Version);
    }

    private Incident Incident => _hub.Snapshot.OpenIncidents.Values.Single();

    private IReadOnlyList<System.Text.Json.JsonElement> Rebirth()
    {
        _hub.Board.UpMs++;
        _hub.Board.Session = $"{_hub.Board.UpMs:x16}";
        _hub.Receive("status", _hub.Board.Birth(callNext: 2));
        return _hub.TakeSent("command");
    }

    private void CloseIncident()
    {
        var outcome = Close(Incident.Id);
        Assert.True(outcome.Done, outcome.Refusal?.ToString());
    }

    /// <summary>Works an incident off by telephone; the answer to the close itself.</summary>
    private CommandOutcome Close(long id)
    {
        IncidentCommand[] steps =
        [
            new IncidentCommand.Accept(new Assessment("nothing")), new IncidentCommand.Handle("by telephone"), new IncidentCommand.Report("well", Disposition.FalseAlarm),
            new IncidentCommand.FollowUp("visited"),
        ];
        foreach (var step in steps)
        {
            var outcome = _hub.Execute(id, step);
            Assert.True(outcome.Done, $"{step}: {outcome.Refusal}");
        }

        return _hub.Execute(id, new IncidentCommand.Close());
    }

    /// <summary>A call at each of two rooms: number 1 of the first board, number 2 of the second.</summary>
    private (long First, long Second) TwoIncidents()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        var first = Incident.Id;
        _second = _hub.Provision("sumitu-02");
        _hub.Receive("status", _second.Birth(), _second);
        _hub.Receive("signal", _second.Signal(2), _second);
        return (first, _hub.Snapshot.OpenIncidents.Keys.Single(id => id != first));
    }
}
