using Gateway.Firmware;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>The table of lamps and sounds (firmware/README.md), held against the lamps themselves at the end of each step, and how one stage follows another.</content>
public sealed partial class Watcher
{
    /// <summary>"Undelivered" is said after 20 s, and not before (I3).</summary>
    private const long UndeliveredSoonestUs = 19 * VirtualTime.Second;

    /// <summary>The end of a call is shown for a minute.</summary>
    private const long ClosedShownUs = 59 * VirtualTime.Second;

    /// <summary>A contact of the mains counts after a second.</summary>
    private const long MainsUs = 3 * VirtualTime.Second;

    /// <summary>Faults that no silent call brings: whoever looks at the box sees them.</summary>
    private const uint OpenFaults = (1u << FaultId.JournalDamage) | (1u << FaultId.HelpStuck) | (1u << FaultId.Battery) | (1u << FaultId.HelpLine)
        | (1u << FaultId.SelfTest) | (1u << FaultId.SafeMode) | (1u << FaultId.Configuration);

    /// <summary>A command lives for a minute and sounds for another; the rest is for the way.</summary>
    private const long CalledMaxUs = 3 * VirtualTime.Minute;

    /// <summary>How long a lamp test shows, with room for a stall.</summary>
    private const long LampTestUs = 3 * VirtualTime.Second;

    /// <summary>A board tests itself so often by the settings of this world; its crystal may be a little fast.</summary>
    private const long SelfTestUs = (SettingsBounds.SelfTestHoursDefault * VirtualTime.Hour) - VirtualTime.Minute;

    /// <summary>How long a call that is over may still be shown: the panel shows "closed" for a minute.</summary>
    private const long ShownAfterUs = 70 * VirtualTime.Second;

    /// <summary>Somebody at the station asks for other settings: the buzzer may be off under them.</summary>
    internal void Configures(SimulatedBoard board) => Of(board).WasConfigured = true;

    internal void LampChanged(SimulatedBoard board, int lamp, bool on)
    {
        var ledger = Of(board);
        var now = world.Queue.NowUs;
        ledger.LampChangedUs[lamp] = now;
        if (lamp == IndicatorId.Health)
        {
            ledger.HealthChangedUs = now;
            return;
        }

        if (!on)
        {
            return;
        }

        if (lamp is IndicatorId.Buzzer or IndicatorId.Siren && now < ledger.MaySoundUntilUs(lamp))
        {
            // A responder, the neighbours or the station are called by this box: no call of its own.
            return;
        }

        if (lamp == IndicatorId.Siren && !board.HasSiren)
        {
            Fail("I3", board, "it is not set up to have a siren, and that sounds");
            return;
        }

        if (IsLampTest(board, ledger, lamp))
        {
            return;
        }

        Check("I7 lamps");

        // A bit that flipped since the last call ended may have hit the record of its end, and the flash may have refused it: the first step of a boot finds it latched again.
        var mayBeBack = ledger.Incarnation != board.Incarnation && (board.Flash.FlippedUs > ledger.LatchEndedUs || board.Flash.RefusedUs > ledger.LatchEndedUs - TriedAgainUs);
        if (!ledger.Latched && !mayBeBack && now - ledger.HelpSeenUs > ShownAfterUs)
        {
            var silent = ledger.Presses.Exists(static press => press.Silent);
            Fail(silent ? "I7" : "I3", board, $"lamp or sounder {lamp} came on, and nobody here has called for help{(silent ? " but silently" : "")}");
            return;
        }

        if (lamp == IndicatorId.Journalled)
        {
            foreach (var press in ledger.Undecided)
            {
                // For a further press of a latched call the lamp says nothing new.
                press.LampLit |= press is { Silent: false, CoreWasRunning: true, Before.Call: 0 } && press.Incarnation == board.Incarnation;
            }
        }
        else if (lamp == IndicatorId.Received)
        {
            Check("I3 received");

            // After a start the latched call may be an older one than the push that the starting core did not see, or that went with the RAM.
            if (ledger.HelpCall is { Committed: false, CoreWasRunning: true, IsLostToFlip: false } call && !ledger.Undecided.Contains(call) && !(call.Volatile && call.Incarnation != board.Incarnation))
            {
                call.IsLostToFlip = ledger.MayForgive(board.Flash.Flips);
                if (!call.IsLostToFlip)
                {
                    Fail("I3", board, $"\"received\" is shown, and press {call.Number} is not on the hub's disk");
                }
            }
        }

        CheckStageLamp(board, ledger, lamp);
    }

    /// <summary>
    /// All lamps and one beep, because the hub asked for a self-test or a day has passed since the last; each test once. A board that shows a call shows no test.
    /// </summary>
    private bool IsLampTest(SimulatedBoard board, BoardLedger ledger, int lamp)
    {
        var now = world.Queue.NowUs;
        if (lamp == IndicatorId.Siren || ledger.Latched || ledger.Undecided.Any(press => !press.Silent && press.Incarnation == board.Incarnation))
        {
            return false;
        }

        if (now - ledger.TestShownUs < LampTestUs)
        {
            return true;
        }

        var isDue = now - Math.Max(board.StartedUs, ledger.TestShownUs) > SelfTestUs;
        ledger.TestsAsked.RemoveAll(asked => now - asked.AtUs > CalledMaxUs);
        if (!isDue && ledger.TestsAsked.Count == 0)
        {
            return false;
        }

        // What a call that has just ended may still show is no test, and uses none up.
        if (now - ledger.HelpSeenUs > ShownAfterUs)
        {
            ledger.TestsAsked.RemoveRange(0, Math.Min(1, ledger.TestsAsked.Count));
            ledger.TestShownUs = now;
        }

        return true;
    }

    private void CheckLamps(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var stage = status.Stage;
        if (ledger.StageIn != board.Incarnation)
        {
            ledger.StageIn = board.Incarnation;
            ledger.Stage = "idle";
            ledger.StageBefore = "";
            ledger.StageUs = world.Queue.NowUs;
        }

        if (stage != ledger.Stage)
        {
            CheckStageFollows(board, ledger, status);
            CheckClosedKnows(board, ledger, status);
            ledger.StageBefore = ledger.Stage;
            ledger.Stage = stage;
            ledger.StageUs = world.Queue.NowUs;
        }

        CheckHealthShown(board, ledger, status);
        if (stage == "idle")
        {
            CheckIdle(board, ledger, status);
            return;
        }

        Check("I3 lamps");
        var rank = Array.IndexOf(StagesTold, stage);
        var isOver = stage == "closed";
        var isWrong = !board.Lamps[IndicatorId.Journalled] && (rank >= 0 || isOver || stage == "cancelled" || (stage == "journalled" && IsStill(board, ledger, IndicatorId.Journalled, ledger.StageUs)))
            ? IndicatorId.Journalled
            : board.Lamps[IndicatorId.Received] != (rank >= 0 || isOver || stage == "cancelled") ? IndicatorId.Received
            : stage != "cancelled" && board.Lamps[IndicatorId.Accepted] != (rank >= 1 || isOver) ? IndicatorId.Accepted
            : stage is not ("dispatched" or "onScene") && board.Lamps[IndicatorId.OnTheWay] != (stage == "enRoute" || isOver) ? IndicatorId.OnTheWay
            : -1;
        if (isWrong >= 0)
        {
            Fail("I3", board, $"the button shows \"{stage}\", and lamp {isWrong} is {(board.Lamps[isWrong] ? "lit" : "dark")}");
        }

        var isInRam = board.App!.Journal.Help.VolatileEpoch != 0 && ledger.HelpCall?.Incarnation == board.Incarnation;
        var blinks = stage switch { "journalled" when isInRam => IndicatorId.Journalled, "undelivered" => IndicatorId.Journalled, "cancelled" => IndicatorId.Accepted, "dispatched" or "onScene" => IndicatorId.OnTheWay, _ => -1 };

        // A second call may be shown as the first one was, which had been steady.
        if (blinks >= 0 && IsStill(board, ledger, blinks, Math.Max(ledger.StageUs, ledger.HelpCall?.AtUs ?? long.MinValue)))
        {
            Fail("I3", board, $"the button shows \"{stage}\", and lamp {blinks} does not blink");
        }

        if (stage == "undelivered" && !ledger.WasConfigured && IsStill(board, ledger, IndicatorId.Buzzer, ledger.StageUs))
        {
            Fail("I3", board, "the call is undelivered, and the buzzer does not tell");
        }
    }

    /// <summary>A lamp has not changed for longer than any pattern pauses, whatever held the core up.</summary>
    private bool IsStill(SimulatedBoard board, BoardLedger ledger, int lamp, long sinceUs) =>
        world.Queue.NowUs - Math.Max(Math.Max(ledger.LampChangedUs[lamp], sinceUs), Math.Max(Math.Max(board.StalledUs, board.StartedUs), board.Flash.SlowUs)) > LampLateUs;

    /// <summary>Each step forward is heard; "undelivered" comes in its time, and the end of a call stays for its minute.</summary>
    private void CheckStageFollows(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        Check("I3 stage follows");
        var now = world.Queue.NowUs;
        var shownUs = now - ledger.StageUs;
        if (status.Stage == "undelivered" && (ledger.Stage != "journalled" || shownUs < UndeliveredSoonestUs))
        {
            Fail("I3", board, $"\"undelivered\" is shown after {shownUs / VirtualTime.Second} s of \"{ledger.Stage}\"");
        }

        if (status.Stage == "idle" && ledger.Stage == "closed" && shownUs < ClosedShownUs && now - ledger.KeyUs > DecideUs)
        {
            Fail("I3", board, $"the end of the call was shown for {shownUs / VirtualTime.Second} s only");
        }

        if (status.Stage == "idle" && status.Latched && (ledger.Stage != "closed" || shownUs < ClosedShownUs))
        {
            Fail("I3", board, $"the lamps go dark after \"{ledger.Stage}\", and the call is latched");
        }

        if (status.Stage != "idle" && !ledger.WasConfigured && !board.Lamps[IndicatorId.Buzzer])
        {
            Fail("I3", board, $"\"{status.Stage}\" is shown, and no beep tells");
        }
    }

    private void CheckIdle(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        Check("I3 idle");
        if (status.Latched && ledger.StageBefore != "closed")
        {
            Fail("I3", board, "a call is latched, and nothing is shown of it");
        }

        for (var lamp = IndicatorId.Journalled; lamp <= IndicatorId.OnTheWay; lamp++)
        {
            if (board.Lamps[lamp] && IsStill(board, ledger, lamp, ledger.StageUs))
            {
                Fail("I3", board, $"lamp {lamp} is lit, and no call is shown");
            }
        }
    }

    /// <summary>Whoever looks at the box sees whether it is well: steadily lit, or else not.</summary>
    private void CheckHealthShown(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var now = world.Queue.NowUs;
        var isIll = (status.Faults & OpenFaults) != 0 || !status.MainsPresent;
        var isWell = status is { Faults: 0, MainsPresent: true, Online: true };
        ledger.IllUs = !isIll ? long.MaxValue : ledger.HealthIn == board.Incarnation ? Math.Min(ledger.IllUs, now) : now;
        ledger.WellUs = !isWell ? long.MaxValue : ledger.HealthIn == board.Incarnation ? Math.Min(ledger.WellUs, now) : now;
        ledger.HealthIn = board.Incarnation;

        if (now - ledger.TestShownUs < LampLateUs)
        {
            return;
        }

        Check("health shown");
        if (isIll && IsStill(board, ledger, IndicatorId.Health, ledger.IllUs))
        {
            Fail("I3", board, $"the box has a fault or no mains for {(now - ledger.IllUs) / VirtualTime.Second} s, and its health lamp shows nothing of it");
        }
        else if (isWell && now - ledger.WellUs > LampLateUs && (!board.Lamps[IndicatorId.Health] || ledger.HealthChangedUs == now))
        {
            Fail("I3", board, $"all is well for {(now - ledger.WellUs) / VirtualTime.Second} s, and the health lamp is not steadily lit");
        }

        if (now - Math.Max(ledger.MainsChangedUs, board.StartedUs) > MainsUs && now - Math.Max(board.StalledUs, board.Flash.SlowUs) > MainsUs
            && status.MainsPresent != board.Levels[InputId.MainsPresent])
        {
            Fail("I3", board, $"the mains is {(status.MainsPresent ? "away" : "there")} for {(now - ledger.MainsChangedUs) / VirtualTime.Second} s, and the board does not know");
        }
    }
}
