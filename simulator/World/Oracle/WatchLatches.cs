using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>
/// A call that is pressed again when the work on it was over is in several incidents (PROTOCOL.md, section 9). While one of them is open its button neither shows an end
/// nor goes dark; a reset or a close that knows nothing of a press ends nothing; and when all work is over the latch is let go.
/// </content>
public sealed partial class Watcher
{
    /// <summary>A key counts in the step that sees it: behind the worst stall.</summary>
    private const long KeySeenUs = 10 * VirtualTime.Second;

    /// <summary>A board that could not take its reset says when it can: with its next heartbeat, 30 s on a metered line, and the slowest line both ways.</summary>
    private const long LetGoUs = 90 * VirtualTime.Second;

    /// <summary>The stories that have had a call, by their numbers: not all are open, and not all have it still.</summary>
    private readonly Dictionary<SignalIdentity, SortedList<long, Story>> _storiesOf = [];

    private void NoteStoryOf(Story story)
    {
        foreach (var call in story.Calls)
        {
            if (!_storiesOf.TryGetValue(call.Key, out var stories))
            {
                _storiesOf.Add(call.Key, stories = []);
            }

            stories[story.Id] = story;
        }
    }

    /// <summary>What an incident has of a call; null when it is not open, or has nothing of it.</summary>
    private Call? OpenCall(Story story, SignalIdentity call) => _openStories.ContainsKey(story.Id) ? story.Calls.Find(known => known.Key == call) : null;

    /// <summary>An open incident has the call, by the oracle's own book.</summary>
    private Story? WorkOnCall(SignalIdentity call) => _storiesOf.GetValueOrDefault(call)?.Values.LastOrDefault(story => OpenCall(story, call) is not null);

    /// <summary>What is to be told of a call now: the newest of the open incidents that have it and have something to say of it says it.</summary>
    private (bool IsOpen, View? View) StandingOf(SignalIdentity call)
    {
        var (isOpen, told) = (false, (View?)null);
        if (_storiesOf.TryGetValue(call, out var stories))
        {
            foreach (var story in stories.Values)
            {
                if (OpenCall(story, call) is { } held)
                {
                    (isOpen, told) = (true, ViewOf(story, held) ?? told);
                }
            }
        }

        if (!isOpen && _untold.Any(id => _stories[id] is { IsOpen: false, IsSilent: false } story && story.Calls.Exists(known => known.Key == call)))
        {
            told = new View("closed", null);
        }

        return (isOpen, told);
    }

    /// <summary>What a number that came twice with other bytes has opened is no press of this board.</summary>
    private bool IsWorkedOn(SimulatedBoard board, uint epoch, uint call) => !_wasRestored && board.Flash.Flips == 0 && _openStories.Values.Any(story =>
        !story.First.Conflict && story.Calls.Exists(known => known.Key.Device == board.Device && known.Key.Epoch == epoch && known.Key.Sequence == call));

    /// <summary>The latch of the help call has ended in this step.</summary>
    private void CheckEndKnows(SimulatedBoard board, BoardLedger ledger)
    {
        Check("GW-40 end knows");
        if (ledger.Incarnation == board.Incarnation && world.Queue.NowUs - ledger.KeyUs > KeySeenUs && board.HeldUs < world.Queue.NowUs - DecideUs && IsWorkedOn(board, ledger.LatchedEpoch, ledger.LatchedCall))
        {
            Fail("I6", board, $"the latch of call {ledger.LatchedCall} ended by the hub's word, and an incident with that call is open");
        }
    }

    /// <summary>The core takes what the hub says of a call.</summary>
    internal void TakesNotice(SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        var ledger = Of(board);
        var status = board.App!.Status;
        var (epoch, call) = (EpochOf(payload), (uint)NumberOf(payload, "seq"));
        if (TextOf(payload, "stage") == "closed" && status.Latched && status.LatchedEpoch == epoch && status.LatchedCall == call && status.CallBacklog + status.VolatileBacklog == 0
            && _counted.TryGetValue((board.Number, epoch, call), out var counted) && counted.Told >= status.LatchedCount
            && TextOf(payload, "session") == ledger.NewestSession)
        {
            ledger.EndTold = (epoch, call, world.Queue.NowUs, board.Incarnation);
        }
    }

    /// <summary>The presser sees that it is over: the end is shown, whatever comes behind it, but for another press.</summary>
    private void CheckEndShown(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        if (ledger.EndTold is not { } told)
        {
            return;
        }

        Check("I3 end shown");
        var isAnother = status.Latched && (status.LatchedEpoch, status.LatchedCall) != (told.Epoch, told.Call);
        var wasShown = status.Stage == "closed" || (status.Stage == "idle" && ledger.StageBefore == "closed");
        if (wasShown || isAnother || told.Incarnation != board.Incarnation || ledger.KeyUs > told.AtUs - DecideUs
            || (ledger.Presses.Count > 0 && ledger.Presses[^1].AtUs > told.AtUs - DecideUs))
        {
            ledger.EndTold = null;
        }
        else if (world.Queue.NowUs - Math.Max(Math.Max(told.AtUs, board.StalledUs), Math.Max(board.Flash.SlowUs, board.Flash.RefusedUs)) > LampLateUs)
        {
            Fail("I3", board, $"the hub has said that call {told.Call} is closed, and the button shows \"{status.Stage}\"");
        }
    }

    /// <summary>The button begins to show the end of its call.</summary>
    private void CheckClosedKnows(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        if (status.Stage != "closed" || !status.Latched)
        {
            return;
        }

        Check("GW-39 close knows");
        if (IsWorkedOn(board, status.LatchedEpoch, status.LatchedCall))
        {
            Fail("I3", board, $"the button shows call {status.LatchedCall} as closed, and an incident with that call is open");
        }
        else if (ReceiptedPresses(board, status.LatchedCall, board.App!.Journal.Calls.Acknowledged) is { } known && status.LatchedEpoch == board.App.Journal.Calls.Epoch && status.LatchedCount > known)
        {
            Fail("I3", board, $"the button shows call {status.LatchedCall} as closed, and of its {status.LatchedCount} presses the hub has receipted {known}");
        }
    }

    /// <summary>How many presses on a call of the journal are on the hub's disk under numbers that its receipt has covered; null when that cannot be known here.</summary>
    private int? ReceiptedPresses(SimulatedBoard board, uint call, uint acknowledged)
    {
        var epoch = board.App!.Journal.Calls.Epoch;
        if (_wasRestored || board.Flash.Flips > 0 || world.Hub.Disk.Ledger.FindLane(board.Device, Lane.Call, epoch) is not { } lane)
        {
            return null;
        }

        return _saidOf.TryGetValue((lane.Id, call), out var said) ? said.TakeWhile(press => press.Key <= acknowledged).Select(static press => press.Value.Count).DefaultIfEmpty().Max() : 0;
    }

    /// <summary>Section 9: a reset ends the call that it names, and says so when it has; but not while a press on it has no receipt.</summary>
    private void CheckReset(SimulatedBoard board, BoardLedger ledger, string id, string answer)
    {
        if (!ledger.ResetsDue.Remove(id, out var due))
        {
            return;
        }

        Check("GW-40 reset");
        var isLatched = IsLatched(board, due.Call, due.VolatileEpoch);
        if (answer == "refused pressed-again" && isLatched)
        {
            ledger.ResetsRefused.Enqueue((due.Call, due.VolatileEpoch, due.Count, due.Acknowledged));
        }
        else if (answer == "failed not-durable" && !isLatched && board.Flash.RefusedIn.Contains(board.Incarnation))
        {
            Check("GW-40 not durable");
        }
        else if (answer != "expired " && (answer != "done " || isLatched))
        {
            Fail("GW-40", board, $"call {due.Call} was latched when {id} came to reset it; answered \"{answer.Trim()}\", and it is {(isLatched ? "still" : "not")} latched");
        }
        else if (answer == "done " && board.Flash.WrittenUs < due.TakenUs)
        {
            Fail("GW-40", board, $"the reset of call {due.Call} is answered as done, and the flash has taken nothing since it came");
        }
        else if (answer == "expired " && !isLatched && ledger.CommandTakenUs == world.Queue.NowUs)
        {
            Fail("GW-40", board, $"{id} came to reset call {due.Call} behind its time, and the call is not latched any more");
        }
        else if (answer == "done " && due.Count is { } count && ReceiptedPresses(board, due.Call, due.Acknowledged) is { } known && count > known)
        {
            Fail("GW-40", board, $"call {due.Call} was reset with {count} presses on it, and the hub had receipted {known}");
        }
    }

    /// <summary>At the end of the step that refused a reset: there really was a press that the hub need not know of.</summary>
    private void CheckRefusedResets(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        while (ledger.ResetsRefused.TryDequeue(out var due))
        {
            Check("GW-40 pressed again");
            if (due.VolatileEpoch == 0 && status.Latched && status.LatchedCall == due.Call && status.LatchedEpoch == board.App!.Journal.Calls.Epoch
                && ReceiptedPresses(board, due.Call, due.Acknowledged) is { } known && status.LatchedCount <= known)
            {
                Fail("GW-40", board, $"the reset of call {due.Call} was refused because it was pressed again, and the hub had receipted all of its {known} presses");
            }
        }
    }

    /// <summary>Section 9: when all work on a call is over, and nothing is in the way, its latch ends. A reset that could not be taken comes again.</summary>
    private void CheckLetGo(SimulatedBoard board, BoardLedger ledger)
    {
        var mayLook = ledger is { Latched: true, Undecided.Count: 0, CallWaitsUs: long.MaxValue } && !_wasRestored && board.Flash.Flips == 0 && !board.HasJustDropped && IsCalm(board)
            && ledger.Untold.TrueForAll(static counted => counted.Told >= counted.Shown || counted.IsExcused);
        if (!mayLook)
        {
            return;
        }

        var disk = world.Hub.Disk.Ledger;
        var lane = disk.FindLane(board.Device, Lane.Call, ledger.LatchedEpoch) ?? disk.FindLane(board.Device, Lane.Volatile, ledger.LatchedEpoch);
        var incidents = lane is null ? [] : disk.IncidentsOf(lane, ledger.LatchedCall);
        if (incidents.Count == 0 || incidents.Any(id => !_closedUs.ContainsKey(id)))
        {
            return;
        }

        Check("I6 let go");
        var sinceUs = Math.Max(Math.Max(ledger.BornUs, Math.Max(ledger.CallWaitedUs, ledger.WorkHeldUs)), Math.Max(incidents.Max(id => _closedUs[id]), Math.Max(Math.Max(board.LinkChangedUs, board.HeldUs), board.Flash.RefusedUs)));
        if (world.Queue.NowUs - sinceUs <= LetGoUs)
        {
            return;
        }

        // A cancel without the call's number was put into what the call's incident was a duplicate of, and that holds it, though they were parted again.
        var first = new SignalIdentity(board.Device, LaneNames.Of(lane!.Lane), ledger.LatchedEpoch, ledger.LatchedCall);
        if (disk.OpenIncidents().Any(id => disk.FindIncident(id)!.Content.Calls.Any(call => call.FirstPress == first)))
        {
            ledger.WorkHeldUs = world.Queue.NowUs;
        }
        else
        {
            Fail("I6", board, $"all work on call {ledger.LatchedCall} is over for {(world.Queue.NowUs - sinceUs) / VirtualTime.Second} s, nothing waits, and it is still latched");
        }
    }
}
