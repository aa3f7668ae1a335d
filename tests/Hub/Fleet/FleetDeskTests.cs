using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Fleet;

/// <summary>New keys, other boards, commands and desired configurations, on the core with time in the test's hand.</summary>
public sealed class FleetDeskTests : IDisposable
{
    private readonly CoreHarness _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void The_same_board_with_new_keys_that_lost_its_journal_is_an_alarm_and_another_board_in_its_place_is_none_GW23()
    {
        foreach (var (change, alarms) in new[] { (CredentialChange.SameBoard, 1), (CredentialChange.NewBoard, 0) })
        {
            using var hub = new CoreHarness();
            hub.Receive("status", hub.Board.Birth());
            var board = Renew(hub, change);
            board.CallEpoch = "00000abc";
            board.Session = "0000000000000002";
            board.Boot = 1;
            hub.Receive("status", board.Birth(), board);
            Assert.Equal(LinkState.Up, hub.Gateway.Link);
            Assert.Equal(alarms, hub.Snapshot.OpenIncidents.Values.Count(incident => incident.Kind == IncidentKind.JournalLost));
        }
    }

    [Fact]
    public void What_the_old_key_signed_is_a_forgery_from_the_moment_of_the_new_one()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var late = _hub.Board.Signal(1);
        Renew(_hub, CredentialChange.SameBoard);

        Assert.Equal(MessageRefusals.BadMac, _hub.Receive("signal", late));
        Assert.Empty(_hub.Snapshot.OpenIncidents);
    }

    [Fact]
    public void A_command_sent_twice_under_one_key_is_done_once_and_answered_with_the_same_id()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var first = Send(new GatewayCommand.Identify(10), "wish-1");
        var again = Send(new GatewayCommand.Identify(10), "wish-1");

        Assert.True(first.Done && again.Done);
        Assert.NotNull(first.CommandId);
        Assert.Equal(first.CommandId, again.CommandId);
        Assert.Single(_hub.TakeSent("command"));
    }

    [Fact]
    public void Every_command_goes_down_with_session_number_and_expiry_and_its_result_is_recorded_GW11_GW40()
    {
        GatewayCommand[] commands =
        [
            new GatewayCommand.Siren(5), new GatewayCommand.Annunciate(60, 2), new GatewayCommand.WatchAlert(30), new GatewayCommand.ResetLatch(Lane.Call, 0x5f0e2b91, 17),
            new GatewayCommand.TestMode(0, 10), new GatewayCommand.SelfTest(), new GatewayCommand.Identify(10), new GatewayCommand.Reboot(),
        ];
        Assert.Equal(typeof(GatewayCommand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(GatewayCommand))).Select(type => type.Name).Order(), commands.Select(command => command.GetType().Name).Order());
        _hub.Receive("status", _hub.Board.Birth());
        var n = 0;
        foreach (var command in commands)
        {
            var id = Send(command).CommandId!;
            var sent = Assert.Single(_hub.TakeSent("command"));
            Assert.Equal((_hub.Board.Session, ++n, id), (sent.GetProperty("session").GetString(), sent.GetProperty("n").GetInt32(), sent.GetProperty("id").GetString()));
            Assert.Equal(_hub.Board.UpMs + Downlink.CommandLifeMs, sent.GetProperty("untilUp").GetInt64());
            Assert.Null(Recorded(id).Result);

            _hub.Receive("result", _hub.Board.Result(id, n % 2 == 0 ? "done" : "refused", n % 2 == 0 ? "" : "not-configured", n));
            Assert.Equal((n % 2 == 0 ? "done" : "refused", n % 2 == 0 ? "" : "not-configured"), (Recorded(id).Result, Recorded(id).Reason));
        }
    }

    [Fact]
    public void A_result_of_another_board_changes_no_command_of_this_one()
    {
        var other = _hub.Provision("sumitu-02");
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("status", other.Birth(), other);
        var id = Send(new GatewayCommand.SelfTest()).CommandId!;

        _hub.Receive("result", other.Result(id), other);

        Assert.Null(Recorded(id).Result);
    }

    [Fact]
    public void A_configuration_is_published_retained_under_a_rising_version_and_its_progress_is_what_the_board_reports_GW41_GW43()
    {
        _hub.Receive("status", _hub.Board.Birth());
        Assert.Equal(ConfigurationProgress.None, _hub.Gateway.Progress);
        Assert.True(Configure(("debounceMs", 40L), ("buzzer", false)).Done);

        var sent = Assert.Single(_hub.TakeSent("config"));
        Assert.Equal(4, sent.GetProperty("version").GetInt32()); // the board has 3
        Assert.Equal((40, false, CoreHarness.HubId.ToString("x16")), (sent.GetProperty("debounceMs").GetInt32(), sent.GetProperty("buzzer").GetBoolean(), sent.GetProperty("hub").GetString()));
        Assert.Equal(ConfigurationProgress.Pending, _hub.Gateway.Progress);

        foreach (var (state, progress) in new[]
        {
            ("trial", ConfigurationProgress.Trial), ("applied", ConfigurationProgress.Applied), ("rolledBack", ConfigurationProgress.RolledBack), ("refused", ConfigurationProgress.Refused),
        })
        {
            _hub.Receive("config/reported", _hub.Board.ConfigReported(4, state));
            Assert.Equal(progress, _hub.Gateway.Progress);
            _hub.Restart();
            Assert.Equal(progress, _hub.Gateway.Progress);
            _hub.Board.UpMs++;
            _hub.Receive("status", _hub.Board.Birth());
        }

        Assert.True(Configure(("debounceMs", 50L)).Done);
        Assert.Equal(5, _hub.TakeSent("config")[^1].GetProperty("version").GetInt32());
        Assert.Equal(ConfigurationProgress.Pending, _hub.Gateway.Progress);
    }

    [Fact]
    public void A_configuration_of_which_nothing_is_heard_is_said_again_every_ten_minutes_until_something_is_GW41()
    {
        _hub.Receive("status", _hub.Board.Birth());
        Assert.True(Configure(("debounceMs", 40L)).Done);
        var first = Assert.Single(_hub.TakeSent("config")).GetRawText();
        _hub.Receive("config/reported", _hub.Board.ConfigReported(4, "trial"));

        // What the board then said was lost: its link lives on, so there is no birth.
        Live(599);
        Assert.Empty(_hub.TakeSent("config"));
        Live(2);
        Assert.Equal(first, Assert.Single(_hub.TakeSent("config")).GetRawText());

        _hub.Receive("config/reported", _hub.Board.ConfigReported(4, "applied"));
        Live(1_300);
        Assert.Empty(_hub.TakeSent("config"));

        void Live(int seconds)
        {
            for (var second = 0; second < seconds; second++)
            {
                _hub.Advance(1);
                if (second % 5 == 0)
                {
                    _hub.Receive("heartbeat", _hub.Board.Heartbeat());
                }
            }
        }
    }

    [Fact]
    public void A_board_that_was_away_gets_its_configuration_with_its_birth_and_one_that_has_it_does_not()
    {
        Assert.True(Configure(("stuckS", 60L)).Done);
        _hub.TakeSent("config");
        _hub.Receive("status", _hub.Board.Birth());

        // It has version 3 of a hub that knew more than this one: what is asked for goes above it.
        Assert.Equal(4, Assert.Single(_hub.TakeSent("config")).GetProperty("version").GetInt32());

        _hub.Receive("config/reported", _hub.Board.ConfigReported(4, "trial"));
        _hub.Board.UpMs++;
        _hub.Board.Session = "0000000000000002";
        _hub.Receive("status", _hub.Board.Birth());
        Assert.Empty(_hub.TakeSent("config"));
    }

    [Fact]
    public void A_board_that_is_ahead_of_a_restored_hub_is_asked_again_above_what_it_reports_once_GW41()
    {
        _hub.Receive("status", _hub.Board.Birth());
        Assert.True(Configure(("stuckS", 60L)).Done);
        _hub.TakeSent("config");

        // Refused there as version 9, which this hub has forgotten; 3 is still in force.
        _hub.Receive("config/reported", _hub.Board.ConfigReported(9, "refused", inForce: 3));

        var again = Assert.Single(_hub.TakeSent("config"));
        Assert.Equal((10, 60), (again.GetProperty("version").GetInt32(), again.GetProperty("stuckS").GetInt32()));
        Assert.Equal(ConfigurationProgress.Pending, _hub.Gateway.Progress);
        _hub.Restart();
        Assert.Equal(10, _hub.Gateway.Desired!.Version);
        _hub.Board.UpMs++;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.TakeSent("config");
        _hub.Receive("config/reported", _hub.Board.ConfigReported(10, "applied"));
        Assert.Empty(_hub.TakeSent("config"));
        Assert.Equal((ConfigurationProgress.Applied, 10), (_hub.Gateway.Progress, _hub.Gateway.ConfigVersion));
    }

    [Fact]
    public void A_board_that_has_another_configuration_of_the_number_that_a_restored_hub_asks_for_is_asked_again_above_it_GW41()
    {
        _hub.Receive("status", _hub.Board.Birth());
        Assert.True(Configure(("stuckS", 60L)).Done);
        var asked = Assert.Single(_hub.TakeSent("config"));
        _hub.Receive("config/reported", _hub.Board.ConfigReported(4, "applied", sum: SumOf(asked)));
        Assert.Empty(_hub.TakeSent("config"));
        Assert.Equal(ConfigurationProgress.Applied, _hub.Gateway.Progress);

        // What is in force there was asked for as version 4, too, by the hub of before the restore.
        _hub.Receive("config/reported", _hub.Board.ConfigReported(4, "applied", sum: "0badf00d"));
        var again = Assert.Single(_hub.TakeSent("config"));
        Assert.Equal((5, 60), (again.GetProperty("version").GetInt32(), again.GetProperty("stuckS").GetInt32()));
        Assert.Equal(ConfigurationProgress.Pending, _hub.Gateway.Progress);

        // A board that tells it wrongly is not asked for ever.
        for (var version = 5; version < 5 + GatewayEntry.RaisesMax; version++)
        {
            _hub.Receive("config/reported", _hub.Board.ConfigReported(version, "applied", sum: "0badf00d"));
        }

        Assert.Equal(4 + GatewayEntry.RaisesMax, _hub.TakeSent("config")[^1].GetProperty("version").GetInt32());

        static string SumOf(System.Text.Json.JsonElement payload)
        {
            var text = payload.GetRawText();
            return System.IO.Hashing.Crc32.HashToUInt32(System.Text.Encoding.ASCII.GetBytes(text[..text.IndexOf(",\"mac\"", StringComparison.Ordinal)])).ToString("x8");
        }
    }

    [Fact]
    public void New_credentials_bring_the_configuration_signed_anew()
    {
        Configure(("stuckS", 60L));
        var before = Assert.Single(_hub.TakeSent("config")).GetProperty("mac").GetString();
        Renew(_hub, CredentialChange.NewBoard);
        var after = Assert.Single(_hub.TakeSent("config"));
        Assert.NotEqual(before, after.GetProperty("mac").GetString());
        Assert.Equal(ConfigurationProgress.Pending, _hub.Gateway.Progress);
    }

    [Theory]
    [InlineData("debounceMs", 9L, "out-of-range")]
    [InlineData("debounceMs", 201L, "out-of-range")]
    [InlineData("glitchMs", 26L, "out-of-range")]
    [InlineData("buzzer", 1L, "wrong-type")]
    [InlineData("stuckS", "10", "wrong-type")]
    [InlineData("colour", "red", "unknown-member")]
    [InlineData("key", "00", "not-settable")]
    [InlineData("swingerAlarms", 2L, "out-of-range")]
    [InlineData("utcOffsetMin", -841L, "out-of-range")]
    [InlineData("zone5", "loop1 smoke name=Kitchen", null)]
    [InlineData("zone5", "loop1 door disarm=0600-2200 name=Front door", null)]
    [InlineData("zone5", "loop1 smoke life", "out-of-range")]
    [InlineData("zone5", "loop1 door life disarm=0600-2200", "out-of-range")]
    [InlineData("zone5", "loop5 smoke", "out-of-range")]
    [InlineData("zone5", "loop1  smoke", "out-of-range")]
    [InlineData("zone5", "loop1 door disarm=0660-2200", "out-of-range")]
    [InlineData("zone5", "contact1 smoke", "conflict")]
    [InlineData("zone3", "", null)]
    [InlineData("batteryCriticalMv", 11_600L, "conflict")]
    public void A_setting_outside_its_bounds_is_refused_by_name_and_nothing_is_sent_GW42(string name, object value, string? refusal)
    {
        Assert.Equal(refusal, Configure((name, value)).Refusal?.Name);
        Assert.Equal(refusal is null ? 1 : 0, _hub.TakeSent("config").Count);
        Assert.Equal(refusal is null ? ConfigurationProgress.Pending : ConfigurationProgress.None, _hub.Gateway.Progress);
    }

    [Fact]
    public void Of_two_people_who_saw_the_same_version_the_second_is_refused()
    {
        Assert.True(Configure(0, ("stuckS", 60L)).Done);
        Assert.Equal("changed-meanwhile", Configure(0, ("stuckS", 90L)).Refusal?.Name);
        Assert.True(Configure(1, ("stuckS", 90L)).Done);
    }

    [Fact]
    public void Every_change_of_a_gateway_is_in_the_audit_chain_I13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        Send(new GatewayCommand.SelfTest());
        Configure(("stuckS", 60L));
        Renew(_hub, CredentialChange.SameBoard);
        Renew(_hub, CredentialChange.NewBoard);
        _hub.Batch(core => Assert.True(core.Revoke(_hub.Board.Device, "desk", new HubTime(_hub.Now, _hub.MonotonicMs)).Done));

        using var connection = _hub.Database.Connect();
        var kinds = connection.Rows("SELECT kind FROM audit WHERE subject = 'gateway/sumitu-01' ORDER BY seq", row => row.GetString(0));
        Assert.Equal(["gateway.provisioned", "gateway.command", "gateway.configured", "gateway.rotated", "gateway.provisioned", "gateway.revoked"], kinds);
    }

    private CommandOutcome Send(GatewayCommand command, string? key = null)
    {
        CommandOutcome? outcome = null;
        _hub.Batch(core => outcome = core.Send(_hub.Board.Device, command, "desk", key, new HubTime(_hub.Now, _hub.MonotonicMs)));
        return outcome!;
    }

    private SentCommand Recorded(string id) => _hub.Detail().Commands.Single(command => command.Id == id);

    private CommandOutcome Configure(params (string Name, object Value)[] settings) => Configure(null, settings);

    private CommandOutcome Configure(int? expected, params (string Name, object Value)[] settings)
    {
        var members = BoardSettings.Empty.Members.AddRange(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        CommandOutcome? outcome = null;
        _hub.Batch(core => outcome = core.Configure(_hub.Board.Device, new BoardSettings(members), expected, "desk", new HubTime(_hub.Now, _hub.MonotonicMs)));
        return outcome!;
    }

    private static TestBoard Renew(CoreHarness hub, CredentialChange change)
    {
        var (credentials, _) = DeviceCredentials.Draw(hub.Board.Device);
        var stored = new StoredCredentials(hub.Board.Device, [1], credentials.PasswordSalt, credentials.PasswordHash, false);
        hub.Batch(core => core.Provision(credentials, stored, "desk", new HubTime(hub.Now, hub.MonotonicMs), change));
        return new TestBoard(hub.Board.Device, CoreHarness.HubId.ToString("x16"), credentials.Key.Bytes.ToArray());
    }
}
