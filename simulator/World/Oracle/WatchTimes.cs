using Gateway.Hub.Ingest;
using Gateway.World.Hub;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>Where the hub places what happened in time ([GW-25]), and what it calls late ([GW-26]), by the bytes of the signal and by the true time of the press.</content>
public sealed partial class Watcher
{
    private const long LateMs = 20_000;
    private const long FutureMs = 60_000;

    /// <summary>2024-01-01, before which no time is believed.</summary>
    private const long BelievedFromMs = 1_704_067_200_000;

    /// <summary>A press that is stamped by SNTP: the qualifying of a press, and a stall.</summary>
    private const long SyncedMs = 5_000;

    /// <summary>A time from a receipt, or from the birth of its boot, is late by the way of that message: the longest that a connection holds one back.</summary>
    private const long EstimatedMs = 150_000;

    /// <summary>When a signal was first placed by what the hub knows of its boot.</summary>
    private readonly Dictionary<(int Board, uint Life, uint Boot), long> _placedByUs = [];

    /// <summary>What each boot of each board may take for the hub's time: the hub's word in its receipts, less the board's own clock when it took them.</summary>
    private readonly Dictionary<(int Board, uint Boot), (long LeastMs, long MostMs)> _hubTimes = [];

    /// <summary>
    /// Boots of which the hub has heard a birth without a time long after it was sent: one that never came, or went with a backup, and that something on the way says
    /// again. The hub takes a birth for as old as it comes, and so what it places by that boot is late by as much.
    /// </summary>
    private readonly HashSet<(int Board, uint Boot)> _bornLate = [];

    private void NoteBornLate(Boards.SimulatedBoard board, BirthMessage birth)
    {
        var boot = Of(board).BootOf(birth.Call.Epoch, birth.Time.Boot);
        var isInTime = IsOfBoot(Of(board), board.Incarnation, boot) && board.LocalMs - birth.Time.UpMs <= EstimatedMs;
        if (birth.Time.Clock == BoardClock.None && !isInTime)
        {
            _bornLate.Add((board.Number, boot));
        }
    }

    /// <summary>The core takes a receipt.</summary>
    internal void TakesReceipt(Boards.SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        var key = (board.Number, Of(board).BootOf(board.App!.Journal.Calls.Epoch, board.App.Journal.Boot));
        var offsetMs = NumberOf(payload, "at") - board.LocalMs;
        var (leastMs, mostMs) = _hubTimes.GetValueOrDefault(key, (offsetMs, offsetMs));
        _hubTimes[key] = (Math.Min(leastMs, offsetMs), Math.Max(mostMs, offsetMs));
    }

    /// <summary>A board whose clock was not set in its boot takes the time of what happens from the hub's receipts, whatever the hub's clock shows, and from nothing else.</summary>
    private void CheckEstimated(Boards.SimulatedBoard board, SignalMessage signal)
    {
        if (signal.Time.Clock != BoardClock.Estimated)
        {
            return;
        }

        Check("GW-25 estimated");
        var offsetMs = signal.Time.AtMs - signal.Time.UpMs;
        if (!_hubTimes.TryGetValue((board.Number, Of(board).BootOf(signal)), out var told) || offsetMs < told.LeastMs - SyncedMs || offsetMs > told.MostMs + SyncedMs)
        {
            Fail("GW-25", board, $"{signal.Lane} {signal.Seq} of boot {signal.Time.Boot} says {signal.Time.AtMs} at {signal.Time.UpMs} ms by the hub's time, and no receipt has told it that");
        }
    }

    private void CheckPlaced(Boards.SimulatedBoard board, in DiskSignal stored, SignalMessage signal)
    {
        Check("GW-25 placed");
        CheckEstimated(board, signal);
        var time = signal.Time;

        // A board counts its boots anew when it has lost its journal, and its life is called by the epoch of its calls here.
        var born = AnsweredBirth(Of(board));
        var isOfThisLife = born is null || signal.Lane == Lane.Volatile || signal.Epoch == (signal.Lane == Lane.Call ? born.Call.Epoch : born.Event.Epoch);
        var boot = (board.Number, born?.Call.Epoch ?? 0, time.Boot);
        if (stored.Quality == OccurrenceQuality.PlacedByBoot)
        {
            _placedByUs.TryAdd(boot, world.Queue.NowUs);
        }

        var isBelieved = time.Clock != BoardClock.None && time.AtMs >= BelievedFromMs && time.AtMs <= stored.ReceivedMs + FutureMs;
        if (isBelieved ? stored.OccurredMs != time.AtMs : stored.OccurredMs > stored.ReceivedMs)
        {
            Fail("GW-25", board, $"{signal.Lane} {signal.Seq} says {time.AtMs} ({time.Clock}), came at {stored.ReceivedMs}, and is placed at {stored.OccurredMs}");
        }
        else if (stored.OccurredMs is { } at && stored.IsLate != (stored.ReceivedMs - at > LateMs))
        {
            Fail("GW-26", board, $"{signal.Lane} {signal.Seq} came {stored.ReceivedMs - at} ms after it happened, and is {(stored.IsLate ? "" : "not ")}called late");
        }
        else if (stored.Quality != (isBelieved ? time.Clock == BoardClock.Synced ? OccurrenceQuality.Synced : OccurrenceQuality.Estimated : stored.OccurredMs is null ? OccurrenceQuality.Unknown : OccurrenceQuality.PlacedByBoot))
        {
            Fail("GW-25", board, $"{signal.Lane} {signal.Seq} has its time from a clock that was {time.Clock}, and that is called {stored.Quality}");
        }
        else if (stored.OccurredMs is null && isOfThisLife && _placedByUs.TryGetValue(boot, out var knownUs) && knownUs < world.Queue.NowUs && !_wasRestored
            && world.Hub.Disk.Ledger.KnowsBoot(stored.Lane.Device, time.Boot))
        {
            Fail("GW-25", board, $"{signal.Lane} {signal.Seq} is of boot {time.Boot}, whose beginning the hub has written down, and it is placed nowhere");
        }
        else if (stored.OccurredMs is null && !stored.IsLate && IsOfEarlierBoot(Of(board), signal))
        {
            Fail("GW-26", board, $"{signal.Lane} {signal.Seq} of boot {time.Boot}, which is over, has no time, and is not called late");
        }
    }

    /// <summary>The hub has answered a birth of a later one.</summary>
    private static bool IsOfEarlierBoot(BoardLedger ledger, SignalMessage signal) => AnsweredBirth(ledger) is { } answered && answered.Time.Boot > signal.Time.Boot;

    private static BirthMessage? AnsweredBirth(BoardLedger ledger) => PlaceOf(ledger, ledger.AnsweredSession) is >= 0 and var at ? ledger.Births[at] : null;

    /// <summary>As far as all clocks were right all the time, the press is placed where it was.</summary>
    private void CheckPlacedTruly(Boards.SimulatedBoard board, in DiskSignal stored, SignalMessage signal, Press press)
    {
        if (stored.OccurredMs is not { } at || board.WasClockWrong || world.Hub.WasClockWrong)
        {
            return;
        }

        Check("GW-25 true");
        var pressedMs = world.UtcMs - ((world.Queue.NowUs - press.AtUs) / VirtualTime.Ms);
        if (signal.Time.Clock == BoardClock.Synced && Math.Abs(signal.Time.AtMs - pressedMs) > SyncedMs)
        {
            Fail("GW-25", board, $"press {press.Number} says that it was {(signal.Time.AtMs - pressedMs) / 1_000} s from when it was, and its clock was set");
        }

        if (stored.Quality == OccurrenceQuality.PlacedByBoot && _bornLate.Contains((board.Number, Of(board).BootOf(signal))))
        {
            return;
        }

        var wrongMs = Math.Abs(at - pressedMs);
        if (wrongMs > (signal.Time.Clock == BoardClock.Synced ? SyncedMs : EstimatedMs))
        {
            Fail("GW-25", board, $"press {press.Number} is placed {wrongMs / 1_000} s from when it was ({signal.Time.Clock})");
        }
    }
}
