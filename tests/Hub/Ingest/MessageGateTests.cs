using System.Text;
using Gateway.Hub.Ingest;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>The stateless refusals of PROTOCOL.md section 12, each by its name; and the protocol's own examples.</summary>
public sealed class MessageGateTests
{
    private static readonly byte[] TestKey = Convert.FromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    private readonly TestBoard _board = new("sumitu-01", "7d1f0c2a94b36e58", TestKey);
    private readonly MessageGate _gate = new(device => device == "sumitu-01" ? new MessageKey(TestKey) : null);

    [Fact]
    public void Every_example_of_the_protocol_that_goes_up_is_taken()
    {
        var taken = 0;
        foreach (var (topic, payload) in Examples())
        {
            var result = _gate.Judge(topic, payload);
            if (topic.EndsWith("/receipt") || topic.EndsWith("/notice") || topic.EndsWith("/command") || topic.EndsWith("/config") || topic == "hub/status")
            {
                Assert.Equal(MessageRefusals.UnknownTopic, result.Refusal);
                continue;
            }

            Assert.True(result.Refusal is null, $"{topic}: {result.Refusal} {result.Member}");
            taken++;
        }

        Assert.True(taken >= 7, $"only {taken} examples were found");
    }

    [Fact]
    public void The_members_of_a_signal_are_read_as_sent()
    {
        var signal = Assert.IsType<SignalMessage>(Judge(_board.Signal(18, call: 17, count: 3, detail: "a-1", at: 1_795_309_393_923, clock: "synced", value: -5)).Message);

        Assert.Equal((Lane.Call, 0x5f0e2b91u, 18u, "help", 1, "alarm"), (signal.Lane, signal.Epoch, signal.Seq, signal.Kind, signal.Zone, signal.State));
        Assert.Equal((17u, 3, -5, "a-1", false), (signal.Call, signal.Count, signal.Value, signal.Detail, signal.Test));
        Assert.Equal(new BoardTime(7, 5_210, 1_795_309_393_923, BoardClock.Synced), signal.Time);
    }

    [Fact]
    public void A_payload_above_1024_bytes_is_too_large() =>
        Assert.Equal(MessageRefusals.TooLarge, Judge([.. _board.Signal(1), .. new byte[1_024]]).Refusal);

    [Fact]
    public void A_payload_that_is_no_flat_object_is_not_json() => Assert.Equal(MessageRefusals.NotJson, Judge("not json at all"u8.ToArray()).Refusal);

    [Fact]
    public void A_payload_without_its_mac_is_bad_mac_GW9() => Assert.Equal(MessageRefusals.BadMac, Judge("""{"v":1,"seq":1}"""u8.ToArray()).Refusal);

    [Fact]
    public void Every_changed_byte_of_a_signal_is_refused_GW10()
    {
        var payload = _board.Signal(1);
        for (var i = 0; i < payload.Length; i++)
        {
            var changed = (byte[])payload.Clone();
            changed[i] ^= 1;
            Assert.True(Judge(changed).Refusal is MessageRefusals.BadMac or MessageRefusals.NotJson, $"byte {i} changed: {Encoding.ASCII.GetString(changed)}");
        }
    }

    [Fact]
    public void A_mac_in_capital_letters_is_bad_mac_GW9()
    {
        var payload = Encoding.ASCII.GetString(_board.Signal(1));
        var at = payload.IndexOf("\"mac\":\"", StringComparison.Ordinal) + 7;
        Assert.Equal(MessageRefusals.BadMac, Judge(Encoding.ASCII.GetBytes(payload[..at] + payload[at..].ToUpperInvariant())).Refusal);
    }

    [Fact]
    public void A_mac_that_is_not_the_last_member_is_bad_mac_GW9()
    {
        var payload = Encoding.ASCII.GetString(_board.Signal(1));
        Assert.Equal(MessageRefusals.BadMac, Judge(Encoding.ASCII.GetBytes(payload[..^1] + ",\"x\":1}")).Refusal);
    }

    [Fact]
    public void The_mac_of_one_topic_is_no_good_on_another_GW9() =>
        Assert.Equal(MessageRefusals.BadMac, _gate.Judge(_board.Topic("heartbeat"), _board.Signal(1)).Refusal);

    [Fact]
    public void Another_version_is_unknown_version_GW8() =>
        Assert.Equal(MessageRefusals.UnknownVersion, Judge(_board.Sign("signal", """{"v":2,"whatever":1""")).Refusal);

    [Fact]
    public void Unknown_members_are_ignored_GW7()
    {
        var body = Encoding.ASCII.GetString(_board.Signal(1));
        body = body[..body.IndexOf(",\"mac\"", StringComparison.Ordinal)] + ",\"novel\":true";
        Assert.Null(Judge(_board.Sign("signal", body)).Refusal);
    }

    [Fact]
    public void Each_missing_member_of_a_signal_is_named_GW7()
    {
        foreach (var member in new[] { "v", "lane", "epoch", "seq", "kind", "zone", "state", "call", "count", "value", "detail", "boot", "up", "at", "clock", "test" })
        {
            var body = Encoding.ASCII.GetString(_board.Signal(1));
            body = body[..body.IndexOf(",\"mac\"", StringComparison.Ordinal)].Replace($"\"{member}\":", $"\"x{member}\":");
            var result = Judge(_board.Sign("signal", body));
            Assert.Equal((MessageRefusals.MissingMember, member), (result.Refusal, result.Member));
        }
    }

    [Theory]
    [InlineData("\"seq\":1", "\"seq\":0", "seq")]
    [InlineData("\"seq\":1", "\"seq\":4294967296", "seq")]
    [InlineData("\"seq\":1", "\"seq\":\"1\"", "seq")]
    [InlineData("\"seq\":1", "\"seq\":true", "seq")]
    [InlineData("\"zone\":1", "\"zone\":33", "zone")]
    [InlineData("\"zone\":1", "\"zone\":-1", "zone")]
    [InlineData("\"lane\":\"call\"", "\"lane\":\"calls\"", "lane")]
    [InlineData("\"epoch\":\"5f0e2b91\"", "\"epoch\":\"00000000\"", "epoch")]
    [InlineData("\"epoch\":\"5f0e2b91\"", "\"epoch\":\"5F0E2B91\"", "epoch")]
    [InlineData("\"epoch\":\"5f0e2b91\"", "\"epoch\":\"5f0e2b9\"", "epoch")]
    [InlineData("\"count\":1", "\"count\":0", "count")]
    [InlineData("\"count\":1", "\"count\":65536", "count")]
    [InlineData("\"value\":0", "\"value\":2147483648", "value")]
    [InlineData("\"detail\":\"\"", "\"detail\":\"a b\"", "detail")]
    [InlineData("\"boot\":7", "\"boot\":0", "boot")]
    [InlineData("\"clock\":\"none\"", "\"clock\":\"exact\"", "clock")]
    [InlineData("\"test\":false", "\"test\":0", "test")]
    [InlineData("\"kind\":\"help\"", "\"kind\":\"\"", "kind")]
    [InlineData("\"state\":\"alarm\"", "\"state\":\"\"", "state")]
    public void A_member_outside_its_bounds_is_out_of_range_and_named_GW7(string was, string becomes, string member)
    {
        var body = Encoding.ASCII.GetString(_board.Signal(1));
        body = body[..body.IndexOf(",\"mac\"", StringComparison.Ordinal)].Replace(was, becomes);
        var result = Judge(_board.Sign("signal", body));
        Assert.Equal((MessageRefusals.OutOfRange, member), (result.Refusal, result.Member));
    }

    [Theory]
    [InlineData("heartbeat", "\"n\":1", "\"n\":0", "n")]
    [InlineData("heartbeat", "\"n\":1", "\"n\":9007199254740992", null)]
    [InlineData("result", "\"n\":1", "\"n\":0", "n")]
    [InlineData("result", "\"id\":\"c-1\"", "\"id\":\"C-1\"", "id")]
    public void A_number_n_of_zero_and_a_command_id_in_capitals_are_refused_GW12_GW6(string leaf, string was, string becomes, string? member)
    {
        var body = Encoding.ASCII.GetString(leaf == "heartbeat" ? _board.Heartbeat(1) : _board.Result("c-1"));
        body = body[..body.IndexOf(",\"mac\"", StringComparison.Ordinal)];
        Assert.Null(_gate.Judge(_board.Topic(leaf), _board.Sign(leaf, body)).Refusal);

        var result = _gate.Judge(_board.Topic(leaf), _board.Sign(leaf, body.Replace(was, becomes)));
        Assert.Equal((member is null ? MessageRefusals.NotJson : MessageRefusals.OutOfRange, member), (result.Refusal, result.Member));
    }

    [Theory]
    [InlineData("session", "\"session\":\"a1b2c3d4e5f60718\"", "\"session\":1")]
    [InlineData("schema", "\"schema\":1", "\"schema\":256")]
    [InlineData("version", "\"version\":4", "\"version\":-1")]
    [InlineData("state", "\"state\":\"applied\"", "\"state\":\"novel\"")]
    [InlineData("reason", "\"reason\":\"\"", "\"reason\":0")]
    [InlineData("inForce", "\"inForce\":4", "\"inForce\":2147483648")]
    [InlineData("local", "\"local\":false", "\"local\":0")]
    public void A_report_is_judged_by_each_member_that_is_no_setting_and_not_by_its_settings_GW7(string member, string was, string becomes)
    {
        var body = Encoding.ASCII.GetString(_board.ConfigReported(4));
        body = body[..body.IndexOf(",\"mac\"", StringComparison.Ordinal)].Replace(_board.Session, "a1b2c3d4e5f60718") + ",\"port\":\"novel\"";
        Assert.Null(Report(body).Refusal);

        Assert.Contains(was, body);
        Assert.Equal((MessageRefusals.OutOfRange, member), Named(Report(body.Replace(was, becomes))));
        Assert.Equal((MessageRefusals.MissingMember, member), Named(Report(body.Replace($"\"{member}\":", $"\"x{member}\":"))));

        GateResult Report(string text) => _gate.Judge(_board.Topic("config/reported"), _board.Sign("config/reported", text));
    }

    [Fact]
    public void A_gap_that_ends_before_it_begins_or_in_the_volatile_lane_is_out_of_range()
    {
        Assert.Equal((MessageRefusals.OutOfRange, "first"), Named(Judge(_board.Gap(6, 5))));
        Assert.Equal((MessageRefusals.OutOfRange, "lane"), Named(Judge(_board.Gap(1, 5, "volatile"))));
    }

    [Theory]
    [InlineData("gw/sumitu-01/receipt")]
    [InlineData("gw/sumitu-01/signal/x")]
    [InlineData("gw/sumitu-01")]
    [InlineData("gw/sumitu-01/")]
    [InlineData("gw//signal")]
    [InlineData("gw/SUMITU-01/signal")]
    [InlineData("hub/status")]
    [InlineData("")]
    public void Other_topics_are_unknown(string topic) => Assert.Equal(MessageRefusals.UnknownTopic, _gate.Judge(topic, _board.Signal(1)).Refusal);

    [Fact]
    public void A_device_that_nobody_provisioned_is_unknown() => Assert.Equal(MessageRefusals.UnknownDevice, _gate.Judge("gw/sumitu-99/signal", _board.Signal(1)).Refusal);

    private GateResult Judge(byte[] payload) => _gate.Judge(_board.Topic("signal"), payload);

    private static (string?, string?) Named(GateResult result) => (result.Refusal, result.Member);

    /// <summary>Topic and payload of each example in PROTOCOL.md.</summary>
    private static IEnumerable<(string Topic, byte[] Payload)> Examples()
    {
        var lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Stations.Seeds.Folder)!, "firmware", "PROTOCOL.md"));
        string? topic = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('`') && lines[i].EndsWith('`') && lines[i].Contains('/'))
            {
                topic = lines[i].Trim('`');
            }
            else if (lines[i] == "```json" && topic is not null)
            {
                yield return (topic, Encoding.ASCII.GetBytes(lines[i + 1]));
                topic = null;
            }
        }
    }
}
