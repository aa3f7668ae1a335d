using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Audit;

/// <summary>
/// What a board or a stranger does that somebody must answer for later (I13): it is on the gateway's page and in the chain, in the transaction of the batch that met it,
/// and a flood of it is one entry an hour.
/// </summary>
public sealed class FactTests : IDisposable
{
    private readonly CoreHarness _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void A_gap_of_the_board_is_on_its_page_and_in_the_chain_GW19_I13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Gap(3, 7));

        Assert.Equal((3u, 7u, "gap"), Assert.Single(_hub.Detail().Missing.Select(range => (range.First, range.Last, range.Cause))));
        Assert.Equal("gw/sumitu-01 gateway/sumitu-01 call 5f0e2b91: 3..7 (gap)", Assert.Single(Entries(FactBook.Missing)));
    }

    [Fact]
    public void A_number_that_came_after_all_is_no_longer_missing_and_the_chain_says_so_GW19_I13()
    {
        _hub.Receive("status", _hub.Board.Birth(callOldest: 3, callNext: 4));
        Assert.Contains("call 5f0e2b91: 1..2 (oldest)", Assert.Single(Entries(FactBook.Missing)));

        _hub.Receive("signal", _hub.Board.Signal(2));

        Assert.Equal(1, _hub.Gateway.MissingCount);
        Assert.Contains(_hub.Detail().Diary, line => line is { Kind: "found", Text: "call 5f0e2b91: 2 came after all" });
        Assert.EndsWith("call 5f0e2b91: 2 came after all", Assert.Single(Entries(FactBook.Found)));
    }

    [Fact]
    public void A_conflict_is_on_the_page_and_in_the_chain_I13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Signal(1));
        _hub.Receive("signal", _hub.Board.Signal(1, "silent", zone: 2));

        Assert.Single(_hub.Detail().Conflicts);
        Assert.StartsWith("gw/sumitu-01 gateway/sumitu-01 ", Assert.Single(Entries(FactBook.Conflict)));
    }

    [Fact]
    public void A_new_epoch_is_on_the_page_and_in_the_chain_for_each_lane_that_lost_its_journal_GW23_I13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Board.CallEpoch = "00000007";
        _hub.Board.Boot++;
        _hub.Receive("status", _hub.Board.Birth());

        Assert.Single(_hub.Detail().Diary, line => line is { Kind: "journalLost", Text: "call: epoch 5f0e2b91 became 00000007" });
        Assert.EndsWith("call: epoch 5f0e2b91 became 00000007", Assert.Single(Entries(FactBook.JournalLost)));
    }

    [Fact]
    public void Foreign_and_replayed_messages_are_refused_counted_and_in_the_chain_by_name_I13()
    {
        var first = _hub.Board.Birth();
        _hub.Receive("status", first);
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(n: 5));
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(n: 5));
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(n: 6, session: "00000000000000ff"));
        _hub.Board.Boot++;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("status", first);
        _hub.Board.Hub = "00000000000000aa";
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Board.Hub = CoreHarness.HubId.ToString("x16");
        _hub.Board.Boot++;
        _hub.Receive("status", _hub.Board.Birth(isVirtual: true));

        foreach (var name in new[] { MessageRefusals.Replayed, MessageRefusals.StaleSession, MessageRefusals.WrongHub, MessageRefusals.VirtualRefused })
        {
            Assert.True(_hub.Refusals(name) > 0, name);
            Assert.Equal($"hub gateway/sumitu-01 {name}, 1 since the start of the hub", Assert.Single(Entries(FactBook.Refused), entry => entry.Contains(name, StringComparison.Ordinal)));
        }

        Assert.Equal(2, _hub.Detail().Refusals[MessageRefusals.Replayed]);
    }

    [Theory]
    [InlineData(MessageRefusals.BadMac)]
    [InlineData(MessageRefusals.UnknownTopic)]
    [InlineData(MessageRefusals.BadCredentials)]
    public void What_the_gate_and_the_endpoint_refuse_as_forged_or_foreign_is_in_the_chain_with_the_next_tick_I13(string name)
    {
        _hub.Counters.Refuse("sumitu-01", name);
        _hub.Tick();

        Assert.Equal($"hub gateway/sumitu-01 {name}, 1 since the start of the hub", Assert.Single(Entries(FactBook.Refused)));
        Assert.Equal(1, _hub.Gateway.RefusedCount);
    }

    [Fact]
    public void A_heartbeat_from_before_the_hub_started_is_counted_and_no_fact_about_anybody()
    {
        _hub.Receive("heartbeat", _hub.Board.Heartbeat(n: 1));

        Assert.Equal(1, _hub.Refusals(MessageRefusals.StaleSession));
        Assert.Empty(Entries(FactBook.Refused));
    }

    [Fact]
    public void A_million_forged_messages_are_one_entry_at_once_and_one_for_each_hour_I13()
    {
        for (var hour = 0; hour < 3; hour++)
        {
            for (var second = 0; second < 3_600; second += 60)
            {
                for (var i = 0; i < 5_600; i++)
                {
                    _hub.Counters.Refuse("sumitu-01", MessageRefusals.BadMac);
                }

                _hub.Advance(60);
            }
        }

        _hub.Advance(3_600);

        var entries = Entries(FactBook.Refused);
        Assert.Equal(4, entries.Count);
        Assert.Equal("hub gateway/sumitu-01 bad-mac, 5600 since the start of the hub", entries[0]);
        Assert.EndsWith("bad-mac, 1008000 since the start of the hub", entries[^1]);
        Assert.Equal(1_008_000 - 5_600, entries.Skip(1).Sum(entry => long.Parse(entry.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(1_008_000, _hub.Detail().Refusals[MessageRefusals.BadMac]);

        // Quiet again: nothing more is written, and the next one is told at once.
        _hub.Advance(7_200);
        Assert.Equal(4, Entries(FactBook.Refused).Count);
        _hub.Counters.Refuse("sumitu-01", MessageRefusals.BadMac);
        _hub.Tick();
        Assert.Equal(5, Entries(FactBook.Refused).Count);
    }

    [Fact]
    public void Forgeries_under_many_names_are_written_a_bounded_number_at_a_time_and_all_of_them_in_the_end()
    {
        var boards = _hub.ProvisionAll(Enumerable.Range(0, 200).Select(i => $"board-{i}"));
        foreach (var board in boards)
        {
            _hub.Counters.Refuse(board.Device, MessageRefusals.BadMac);
        }

        _hub.Tick();
        Assert.Equal(FactBook.EntriesPerTickMax, Entries(FactBook.Refused).Count);
        for (var tick = 0; tick < 3; tick++)
        {
            _hub.Tick();
        }

        Assert.Equal(200, Entries(FactBook.Refused).Distinct().Count());
    }

    [Fact]
    public void Strangers_whom_the_hub_does_not_know_are_one_subject_together()
    {
        _hub.Counters.Refuse(IngestCounters.UnknownDevices, MessageRefusals.UnknownDevice);
        _hub.Counters.Refuse(IngestCounters.UnknownDevices, MessageRefusals.UnknownDevice);
        _hub.Tick();

        Assert.Equal("hub gateway/unknown unknown-device, 2 since the start of the hub", Assert.Single(Entries(FactBook.Refused)));
    }

    [Fact]
    public void Bad_input_that_is_neither_forged_nor_foreign_is_on_the_page_and_not_in_the_chain()
    {
        _hub.Counters.Refuse("sumitu-01", MessageRefusals.NotJson);
        _hub.Tick();

        Assert.Equal(1, _hub.Detail().Refusals[MessageRefusals.NotJson]);
        Assert.Contains(_hub.Detail().Diary, line => line.Kind == "refused");
        Assert.Empty(Entries(FactBook.Refused));
    }

    [Fact]
    public void A_batch_that_is_not_committed_leaves_neither_the_missing_range_nor_the_entry_and_the_next_leaves_both_I8_I13()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var gap = _hub.Board.Gap(1, 4);
        _hub.Core.Take(new MessageGate(_hub.Devices.KeyOf).Judge(_hub.Board.Topic("signal"), gap).Message!, new HubTime(_hub.Now, _hub.MonotonicMs));
        _hub.Restart();
        Assert.Empty(_hub.Detail().Missing);
        Assert.Empty(Entries(FactBook.Missing));

        _hub.Receive("signal", gap);

        Assert.Single(_hub.Detail().Missing);
        Assert.Single(Entries(FactBook.Missing));
    }

    [Fact]
    public void What_was_only_counted_is_written_when_the_hub_stops()
    {
        _hub.Receive("status", _hub.Board.Birth());
        for (uint seq = 10; seq < 30; seq += 2)
        {
            _hub.Receive("signal", _hub.Board.Gap(seq, seq));
        }

        Assert.Single(Entries(FactBook.Missing));
        _hub.Batch(core => core.CloseFacts(new HubTime(_hub.Now, _hub.MonotonicMs)));
        _hub.Batch(core => core.CloseFacts(new HubTime(_hub.Now, _hub.MonotonicMs)));

        Assert.Equal(2, Entries(FactBook.Missing).Count);
        Assert.EndsWith("9 more within the hour, the last: call 5f0e2b91: 28..28 (gap)", Entries(FactBook.Missing)[1]);
    }

    /// <summary>Actor, subject and content of the entries of one kind, oldest first.</summary>
    private List<string> Entries(string kind)
    {
        using var connection = _hub.Database.Connect();
        return [.. connection.Rows("SELECT actor || ' ' || subject || ' ' || content FROM audit WHERE kind = $1 ORDER BY seq", r => r.GetString(0), kind)];
    }
}
