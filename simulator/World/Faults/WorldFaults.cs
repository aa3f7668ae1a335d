using Gateway.Firmware.Ports;
using Gateway.World.Hub;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Faults;

/// <content>What strikes the hub, and what strikes many boards at once.</content>
public sealed partial class FaultSchedule
{
    /// <summary>The hub's process died inside a commit.</summary>
    public void HubKilled(KillPoint point)
    {
        Count("hub killed " + point switch
        {
            KillPoint.BeforeCommit => "before commit", KillPoint.InsideCommit => "inside commit", KillPoint.AfterCommit => "after commit", _ => "between effects",
        });
        TakeHubDown(withMachine: point == KillPoint.InsideCommit, _killed);
    }

    private void StrikeWorld(string kind, Dice dice)
    {
        var hub = _world.Hub;
        switch (kind)
        {
            case FaultKind.Partition:
                Partition(dice);
                break;
            case FaultKind.GridOutage:
                GridOutage(dice);
                break;
            case FaultKind.NobodyHears:
                hub.IsHeard = false;
                _world.Queue.In(dice.Waiting(5 * VirtualTime.Minute), this, ConsolesReturn);
                break;
            case FaultKind.DutyChanges:
                ChangeDuty(dice);
                break;
            case FaultKind.Stranger:
                _world.Strangers.Knock(dice);
                break;
            case FaultKind.HubKilled when dice.OneIn(4):
                TakeHubDown(withMachine: false, dice);
                break;
            case FaultKind.HubKilled:
                hub.NextKill = dice.Pick([KillPoint.BeforeCommit, KillPoint.InsideCommit, KillPoint.AfterCommit, KillPoint.BetweenEffects]);
                break;
            case FaultKind.HubPower:
                TakeHubDown(withMachine: true, dice);
                break;
            case FaultKind.SlowDisk:
                hub.CommitMaxUs = dice.Between(100, 3_000) * VirtualTime.Ms;
                _world.Queue.In(dice.Waiting(10 * VirtualTime.Minute), this, DiskRecovers);
                break;
            case FaultKind.DiskFull:
                hub.IsDiskFull = true;
                _world.Queue.In(dice.Waiting(VirtualTime.Minute), this, DiskRecovers);
                break;
            case FaultKind.HubClockJump:
                hub.ClockErrorMs = DrawJumpMs(dice);
                break;
            case FaultKind.OldClock:
                // The battery of the machine's clock is empty: it comes back with the time of some day before, until somebody sets it.
                TakeHubDown(withMachine: true, dice);
                hub.ClockErrorMs = -dice.Between(VirtualTime.Hour / VirtualTime.Ms, 400 * VirtualTime.Day / VirtualTime.Ms);
                break;
            default:
                Restore(dice);
                break;
        }
    }

    /// <summary>Somebody goes home, or comes.</summary>
    private void ChangeDuty(Dice dice)
    {
        var responder = dice.Pick(_world.Hub.Station.Responders.AsSpan()).Id;
        var isOn = !dice.OneIn(3);
        _world.Oracle.DutyAsked(responder, isOn);
        _world.Hub.SetDuty(responder, isOn, "operator-1", outcome => _world.Oracle.DutyAnswered(responder, isOn, outcome));
    }

    private void TakeHubDown(bool withMachine, Dice dice)
    {
        _world.Hub.Kill(withMachine);
        _world.Queue.In(dice.OneIn(4) ? dice.Waiting(10 * VirtualTime.Minute) : dice.Waiting(5 * VirtualTime.Second), this, HubStarts);
    }

    /// <summary>
    /// The hub's disk is lost and an older backup is put in its place. Once in two somebody has set a board between the backup and the loss, and before the backup
    /// too: the board then has a newer configuration than the hub remembers. Once in four somebody sets it again before it comes back.
    /// </summary>
    private void Restore(Dice dice)
    {
        if (_world.Hub is not { IsUp: true, Disk.HasBackup: true })
        {
            return;
        }

        if (dice.OneIn(2))
        {
            Restore();
            return;
        }

        var board = _world.Boards[(int)dice.Between(0, _world.Boards.Count - 1)];
        Set(board, dice);
        _world.Queue.In(3 * VirtualTime.Minute, this, RestoreGoesOn, board.Number);
        _world.Queue.In(4 * VirtualTime.Minute, this, RestoreGoesOn, NumbersMax + board.Number);
        _world.Queue.In(7 * VirtualTime.Minute, this, RestoreGoesOn, (2 * NumbersMax) + board.Number);
    }

    private void GoOnWithRestore(long argument)
    {
        if (_world.Hub.IsUp && argument / NumbersMax == 0)
        {
            _world.Hub.Disk.BackUp();
        }
        else if (argument / NumbersMax is 1 or 3)
        {
            Set(_world.BoardOf(argument % NumbersMax), _restores);
        }
        else if (_world.Hub.IsUp)
        {
            Restore();
            if (_restores.OneIn(2))
            {
                // Set before the hub has heard what the board has by now: both have something under one number.
                BreakPath(_world.BoardOf(argument % NumbersMax), PathState.Silent, 2 * VirtualTime.Minute);
                _world.Queue.In(VirtualTime.Minute, this, RestoreGoesOn, (3 * NumbersMax) + (argument % NumbersMax));
            }
        }
    }

    private void Restore()
    {
        TakeHubDown(withMachine: true, _restores);
        _world.Hub.Disk.Restore();
        _world.Oracle.DiskWillBeRestored();
        foreach (var board in _world.Boards)
        {
            // What a broker in front had kept comes again, after the hub has given it up as missing.
            var after = _restores.Between(0, 3 * VirtualTime.Minute);
            if (_restores.OneIn(2))
            {
                _world.Queue.In(after, this, OldComesAgain, board.Number);
            }
        }
    }

    /// <summary>The mobile network of a region is away: nobody there hears the hub.</summary>
    private void Partition(Dice dice)
    {
        var duration = dice.Waiting(20 * VirtualTime.Minute);
        var all = _world.Options.Boards;
        var first = dice.Between(0, all - 1);
        var count = dice.Between(1, all);
        foreach (var board in _world.Boards.Where(board => (board.Number - first + all) % all < count))
        {
            BreakPath(board, PathState.Silent, duration);
        }
    }

    /// <summary>The mains goes everywhere; some batteries are dead too; some people press.</summary>
    private void GridOutage(Dice dice)
    {
        var duration = dice.Waiting(2 * VirtualTime.Hour);
        _world.Oracle.OutageBegins();
        for (var number = 0; number < _world.Options.Boards; number++)
        {
            // Drawn for every board, whether or not it is there: the others must not feel the difference.
            var returns = duration + dice.Between(0, VirtualTime.Minute);
            var hasNoBattery = dice.OneIn(10);
            var presses = dice.OneIn(10);
            var sinksAfter = dice.Between(VirtualTime.Minute, 2 * VirtualTime.Hour);
            if (_world.FindBoard(number) is not { } board)
            {
                continue;
            }

            board.Change(InputId.MainsPresent, false);
            _world.Queue.In(returns, this, MainsReturns, number);
            _world.Queue.In(sinksAfter, this, BatterySinks, number);
            if (hasNoBattery)
            {
                board.PowerOff("no battery");
                _world.Queue.In(duration, _world.Power, 0, number);
            }
            else if (presses)
            {
                _world.Pressers.PressSoon(board, VirtualTime.Minute);
            }
        }
    }
}
