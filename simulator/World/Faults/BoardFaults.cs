using System.Collections.Immutable;
using Gateway.Firmware.Ports;
using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.World.Boards;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Faults;

/// <content>What strikes one board: its path, its power, its flash, its clock.</content>
public sealed partial class FaultSchedule
{
    /// <summary>The longest that all threads of a board stand still at once: a TLS handshake by software.</summary>
    private const long StallMaxUs = 1_200 * VirtualTime.Ms;

    private void StrikePath(string kind, SimulatedBoard board, Dice dice)
    {
        switch (kind)
        {
            case FaultKind.PathSilent:
                BreakPath(board, PathState.Silent, dice);
                break;
            case FaultKind.HalfOpen:
                BreakPath(board, dice.OneIn(2) ? PathState.SilentUp : PathState.SilentDown, dice);
                break;
            case FaultKind.CableOut:
                BreakPath(board, PathState.Unplugged, dice);
                break;
            case FaultKind.CaptivePortal:
                BreakPath(board, PathState.Captive, dice);
                break;
            case FaultKind.LossyLink:
                board.Path.LossOneIn = dice.Between(2, 20);
                _world.Queue.In(dice.Waiting(VirtualTime.Hour), this, LossEnds, board.Number);
                break;
            case FaultKind.LossBurst:
                board.Path.LossOneIn = 1 + dice.Between(0, 1);
                _world.Queue.In(dice.Waiting(5 * VirtualTime.Second), this, LossEnds, board.Number);
                break;
            case FaultKind.SlowLink:
                board.Path.SlownessFactor = dice.Between(3, 60);
                _world.Queue.In(dice.Waiting(VirtualTime.Hour), this, SlowEnds, board.Number);
                break;
            case FaultKind.Doubled:
                board.RepeatsPublishes = true;
                _world.Queue.In(dice.Waiting(VirtualTime.Hour), this, SlowEnds, board.Number);
                break;
            case FaultKind.Forgotten:
                board.ForgetConnection();
                if (dice.OneIn(2))
                {
                    _world.Pressers.PressSoon(board, 20 * VirtualTime.Second);
                }

                break;
            case FaultKind.BeatAgain:
                board.RepeatsHeartbeat = true;
                board.ForgetConnection();
                break;
            case FaultKind.BirthAgain:
                // A boot that has lasted is over, and its birth comes when the next one has given its own.
                board.PowerOff("before an old birth");
                PowerLater(board, dice, VirtualTime.Second);
                _world.Queue.In(dice.Between(15, 90) * VirtualTime.Second, this, OldBirthComes, board.Number);
                break;
            case FaultKind.ReceiptLost:
                board.LosesReceipt = true;
                board.SpoilsReceipt = dice.OneIn(3) ? -1 : (int)dice.Between(0, BoardLink.WaysToSpoil - 1);
                break;
            case FaultKind.Forged:
                board.Forge(dice);
                break;
            case FaultKind.WordLost:
                // Half of the time an answer to the station, which has asked again then, and means the same.
                board.BreaksAt = dice.OneIn(2) ? "result" : dice.Pick(["status", "signal", "reported"]);
                break;
            case FaultKind.ForgedDown:
                board.ForgeDown(_world.Boards[(int)dice.Between(0, _world.Boards.Count - 1)], dice);
                break;
            case FaultKind.Cloned:
                board.SayOtherwise(dice);
                break;
            case FaultKind.OldAgain when dice.OneIn(2):
                // What was lost with a connection comes before what is sent again, in no order: the hub gets higher numbers first.
                board.ForgetConnection();
                board.RepeatOldPublishesLater();
                _world.Pressers.PressSoon(board, 3 * VirtualTime.Second);
                _world.Pressers.PressSoon(board, 12 * VirtualTime.Second);
                break;
            default:
                board.RepeatOldPublishes();
                break;
        }
    }

    private void StrikeBoard(string kind, SimulatedBoard board, Dice dice)
    {
        switch (kind)
        {
            case FaultKind.PowerCut:
                board.PowerOff("cut");
                PowerLater(board, dice, dice.OneIn(10) ? 2 * VirtualTime.Hour : VirtualTime.Minute);
                break;
            case FaultKind.CutInFlash:
                // The next few changes of flash kill the board, and somebody presses meanwhile.
                board.Flash.CutAt((int)dice.Between(1, 6));
                _world.Pressers.PressSoon(board, 10 * VirtualTime.Second);
                break;
            case FaultKind.BrownOut:
                BrownOut(board, dice);
                break;
            case FaultKind.CrashLoop:
                CrashLoop(board, dice);
                break;
            case FaultKind.Stall:
                board.Stall(dice.Between(100 * VirtualTime.Ms, StallMaxUs));
                _world.Pressers.PressSoon(board, VirtualTime.Second);
                break;
            case FaultKind.FlashFails:
                board.Flash.FailAt((int)dice.Between(1, 4));
                if (dice.OneIn(2))
                {
                    RefuseCall(board, dice);
                }

                break;
            case FaultKind.FlashRefuses:
                RefuseAll(board, dice);
                break;
            case FaultKind.MainsAway:
                board.Change(InputId.MainsPresent, false);
                _world.Queue.In(dice.OneIn(2) ? dice.Between(VirtualTime.Second, 20 * VirtualTime.Second) : dice.Waiting(10 * VirtualTime.Minute), this, MainsReturns, board.Number);
                _world.Queue.In(dice.Waiting(5 * VirtualTime.Minute), this, BatterySinks, board.Number);
                break;
            case FaultKind.CancelRefused:
                // Two calls at one box, and the flash refuses to write down which of them is taken back: [GW-22] must find it.
                _world.Pressers.PressSoon(board, VirtualTime.Ms);
                _world.Queue.In(7 * VirtualTime.Second, this, SilentThen, board.Number);
                _world.Queue.In(14 * VirtualTime.Second, this, CancelThen, board.Number);
                break;
            case FaultKind.BitFlip:
                if (board.Flash.FlipBit() is { } file)
                {
                    _world.Trace.Add(board.Number, "bit flipped", text: file);
                }

                break;
            case FaultKind.FlashReplaced:
                board.PowerOff("for a new flash");
                board.Flash.Replace();
                PowerLater(board, dice, VirtualTime.Minute);
                break;
            case FaultKind.ClockJump:
                board.JumpWallClock(DrawJumpMs(dice));
                break;
            case FaultKind.SntpLate:
                board.SntpDelayUs = dice.Between(VirtualTime.Minute, 6 * VirtualTime.Hour);
                board.PowerOff("before a late clock");
                PowerLater(board, dice, VirtualTime.Second);
                break;
            case FaultKind.Configured:
                Configure(board, dice);
                break;
            case FaultKind.WireBroken:
                board.SetLine(dice.Pick<BoardLine>(board.Zones.Lines), dice.OneIn(2) ? BoardLine.Open : BoardLine.Short, dice.Waiting(10 * VirtualTime.Minute), dice);
                break;
            case FaultKind.CommandHeld:
                // Mostly until its time, a minute, is past. It is what somebody sends now, or the next reset of a call.
                board.HoldsCommandUs = dice.Between(40, 150) * VirtualTime.Second;
                board.HoldsReset = dice.OneIn(2);
                if (!board.HoldsReset)
                {
                    Command(board, dice);
                }

                break;
            default:
                Command(board, dice);
                break;
        }
    }

    private void BreakPath(SimulatedBoard board, PathState state, Dice dice)
    {
        BreakPath(board, state, dice.OneIn(5) ? dice.Waiting(4 * VirtualTime.Hour) : dice.Waiting(2 * VirtualTime.Minute));
        if (dice.OneIn(3))
        {
            _world.Pressers.PressSoon(board, 30 * VirtualTime.Second);
        }
    }

    private void BreakPath(SimulatedBoard board, PathState state, long durationUs)
    {
        _world.Trace.Add(board.Number, "path", (long)state);
        board.Path.Become(state);
        var generation = ++_pathGeneration[board.Number];
        _world.Queue.In(durationUs, this, PathEnds, (generation * NumbersMax) + board.Number);
    }

    private void EndPath(long argument)
    {
        var number = argument % NumbersMax;
        if (argument / NumbersMax == _pathGeneration[number])
        {
            _world.Trace.Add((int)number, "path", (long)PathState.Open);
            _world.BoardOf(number).Path.Become(PathState.Open);
        }
    }

    /// <summary>Somebody presses again while the work is being closed, and what the board says of it is stuck on the way: the reset comes before the hub knows.</summary>
    internal void PressAtTheEnd(string device, Dice dice)
    {
        if (_world.Options.Faults is FaultProfile.Usual or FaultProfile.Storm && _world.BoardOf(device) is { Path.State: PathState.Open } board && !_isOver)
        {
            Count("pressed again at the end of the work");
            BreakPath(board, PathState.SilentUp, dice.Between(6, 16) * VirtualTime.Second);
            _world.Pressers.PressSoon(board, VirtualTime.Second);
        }
    }

    /// <summary>The supply sags: a write fails, then the board restarts a few times within seconds.</summary>
    private void BrownOut(SimulatedBoard board, Dice dice)
    {
        board.Flash.FailAt(1);
        _world.Pressers.PressSoon(board, VirtualTime.Second);
        var dips = dice.Between(1, 3);
        for (var i = 0L; i < dips; i++)
        {
            _world.Queue.In((i * 4 * VirtualTime.Second) + dice.Between(0, VirtualTime.Second), this, CrashAgain, board.Number);
        }
    }

    /// <summary>The flash refuses the very next press; later somebody turns the key, and then the power fails before anything else was written.</summary>
    private void RefuseCall(SimulatedBoard board, Dice dice)
    {
        board.Flash.FailAt(1);
        if (dice.OneIn(4))
        {
            board.ForgetConnection();
        }

        if (dice.OneIn(3))
        {
            _world.Pressers.PushSilent(board);
        }
        else
        {
            _world.Pressers.PressSoon(board, VirtualTime.Ms);
            var keyUs = dice.Between(20, 70) * VirtualTime.Second;
            _world.Pressers.KeyIn(board, keyUs);
            if (dice.OneIn(2))
            {
                _world.Queue.In(keyUs + dice.Between(5 * VirtualTime.Second, 90 * VirtualTime.Second), this, CutLater, board.Number);
            }
        }
    }

    /// <summary>The flash refuses everything for seconds or minutes, while people press and somebody turns the key; once in three the power fails in the middle of it or soon after.</summary>
    private void RefuseAll(SimulatedBoard board, Dice dice)
    {
        var us = VirtualTime.Second + dice.Waiting(dice.OneIn(3) ? 10 * VirtualTime.Minute : VirtualTime.Minute);
        board.Flash.FailFor(us);
        _world.Pressers.PressSoon(board, us);
        _world.Pressers.KeyIn(board, dice.Between(0, us));
        if (dice.OneIn(2))
        {
            _world.Queue.In(dice.Between(0, us), this, SilentThen, board.Number);
            _world.Pressers.PressSoon(board, us);
        }

        if (dice.OneIn(3))
        {
            _world.Queue.In(dice.Between(0, 2 * us), this, CutLater, board.Number);
        }
    }

    private void CrashLoop(SimulatedBoard board, Dice dice)
    {
        var crashes = dice.Between(3, 9);
        for (var i = 0L; i < crashes; i++)
        {
            _world.Queue.In((i * 8 * VirtualTime.Second) + dice.Between(0, 4 * VirtualTime.Second), this, CrashAgain, board.Number);
        }

        _world.Pressers.PressSoon(board, VirtualTime.Minute);
    }

    /// <summary>Somebody at the station asks something of the board; then somebody presses.</summary>
    private void Command(SimulatedBoard board, Dice dice)
    {
        // Mostly the button itself, or the hidden one; "all" is neither.
        var zone = (int)dice.Pick([0L, 1L, 1L, 1L, 2L, 2L, 3L, 4L]);
        var minutes = dice.OneIn(2) ? dice.Between(1, 3) : dice.Between(1, 20);
        GatewayCommand command = dice.Between(0, 3) switch
        {
            0 => new GatewayCommand.Reboot(),
            1 => new GatewayCommand.SelfTest(),
            _ => new GatewayCommand.TestMode(zone, (int)minutes),
        };
        _world.Hub.Send(board.Device, command, "operator-1", static _ => { });
        _world.Pressers.PressSoon(board, VirtualTime.Minute);
        _world.Pressers.PressSoon(board, (minutes + 1) * VirtualTime.Minute);
    }

    /// <summary>Somebody at the station sets the board; once in four so that it would never find the hub again, and then something else strikes.</summary>
    private void Configure(SimulatedBoard board, Dice dice)
    {
        Set(board, dice);
        if (dice.OneIn(2))
        {
            _world.Pressers.PressSoon(board, VirtualTime.Minute);
        }

        switch (dice.Between(0, 3))
        {
            case 0:
                board.Flash.CutAt((int)dice.Between(1, 6));
                break;
            case 1:
                board.Flash.FailAt((int)dice.Between(1, 4));
                break;
            case 2:
                BreakPath(board, PathState.Silent, dice.Waiting(VirtualTime.Minute));
                break;
            default:
                break;
        }
    }

    private void Set(SimulatedBoard board, Dice dice)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        settings["metered"] = board.IsMetered;
        settings["debounceMs"] = dice.Between(10, 60);
        settings["cancelWindowS"] = dice.Between(0, 300);
        settings["trialMin"] = dice.Between(2, 5);
        settings["buzzer"] = dice.OneIn(2);
        if (dice.OneIn(4))
        {
            settings["host"] = HubAddresses.NowhereHost;
            if (dice.OneIn(2))
            {
                _world.Queue.In(dice.Between(5 * VirtualTime.Second, 40 * VirtualTime.Second), this, LoopBegins, board.Number);
            }
        }

        SetSecondAddress(board, settings);
        _world.Oracle.Configures(board);
        var asked = new BoardSettings(settings.ToImmutable());
        _world.Hub.Configure(board.Device, asked, "operator-1", outcome => _world.Oracle.Configured(board, asked, outcome));
    }

    private void PowerLater(SimulatedBoard board, Dice dice, long meanUs) => _world.Queue.In(dice.Waiting(meanUs) + VirtualTime.Second, _world.Power, 0, board.Number);

    private static long DrawJumpMs(Dice dice) => dice.Between(0, 5) switch
    {
        0 => 0,
        1 => dice.Between(-86_400_000, 86_400_000),
        2 => -40L * 365 * 86_400_000,
        3 => dice.Between(61_000, 3_600_000),
        _ => dice.Between(-120_000, 120_000),
    };
}
