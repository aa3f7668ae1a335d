using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>When a signal happened, how well that is known, and whether it is late [GW-25] [GW-26].</summary>
public sealed class OccurrenceTests : IDisposable
{
    private readonly CoreHarness _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void A_synced_time_is_taken()
    {
        var at = _hub.Now.AddSeconds(-3);
        var signal = Take(_hub.Board.Signal(1, at: at.ToUnixTimeMilliseconds(), clock: "synced"));

        Assert.Equal((at, OccurrenceQuality.Synced, false), (signal.OccurredAt, signal.Quality, signal.Late));
    }

    [Fact]
    public void An_estimated_time_is_taken_and_says_so() =>
        Assert.Equal(OccurrenceQuality.Estimated, Take(_hub.Board.Signal(1, at: _hub.Now.ToUnixTimeMilliseconds(), clock: "estimated")).Quality);

    [Fact]
    public void A_signal_that_took_more_than_20_s_is_late_GW26()
    {
        Assert.False(Take(_hub.Board.Signal(1, at: _hub.Now.AddSeconds(-20).ToUnixTimeMilliseconds(), clock: "synced")).Late);
        Assert.True(Take(_hub.Board.Signal(2, at: _hub.Now.AddSeconds(-20.001).ToUnixTimeMilliseconds(), clock: "synced")).Late);
    }

    [Theory]
    [InlineData(60.01)]
    [InlineData(-365 * 86_400 * 4.0)]
    public void A_time_in_the_future_or_before_2024_is_not_believed_GW25(double offsetS)
    {
        var signal = Take(_hub.Board.Signal(1, at: _hub.Now.AddSeconds(offsetS).ToUnixTimeMilliseconds(), clock: "synced", boot: 3));

        Assert.Equal((null, OccurrenceQuality.Unknown, true), (signal.OccurredAt, signal.Quality, signal.Late));
    }

    [Fact]
    public void A_signal_without_a_clock_is_placed_by_its_boot_GW25()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var bornAt = _hub.Now;
        _hub.Advance(10);

        var signal = Take(_hub.Board.Signal(1, up: _hub.Board.UpMs + 8_000));

        Assert.Equal((bornAt.AddSeconds(8), OccurrenceQuality.PlacedByBoot, false), (signal.OccurredAt, signal.Quality, signal.Late));
    }

    [Fact]
    public void A_known_boot_is_still_known_after_a_restart_of_the_hub()
    {
        _hub.Receive("status", _hub.Board.Birth());
        var bornAt = _hub.Now;
        _hub.Restart();
        _hub.Advance(100);

        var signal = Take(_hub.Board.Signal(1, up: _hub.Board.UpMs + 1_000));

        Assert.Equal((bornAt.AddSeconds(1), true), (signal.OccurredAt, signal.Late));
    }

    [Fact]
    public void The_boots_of_a_board_that_lost_its_flash_are_not_those_of_its_earlier_life()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Advance(3_600);
        _hub.Board.CallEpoch = "11111111";
        _hub.Board.Boot = 2;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Restart();

        var signal = Take(_hub.Board.Signal(1, boot: 7));

        Assert.Equal((null, OccurrenceQuality.Unknown), (signal.OccurredAt, signal.Quality));
    }

    /// <summary>Nobody heard of its first two boots; the old ones were boots 1 to 3.</summary>
    [Fact]
    public void A_board_whose_both_epochs_are_new_has_a_life_of_its_own_however_high_its_boot_GW25()
    {
        _hub.Board.Boot = 1;
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Advance(3_600);
        (_hub.Board.CallEpoch, _hub.Board.EventEpoch) = ("11111111", "22222222");
        _hub.Board.Boot = 3;
        _hub.Receive("status", _hub.Board.Birth());

        var signal = Take(_hub.Board.Signal(1, boot: 1));

        Assert.Equal((null, OccurrenceQuality.Unknown, true), (signal.OccurredAt, signal.Quality, signal.Late));
    }

    [Fact]
    public void A_signal_of_an_epoch_that_the_board_has_left_is_not_placed_by_a_boot_of_its_present_life_and_teaches_it_nothing_GW25()
    {
        var earlier = _hub.Board.Signal(1, boot: 1);
        var earlierWithTime = _hub.Board.Signal(2, at: _hub.Now.ToUnixTimeMilliseconds(), clock: "synced", boot: 2, up: 1_000);
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Advance(3_600);
        (_hub.Board.CallEpoch, _hub.Board.EventEpoch) = ("11111111", "22222222");
        _hub.Board.Boot = 1;
        _hub.Receive("status", _hub.Board.Birth());

        var signal = Take(earlier);
        Take(earlierWithTime);
        var present = Take(_hub.Board.Signal(1, boot: 2));

        Assert.Equal((null, OccurrenceQuality.Unknown, true), (signal.OccurredAt, signal.Quality, signal.Late));
        Assert.Equal((null, OccurrenceQuality.Unknown), (present.OccurredAt, present.Quality));
    }

    [Fact]
    public void A_brother_with_a_good_clock_places_the_boot_GW25()
    {
        var at = _hub.Now.AddMinutes(-10);
        Take(_hub.Board.Signal(1, at: at.ToUnixTimeMilliseconds(), clock: "synced", boot: 4, up: 60_000));

        var signal = Take(_hub.Board.Signal(2, boot: 4, up: 90_000));

        Assert.Equal((at.AddSeconds(30), OccurrenceQuality.PlacedByBoot), (signal.OccurredAt, signal.Quality));
    }

    [Fact]
    public void Without_any_clue_the_time_is_unknown_and_late_unless_the_boot_is_the_running_one_GW26()
    {
        _hub.Receive("status", _hub.Board.Birth());

        var signal = Take(_hub.Board.Signal(1, boot: 2));

        Assert.Equal((null, OccurrenceQuality.Unknown, true), (signal.OccurredAt, signal.Quality, signal.Late));
    }

    [Theory]
    [InlineData(9_007_199_254_740_991, "synced")]
    [InlineData(9_007_199_254_740_991, "none")]
    public void The_largest_numbers_of_the_protocol_do_no_harm(long number, string clock)
    {
        _hub.Receive("status", _hub.Board.Birth());

        var signal = Take(_hub.Board.Signal(1, at: number, clock: clock, up: number));

        Assert.True(signal.OccurredAt is null || signal.OccurredAt <= _hub.Now);
    }

    private SignalRecord Take(byte[] payload)
    {
        Assert.Null(_hub.Receive("signal", payload));
        return _hub.Signals()[0];
    }
}
