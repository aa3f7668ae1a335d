using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>Births, wills, heartbeats, results: sessions, replays, supervision.</summary>
public sealed class SessionIntakeTests : IDisposable
{
    private readonly CoreHarness _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void A_birth_is_answered_by_one_receipt_per_lane_in_its_session_GW30()
    {
        _hub.Receive("status", _hub.Board.Birth());

        var receipts = _hub.TakeSent("receipt");
        Assert.Equal(["call", "event", "volatile"], receipts.Select(receipt => receipt.GetProperty("lane").GetString()));
        Assert.All(receipts, receipt => Assert.Equal(_hub.Board.Session, receipt.GetProperty("session").GetString()));
        Assert.Equal([1L, 2L, 3L], receipts.Select(receipt => receipt.GetProperty("n").GetInt64()));
    }

    [Fact]
    public void A_birth_brings_the_latest_notice_of_every_open_call_that_is_not_silent_GW30()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Receive("signal", _hub.Board.Signal(2, kind: "silent", zone: 2));
        AcceptAllAndBeBornAgain(callNext: 3);

        var notice = Assert.Single(_hub.TakeSent("notice"));
        Assert.Equal(("accepted", 1L), (notice.GetProperty("stage").GetString(), notice.GetProperty("seq").GetInt64()));
    }

    /// <summary>A board has room for sixteen messages; what does not fit is lost for minutes, and its button shows the newest call.</summary>
    [Fact]
    public void After_a_birth_the_newest_call_is_told_first_GW30_I3()
    {
        _hub.Receive("status", _hub.Board.Birth());
        for (var seq = 1u; seq <= 3; seq++)
        {
            _hub.Receive("signal", _hub.Board.Signal(seq));
        }

        AcceptAllAndBeBornAgain(callNext: 4);

        Assert.Equal([3L, 2L, 1L], _hub.TakeSent("notice").Select(notice => notice.GetProperty("seq").GetInt64()));
    }

    /// <summary>A board has little room: the receipts before them and the resets behind them need some, too.</summary>
    [Fact]
    public void After_a_birth_the_four_newest_calls_are_told_of_which_there_is_something_to_tell_GW30()
    {
        _hub.Receive("status", _hub.Board.Birth());
        for (var seq = 1u; seq <= 11; seq++)
        {
            _hub.Receive("signal", _hub.Board.Signal(seq));
            _hub.Advance(3_600);
        }

        // Nobody has taken the newest of them.
        var newest = _hub.Snapshot.OpenIncidents.Keys.Max();
        AcceptAllAndBeBornAgain(callNext: 12, but: newest);

        Assert.Equal([10L, 9L, 8L, 7L], _hub.TakeSent("notice").Select(notice => notice.GetProperty("seq").GetInt64()));
    }

    /// <summary>Of a board whose journal was lost again and again: the resets behind the notices need room, too.</summary>
    [Fact]
    public void After_a_birth_eight_calls_are_told_in_all_and_those_of_its_own_epochs_first_GW30()
    {
        for (var life = 1u; life <= 4; life++)
        {
            _hub.Board.CallEpoch = $"{life:x8}";
            _hub.Board.Session = $"{life:x16}";
            _hub.Board.Boot++;
            _hub.Receive("status", _hub.Board.Birth());
            for (var seq = 1u; seq <= 3; seq++)
            {
                _hub.Receive("signal", _hub.Board.Signal(seq));
                _hub.Advance(3_600);
            }
        }

        // It comes last, and is of a journal that is no more.
        _hub.Receive("signal", _hub.Board.Signal(4, epoch: "00000003"));
        AcceptAllAndBeBornAgain(callNext: 4);

        Assert.Equal(
            ["00000004 3", "00000004 2", "00000004 1", "00000003 4", "00000003 3", "00000003 2", "00000003 1", "00000002 3"],
            _hub.TakeSent("notice").Select(notice => $"{notice.GetProperty("epoch").GetString()} {notice.GetProperty("seq").GetInt64()}"));
    }

    [Fact]
    public void An_older_birth_is_replayed_GW13()
    {
        var old = _hub.Board.Birth();
        _hub.Receive("status", old);
        _hub.Board.UpMs++;
        _hub.Board.Session = "0000000000000002";
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Sent.Clear();

        _hub.Receive("status", old);

        Assert.Equal(1, _hub.Refusals(MessageRefusals.Replayed));
        Assert.Empty(_hub.Sent);
    }

    [Fact]
    public void An_older_birth_is_replayed_after_a_restart_of_the_hub_too_GW13()
    {
        var old = _hub.Board.Birth();
        _hub.Receive("status", old);
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Restart();

        _hub.Receive("status", old);

        Assert.Equal(1, _hub.Refusals(MessageRefusals.Replayed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_birth_of_an_epoch_that_the_board_left_is_replayed_however_high_its_boot_GW13(bool restart)
    {
        _hub.Board.Boot = 60;
        var old = _hub.Board.Birth();
        _hub.Receive("status", old);
        _hub.Board.CallEpoch = "00c0ffee";
        _hub.Board.EventEpoch = "00c0ffef";
        _hub.Board.Boot = 1;
        _hub.Board.Session = "0000000000000002";
        _hub.Receive("status", _hub.Board.Birth());
        if (restart)
        {
            _hub.Restart();
            _hub.Board.UpMs++;
            _hub.Board.Session = "0000000000000003";
            _hub.Receive("status", _hub.Board.Birth());
        }

        _hub.Sent.Clear();
        _hub.Receive("status", old);
        _hub.Receive("heartbeat", _hub.Board.Heartbeat());

        Assert.Equal(1, _hub.Refusals(MessageRefusals.Replayed));
        Assert.Equal(0, _hub.Refusals(MessageRefusals.StaleSession));
        Assert.Equal(1u, _hub.Gateway.Boot);
        Assert.Empty(_hub.Sent);
    }

    [Fact]
    public void A_new_epoch_whose_first_signal_came_before_its_birth_is_believed_though_boots_count_anew_GW13()
    {
        _hub.Board.Boot = 60;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Board.CallEpoch = "00c0ffee";
        _hub.Board.Boot = 1;
        _hub.Board.Session = "0000000000000002";
        _hub.Receive("signal", _hub.Board.Signal(seq: 1));

        _hub.Receive("status", _hub.Board.Birth());

        Assert.Equal(0, _hub.Refusals(MessageRefusals.Replayed));
        Assert.Equal(1u, _hub.Gateway.Boot);
    }

    [Fact]
    public void The_newest_birth_again_is_answered_and_refused_by_no_name_GW13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Sent.Clear();
        _hub.Receive("status", _hub.Board.Birth());

        Assert.Equal(3, _hub.TakeSent("receipt").Count);
        Assert.Equal(0, _hub.Gateway.RefusedCount);
    }

    [Fact]
    public void The_newest_birth_replayed_restores_no_link_and_after_a_restart_no_session()
    {
        var birth = _hub.Board.Birth();
        _hub.Receive("status", birth);
        _hub.Advance(18);
        _hub.Receive("status", birth);
        Assert.Equal(LinkState.Lost, _hub.Gateway.Link);

        _hub.Restart();
        _hub.Sent.Clear();
        _hub.Receive("status", birth);
        Assert.Empty(_hub.Sent);
        _hub.Receive("heartbeat", _hub.Board.Heartbeat());
        Assert.Equal(1, _hub.Refusals(MessageRefusals.StaleSession));
    }

    [Fact]
    public void A_birth_for_another_hub_is_wrong_hub_GW11()
    {
        _hub.Board.Hub = "0000000000000001";
        _hub.Receive("status", _hub.Board.Birth());

        Assert.Equal(1, _hub.Refusals(MessageRefusals.WrongHub));
        Assert.Empty(_hub.Sent);
    }

    [Fact]
    public void A_virtual_board_is_refused_by_a_production_hub_and_its_signals_with_it()
    {
        _hub.Receive("status", _hub.Board.Birth(isVirtual: true));
        _hub.Receive("signal", _hub.Board.Signal(1));

        Assert.Equal(2, _hub.Refusals(MessageRefusals.VirtualRefused));
        Assert.Empty(_hub.Signals());
        Assert.Equal(["sumitu-01"], _hub.Disconnected);
    }

    [Fact]
    public void A_demo_takes_virtual_boards_and_marks_them()
    {
        using var demo = new CoreHarness(allowVirtual: true);
        demo.Receive("status", demo.Board.Birth(isVirtual: true));

        Assert.True(demo.Gateway.Virtual);
        Assert.Equal(LinkState.Up, demo.Gateway.Link);
    }

    [Fact]
    public void A_heartbeat_of_another_session_is_stale_and_one_with_an_old_number_is_replayed_GW12()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var heartbeat = _hub.Board.Heartbeat();
        _hub.Receive("heartbeat", heartbeat);
        _hub.Receive("heartbeat", heartbeat);
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(session: "00000000000000ff"));

        Assert.Equal(1, _hub.Refusals(MessageRefusals.Replayed));
        Assert.Equal(1, _hub.Refusals(MessageRefusals.StaleSession));
        Assert.Equal(12_840, _hub.Gateway.Health!.BatteryMv);
    }

    [Fact]
    public void A_heartbeat_of_another_boot_than_its_sessions_birth_is_stale_and_proves_no_presence_GW12()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Advance(19);
        Assert.Equal(LinkState.Lost, _hub.Gateway.Link);
        var boot = _hub.Board.Boot;
        _hub.Board.Boot = boot + 1;
        _hub.Receive("heartbeat", _hub.Board.Heartbeat());

        Assert.Equal(1, _hub.Refusals(MessageRefusals.StaleSession));
        Assert.Equal((LinkState.Lost, (GatewayHealth?)null), (_hub.Gateway.Link, _hub.Gateway.Health));

        _hub.Board.Boot = boot;
        _hub.Receive("heartbeat", _hub.Board.Heartbeat());
        Assert.Equal(LinkState.Up, _hub.Gateway.Link);
    }

    [Fact]
    public void A_revoked_device_is_unknown_and_provisioned_again_it_is_believed_by_its_new_key_only()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Batch(core => core.Revoke("sumitu-01", "test", new HubTime(_hub.Now, _hub.MonotonicMs)));
        Assert.Equal(MessageRefusals.UnknownDevice, _hub.Receive("signal", _hub.Board.Signal(1)));
        Assert.Equal(["sumitu-01"], _hub.Disconnected);

        var renewed = _hub.Provision("sumitu-01");
        Assert.Equal(MessageRefusals.BadMac, _hub.Receive("signal", _hub.Board.Signal(1)));
        Assert.Null(_hub.Receive("signal", renewed.Signal(1)));
        Assert.Single(_hub.Signals());
    }

    [Fact]
    public void A_board_that_replaces_another_under_new_credentials_is_no_lost_journal_GW23()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var replacement = _hub.Provision("sumitu-01");
        replacement.Boot = 1;
        replacement.CallEpoch = "22222222";
        _hub.Receive("status", replacement.Birth());

        Assert.Equal(LinkState.Up, _hub.Gateway.Link);
        Assert.Empty(_hub.Snapshot.OpenIncidents);
    }

    [Fact]
    public void A_result_is_recorded_for_its_command()
    {
        _hub.Receive("status", _hub.Board.Birth());
        CommandOutcome? sent = null;
        _hub.Batch(core => sent = core.Send("sumitu-01", new GatewayCommand.Identify(5), "operator", null, new HubTime(_hub.Now, _hub.MonotonicMs)));
        var command = Assert.Single(_hub.TakeSent("command"));
        Assert.Equal(sent!.CommandId, command.GetProperty("id").GetString());
        Assert.Equal(_hub.Board.UpMs + 60_000, command.GetProperty("untilUp").GetInt64());

        _hub.Receive("result", _hub.Board.Result(sent.CommandId!));

        Assert.Contains(_hub.Detail().Diary, line => line.Kind == "result" && line.Text == $"{sent.CommandId}: done");
    }

    [Fact]
    public void A_command_outside_its_bounds_or_to_an_absent_board_is_refused_by_name()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var time = new HubTime(_hub.Now, _hub.MonotonicMs);
        _hub.Batch(core => Assert.Equal("out-of-range", core.Send("sumitu-01", new GatewayCommand.Siren(601), "operator", null, time).Refusal!.Name));
        _hub.Batch(core => Assert.Equal("no-such-gateway", core.Send("sumitu-99", new GatewayCommand.SelfTest(), "operator", null, time).Refusal!.Name));
        _hub.Receive("status", _hub.Board.Offline());
        _hub.Batch(core => Assert.Equal("not-connected", core.Send("sumitu-01", new GatewayCommand.SelfTest(), "operator", null, time).Refusal!.Name));
        Assert.Empty(_hub.TakeSent("command"));
    }

    [Fact]
    public void Refusals_are_in_the_diary_once_a_minute_however_many_they_are()
    {
        _hub.Receive("status", _hub.Board.Birth());
        for (var i = 0; i < 50; i++)
        {
            _hub.Receive("heartbeat", _hub.Board.Heartbeat(n: 1, session: "00000000000000ff"));
            _hub.Tick();
        }

        Assert.Equal("since the start of the hub: stale-session 1", Assert.Single(_hub.Detail().Diary, line => line.Kind == "refused").Text);
        _hub.Advance(60);
        Assert.Contains(_hub.Detail().Diary, line => line is { Kind: "refused", Text: "since the start of the hub: stale-session 50" });
    }

    [Fact]
    public void A_reported_configuration_is_shown()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("config/reported", _hub.Board.ConfigReported(4));

        Assert.Equal((4, "applied"), (_hub.Gateway.ConfigVersion, _hub.Gateway.ConfigState));
    }

    [Fact]
    public void A_board_that_loses_its_journal_at_every_start_is_one_open_incident_and_another_after_it_was_closed_GW23()
    {
        using var hub = new CoreHarness();
        hub.Receive("status", hub.Board.Birth());
        for (var start = 1; start <= 5; start++)
        {
            hub.Board.CallEpoch = $"{start:x8}";
            hub.Board.EventEpoch = $"{start + 100:x8}";
            hub.Board.Boot = (uint)start;
            hub.Receive("status", hub.Board.Birth());
        }

        Assert.Equal(IncidentKind.JournalLost, Assert.Single(hub.Snapshot.OpenIncidents).Value.Kind);
        Assert.Equal(10, hub.Detail().Diary.Count(line => line.Kind == "journalLost"));
    }

    [Fact]
    public void A_gap_of_four_billion_is_recorded_as_stated_and_counted_within_a_bound()
    {
        using var hub = new CoreHarness();
        hub.Receive("status", hub.Board.Birth());
        hub.Receive("signal", hub.Board.Gap(1, uint.MaxValue - 1));

        Assert.Equal(1_000_000, hub.Gateway.MissingCount);
        Assert.Equal(uint.MaxValue - 1, Assert.Single(hub.Detail().Missing).Last);
        Assert.Equal(uint.MaxValue - 1, hub.LastReceipt());
        hub.Receive("signal", hub.Board.Signal(uint.MaxValue));
        Assert.Equal(uint.MaxValue, hub.LastReceipt());
    }

    [Fact]
    public void Commands_are_forgotten_after_90_days_but_not_a_reset_that_no_board_answered()
    {
        using var hub = new CoreHarness();
        hub.Receive("status", hub.Board.Birth());
        hub.Receive("signal", hub.Board.Signal(1));
        hub.Batch(core => core.Send(hub.Board.Device, new GatewayCommand.Identify(10), "operator", null, new HubTime(hub.Now, hub.MonotonicMs)));
        using (var connection = hub.Database.Connect())
        {
            connection.Execute("UPDATE commands SET at_ms = at_ms - 1");
            connection.Execute(
                "INSERT INTO commands (id, device, command, actor, at_ms) VALUES ('r-1', $1, 'resetLatch call 5f0e2b91 1', 'clock', $2)", hub.Board.Device, hub.Now.ToUnixTimeMilliseconds());
        }

        hub.Advance(HubCore.CommandLifeDays * 86_400.0 + 3_601);

        using var after = hub.Database.Connect();
        Assert.Equal("r-1", after.ScalarText("SELECT group_concat(id) FROM commands"));
    }

    private void AcceptAllAndBeBornAgain(uint callNext, long but = 0)
    {
        foreach (var id in _hub.Snapshot.OpenIncidents.Keys.Where(id => id != but))
        {
            Assert.True(_hub.Execute(id, new IncidentCommand.Accept()).Done);
        }

        _hub.Sent.Clear();
        _hub.Board.Session = "0000000000000002";
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth(callNext: callNext));
    }
}
