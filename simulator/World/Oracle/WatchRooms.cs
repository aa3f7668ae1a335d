using Gateway.Firmware;
using Gateway.Firmware.Inputs;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;
using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What the box shows and sees beside calls: lamps that must be dark, a lamp that must tell of the lost link, doors and mains, and a call that is taken back.</content>
public sealed partial class Watcher
{
    /// <summary>Longest pause of a pattern of the health lamp, 2 s, and the stalls of flash.</summary>
    private const long LampLateUs = 6 * VirtualTime.Second;

    /// <summary>A contact counts after 200 ms, mains after a second; further changes are told a second apart.</summary>
    private const long SeenUs = 2_500 * VirtualTime.Ms;

    /// <summary>Records of one zone leave at most so often, and each may have waited for the one before.</summary>
    private const long ZoneSpacingUs = Zone.CallSpacingMs * VirtualTime.Ms;

    /// <summary>What travels with the calls is told at most once in 10 s.</summary>
    private const long SeenLifeUs = RepeatUs + SeenUs;

    /// <summary>A contact counts after 200 ms, and a poll.</summary>
    private const long OpenUs = 260 * VirtualTime.Ms;

    /// <summary>From the change to the flash: behind other records, again after a refusal.</summary>
    private const long WrittenUs = 20 * VirtualTime.Second;

    /// <summary>Below the window of 30 s in which a call can be taken back, where nobody has set another.</summary>
    private const long CancelWindowUs = 25 * VirtualTime.Second;

    /// <summary>I3, I7: with no call here, and none lately, no lamp of a call is lit.</summary>
    private void CheckDark(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var now = world.Queue.NowUs;
        if (status.Latched || now - Math.Max(ledger.HelpSeenUs, ledger.LatchEndedUs) < ShownAfterUs + LampLateUs || now - Math.Max(ledger.TestShownUs, board.StartedUs) < LampLateUs)
        {
            return;
        }

        Check("I3 dark");
        for (var lamp = IndicatorId.Journalled; lamp <= IndicatorId.OnTheWay; lamp++)
        {
            if (board.Lamps[lamp])
            {
                Fail("I3", board, $"lamp {lamp} is lit, and no call is latched");
            }
        }
    }

    /// <summary>I11: who looks at the box sees that its link is lost.</summary>
    private void CheckLinkShown(SimulatedBoard board, BoardLedger ledger, AppStatus status)
    {
        var now = world.Queue.NowUs;
        if (status.Online || ledger.OfflineIn != board.Incarnation)
        {
            ledger.OfflineIn = board.Incarnation;
            ledger.OfflineUs = status.Online ? long.MaxValue : now;
            return;
        }

        ledger.OfflineUs = Math.Min(ledger.OfflineUs, now);

        Check("I11 lamp");
        if (now - Math.Max(Math.Max(ledger.OfflineUs, ledger.HealthChangedUs), Math.Max(board.StalledUs, board.Flash.SlowUs)) > LampLateUs && now - ledger.TestShownUs > LampLateUs)
        {
            Fail("I11", board, $"its link is down for {(now - ledger.OfflineUs) / VirtualTime.Second} s, and its health lamp shows nothing of it");
        }
    }

    /// <summary>I6, the other way round: what somebody has reset does not come back with the power.</summary>
    private void CheckNotBack(SimulatedBoard board, BoardLedger ledger)
    {
        var press = ledger.Presses.FindLast(static press => !press.Silent);

        // One that was pushed while the core stood still is taken after the reset that was due before it.
        if (press is null || press.AtUs >= ledger.LatchEndedUs - DecideUs || board.Flash.RefusedUs > ledger.LatchEndedUs - TriedAgainUs || board.Flash.Flips > 0)
        {
            return;
        }

        Check("I6 stays reset");
        Fail("I6", board, "a call that was reset is latched again after a start, and nobody has pressed");
    }

    /// <summary>A door or the mains changes.</summary>
    internal void InputChanged(SimulatedBoard board, int input, bool asserted)
    {
        if (input == InputId.MainsPresent)
        {
            Of(board).MainsChangedUs = world.Queue.NowUs;
            NoteChange(board, "mains", 0, asserted ? BoardLine.Normal : BoardLine.Alarm, isLife: false);
        }
        else if (board.Zones.ContactAt(input) is { } contact)
        {
            ContactChanged(board, contact, asserted);
        }
    }

    /// <summary>A line with resistors tells another state.</summary>
    internal void LineChanged(SimulatedBoard board, BoardLine line, string state)
    {
        NoteMeasured(board, line.Zone, board.Millivolts[line.Channel]);
        NoteChange(board, line.Kind, line.Zone, line == BoardLine.Help && state != BoardLine.Normal ? BoardLine.Alarm : state, line.IsLife);
        Of(board).LifeUs = line.IsLife ? world.Queue.NowUs : Of(board).LifeUs;
    }

    /// <summary>What its battery has at its terminals. The gauge needs eight readings.</summary>
    internal void BatteryChanges(SimulatedBoard board, int fromMv, int toMv)
    {
        const int lowMv = 11_600;
        NoteMeasured(board, 0, toMv);
        if (fromMv < lowMv != toMv < lowMv)
        {
            Sees(board, "battery", 0, toMv < lowMv ? "low" : "normal", BatteryUs, isLife: false);
        }
    }

    private void NoteChange(SimulatedBoard board, string kind, int zone, string state, bool isLife) =>
        Sees(board, kind, zone, state, isLife ? SeenLifeUs : SeenUs, isLife);

    /// <param name="isSure">It needs no look at an input.</param>
    private void Sees(SimulatedBoard board, string kind, int zone, string state, long withinUs, bool isLife, bool isSure = false)
    {
        var ledger = Of(board);
        var now = world.Queue.NowUs;

        // Too short to be told for certain; and then what comes after it may be no change at all.
        var former = ledger.Seen.FindLast(seen => seen.Kind == kind && seen.Zone == zone);
        var wasShort = former is not null && now - former.AtUs < withinUs;
        if (wasShort && !isSure)
        {
            former!.IsExcused = true;
        }

        var status = board.App?.Status;

        // A door that is shut just when the safe mode ends was never seen open.
        var isReady = status is { SafeMode: false } && now - ledger.CarefulUs > SeenUs && now - board.StartedUs > (kind == "battery" ? withinUs : SeenUs) && now - Math.Max(board.StalledUs, board.Flash.SlowUs) > SeenUs;
        var countsUs = kind == "battery" ? withinUs : SeenUs;
        ledger.Seen.Add(new Seen(kind, zone, state, now, board.Incarnation, board.LocalMsAt(now), countsUs) { IsLife = isLife, IsExcused = !isSure && (wasShort || !isReady) });
    }

    /// <summary>A power cut may come before it was written; then what is still so is told by the next boot.</summary>
    private void ExcuseSeen(SimulatedBoard board)
    {
        foreach (var opening in Of(board).Openings)
        {
            opening.IsExcused |= world.Queue.NowUs - Math.Max(opening.AtUs, board.Flash.RefusedUs) < WrittenUs;
        }

        foreach (var seen in Of(board).Seen)
        {
            // What the flash refused waits in RAM, where it is one that travels with the calls.
            var isInRam = seen.IsLife && (Of(board).HasVolatile || board.Flash.RefusedUs > seen.AtUs - SeenUs);
            seen.IsExcused |= isInRam || world.Queue.NowUs - Math.Max(seen.AtUs, board.Flash.RefusedUs) < WrittenUs + seen.WithinUs;
        }
    }

    /// <summary>What the flash refuses is tried again, with how the door stands then.</summary>
    internal void FlashRefuses(SimulatedBoard board)
    {
        foreach (var opening in Of(board).Openings)
        {
            opening.IsExcused |= world.Queue.NowUs - opening.AtUs < WrittenUs;
        }
    }

    private void NoteSeen(SimulatedBoard board, in Hub.DiskSignal stored, SignalMessage signal)
    {
        var ledger = Of(board);
        var kind = signal.Kind == "fault" ? signal.Detail : signal.Kind;
        if (kind == "swinger")
        {
            NoteShut(ledger, signal);
        }

        if (kind is not ("mains" or "help-line" or "battery" or "restart") && !board.Zones.Has(signal.Zone, kind))
        {
            return;
        }

        foreach (var opening in ledger.Openings)
        {
            opening.IsTold |= kind == "door" && signal.State == "alarm" && opening.Zone == signal.Zone && IsOfBoot(ledger, opening.Incarnation, signal)
                && signal.Time.UpMs - opening.LocalMs is >= -100 and < SeenUs / VirtualTime.Ms;
        }

        CheckLaneOfZone(board, signal);
        CheckTurn(board, ledger, signal);
        Check("I2 alarm in an incident");
        var isAlarm = signal is { Test: false, State: not BoardLine.Normal };
        if (stored.Incidents.Count > 1 || (isAlarm && stored.Incidents.Count == 0))
        {
            Fail("I2", board, $"{signal.Lane} {signal.Seq} ({kind}, \"{signal.State}\") was committed with {stored.Incidents.Count} incidents");
        }

        foreach (var seen in ledger.Seen)
        {
            if (seen.IsTold || seen.Kind != kind || seen.Zone != signal.Zone || seen.State != signal.State
                || !IsOfBoot(ledger, seen.Incarnation, signal) || Math.Abs(signal.Time.UpMs - seen.LocalMs) >= seen.WithinUs / VirtualTime.Ms)
            {
                continue;
            }

            seen.IsTold = true;
            CheckAlarmInTime(board, seen);
            CheckHours(board, ledger, seen);
        }

        ledger.ZoneToldUs[signal.Zone] = world.Queue.NowUs;
    }

    /// <summary>I12: smoke is with the operator as soon as a press, when nothing is in its way.</summary>
    private void CheckAlarmInTime(SimulatedBoard board, Seen seen)
    {
        var busyUs = Math.Max(board.Flash.SlowUs, board.StalledUs);
        if (!seen.IsLife || seen.IsExcused || seen.State == BoardLine.Normal || board.Path.Line.LatencyUs > 100 * VirtualTime.Ms || busyUs > seen.AtUs - SeenUs || !IsCalm(board)
            || Of(board).ZoneToldUs.GetValueOrDefault(seen.Zone, long.MinValue / 2) > seen.AtUs - ZoneSpacingUs)
        {
            return;
        }

        Check("I12 alarm in time");
        if (world.Queue.NowUs - seen.AtUs > SeenUs)
        {
            Fail("I12", board, $"{seen.Kind} of zone {seen.Zone} took {(world.Queue.NowUs - seen.AtUs) / VirtualTime.Ms} ms to the operator, and nothing was in its way");
        }
    }

    private static bool IsOfBoot(BoardLedger ledger, int incarnation, SignalMessage signal) => IsOfBoot(ledger, incarnation, ledger.BootOf(signal));

    private static bool IsOfBoot(BoardLedger ledger, int incarnation, uint boot) => ledger.Boots.TryGetValue(incarnation, out var boots) && boot >= boots.First && boot <= boots.Last;

    /// <summary>A zone bounces, and is left out for a while, or is looked at again.</summary>
    private static void NoteShut(BoardLedger ledger, SignalMessage signal)
    {
        if (signal.State == "alarm")
        {
            ledger.Shuts.Add((signal.Zone, ledger.BootOf(signal), signal.Time.UpMs, long.MaxValue));
        }
        else if (ledger.Shuts.FindLastIndex(shut => shut.Zone == signal.Zone && shut.Boot == ledger.BootOf(signal)) is >= 0 and var at)
        {
            ledger.Shuts[at] = ledger.Shuts[at] with { ToMs = signal.Time.UpMs };
        }
    }

    private static bool IsShut(BoardLedger ledger, int zone, int incarnation, long localMs) =>
        ledger.Shuts.Exists(shut => shut.Zone == zone && IsOfBoot(ledger, incarnation, shut.Boot) && localMs > shut.FromMs - (SeenUs / VirtualTime.Ms) && localMs < shut.ToMs);

    /// <summary>A door that slams: each time it is open for long enough it is told, also when it is shut again before the next signal may go.</summary>
    private void NoteOpening(SimulatedBoard board, BoardLedger ledger, int zone, bool isOpen, bool isArmed)
    {
        var now = world.Queue.NowUs;
        var stoodUs = now - ledger.DoorUs[zone];

        // A core that writes does not look: how it stood meanwhile it cannot know.
        var sinceUs = Math.Min(stoodUs, now - board.WroteUntilUs);
        ledger.DoorUs[zone] = now;
        if (isOpen)
        {
            var isReady = board.App?.Status is { SafeMode: false } && now - board.StartedUs > SeenUs && now - board.Flash.RefusedUs > WrittenUs && sinceUs > OpenUs;
            ledger.Openings.Add(new Opening(zone, now, board.Incarnation, board.LocalMsAt(now)) { IsExcused = !isReady || !isArmed });
        }
        else if (ledger.Openings.FindLast(opening => opening.Zone == zone) is { } open && sinceUs > OpenUs && open.Incarnation == board.Incarnation)
        {
            open.IsLong = Math.Max(board.StalledUs, board.Flash.SlowUs) < open.AtUs - SeenUs;
            open.StoodUs = stoodUs;
        }
    }

    /// <summary>What the box saw and had the time to write down is on the hub's disk, or its number is missing there and shown.</summary>
    private void CheckSeen(SimulatedBoard board)
    {
        var ledger = Of(board);
        var disk = world.Hub.Disk.Ledger;
        if (_wasRestored || board.Flash.Flips > 0)
        {
            return;
        }

        var holed = (Call: IsHoled(board, Lane.Call), Event: IsHoled(board, Lane.Event));
        foreach (var seen in ledger.Seen.Where(seen => !seen.IsExcused && !IsOnItsWay(seen.AtUs) && !(seen.IsLife ? holed.Call : holed.Event)))
        {
            Check(seen.IsLife ? "I1 seen, life" : "I1 seen");
            if (!seen.IsTold && !IsShut(ledger, seen.Zone, seen.Incarnation, seen.LocalMs))
            {
                Fail("I1", board, $"{seen.Kind} of zone {seen.Zone} became \"{seen.State}\" at {VirtualTime.Text(seen.AtUs)}, and the hub was not told");
                return;
            }
        }
    }

    /// <summary>A write that was refused or torn burns its number, and what it told comes again; more are missing only where an old one had to make room.</summary>
    private bool IsHoled(SimulatedBoard board, Lane lane)
    {
        var disk = world.Hub.Disk.Ledger;
        return disk.Lanes.Values.Any(known => known.Device == board.Device && known.Lane == lane && disk.Missing(known).Sum(static range => range.Count) > board.Flash.Damages);
    }

    private void CheckOpenings(SimulatedBoard board)
    {
        var ledger = Of(board);
        if (_wasRestored || board.Flash.Flips > 0 || IsHoled(board, Lane.Event))
        {
            return;
        }

        foreach (var opening in ledger.Openings.Where(static opening => opening is { IsExcused: false, IsLong: true }))
        {
            Check("I1 opening");
            if (!opening.IsTold && !IsShut(ledger, opening.Zone, opening.Incarnation, opening.LocalMs) && !StandsAsTold(ledger, opening))
            {
                Fail("I1", board, $"door {opening.Zone} was opened at {VirtualTime.Text(opening.AtUs)}, and the hub was not told");
                return;
            }
        }
    }

    /// <summary>It was told as open a moment before, was shut for less than the second between two signals of a zone, and is open when the next may go: as told.</summary>
    private static bool StandsAsTold(BoardLedger ledger, Opening opening) => opening.StoodUs > VirtualTime.Second
        && ledger.Openings.Exists(other => other.IsTold && other.Zone == opening.Zone && other.Incarnation == opening.Incarnation && other.AtUs < opening.AtUs && opening.AtUs - other.AtUs < 2 * VirtualTime.Second);

    /// <summary>Somebody takes a call back, in its time and while the board looks.</summary>
    private void NoteCancel(SimulatedBoard board)
    {
        var ledger = Of(board);
        var now = world.Queue.NowUs;
        var key = (ledger.LatchedEpoch, ledger.LatchedCall);

        // A key is not a button: while the core writes it may be missed.
        var isDue = board.App is not null && now >= board.WroteUntilUs && ledger is { Latched: true, HelpCall: { OpensCall: true, Volatile: false } call } && call.Incarnation == board.Incarnation && now - call.AtUs < CancelWindowUs
            && ledger.Incarnation == board.Incarnation && ledger.ResetUs < call.AtUs && !ledger.Undecided.Any(static press => !press.Silent)
            && world.Hub.Snapshot is { } snapshot && snapshot.Gateways[board.Device].Desired is null;

        // What was taken back before is over: the key does nothing then.
        if (isDue && !ledger.WasCancelledByZone && !ledger.Cancelled.Contains(key) && ledger.Cancels.TrueForAll(cancel => cancel.Key != key))
        {
            ledger.Cancels.Add(new Cancel(key, now, board.Incarnation));
        }
    }

    /// <summary>A key is not a button: while the core stands still it may be missed. And a cut, or a refused write, may take it.</summary>
    private void ExcuseCancels(SimulatedBoard board, bool isPowerLost)
    {
        var now = world.Queue.NowUs;
        foreach (var cancel in Of(board).Cancels)
        {
            if (cancel.Incarnation != board.Incarnation)
            {
                continue;
            }

            var wasBusy = now - cancel.AtUs < 2 * DecideUs && Math.Max(board.StalledUs, board.Flash.SlowUs) > cancel.AtUs - SeenUs;
            var wasReset = now - cancel.AtUs < DecideUs && Of(board).ResetUs > cancel.AtUs - DecideUs;
            cancel.IsInRam |= board.Flash.RefusedUs >= cancel.AtUs && board.Flash.RefusedUs - cancel.AtUs < WrittenUs;
            cancel.IsExcused |= wasBusy || wasReset || (isPowerLost && (cancel.IsInRam || now - Math.Max(cancel.AtUs, board.Flash.RefusedUs) < WrittenUs));
        }
    }

    private static void NoteCancelTold(BoardLedger ledger, SignalMessage signal)
    {
        foreach (var cancel in ledger.Cancels)
        {
            // Without a number it applies to the newest call of its zone ([GW-22]).
            cancel.IsTold |= signal.Call == 0 || signal.Lane == Lane.Volatile || cancel.Key == (signal.Epoch, signal.Call);
        }

        ledger.Cancelled.Add((signal.Epoch, signal.Call));
        ledger.WasCancelledByZone |= signal.Call == 0;
    }

    /// <summary>Who took a call back waits for somebody to call: the hub knows of it (I10).</summary>
    private void CheckCancels(SimulatedBoard board)
    {
        if (_wasRestored || board.Flash.Flips > 0)
        {
            return;
        }

        foreach (var cancel in Of(board).Cancels.Where(static cancel => !cancel.IsExcused))
        {
            Check("I10 cancel told");
            if (!cancel.IsTold)
            {
                Fail("I10", board, $"call {cancel.Key.Call} was taken back at {VirtualTime.Text(cancel.AtUs)}, and the hub was not told");
                return;
            }
        }
    }
}
