using Gateway.Hub.Incidents;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>A call that is pressed again when the work on it was over is in two incidents: no end is told, and no latch reset, while anybody works on it ([GW-37], PROTOCOL.md section 9).</summary>
public sealed class PressedAgainTests : IDisposable
{
    private static readonly string Responder = Seeds.Sumitu.Responders[0].Id;

    private readonly CoreHarness _hub = new();
    private uint _seq;
    private int _presses;
    private long _results;

    public PressedAgainTests()
    {
        Rebirth();
        _hub.Sent.Clear();
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void When_the_older_incident_closes_the_button_goes_on_with_the_newer_one_and_hears_the_end_with_that_GW37()
    {
        var first = Press();
        HandleThere(first);
        var second = Press();
        Assert.NotEqual(first, second);
        Do(second, new IncidentCommand.Accept(new Assessment("again")), new IncidentCommand.Dispatch([Responder]));
        Assert.Equal(["accepted", "dispatched"], Told().TakeLast(2));

        CloseHandled(first);
        Assert.Empty(Told());
        Assert.Empty(Resets());

        Do(second, new IncidentCommand.EnRoute(Responder), new IncidentCommand.Arrive(Responder), new IncidentCommand.Handle("again"));
        CloseHandled(second);
        Assert.Equal(["enRoute", "onScene", "closed"], Told());
        Assert.Single(Resets());
    }

    [Fact]
    public void A_call_that_is_closed_in_the_batch_of_a_birth_is_told_so_before_its_reset_GW37()
    {
        var id = Press();
        HandleByTelephone(id);
        Do(id, new IncidentCommand.Report("well", Disposition.FalseAlarm), new IncidentCommand.FollowUp("visited"));
        Told();
        _hub.Board.UpMs++;
        _hub.Board.Session = $"{_hub.Board.UpMs:x16}";
        _hub.ReceiveWith("status", _hub.Board.Birth(callNext: _seq + 1), id, new IncidentCommand.Close());

        Assert.Equal(["closed"], Told());
        Assert.Single(Resets());
    }

    [Fact]
    public void When_the_newer_incident_closes_first_the_button_hears_again_what_the_older_one_is_at_GW37()
    {
        var first = Press();
        HandleThere(first);
        var second = Press();
        Told();
        HandleByTelephone(second);
        CloseHandled(second);
        Assert.Equal(["accepted", "onScene"], Told());
        Assert.Empty(Resets());

        CloseHandled(first);
        Assert.Equal(["closed"], Told());
        Assert.Single(Resets());
    }

    [Fact]
    public void While_the_newer_one_has_nothing_to_say_the_older_one_speaks_and_its_close_says_nothing_GW37()
    {
        var first = Press();
        HandleThere(first);
        var second = Press();
        Told();

        Rebirth();
        Assert.Equal(["onScene"], Told());
        CloseHandled(first);
        Assert.Empty(Told());
        Rebirth();
        Assert.Empty(Told());
        Assert.Empty(Resets());

        Do(second, new IncidentCommand.Accept(new Assessment("again")));
        Assert.Equal(["accepted"], Told());
    }

    [Fact]
    public void After_a_birth_each_call_is_told_once_as_the_newest_incident_has_it_GW30()
    {
        HandleThere(Press());
        Do(Press(), new IncidentCommand.Accept(new Assessment("again")), new IncidentCommand.Dispatch([Responder]));
        Told();

        Rebirth();
        Assert.Equal(["dispatched"], Told());
        _hub.Restart();
        Rebirth();
        Assert.Equal(["dispatched"], Told());
    }

    [Fact]
    public void A_reset_that_is_due_does_not_leave_while_an_incident_has_the_call_and_leaves_with_its_close_GW30()
    {
        var first = Press();
        _hub.Receive("status", _hub.Board.Offline());
        HandleByTelephone(first);
        CloseHandled(first);
        _hub.Restart();
        _hub.Sent.Clear();

        // What waited at the board may come before its birth is answered.
        var second = Press();
        Rebirth();
        Assert.Empty(Resets());

        HandleByTelephone(second);
        CloseHandled(second);
        Assert.Single(Resets());
        Rebirth();
        Assert.Single(Resets());
    }

    [Fact]
    public void A_reset_refused_because_of_a_press_leaves_again_when_the_heartbeat_says_that_no_call_waits_GW40()
    {
        var id = ClosedAndRefused();
        Heartbeat(callBacklog: 1);
        Assert.Empty(Resets());
        Heartbeat(callBacklog: 0);
        Assert.Equal(id, Assert.Single(Resets()));
        Heartbeat(callBacklog: 0);
        Assert.Empty(Resets());

        Answer(id, "refused", "pressed-again");
        Heartbeat(callBacklog: 0);
        Assert.Equal(id, Assert.Single(Resets()));
        Answer(id, "done", "");
        Heartbeat(callBacklog: 0);
        Rebirth();
        _hub.Restart();
        Rebirth();
        Assert.Empty(Resets());
    }

    [Fact]
    public void A_reset_refused_because_of_a_press_waits_for_the_end_of_the_work_that_the_press_has_opened_GW40()
    {
        var id = ClosedAndRefused();
        var second = Press();
        Heartbeat(callBacklog: 0);
        Rebirth();
        Assert.Empty(Resets());

        HandleByTelephone(second);
        CloseHandled(second);
        Assert.Equal(id, Assert.Single(Resets()));
    }

    [Fact]
    public void A_reset_refused_because_of_a_press_stays_due_through_a_restart_of_the_hub_GW40()
    {
        var id = ClosedAndRefused();
        _hub.Restart();
        Rebirth();
        Assert.Equal(id, Assert.Single(Resets()));
    }

    [Fact]
    public void Between_a_press_and_the_close_of_the_older_incident_the_hub_may_be_killed_GW37()
    {
        var first = Press();
        HandleByTelephone(first);
        var second = Press();
        _hub.Restart();
        Rebirth();
        _hub.Sent.Clear();
        CloseHandled(first);
        Assert.Empty(Told());
        Assert.Empty(Resets());

        _hub.Restart();
        Rebirth();
        _hub.Sent.Clear();
        HandleByTelephone(second);
        CloseHandled(second);
        Assert.Equal(["accepted", "closed"], Told());
        Assert.Single(Resets());
    }

    [Fact]
    public void A_newer_incident_that_was_merged_tells_of_the_work_where_it_goes_on_and_holds_the_call_until_that_closes_GW37()
    {
        var first = Press();
        HandleByTelephone(first);
        var second = Press();
        var other = _hub.Provision("sumitu-02");
        _hub.Receive("signal", other.Signal(9), other);
        var target = _hub.Snapshot.OpenIncidents.Keys.Max();
        Do(target, new IncidentCommand.Accept(new Assessment("next door")));
        Told();
        Do(second, new IncidentCommand.MergeInto(target));
        Do(target, new IncidentCommand.Dispatch([Responder]));
        Assert.Equal(["dispatched"], Told());

        CloseHandled(first);
        Assert.Empty(Told());
        Do(target, new IncidentCommand.EnRoute(Responder), new IncidentCommand.Arrive(Responder), new IncidentCommand.Handle("both"));
        CloseHandled(target);
        Assert.DoesNotContain(_hub.Snapshot.OpenIncidents.Values, static incident => incident.Kind == IncidentKind.Help);
        Assert.Equal(["enRoute", "onScene", "closed"], Told());
        Assert.Single(Resets());
    }

    [Fact]
    public void Of_a_silent_call_nothing_is_told_and_its_latch_is_reset_with_the_last_incident_I7()
    {
        var first = Press("silent");
        HandleByTelephone(first);
        var second = Press("silent");
        CloseHandled(first);
        Assert.Empty(Resets());
        HandleByTelephone(second);
        CloseHandled(second);
        Assert.Single(Resets());
        Assert.Empty(Told());
    }

    /// <summary>A press on call 1, a minute after the one before; the newest incident then.</summary>
    private long Press(string kind = "help")
    {
        _hub.Advance(60);
        _hub.Board.UpMs += 60_000;
        _hub.Receive("signal", _hub.Board.Signal(++_seq, kind, kind == "silent" ? 2 : 1, call: 1, count: ++_presses));
        return _hub.Snapshot.OpenIncidents.Keys.Max();
    }

    /// <summary>One incident, closed; its reset was refused by the board. The reset's id.</summary>
    private string ClosedAndRefused()
    {
        var first = Press();
        HandleByTelephone(first);
        CloseHandled(first);
        var id = Assert.Single(Resets());
        Answer(id, "refused", "pressed-again");
        return id;
    }

    private void HandleThere(long id) => Do(
        id, new IncidentCommand.Accept(new Assessment("fell down")), new IncidentCommand.Dispatch([Responder]), new IncidentCommand.EnRoute(Responder), new IncidentCommand.Arrive(Responder),
        new IncidentCommand.Handle("on the spot"));

    private void HandleByTelephone(long id) => Do(id, new IncidentCommand.Accept(new Assessment("nothing")), new IncidentCommand.Handle("by telephone"));

    private void CloseHandled(long id) => Do(id, new IncidentCommand.Report("well", Disposition.FalseAlarm), new IncidentCommand.FollowUp("visited"), new IncidentCommand.Close());

    private void Do(long id, params IncidentCommand[] steps)
    {
        foreach (var step in steps)
        {
            var outcome = _hub.Execute(id, step);
            Assert.True(outcome.Done, $"{step}: {outcome.Refusal}");
        }
    }

    private void Rebirth()
    {
        _hub.Board.UpMs++;
        _hub.Board.Session = $"{_hub.Board.UpMs:x16}";
        (_results, _hub.Board.HeartbeatN) = (0, 0);
        _hub.Receive("status", _hub.Board.Birth(callNext: _seq + 1));
    }

    private void Heartbeat(int callBacklog) => _hub.Receive("heartbeat", _hub.Board.Heartbeat(callBacklog: callBacklog));

    private void Answer(string id, string result, string reason) => _hub.Receive("result", _hub.Board.Result(id, result, reason, ++_results));

    /// <summary>The stages told of call 1 since this was last asked.</summary>
    private IEnumerable<string?> Told() => [.. _hub.TakeSent("notice").Where(notice => notice.GetProperty("seq").GetInt64() == 1).Select(notice => notice.GetProperty("stage").GetString())];

    /// <summary>Ids of the resets of call 1 since this was last asked.</summary>
    private IReadOnlyList<string> Resets() =>
        [.. _hub.TakeSent("command").Where(command => command.GetProperty("command").GetString() == "resetLatch" && command.GetProperty("seq").GetInt64() == 1).Select(command => command.GetProperty("id").GetString()!)];
}
