using Gateway.Firmware.Ports;
using Gateway.World.Boards;
using Gateway.World.Hub;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Faults;

/// <summary>What strikes, when and whom. Each kind has a mean time per board (or for the one hub) in the usual profile; a storm is ten times that.</summary>
public sealed class FaultSchedule : IActor
{
    private readonly Simulation _world;
    private readonly Dice _dice;
    private readonly Kind[] _kinds;
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly long[] _pathGeneration;
    private bool _isOver;

    private const int PathEnds = 1_000;
    private const int HubStarts = 1_001;
    private const int DiskRecovers = 1_002;
    private const int LossEnds = 1_003;
    private const int CrashAgain = 1_004;
    private const int MainsReturns = 1_005;

    public FaultSchedule(Simulation world, Dice dice)
    {
        _world = world;
        _dice = dice;
        _pathGeneration = new long[world.Options.Boards];
        _kinds =
        [
            new("path silent", 6 * VirtualTime.Hour, true, () => BreakPath(_dice.Pick([PathState.Silent, PathState.SilentUp, PathState.SilentDown]))),
            new("cable out", 18 * VirtualTime.Hour, true, () => BreakPath(PathState.Unplugged)),
            new("captive portal", 40 * VirtualTime.Hour, true, () => BreakPath(PathState.Captive)),
            new("lossy link", 12 * VirtualTime.Hour, true, Lossy),
            new("power cut", 12 * VirtualTime.Hour, true, CutPower),
            new("power cut in flash", 8 * VirtualTime.Hour, true, CutInFlash),
            new("crash loop", 10 * VirtualTime.Day, true, CrashLoop),
            new("flash write fails", 3 * VirtualTime.Day, true, () => AnyBoard().Flash.FailAt((int)_dice.Between(1, 4))),
            new("board clock jumps", 2 * VirtualTime.Day, true, () => AnyBoard().JumpWallClock(DrawJumpMs())),
            new("partition", 2 * VirtualTime.Day, false, Partition),
            new("grid outage", 3 * VirtualTime.Day, false, GridOutage),
            new("hub killed", 8 * VirtualTime.Hour, false, KillHub),
            new("hub loses power", 4 * VirtualTime.Day, false, () => TakeHubDown(withMachine: true)),
            new("slow disk", 12 * VirtualTime.Hour, false, SlowDisk),
            new("disk full", 3 * VirtualTime.Day, false, FullDisk),
            new("hub clock jumps", 2 * VirtualTime.Day, false, () => _world.Hub.ClockErrorMs = DrawJumpMs()),
        ];
    }

    /// <summary>How often each kind struck.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Begin()
    {
        if (_world.Options.Faults == FaultProfile.None)
        {
            return;
        }

        for (var i = 0; i < _kinds.Length; i++)
        {
            Schedule(i);
        }
    }

    /// <summary>Everything is repaired, and nothing strikes any more.</summary>
    public void Heal()
    {
        _isOver = true;
        _world.Trace.Add(Trace.WorldParty, "heals");
        foreach (var board in _world.Boards)
        {
            board.Path.LossOneIn = 0;
            board.Path.Become(PathState.Open);
            board.Flash.CutAt(0);
            board.Flash.FailAt(0);
            board.Change(InputId.MainsPresent, true);
            board.PowerOn();
        }

        _world.Hub.IsDiskFull = false;
        _world.Hub.CommitMaxUs = 6 * VirtualTime.Ms;
        _world.Hub.NextKill = KillPoint.None;
        _world.Hub.Start();
    }

    /// <summary>The hub's process died inside a commit.</summary>
    public void HubKilled(KillPoint point)
    {
        Count("hub killed " + point switch { KillPoint.BeforeCommit => "before commit", KillPoint.AfterCommit => "after commit", _ => "between effects" });
        TakeHubDown(withMachine: false);
    }

    void IActor.Happen(int code, long argument)
    {
        switch (code)
        {
            case HubStarts:
                _world.Hub.Start();
                return;
            case PathEnds:
                EndPath(argument);
                return;
            case DiskRecovers:
                _world.Hub.IsDiskFull = false;
                _world.Hub.CommitMaxUs = 6 * VirtualTime.Ms;
                return;
            case LossEnds:
                _world.Boards[(int)argument].Path.LossOneIn = 0;
                return;
            case MainsReturns:
                _world.Boards[(int)argument].Change(InputId.MainsPresent, true);
                return;
        }

        if (_isOver)
        {
            return;
        }

        if (code == CrashAgain)
        {
            _world.Boards[(int)argument].PowerOff("crash loop");
            PowerLater(_world.Boards[(int)argument], 3 * VirtualTime.Second);
            return;
        }

        Schedule(code);
        Count(_kinds[code].Name);
        _kinds[code].Strike();
    }

    private void Schedule(int index)
    {
        var kind = _kinds[index];
        var mean = kind.MeanUs / (kind.PerBoard ? _world.Boards.Count : 1) / (_world.Options.Faults == FaultProfile.Storm ? 10 : 1);
        _world.Queue.In(_dice.Waiting(Math.Max(1, mean)), this, index);
    }

    private void Count(string name)
    {
        _world.Trace.Add(Trace.WorldParty, "fault", text: name);
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
    }

    private SimulatedBoard AnyBoard() => _world.Boards[(int)_dice.Between(0, _world.Boards.Count - 1)];

    private void BreakPath(PathState state) => BreakPath(AnyBoard(), state, _dice.OneIn(5) ? _dice.Waiting(4 * VirtualTime.Hour) : _dice.Waiting(2 * VirtualTime.Minute));

    private void BreakPath(SimulatedBoard board, PathState state, long durationUs)
    {
        _world.Trace.Add(board.Number, "path", (long)state);
        board.Path.Become(state);
        var generation = ++_pathGeneration[board.Number];
        _world.Queue.In(durationUs, this, PathEnds, (generation * 10_000) + board.Number);
        if (_dice.OneIn(3))
        {
            _world.Pressers.PressSoon(board, 30 * VirtualTime.Second);
        }
    }

    private void EndPath(long argument)
    {
        var number = (int)(argument % 10_000);
        if (argument / 10_000 == _pathGeneration[number])
        {
            _world.Trace.Add(number, "path", (long)PathState.Open);
            _world.Boards[number].Path.Become(PathState.Open);
        }
    }

    private void Lossy()
    {
        var board = AnyBoard();
        board.Path.LossOneIn = _dice.Between(2, 20);
        _world.Queue.In(_dice.Waiting(VirtualTime.Hour), this, LossEnds, board.Number);
    }

    private void CutPower()
    {
        var board = AnyBoard();
        board.PowerOff("cut");
        PowerLater(board, _dice.OneIn(10) ? 2 * VirtualTime.Hour : VirtualTime.Minute);
    }

    /// <summary>The next few changes of flash kill the board, and somebody presses meanwhile.</summary>
    private void CutInFlash()
    {
        var board = AnyBoard();
        board.Flash.CutAt((int)_dice.Between(1, 6));
        _world.Pressers.PressSoon(board, 10 * VirtualTime.Second);
    }

    private void CrashLoop()
    {
        var board = AnyBoard();
        var crashes = _dice.Between(3, 9);
        for (var i = 0L; i < crashes; i++)
        {
            _world.Queue.In((i * 8 * VirtualTime.Second) + _dice.Between(0, 4 * VirtualTime.Second), this, CrashAgain, board.Number);
        }

        _world.Pressers.PressSoon(board, VirtualTime.Minute);
    }

    private void PowerLater(SimulatedBoard board, long meanUs) => _world.Queue.In(_dice.Waiting(meanUs) + VirtualTime.Second, _world.Power, 0, board.Number);

    /// <summary>The mobile network of a region is away: nobody there hears the hub.</summary>
    private void Partition()
    {
        var duration = _dice.Waiting(20 * VirtualTime.Minute);
        var first = _dice.Between(0, _world.Boards.Count - 1);
        var count = _dice.Between(1, _world.Boards.Count);
        for (var i = 0L; i < count; i++)
        {
            BreakPath(_world.Boards[(int)((first + i) % _world.Boards.Count)], PathState.Silent, duration);
        }
    }

    /// <summary>The mains goes everywhere; some batteries are dead too; some people press.</summary>
    private void GridOutage()
    {
        var duration = _dice.Waiting(2 * VirtualTime.Hour);
        foreach (var board in _world.Boards)
        {
            board.Change(InputId.MainsPresent, false);
            _world.Queue.In(duration + _dice.Between(0, VirtualTime.Minute), this, MainsReturns, board.Number);
            if (_dice.OneIn(10))
            {
                board.PowerOff("no battery");
                _world.Queue.In(duration, _world.Power, 0, board.Number);
            }
            else if (_dice.OneIn(10))
            {
                _world.Pressers.PressSoon(board, VirtualTime.Minute);
            }
        }
    }

    private void KillHub()
    {
        if (_dice.OneIn(4))
        {
            TakeHubDown(withMachine: false);
        }
        else
        {
            _world.Hub.NextKill = _dice.Pick([KillPoint.BeforeCommit, KillPoint.AfterCommit, KillPoint.BetweenEffects]);
        }
    }

    private void TakeHubDown(bool withMachine)
    {
        _world.Hub.Kill(withMachine);
        _world.Queue.In(_dice.OneIn(4) ? _dice.Waiting(10 * VirtualTime.Minute) : _dice.Waiting(5 * VirtualTime.Second), this, HubStarts);
    }

    private void SlowDisk()
    {
        _world.Hub.CommitMaxUs = _dice.Between(100, 3_000) * VirtualTime.Ms;
        _world.Queue.In(_dice.Waiting(10 * VirtualTime.Minute), this, DiskRecovers);
    }

    private void FullDisk()
    {
        _world.Hub.IsDiskFull = true;
        _world.Queue.In(_dice.Waiting(5 * VirtualTime.Minute), this, DiskRecovers);
    }

    private long DrawJumpMs() => _dice.Between(0, 5) switch
    {
        0 => 0,
        1 => _dice.Between(-86_400_000, 86_400_000),
        2 => -40L * 365 * 86_400_000,
        _ => _dice.Between(-120_000, 120_000),
    };

    private sealed record Kind(string Name, long MeanUs, bool PerBoard, Action Strike);
}
