using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>Each signal committed once, whatever is sent again; what is gone is recorded as missing, and nothing blocks receipts.</summary>
public sealed class SignalIntakeTests : IDisposable
{
    private readonly CoreHarness _hub = new();

    public SignalIntakeTests()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Sent.Clear();
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void A_signal_is_committed_and_receipted()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));

        Assert.Equal(1, _hub.LastReceipt());
        Assert.Single(_hub.Signals());
    }

    [Fact]
    public void The_same_signal_again_is_dropped_and_receipted_again_GW17()
    {
        for (var i = 0; i < 3; i++)
        {
            _hub.Receive("signal", _hub.Board.Signal(1));
            Assert.Equal(1, _hub.LastReceipt());
        }

        Assert.Single(_hub.Signals());
        Assert.Single(_hub.Snapshot.OpenIncidents);
        Assert.Equal(1, _hub.Snapshot.OpenIncidents.Values.Single().SignalCount);
    }

    [Fact]
    public void The_same_signal_after_a_restart_is_still_a_duplicate_GW17()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Restart();
        _hub.Receive("signal", _hub.Board.Signal(1));

        Assert.Single(_hub.Signals());
    }

    [Fact]
    public void The_same_identity_with_other_bytes_is_a_conflict_stored_as_a_new_call_audited_and_shown_GW17()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Receive("signal", _hub.Board.Signal(1, detail: "other"));

        Assert.Equal(2, _hub.Signals().Count);
        Assert.Equal(2, _hub.Snapshot.OpenIncidents.Count);
        var conflict = Assert.Single(_hub.Detail().Conflicts);
        Assert.Equal("other", conflict.Detail);
        Assert.Contains(_hub.Detail().Diary, line => line.Kind == "conflict");
        Assert.Equal(1, _hub.LastReceipt());
    }

    [Fact]
    public void A_conflict_sent_again_is_a_duplicate_and_not_another_conflict_GW17()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        for (var i = 0; i < 3; i++)
        {
            _hub.Receive("signal", _hub.Board.Signal(1, detail: "other"));
        }

        Assert.Equal(2, _hub.Signals().Count);
    }

    [Fact]
    public void A_hole_holds_the_receipt_back_until_it_is_filled()
    {
        _hub.Receive("signal", _hub.Board.Signal(1, kind: "door", zone: 3, lane: "event"));
        _hub.Receive("signal", _hub.Board.Signal(3, kind: "door", zone: 3, lane: "event"));
        Assert.Equal(1, _hub.LastReceipt("event"));

        _hub.Receive("signal", _hub.Board.Signal(2, kind: "door", zone: 3, lane: "event"));
        Assert.Equal(3, _hub.LastReceipt("event"));
    }

    [Fact]
    public void A_gap_records_what_was_never_seen_as_missing_and_moves_on_GW18()
    {
        _hub.Receive("signal", _hub.Board.Signal(2));
        _hub.Receive("signal", _hub.Board.Signal(3));
        _hub.Receive("signal", _hub.Board.Gap(1, 5));

        Assert.Equal(5, _hub.LastReceipt());
        Assert.Equal([(1u, 1u), (4u, 5u)], _hub.Detail().Missing.Select(range => (range.First, range.Last)).Order());
        Assert.Equal(3, _hub.Gateway.MissingCount);
        Assert.Equal(2, _hub.Signals().Count);
    }

    [Fact]
    public void A_gap_over_a_committed_signal_is_no_conflict_GW18()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Receive("signal", _hub.Board.Gap(1, 1));

        Assert.Empty(_hub.Detail().Missing);
        Assert.Empty(_hub.Detail().Conflicts);
        Assert.Equal(1, _hub.LastReceipt());
    }

    [Fact]
    public void A_gap_sent_again_changes_nothing_GW18()
    {
        _hub.Receive("signal", _hub.Board.Gap(1, 4));
        _hub.Receive("signal", _hub.Board.Gap(1, 4));

        Assert.Single(_hub.Detail().Missing);
        Assert.Equal(4, _hub.Gateway.MissingCount);
    }

    [Fact]
    public void A_gap_over_four_thousand_million_numbers_costs_no_more_than_a_small_one()
    {
        _hub.Receive("signal", _hub.Board.Gap(1, uint.MaxValue));

        Assert.Equal(uint.MaxValue, _hub.LastReceipt());
        Assert.Equal(GatewayEntry.MissingShownMax, _hub.Gateway.MissingCount);
    }

    [Fact]
    public void A_missing_number_that_arrives_late_is_committed_and_no_longer_missing_GW19()
    {
        _hub.Receive("signal", _hub.Board.Gap(1, 5));
        _hub.Receive("signal", _hub.Board.Signal(3));
        _hub.Restart();
        _hub.Receive("signal", _hub.Board.Signal(3));

        Assert.Single(_hub.Signals());
        Assert.Equal([(1u, 2u), (4u, 5u)], _hub.Detail().Missing.Select(range => (range.First, range.Last)).Order());
        Assert.Equal(4, _hub.Gateway.MissingCount);
    }

    [Fact]
    public void What_lies_below_the_oldest_of_a_birth_is_missing_GW19()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Board.Session = "0000000000000002";
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth(callOldest: 10, callNext: 12));

        Assert.Equal(9, _hub.LastReceipt());
        Assert.Equal([(2u, 9u)], _hub.Detail().Missing.Select(range => (range.First, range.Last)));
    }

    [Fact]
    public void A_hole_that_a_heartbeat_proves_closed_is_given_up()
    {
        // A hub restored from an old backup: the board believes 1..5 receipted, and will never send them again.
        _hub.Receive("signal", _hub.Board.Signal(6));
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(callBacklog: 2));
        Assert.Equal(0, _hub.LastReceipt());

        _hub.Receive("heartbeat", _hub.Board.Heartbeat(callBacklog: 1));

        Assert.Equal(6, _hub.LastReceipt());
        Assert.Equal([(1u, 5u, "backlog")], _hub.Detail().Missing.Select(range => (range.First, range.Last, range.Cause)));
    }

    /// <summary>What a restored hub had receipted from RAM never comes again. The backlog counts calls and RAM together: what is ahead in both is all that waits.</summary>
    [Fact]
    public void A_hole_of_the_volatile_lane_that_a_heartbeat_proves_closed_owes_a_receipt_GW19_GW20()
    {
        _hub.Receive("signal", _hub.Board.Signal(2));
        _hub.Receive("signal", _hub.Board.Signal(9, lane: "volatile", call: 0));
        Assert.Equal(0, _hub.LastReceipt("volatile"));

        // Number 1 of the calls is still to come.
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(callBacklog: 3));
        Assert.NotEqual(2, _hub.LastReceipt());
        Assert.NotEqual(9, _hub.LastReceipt("volatile"));
        _hub.Receive("signal", _hub.Board.Signal(1));
        Assert.Equal(2, _hub.LastReceipt());

        _hub.Receive("heartbeat", _hub.Board.Heartbeat(callBacklog: 1));

        Assert.Equal(9, _hub.LastReceipt("volatile"));
        Assert.Equal([(1u, 8u, "backlog")], _hub.Detail().Missing.Select(range => (range.First, range.Last, range.Cause)));
    }

    /// <summary>The board's flash refuses: number 1 of the calls is used, counted, and cannot be told before something is written. No heartbeat proves anything of RAM then.</summary>
    [Fact]
    public void A_birth_tells_a_restored_hub_what_of_RAM_will_not_come_again_GW19_GW20()
    {
        _hub.Board.Session = "0000000000000002";
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth(callNext: 2, volatileOldest: 7));

        Assert.Equal(6, _hub.LastReceipt("volatile"));
        Assert.Equal([(1u, 6u, "oldest")], _hub.Detail().Missing.Select(range => (range.First, range.Last, range.Cause)));

        _hub.Receive("signal", _hub.Board.Signal(7, lane: "volatile", call: 0));
        Assert.Equal(7, _hub.LastReceipt("volatile"));
    }

    [Fact]
    public void What_RAM_had_before_a_birth_and_the_hub_has_is_not_missing()
    {
        _hub.Receive("signal", _hub.Board.Signal(1, lane: "volatile", call: 0));
        _hub.Board.Session = "0000000000000002";
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth(volatileOldest: 2));

        Assert.Equal(1, _hub.LastReceipt("volatile"));
        Assert.Empty(_hub.Detail().Missing);
    }

    [Fact]
    public void The_holes_of_an_epoch_that_the_board_has_left_are_missing_GW19_GW23()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Signal(3));
        var late = _hub.Board.Signal(6);
        var later = _hub.Board.Signal(5);
        Assert.Empty(_hub.Detail().Missing);

        _hub.Board.CallEpoch = "00000007";
        _hub.Board.Boot++;
        _hub.Receive("status", _hub.Board.Birth());
        Assert.Equal([(1u, 2u, "epoch")], _hub.Detail().Missing.Select(range => (range.First, range.Last, range.Cause)));

        // What was still on its way makes a hole that nobody fills any more; what comes after all is not missing.
        _hub.Receive("signal", late);
        Assert.Equal([(1u, 2u, "epoch"), (4u, 5u, "epoch")], _hub.Detail().Missing.Select(range => (range.First, range.Last, range.Cause)).Order());
        _hub.Receive("signal", later);
        Assert.Equal([(1u, 2u), (4u, 4u)], _hub.Detail().Missing.Select(range => (range.First, range.Last)).Order());
    }

    [Fact]
    public void A_hole_of_an_epoch_that_no_birth_has_named_yet_stays_open_GW23()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Board.CallEpoch = "00000007";

        _hub.Receive("signal", _hub.Board.Signal(3));

        Assert.Empty(_hub.Detail().Missing);
    }

    [Fact]
    public void Numbers_that_were_given_up_above_a_hole_do_not_prove_that_the_hole_will_stay_I1()
    {
        // The board holds 1, 2, 3 and 7; 4..6 were damaged. Number 1 was refused here (a failed commit), and is still to come:
        // so the backlog counts it besides all numbers above it, those of the gap included.
        _hub.Receive("signal", _hub.Board.Signal(2, call: 1));
        _hub.Receive("signal", _hub.Board.Signal(3, call: 1));
        _hub.Receive("signal", _hub.Board.Gap(4, 6));
        _hub.Receive("signal", _hub.Board.Signal(7, call: 1));
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(callBacklog: 7));
        Assert.Equal(0, _hub.LastReceipt());
        Assert.DoesNotContain(_hub.Detail().Missing, range => range.Cause == "backlog");

        _hub.Receive("signal", _hub.Board.Signal(1));
        Assert.Equal(7, _hub.LastReceipt());
    }

    [Fact]
    public void A_volatile_lane_is_answered_at_each_birth_and_stored_only_when_it_is_used_GW30()
    {
        _hub.TakeSent("receipt");
        for (var boot = 0; boot < 3; boot++)
        {
            _hub.Board.VolatileEpoch = $"1111111{boot}";
            _hub.Board.Session = $"000000000000000{boot}";
            _hub.Board.Boot++;
            _hub.Receive("status", _hub.Board.Birth());
            Assert.Equal(0, _hub.LastReceipt("volatile"));
        }

        Assert.DoesNotContain(_hub.Detail().Lanes, lane => lane.Lane == Lane.Volatile);
        _hub.Receive("signal", _hub.Board.Signal(1, lane: "volatile", call: 0));
        Assert.Equal(1, _hub.LastReceipt("volatile"));
        Assert.Single(_hub.Detail().Lanes, lane => lane.Lane == Lane.Volatile);
    }

    [Fact]
    public void A_volatile_call_in_the_batch_of_its_birth_has_one_receipt_GW33()
    {
        _hub.TakeSent("receipt");
        _hub.Board.VolatileEpoch = "11111119";
        _hub.Board.Session = "0000000000000009";
        _hub.Board.Boot++;
        _hub.ReceiveAll([(_hub.Board.Topic("status"), _hub.Board.Birth()), (_hub.Board.Topic("signal"), _hub.Board.Signal(1, lane: "volatile", call: 0))]);

        Assert.Equal([1], _hub.TakeSent("receipt").Where(receipt => receipt.GetProperty("lane").GetString() == "volatile").Select(receipt => receipt.GetProperty("through").GetInt32()));
    }

    [Fact]
    public void Nothing_is_missing_in_the_volatile_lane_and_its_new_epoch_is_no_alarm_GW20()
    {
        _hub.Receive("signal", _hub.Board.Signal(1, lane: "volatile", call: 0));
        _hub.Board.VolatileEpoch = "11111111";
        _hub.Board.Session = "0000000000000002";
        _hub.Board.Boot++;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Signal(1, lane: "volatile", call: 0));

        Assert.Equal(2, _hub.Signals().Count);
        Assert.Empty(_hub.Detail().Missing);
        Assert.DoesNotContain(_hub.Snapshot.OpenIncidents.Values, incident => incident.Kind == IncidentKind.JournalLost);
        Assert.Equal(1, _hub.LastReceipt("volatile"));
    }

    [Fact]
    public void A_new_epoch_is_an_alarm_and_nothing_is_forgotten_GW23()
    {
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Board.CallEpoch = "11111111";
        _hub.Board.Session = "0000000000000002";
        _hub.Board.Boot++;
        _hub.Receive("status", _hub.Board.Birth());

        Assert.Contains(_hub.Snapshot.OpenIncidents.Values, incident => incident.Kind == IncidentKind.JournalLost);
        Assert.Equal(0, _hub.LastReceipt());

        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Receive("signal", _hub.Board.Signal(2, epoch: "5f0e2b91", call: 1, count: 2));

        Assert.Equal(3, _hub.Signals().Count);
        Assert.Equal(2, _hub.Detail().Lanes.Count(lane => lane.Lane == Lane.Call));
    }

    [Fact]
    public void An_unknown_kind_is_committed_shown_as_unknown_and_answered_with_refused_GW24()
    {
        _hub.Receive("signal", _hub.Board.Signal(1, kind: "earthquake", zone: 3, lane: "event"));

        Assert.True(Assert.Single(_hub.Signals()).Unknown);
        Assert.Equal(1, _hub.LastReceipt("event"));
        var notice = Assert.Single(_hub.TakeSent("notice"));
        Assert.Equal(("refused", "unknown-kind"), (notice.GetProperty("stage").GetString(), notice.GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_help_press_in_an_unknown_zone_is_an_incident_and_never_answered_with_refused_GW24()
    {
        _hub.Receive("signal", _hub.Board.Signal(1, zone: 30));

        Assert.Single(_hub.Snapshot.OpenIncidents);
        Assert.Empty(_hub.TakeSent("notice"));
    }

    [Fact]
    public void A_test_signal_travels_the_whole_way_and_alerts_nobody()
    {
        _hub.Receive("signal", _hub.Board.Signal(1, test: true));

        Assert.Empty(_hub.Snapshot.OpenIncidents);
        Assert.True(Assert.Single(_hub.Signals()).Test);
        Assert.Equal(1, _hub.LastReceipt());
    }

    [Fact]
    public void A_silent_call_opens_an_incident_and_no_notice_is_ever_sent_for_it_GW38_I7()
    {
        _hub.Receive("signal", _hub.Board.Signal(1, kind: "silent", zone: 2));
        var incident = Assert.Single(_hub.Snapshot.OpenIncidents).Value;
        Assert.True(_hub.Execute(incident.Id, new IncidentCommand.Accept()).Done);
        _hub.Board.Session = "0000000000000002";
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth());

        Assert.Empty(_hub.TakeSent("notice"));
    }

    [Fact]
    public void Duplicates_and_cursors_survive_the_checkpoint_that_moves_identities_to_the_index()
    {
        const uint count = 20_000;
        _hub.ReceiveTogether("signal", Enumerable.Range(1, (int)count).Select(Patrol));
        _hub.ReceiveTogether("signal", Enumerable.Range((int)count + 2, 5).Select(Patrol));
        _hub.Restart();
        _hub.Sent.Clear();
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth());
        Assert.Equal(count, _hub.LastReceipt("event"));

        _hub.ReceiveTogether("signal", Enumerable.Range(1, 100).Select(Patrol).Concat(Enumerable.Range((int)count - 100, 100).Select(Patrol)));
        _hub.Tick();
        Assert.Equal(200, _hub.Gateway.DuplicateCount);
        Assert.Equal(count + 5, _hub.Gateway.SignalCount);

        _hub.Receive("signal", _hub.Board.Signal(1, kind: "patrol", zone: 0, state: "normal", lane: "event", detail: "other"));
        Assert.Equal(1, _hub.Gateway.ConflictCount);

        _hub.Receive("signal", Patrol((int)count + 1));
        Assert.Equal(count + 6, _hub.LastReceipt("event"));

        byte[] Patrol(int seq) => _hub.Board.Signal((uint)seq, kind: "patrol", zone: 0, state: "normal", lane: "event", up: 1);
    }

    [Fact]
    public void More_holes_than_the_bound_give_up_the_lowest_and_refuse_nothing()
    {
        _hub.ReceiveTogether("signal", Enumerable.Range(1, LaneCursor.AheadRangesMax + 1)
            .Select(i => _hub.Board.Signal((uint)(2 * i), kind: "patrol", zone: 0, state: "normal", lane: "event")));

        Assert.Equal(LaneCursor.AheadRangesMax + 1, _hub.Gateway.SignalCount);
        Assert.Equal([(1u, 1u, "bound")], _hub.Detail().Missing.Select(range => (range.First, range.Last, range.Cause)));
    }

    [Fact]
    public void Gaps_that_leave_more_holes_than_the_bound_give_up_the_lowest_too()
    {
        _hub.ReceiveTogether("signal", Enumerable.Range(1, LaneCursor.AheadRangesMax + 1).Select(i => _hub.Board.Gap((uint)(2 * i), (uint)(2 * i), "event")));

        Assert.Contains(_hub.Detail().Missing, range => (range.First, range.Last, range.Cause) == (1u, 1u, "bound"));
    }
}
