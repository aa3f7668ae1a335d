using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What can be seen at the boards: buttons, lamps, the latch.</content>
public sealed partial class Watcher
{
    /// <summary>Undelivered must be said after 20 s (I3), with room for the stalls of a board that starts.</summary>
    private const long UndeliveredUs = 25 * VirtualTime.Second;

    /// <summary>Presses are counted for 10 s before they are written: for so long, and the way to flash, a fault may be of the press before.</summary>
    private const long AloneUs = 15 * VirtualTime.Second;

    /// <summary>A pattern of the health lamp lasts 2 s.</summary>
    private const long HealthyUs = 3 * VirtualTime.Second;

    /// <summary>A board tries again 10 s after a refused write, between its other writes, at the flash's pace.</summary>
    private const long TriedAgainUs = 30 * VirtualTime.Second;

    /// <summary>Somebody pushes the help button or the hidden switch.</summary>
    internal void Pressed(SimulatedBoard board, int input)
    {
        var ledger = Of(board);
        var status = board.App?.Status;
        var silent = input == InputId.Silent;
        var now = world.Queue.NowUs;
        Presses++;
        var press = new Press((int)Presses, silent, now, board.Incarnation, board.LocalMsAt(now))
        {
            CoreWasRunning = status is not null && now - board.StartedUs > StartingUs && ledger.Incarnation == board.Incarnation,
            Before = status is null ? default : (status.LatchedEpoch, status.LatchedCall, status.LatchedCount),
        };
        if (!board.IsPowered)
        {
            return;
        }

        ledger.Presses.Add(press);
        ledger.Undecided.Enqueue(press);
        if (!silent)
        {
            ledger.Pushes.Enqueue(now);
        }

        if (!silent)
        {
            ledger.HelpSeenUs = now;
        }

        world.Trace.Add(board.Number, silent ? "pushed silent" : "pushed help", press.Number, press.LocalMs);
    }

    internal void KeyTurned(SimulatedBoard board)
    {
        Of(board).ResetUs = world.Queue.NowUs;
        Of(board).KeyUs = world.Queue.NowUs;
    }

    /// <summary>Somebody touches a button, a key or the hidden switch of this box.</summary>
    internal void Touched(SimulatedBoard board, int input)
    {
        if (input == InputId.Silent)
        {
            Of(board).SilentUs = world.Queue.NowUs;
        }
        else
        {
            Of(board).TouchedUs = world.Queue.NowUs;
            if (input == InputId.Cancel)
            {
                Of(board).CancelKeys.Add((board.Incarnation, board.LocalMsAt(world.Queue.NowUs)));
                NoteCancel(board);
            }
        }
    }

    internal void Started(SimulatedBoard board)
    {
        var ledger = Of(board);
        ledger.NoteLife(board.App!.Journal);
        var boot = ledger.BootOf(board.App.Journal.Calls.Epoch, board.App.Status.Boot);
        CheckBoot(board, ledger, board.App.Status, boot);
        ledger.Boots[board.Incarnation] = (boot, boot);
        ledger.StepErrors = 0;

        // Both state files are gone, and something has happened to each: the lanes go on behind what may have been used.
        ledger.StatesLost += board.App.Journal.Report.StateLost && board.Flash.Damages + board.Flash.Flips > 1 ? 1 : 0;
    }

    internal void Stepped(SimulatedBoard board)
    {
        var ledger = Of(board);
        var status = board.App!.Status;
        if (status.StepErrors != ledger.StepErrors)
        {
            ledger.StepErrors = status.StepErrors;
            Fail("I5", board, "a step of the core ended with an exception");
        }

        if (ledger.Incarnation != board.Incarnation || ledger.Boot != status.Boot)
        {
            ledger.Boot = status.Boot;
            ledger.Boots[board.Incarnation] = (ledger.Boots[board.Incarnation].First, ledger.BootOf(board.App.Journal.Calls.Epoch, status.Boot));
        }

        ledger.HasVolatile = status.VolatileBacklog > 0;
        CheckRefusedResets(board, ledger, status);
        CheckHealth(board, ledger, status);
        CheckLatch(board, ledger, status);
        ledger.Incarnation = board.Incarnation;
        while (ledger.Undecided.TryPeek(out var press) && world.Queue.NowUs - press.AtUs >= DecideUs)
        {
            ledger.Undecided.Dequeue();
            Decide(board, ledger, press, status);
        }

        NoteCount(board, status);
        CheckTries(board, ledger, status);
        CheckMoves(board, ledger);
        CheckUntold(board, ledger);
        CheckSentAgain(board, ledger, status);
        CheckTrial(board, ledger);
        ExcuseCancels(board, isPowerLost: false);
        CheckDark(board, ledger, status);
        CheckLinkShown(board, ledger, status);
        CheckUndelivered(board, ledger, status);
        CheckTold(board, ledger, status);
        CheckLamps(board, ledger, status);
        CheckSounders(board, ledger, status);
        NoteShown(board, ledger, status);
        CheckEndShown(board, ledger, status);
        CheckTaken(board, ledger, status);
        CheckBeats(board, ledger, status);
        CheckCareful(board, status);
        CheckAnswered(board, ledger);
    }

    internal void StepThrew(SimulatedBoard board, Exception e) => Fail("I5", board, $"a step of the core threw {e}");

    internal void PowerLost(SimulatedBoard board)
    {
        var ledger = Of(board);
        var now = world.Queue.NowUs;
        ledger.PowerLostUs = now;
        ledger.Zones.EndsMs[board.Incarnation] = board.LocalMsAt(now);
        if (ledger.HasVolatile)
        {
            ledger.Zones.LostBoots.Add(ledger.Boots[ledger.Incarnation].Last);
        }

        ledger.DownUs = long.MaxValue;
        ledger.ForgeriesTaken = 0;
        ledger.Spoilt = null;
        (ledger.SaidInRam, ledger.InRamBefore) = (null, 0);
        ledger.EndTold = null;
        ledger.ResetsDue.Clear();
        ledger.ResetsRefused.Clear();
        foreach (var press in ledger.Presses)
        {
            if (press.Incarnation == board.Incarnation && !press.Committed && (press.Volatile || (now - press.AtUs < DecideUs && !press.LampLit)))
            {
                press.Excused = true;
            }
        }

        ExcuseCounts(board);
        ExcusePresses(board);
        ExcuseSeen(board);
        ExcuseCancels(board, isPowerLost: true);
        ledger.Undecided.Clear();
    }

    /// <summary>A PUBACK leaves the hub (I8): for what a board has sent in this connection, and only when it is on the disk now.</summary>
    internal void Acknowledges(SimulatedBoard board, ApplicationMessage? message, ushort id)
    {
        if (message is null)
        {
            Fail("I8", board, $"the hub acknowledges packet {id}, which was never sent in this connection");
            return;
        }

        if (!message.Topic.EndsWith("/signal", StringComparison.Ordinal) || MessageGate.ReadStored(board.Device, message.Payload) is not { } signal)
        {
            return;
        }

        if (!world.Devices.KeyOf(board.Device)!.Verifies(message.Topic, message.Payload.Span))
        {
            // Refused, and acknowledged so that it does not come again.
            return;
        }

        Check("I8 acknowledged");
        var disk = world.Hub.Disk.Ledger;
        if (disk.FindLane(board.Device, signal.Lane, signal.Epoch) is not { } lane || !disk.Holds(lane, signal.Seq, message.Payload.ToArray()))
        {
            Fail("I8", board, $"{signal.Lane} {signal.Seq} was acknowledged, and it is not on the hub's disk");
        }
    }

    /// <summary>I7: the health lamp tells of faults, link and mains; of a silent call, and of a fault that only a silent call has brought, it tells nothing.</summary>
    private void CheckHealth(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        const uint byCalls = (1u << FaultId.Journal) | (1u << FaultId.CallLaneFull);
        var now = world.Queue.NowUs;
        var isNew = ledger.Incarnation != board.Incarnation;
        var risen = isNew ? 0 : status.Faults & ~ledger.Faults & byCalls;
        ledger.Faults = status.Faults;
        var openlyUs = Math.Max(ledger.TouchedUs, ledger.LifeUs);
        var isOnlySilent = now - ledger.SilentUs < AloneUs && now - openlyUs > AloneUs && now - ledger.OpenTroubleUs > TriedAgainUs;
        ledger.SilentFaults = isNew || now - openlyUs <= AloneUs ? 0 : (ledger.SilentFaults | (isOnlySilent ? risen : 0)) & status.Faults;
        if ((status.Faults & byCalls & ~ledger.SilentFaults) != 0)
        {
            // What was refused then is tried again, also behind a write that went well.
            ledger.OpenTroubleUs = now;
        }

        var isHealthy = status is { Online: true, MainsPresent: true } && (status.Faults & ~ledger.SilentFaults & ~(1u << FaultId.SilentStuck)) == 0;
        if (!isHealthy || isNew)
        {
            ledger.HealthySinceUs = long.MaxValue;
            return;
        }

        ledger.HealthySinceUs = Math.Min(ledger.HealthySinceUs, now);
        if (status.Faults != 0 && now - ledger.HealthySinceUs > HealthyUs)
        {
            Check("I7 health");
            if (ledger.HealthChangedUs == now)
            {
                Fail("I7", board, "the health lamp blinks, and only a silent call can be the reason");
            }
        }
    }

    /// <summary>I6: what is latched stays latched until somebody resets it, power cuts or not.</summary>
    private void CheckLatch(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        var now = world.Queue.NowUs;
        if (status.Latched && ledger.Latched && ledger.Incarnation != board.Incarnation)
        {
            Check(status.SafeMode ? "I6 latch kept in safe mode" : "I6 latch kept");
        }

        if (status.Latched && !ledger.Latched && ledger.Incarnation != board.Incarnation)
        {
            CheckNotBack(board, ledger);
        }

        if (status.Latched)
        {
            ledger.HelpSeenUs = now;
            var wasUnkept = ledger is { Latched: true, LatchedCall: Gateway.Firmware.CallSlot.NoNumber } && ledger.Incarnation == board.Incarnation;
            if (!wasUnkept && (!ledger.Latched || status.LatchedCall != ledger.LatchedCall || status.LatchedEpoch != ledger.LatchedEpoch))
            {
                if (ledger.Latched)
                {
                    ExcuseRefused(board, ledger, silent: false);
                }

                // The one that is known to have opened it: a later push may have gone with the RAM, and the latch of before is there again.
                ledger.HelpCall = ledger.Presses.FindLast(press => press.Openings.Exists(opened => opened.Epoch == status.LatchedEpoch && opened.Seq == status.LatchedCall))
                    ?? SparkOf(board, ledger) ?? ledger.Presses.FindLast(static press => !press.Silent) ?? ledger.HelpCall;
                if (status.VolatileBacklog > 0 && ledger.HelpCall is { } refused)
                {
                    refused.Volatile = true;
                }

                world.Trace.Add(board.Number, "latched", status.LatchedCall, status.LatchedCount);
            }
        }
        else if (ledger.Latched)
        {
            Check("I6 latch ended");
            CheckEndKnows(board, ledger);
            ExcuseRefused(board, ledger, silent: false);
            if (ledger is { LatchedCall: Gateway.Firmware.CallSlot.NoNumber, HelpCall: { } unkept })
            {
                // Flash and RAM had refused it to the end, and somebody has reset it: a number is missing.
                unkept.Excused = true;
            }

            ledger.LatchEndedUs = now;
            world.Trace.Add(board.Number, "not latched");

            // The latch of a call that the journal refused is durable once the flash has taken the state file: not before it works again.
            var wasTooSoon = ledger.HelpCall is { Volatile: true } && ledger.Incarnation != board.Incarnation && ledger.PowerLostUs - board.Flash.RefusedUs < TriedAgainUs;
            var isReset = now - ledger.ResetUs < 5 * VirtualTime.Minute;

            // The record that a flipped bit hit may be the one that holds the latch.
            if (!isReset && !wasTooSoon && !(ledger.Incarnation != board.Incarnation && ledger.MayForgive(board.Flash.Flips)))
            {
                Fail("I6", board, "a latched call ended, and nobody had reset it");
            }
        }

        ledger.Latched = status.Latched;
        ledger.LatchedCall = status.LatchedCall;
        ledger.LatchedEpoch = status.LatchedEpoch;
        ledger.LatchedCount = status.LatchedCount;
    }

    /// <summary>Three seconds after a push: the board must have taken it (I4).</summary>
    private void Decide(SimulatedBoard board, BoardLedger ledger, Press press, Gateway.Firmware.AppStatus status)
    {
        press.Volatile |= status.VolatileBacklog > 0;
        if (press.Silent || !press.CoreWasRunning)
        {
            return;
        }

        var isSame = status.Latched && ((status.LatchedEpoch == press.Before.Epoch && status.LatchedCall == press.Before.Call) || press.Before.Call == Gateway.Firmware.CallSlot.NoNumber);
        press.OpensCall = status.Latched && (!isSame || status.LatchedCount < press.Before.Count);
        if (press.OpensCall == true)
        {
            ledger.HelpCall = press;
        }

        var counted = isSame && status.LatchedCount > press.Before.Count;

        // The reset may have been on its way, on a slow line, before somebody pressed: then the press was counted on the call that it ended.
        var wasReset = ledger.ResetUs >= press.AtUs - DecideUs || ledger.LatchEndedUs >= press.AtUs;
        if (!wasReset)
        {
            Check(status.SafeMode ? "I4 taken in safe mode" : "I4 taken");
            if (press.OpensCall != true && !counted)
            {
                Fail("I4", board, $"press {press.Number} was not taken within {DecideUs / VirtualTime.Second} s");
            }
        }
    }

    /// <summary>I3: after 20 s without a receipt the presser is told so.</summary>
    private void CheckUndelivered(SimulatedBoard board, BoardLedger ledger, Gateway.Firmware.AppStatus status)
    {
        if (ledger.HelpCall is not { Committed: false, OpensCall: true } call || !status.Latched || call.Incarnation != board.Incarnation)
        {
            return;
        }

        if (world.Queue.NowUs - call.AtUs > UndeliveredUs)
        {
            Check("I3 undelivered");

            // A bit that flipped since may have taken its record; a further press on it has come then, and is what the button tells of.
            if (status.Stage != "undelivered" && board.Flash.FlippedUs < call.AtUs)
            {
                Fail("I3", board, $"press {call.Number} has not reached the hub, and the button shows \"{status.Stage}\"");
            }
        }
    }
}
