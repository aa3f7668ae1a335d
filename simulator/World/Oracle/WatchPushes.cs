using Gateway.Firmware;
using Gateway.Firmware.Inputs;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>Each push of a button counts once, and is told: also the second, the silent one, and one that was made under test.</content>
public sealed partial class Watcher
{
    /// <summary>The world's fastest finger needs 2 s; a push that is not answered after so long is no longer waited for.</summary>
    private const long AnsweredUs = 6 * VirtualTime.Second;

    /// <summary>A press that is told with later ones on its call has a record at most 10 s younger ([GW-21]), and again as much for each write that was refused.</summary>
    private const long ToldWithMs = 60_000;

    /// <summary>Of sixteen places in RAM the last four are kept for calls; a further press waits outside.</summary>
    private const int RamFullOfRepeats = 12;

    /// <summary>No spark of this world is longer, and the step that it wakes.</summary>
    private const long NoiseUs = 6 * VirtualTime.Ms;

    /// <summary>The core looks at its inputs every 50 ms, and after a stall takes an edge for a late one so long.</summary>
    private const long LookUs = (DebouncedInput.LateEdgeMs + 70) * VirtualTime.Ms;

    /// <summary>A test that is about to end, or has just begun, while somebody pushes.</summary>
    private const long TestEdgeUs = 3 * VirtualTime.Second;

    /// <summary>I2: no call opens, and no count rises, but by a push of its own.</summary>
    private void CheckTaken(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var now = world.Queue.NowUs;
        ledger.VolatileBacklog = status.VolatileBacklog;
        NoteBlind(board, ledger);
        NoteFullRam(board, ledger, status);
        ledger.WroteBeforeUs = board.WroteUntilUs;
        CheckForgeries(board, ledger, status);
        var before = ledger.Taken;
        ledger.Taken = (status.LatchedEpoch, status.LatchedCall, status.LatchedCount);
        if (ledger.TakenIn != board.Incarnation)
        {
            // What the boot found latched was answered in the one before.
            ledger.TakenIn = board.Incarnation;
            return;
        }

        var isSame = (before.Epoch == status.LatchedEpoch && before.Call == status.LatchedCall) || before.Call == CallSlot.NoNumber;
        var taken = !status.Latched ? 0 : isSame ? status.LatchedCount - before.Count : status.LatchedCount;
        while (ledger.Pushes.TryPeek(out var oldestUs) && now - oldestUs > AnsweredUs)
        {
            ledger.Pushes.Dequeue();
        }

        for (var i = 0; i < taken; i++)
        {
            Check("I2 pushed");
            if (!ledger.Pushes.TryDequeue(out _) && !IsNoise(ledger))
            {
                Fail("I2", board, $"call {status.LatchedCall} counts {status.LatchedCount} presses, and nobody pushed for the last of them");
                return;
            }
        }
    }

    /// <summary>A spark that is no press strikes a line of this board.</summary>
    internal void Disturbed(SimulatedBoard board) => Of(board).Noises.Add(new Noise(world.Queue.NowUs, board.Incarnation, board.LocalMsAt(world.Queue.NowUs)));

    /// <summary>A core that stands still just then cannot know how long a pulse was: of calls, a false one is better than a missed one.</summary>
    private void NoteBlind(SimulatedBoard board, BoardLedger ledger)
    {
        if (ledger.Noises.Count == 0)
        {
            return;
        }

        var newest = ledger.Noises[^1];

        // The end of a spark wakes a core that is free; one that is writing just then, or has not looked since it wrote, cannot tell.
        var isLate = !newest.IsSeen && world.Queue.NowUs > newest.AtUs && (world.Queue.NowUs - newest.AtUs > NoiseUs || newest.AtUs - ledger.WroteBeforeUs < LookUs);
        newest.IsSeen |= world.Queue.NowUs > newest.AtUs;
        if (isLate || (world.Queue.NowUs - newest.AtUs < DecideUs && (ledger.WroteBeforeUs > newest.AtUs || Math.Max(Math.Max(board.StalledUs, board.Flash.SlowUs), board.Flash.RefusedUs) > newest.AtUs - DecideUs)))
        {
            newest.IsBlind = true;
            ledger.HelpSeenUs = world.Queue.NowUs;
        }
    }

    private bool IsNoise(BoardLedger ledger) => ledger.Noises.Exists(noise => noise.IsBlind && world.Queue.NowUs - noise.AtUs < AnsweredUs);

    /// <summary>The same for a record that tells of it, perhaps much later.</summary>
    private static bool WasNoise(BoardLedger ledger, SignalMessage signal) =>
        ledger.Noises.Exists(noise => noise.IsBlind && Math.Abs(signal.Time.UpMs - noise.LocalMs) < DecideUs / VirtualTime.Ms
            && IsOfBoot(ledger, noise.Incarnation, signal));

    /// <summary>A call that has just begun, and that no push can have opened: a spark has, and what became of the last push says nothing of it. Nobody is owed anything for it.</summary>
    private Press? SparkOf(SimulatedBoard board, BoardLedger ledger) =>
        !ledger.Undecided.Any(static press => !press.Silent) && ledger.Noises.FindLast(noise => noise.Incarnation == board.Incarnation && world.Queue.NowUs - noise.AtUs < AnsweredUs) is { } spark
            ? new Press(0, silent: false, spark.AtUs, spark.Incarnation, spark.LocalMs) { CoreWasRunning = false }
            : null;

    /// <summary>[GW-20]: where the flash refuses and RAM has only the places left that are kept for calls, a further press of a call is told when there is room, however late.</summary>
    private void NoteFullRam(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        if (status.VolatileBacklog < RamFullOfRepeats)
        {
            return;
        }

        for (var i = ledger.Presses.Count - 1; i >= 0 && world.Queue.NowUs - ledger.Presses[i].AtUs < ToldWithMs * VirtualTime.Ms; i--)
        {
            ledger.Presses[i].MetFullRam |= ledger.Presses[i].Incarnation == board.Incarnation;
        }
    }

    /// <summary>A power cut may come before a counted press was written, and takes what is in RAM only.</summary>
    private void ExcusePresses(SimulatedBoard board)
    {
        var ledger = Of(board);
        for (var i = ledger.Presses.Count - 1; i >= 0 && ledger.Presses[i].Incarnation == board.Incarnation; i--)
        {
            var press = ledger.Presses[i];
            press.MayBeUntold |= ledger.VolatileBacklog > 0 || world.Queue.NowUs - Math.Max(press.AtUs, board.Flash.RefusedUs) < CountInRamUs;
        }
    }

    private static void NotePressTold(BoardLedger ledger, SignalMessage signal)
    {
        var isSilent = signal.Kind == "silent";
        var boot = ledger.BootOf(signal);
        for (var i = ledger.Presses.Count - 1; i >= 0; i--)
        {
            var press = ledger.Presses[i];
            var laterMs = signal.Time.UpMs - press.LocalMs;
            if (!ledger.Boots.TryGetValue(press.Incarnation, out var boots))
            {
                continue;
            }

            if (boots.Last < boot)
            {
                return;
            }

            press.IsTold |= press.Silent == isSilent && laterMs >= -100 && (laterMs <= ToldWithMs || press.MetFullRam) && boot >= boots.First;
        }
    }

    /// <summary>I1: every push has a record of its own, or one of a later push that was counted with it.</summary>
    private void CheckPressesTold(SimulatedBoard board)
    {
        if (_wasRestored || board.Flash.Flips > 0)
        {
            return;
        }

        foreach (var press in Of(board).Presses.Where(static press => press is { CoreWasRunning: true, MayBeUntold: false, Excused: false }))
        {
            Check("I1 press told");
            if (!press.IsTold)
            {
                Fail("I1", board, $"press {press.Number} at {VirtualTime.Text(press.AtUs)}{(press.Silent ? " (silent)" : "")} is told by no record");
                return;
            }
        }
    }

    /// <summary>The board has answered that a test is on.</summary>
    private void NoteTestBegins(SimulatedBoard board, BoardLedger ledger, string id, string answer)
    {
        if (ledger.Zones.Asked.Remove(id, out var asked) && answer == "done ")
        {
            NoteTest(board, id, asked.Zone, asked.Minutes, isSure: true);
        }
    }

    /// <summary>[GW-47]: who is told that the button is under test may push it, and nobody is sent; but a real call that is open there is not covered by a test.</summary>
    private void CheckRealTest(SimulatedBoard board, BoardLedger ledger, SignalMessage signal, Press? press)
    {
        if (press is not null && signal.Test && IsOnOpenCall(board, ledger, press))
        {
            Fail("GW-47", board, $"press {press.Number} was made on call {press.Before.Call}, which is real and open, and {signal.Lane} {signal.Seq} is a test");
            return;
        }

        // A repeat belongs to the call that it repeats, and that was real before the test began.
        if (press is null || (!signal.Test && signal.Call != 0 && signal.Call != signal.Seq) || !ledger.Zones.Tests.Exists(test => test.IsSure && test.Zone == signal.Zone
                && test.Incarnation == press.Incarnation && press.LocalMs > test.FromMs + (TestEdgeUs / VirtualTime.Ms) && press.LocalMs < test.UntilMs - (TestEdgeUs / VirtualTime.Ms)))
        {
            return;
        }

        Check("GW-47 test");
        if (!signal.Test)
        {
            Fail("GW-47", board, $"press {press.Number} was made under test, and {signal.Lane} {signal.Seq} is none");
        }
    }

    /// <summary>[GW-20]: only what the flash has refused lives in RAM.</summary>
    private void CheckRam(SimulatedBoard board, BoardLedger ledger, SignalMessage signal)
    {
        if (signal.Lane != Lane.Volatile)
        {
            return;
        }

        Check("GW-20 refused");
        if (!board.Flash.RefusedIn.Any(incarnation => IsOfBoot(ledger, incarnation, signal)))
        {
            Fail("GW-20", board, $"{signal.Lane} {signal.Seq} of boot {signal.Time.Boot} was kept in RAM only, and the flash has refused nothing");
        }
    }

    /// <summary>All presses of a call are of one kind: a test is no repeat of a real call, and a real press none of a test (GW-47).</summary>
    private void CheckOneCall(SimulatedBoard board, BoardLedger ledger, SignalMessage signal)
    {
        var key = (signal.Lane, signal.Epoch, signal.Call);
        if (signal.Call == signal.Seq)
        {
            ledger.Zones.Calls[key] = signal.Test;
        }
        else if (ledger.Zones.Calls.TryGetValue(key, out var isTest))
        {
            Check("GW-47 one call");
            if (isTest != signal.Test)
            {
                Fail("GW-47", board, $"{signal.Lane} {signal.Seq} is {(signal.Test ? "a" : "no")} test, and repeats call {signal.Call}, which is {(isTest ? "one" : "none")}");
            }
        }
    }

    /// <summary>The board had a call that was told as real, and that nobody has taken back, reset or closed to this day. Whoever was at its keys about then may have.</summary>
    private bool IsOnOpenCall(SimulatedBoard board, BoardLedger ledger, Press press)
    {
        // What took it back may be in the same commit.
        if (press.Silent || press.Before.Call == 0 || ledger.WasCancelledByZone || ledger.Cancelled.Contains((press.Before.Epoch, press.Before.Call)) || _wasRestored || board.Flash.Flips > 0 || ledger.VolatileBacklog > 0 || ledger.KeyUs > press.AtUs - DecideUs
            || ledger.CancelKeys.Any(key => key.Incarnation == press.Incarnation && Math.Abs(key.LocalMs - press.LocalMs) < DecideUs / VirtualTime.Ms)
            || world.Hub.Disk.Ledger.FindLane(board.Device, Lane.Call, press.Before.Epoch) is not { } lane)
        {
            return false;
        }

        var incidents = world.Hub.Disk.Ledger.IncidentsOf(lane, press.Before.Call);
        return incidents.Count > 0 && incidents.All(id => _stories.GetValueOrDefault(id) is { IsOpen: true, WasReopened: false, WasCancelled: false, SplitFrom: null, MergedInto: null });
    }
}
