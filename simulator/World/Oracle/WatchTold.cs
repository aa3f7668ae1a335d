using Gateway.Firmware;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What must get through when nothing is in its way: a waiting call to the hub, the work's stage to the button, every counted press to the disk.</content>
public sealed partial class Watcher
{
    /// <summary>A call that waits is sent again after 5 s; the rest is for the slowest line.</summary>
    private const long MovesUs = 30 * VirtualTime.Second;

    /// <summary>What a refused write has left is put right with the next writes, at the flash's pace.</summary>
    private const long SettlesUs = VirtualTime.Minute;

    /// <summary>A stage is told with the commit that made it so; the slowest line needs a second or two.</summary>
    private const long StageToldUs = 20 * VirtualTime.Second;

    /// <summary>Each button is compared with the work once in so many seconds.</summary>
    private const long StageEveryS = 4;

    /// <summary>Presses are told at most every 10 s ([GW-21]), and a refused write is tried again at the flash's pace: for so long a counted press may live in RAM.</summary>
    private const long CountInRamUs = 15 * VirtualTime.Second;

    /// <summary>What a button shows while somebody works on its call, from the least to the most.</summary>
    private static readonly string[] StagesTold = ["received", "accepted", "dispatched", "enRoute", "onScene"];

    private readonly Dictionary<int, (int Rank, long SinceUs)> _stageDue = [];
    private readonly Dictionary<(int Board, uint Epoch, uint Call), Counted> _counted = [];

    /// <summary>Incidents whose presser took a call back, until somebody has called back.</summary>
    private readonly HashSet<long> _toCallBack = [];

    /// <summary>Somebody at the station calls back, and the presser answers. Whether the hub keeps it is the hub's affair: it will not close without.</summary>
    internal void CalledBack(long incident) => _toCallBack.Remove(incident);

    /// <summary>I1: with nothing in the way, a call does not stay at the board.</summary>
    private void CheckMoves(SimulatedBoard board, BoardLedger ledger)
    {
        if (ledger.CallWaitsUs == long.MaxValue || !IsCalm(board))
        {
            return;
        }

        Check("I1 moves");

        // A number that a refused write has used waits until the flash knows it as used.
        if (world.Queue.NowUs - Math.Max(ledger.CallWaitsUs, board.Flash.RefusedUs + SettlesUs) > MovesUs + RamHoleUs(board, board.App!.Status))
        {
            Fail("I1", board, $"a call waits for {(world.Queue.NowUs - ledger.CallWaitsUs) / VirtualTime.Second} s, and nothing is in its way");
        }
    }

    /// <summary>I1: presses that are counted on a latched call are told, however the call ends.</summary>
    private void NoteCount(SimulatedBoard board, AppStatus status)
    {
        var ledger = Of(board);
        if (!status.Latched)
        {
            ledger.CountedInTest = null;
            return;
        }

        if (status.LatchedCall == Gateway.Firmware.CallSlot.NoNumber)
        {
            // Neither flash nor RAM has taken it yet: it is told with all that is counted on it when one of them does.
            return;
        }

        var key = (board.Number, status.LatchedEpoch, status.LatchedCall);
        if (!_counted.TryGetValue(key, out var counted))
        {
            _counted.Add(key, counted = new Counted());
        }

        if (ledger.CountedInTest is { } tested && tested != counted)
        {
            // A real call does not wait for what was pressed under test before it ([GW-47]).
            tested.IsExcused = true;
        }

        ledger.CountedInTest = board.App!.Journal.Help.Test ? counted : null;

        if (status.LatchedCount < counted.Told && counted.IsJournalled && board.Flash.Flips == 0)
        {
            Fail("I6", board, $"{counted.Told} presses were told of the latched call, and its board counts {status.LatchedCount} now");
        }

        if (status.LatchedCount > counted.Shown)
        {
            counted.Shown = status.LatchedCount;
            NoteUntold(ledger, counted);
            counted.RisenUs = world.Queue.NowUs;
            counted.Incarnation = board.Incarnation;
        }
        else if (status.LatchedCount == counted.Shown && counted.Incarnation != board.Incarnation)
        {
            // It was written down, and is this boot's to tell.
            counted.Incarnation = board.Incarnation;
            NoteUntold(ledger, counted);
        }
    }

    /// <summary>A power cut before it was written, or a flash that refused it, may take a counted press; its call is there.</summary>
    private void ExcuseCounts(SimulatedBoard board)
    {
        foreach (var (key, counted) in _counted)
        {
            if (key.Board == board.Number && counted.Incarnation == board.Incarnation)
            {
                var sinceUs = Math.Max(counted.RisenUs, board.Flash.RefusedUs);
                counted.IsExcused |= world.Queue.NowUs - sinceUs < CountInRamUs;
            }
        }
    }

    /// <summary>
    /// A call ends while the flash refuses what was counted on it last: that is tried twice more, its numbers are told as missing, and only the record of the end has the count.
    /// </summary>
    private static void ExcuseRefused(SimulatedBoard board, BoardLedger ledger, bool silent)
    {
        var refusedUs = board.Flash.RefusedUs;
        for (var i = ledger.Presses.Count - 1; i >= 0 && ledger.Presses[i].Incarnation == board.Incarnation; i--)
        {
            var press = ledger.Presses[i];
            press.MayBeUntold |= press.Silent == silent && !press.IsTold && press.AtUs <= refusedUs;
        }

        foreach (var counted in ledger.Untold)
        {
            counted.IsExcused |= !silent && counted.RisenUs <= refusedUs;
        }
    }

    private static void NoteUntold(BoardLedger ledger, Counted counted)
    {
        if (counted.Shown > counted.Told && !ledger.Untold.Contains(counted))
        {
            ledger.Untold.Add(counted);
        }
    }

    /// <summary>[GW-21]: with nothing in the way, and a flash that took it, the hub has been told of every press, at the latest when the next may be sent.</summary>
    private void CheckUntold(SimulatedBoard board, BoardLedger ledger)
    {
        ledger.Untold.RemoveAll(counted => counted.Told >= counted.Shown || counted.IsExcused || counted.Incarnation != board.Incarnation);
        if (ledger.Untold.Count == 0 || board.Flash.Flips > 0 || board.App!.Status.VolatileBacklog > 0 || world.Queue.NowUs - board.Flash.RefusedUs < SettlesUs || !IsCalm(board))
        {
            return;
        }

        Check("I1 told");
        foreach (var untold in ledger.Untold)
        {
            if (untold.IsJournalled && board.Flash.RefusedUs < untold.RisenUs && world.Queue.NowUs - untold.RisenUs > CountInRamUs + MovesUs)
            {
                Fail("I1", board, $"{untold.Shown} presses were counted on a call, and for {(world.Queue.NowUs - untold.RisenUs) / VirtualTime.Second} s the hub has been told of {untold.Told} only");
            }
        }
    }

    private void CheckCounts(SimulatedBoard board)
    {
        var disk = world.Hub.Disk.Ledger;
        foreach (var (key, counted) in _counted.Where(entry => entry.Key.Board == board.Number))
        {
            if (counted.IsExcused || _wasRestored || board.Flash.Flips > 0 || disk.FindLane(board.Device, Lane.Call, key.Epoch) is null)
            {
                continue;
            }

            Check("I1 counted");
            if (counted.Told < counted.Shown)
            {
                Fail("I1", board, $"{counted.Shown} presses were counted on call {key.Call}, and the hub was told of {counted.Told}");
                return;
            }
        }
    }

    private void NoteTold(SimulatedBoard board, in Hub.DiskSignal stored, SignalMessage signal)
    {
        if (signal.Kind == "help" && signal.Lane is Lane.Call or Lane.Volatile)
        {
            var key = (board.Number, signal.Epoch, signal.Call == 0 ? signal.Seq : signal.Call);
            if (!_counted.TryGetValue(key, out var counted))
            {
                _counted.Add(key, counted = new Counted());
            }

            counted.Told = Math.Max(counted.Told, signal.Count);
            counted.IsJournalled |= signal.Lane == Lane.Call;
        }
        else if (signal.Kind == "cancel")
        {
            NoteCancelTold(Of(board), signal);
            if (!signal.Test)
            {
                _toCallBack.UnionWith(stored.Incidents);
            }
        }
    }

    /// <summary>The presser is told how the work goes on, where it goes on after a merge too (beside I3).</summary>
    private void CheckStageTold(SimulatedBoard board, BoardLedger ledger)
    {
        var now = world.Queue.NowUs;
        if (((now / VirtualTime.Second) + board.Number) % StageEveryS != 0)
        {
            return;
        }

        var isGoingOn = false;
        var shown = ledger.Latched ? Array.IndexOf(StagesTold, board.App?.Status.Stage) : -1;

        var due = shown < 0 || board.HasJustDropped || _wasRestored || board.Flash.Flips > 0 || !IsCalm(board) ? -1 : RankOfWork(board, ledger, out isGoingOn);
        if (due >= 0)
        {
            Check("I3 stage told");
        }

        CheckStageOver(board, isGoingOn ? due : -1, shown);
        if (due <= shown)
        {
            _stageDue.Remove(board.Number);
            return;
        }

        if (!_stageDue.TryGetValue(board.Number, out var waits) || due < waits.Rank)
        {
            _stageDue[board.Number] = waits = (due, now);
        }

        if (now - waits.SinceUs > StageToldUs)
        {
            Fail("I3", board, $"the work on the latched call is \"{StagesTold[waits.Rank]}\" for {(now - waits.SinceUs) / VirtualTime.Second} s, and the button shows \"{board.App!.Status.Stage}\"");
        }
    }

    /// <summary>How far the work on the latched call is, by the incident on the disk; -1 when the button need not follow it.</summary>
    /// <param name="isGoingOn">It is not over: then the button shows no more than that.</param>
    private int RankOfWork(SimulatedBoard board, BoardLedger ledger, out bool isGoingOn)
    {
        isGoingOn = false;
        var disk = world.Hub.Disk.Ledger;
        var lane = disk.FindLane(board.Device, Lane.Call, ledger.LatchedEpoch) ?? disk.FindLane(board.Device, Lane.Volatile, ledger.LatchedEpoch);
        if (lane is null)
        {
            return -1;
        }

        // What took it back may be in an incident that does not hold it: there was no room, or it named no call.
        var first = new SignalIdentity(board.Device, LaneNames.Of(lane.Lane), ledger.LatchedEpoch, ledger.LatchedCall);
        var incidents = disk.IncidentsOf(lane, ledger.LatchedCall).Where(id => disk.FindIncident(id)!.Content.Calls.Any(call => call.FirstPress == first)).ToList();
        if (incidents.Count == 0)
        {
            return -1;
        }

        // Pressed again when the work was over: the newest counts. While nobody has taken that, the button may show what the one before it has come to.
        var newest = incidents.Max();
        var own = disk.FindIncident(newest)!.Content;
        var work = Work(newest);
        if (!own.IsOpen || !work.IsOpen || own.CancelledAt is not null || own.CallBackDueSince is not null)
        {
            return -1;
        }

        isGoingOn = work.Stage < Stage.Handled;

        // By those who were sent, and not by what the hub makes of them.
        var sent = work.Stage < Stage.Handled ? work.Assignments.Where(static assignment => assignment.IsActive).ToList() : [];
        return sent.Exists(static assignment => assignment.OnSceneAt is not null) ? 4
            : sent.Exists(static assignment => assignment.EnRouteAt is not null) ? 3
            : sent.Count > 0 ? 2
            : work.Stage == Stage.Received && work.AcceptedAt is null ? -1
            : 1;
    }
}
