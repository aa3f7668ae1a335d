using Gateway.Firmware.Ports;
using Gateway.World.Boards;
using Gateway.World.Hub;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Faults;

/// <summary>
/// What strikes, when and whom. Each kind on each target has dice of its own: a world with fewer boards, or without a kind, has the same faults otherwise,
/// and so a violation can be shrunk.
/// </summary>
public sealed partial class FaultSchedule : IActor
{
    /// <summary>The hub's keeper takes a backup this often at most, and at least.</summary>
    private const long BackupUsMin = 10 * VirtualTime.Minute;
    private const long BackupUsMax = 6 * VirtualTime.Hour;

    private const int PathEnds = 1_000;
    private const int HubStarts = 1_001;
    private const int DiskRecovers = 1_002;
    private const int LossEnds = 1_003;
    private const int CrashAgain = 1_004;
    private const int MainsReturns = 1_005;
    private const int SlowEnds = 1_006;
    private const int BackupDue = 1_007;
    private const int BatterySinks = 1_008;
    private const int CutLater = 1_009;
    private const int LoopBegins = 1_010;
    private const int OldComesAgain = 1_011;
    private const int RestoreGoesOn = 1_012;
    private const int OldBirthComes = 1_013;
    private const int SilentThen = 1_014;
    private const int CancelThen = 1_015;
    private const int HelpRefused = 1_016;
    private const int MatchIsHeld = 1_017;
    private const int TestBegins = 1_018;
    private const int SilentRefused = 1_019;
    private const int HelpThen = 1_020;
    private const int ConsolesReturn = 1_021;
    private const int AddressReturns = 1_022;

    /// <summary>The argument is a source's place in the list, of which a large world has tens of thousands.</summary>
    private const int SourceStrikes = 999;

    private const int BatteryGoodMv = 12_700;
    private const int BatteryWeakMv = 11_300;

    /// <summary>Arguments hold a board's number below this, and a generation above it.</summary>
    private const long NumbersMax = 10_000;

    private readonly Simulation _world;
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<Source> _sources = [];
    private readonly long[] _pathGeneration = new long[SimulationOptions.BoardsMax];
    private readonly Dice _killed;
    private readonly Dice _backups;
    private readonly Dice _restores;
    private readonly Dictionary<int, Dice> _addressDice;
    private bool _isOver;

    public FaultSchedule(Simulation world)
    {
        _world = world;
        _killed = new Dice(world.Options.Seed, "killed in a commit");
        _backups = new Dice(world.Options.Seed, "backups");
        _restores = new Dice(world.Options.Seed, "restores");
        _addressDice = world.Boards.ToDictionary(static board => board.Number, board => new Dice(world.Options.Seed, "addresses of " + board.Device));
        var profile = world.Options.Faults;
        foreach (var kind in FaultKind.All.Where(kind => !world.Options.Without.Contains(kind.Name)))
        {
            var strikes = profile switch
            {
                FaultProfile.Usual or FaultProfile.Storm => true,
                FaultProfile.Outage => kind.Name == FaultKind.GridOutage,
                _ => false,
            };
            if (strikes && kind.Target == FaultTarget.World)
            {
                _sources.Add(new Source(kind, null, new Dice(world.Options.Seed, "fault " + kind.Name)));
            }
            else if (strikes)
            {
                _sources.AddRange(world.Boards.Where(board => kind.Name != FaultKind.AddressDead || board.HasSecondAddress).Select(board => new Source(kind, board, new Dice(world.Options.Seed, $"fault {kind.Name} {board.Device}"))));
            }
        }
    }

    /// <summary>How often each kind struck.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Begin()
    {
        for (var i = 0; i < _sources.Count; i++)
        {
            Schedule(i);
        }

        _world.Queue.In(_backups.Between(BackupUsMin, BackupUsMax), this, BackupDue);
        if (_world.Options.Faults == FaultProfile.Lossy)
        {
            foreach (var board in _world.Boards)
            {
                board.Path.LossOneIn = 20;
            }
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
            board.Path.SlownessFactor = 1;
            board.Path.Become(PathState.Open);
            HealAddresses(board);
            board.Flash.CutAt(0);
            board.Flash.FailAt(0);
            board.Flash.FailFor(0);
            board.RepeatsPublishes = false;
            board.BreaksAt = null;
            board.DropsNotices = 0;
            board.HoldsCommandUs = 0;
            board.Change(InputId.MainsPresent, true);
            board.SetBatteryMv(BatteryGoodMv);
            board.PowerOn();
        }

        _world.Hub.IsHeard = true;
        _world.Hub.IsDiskFull = false;
        _world.Hub.CommitMaxUs = 6 * VirtualTime.Ms;
        _world.Hub.NextKill = KillPoint.None;
        _world.Hub.Start();
    }

    void IActor.Happen(int code, long argument)
    {
        if (Ends(code, argument) || _isOver)
        {
            return;
        }

        switch (code)
        {
            case CrashAgain:
                _world.BoardOf(argument).PowerOff("crash loop");
                _world.Queue.In(2 * VirtualTime.Second, _world.Power, 0, argument);
                break;
            case LoopBegins:
                CrashLoop(_world.BoardOf(argument), _killed);
                break;
            case CutLater:
                _world.BoardOf(argument).PowerOff("cut");
                _world.Queue.In(VirtualTime.Second, _world.Power, 0, argument);
                break;
            case HelpRefused:
                _world.BoardOf(argument).Flash.FailAt(1);
                _world.Pressers.PressSoon(_world.BoardOf(argument), VirtualTime.Ms);
                break;
            case SilentRefused:
                _world.BoardOf(argument).Flash.FailAt(1);
                _world.Pressers.PushSilent(_world.BoardOf(argument));
                break;
            case HelpThen:
                _world.Pressers.PressSoon(_world.BoardOf(argument), VirtualTime.Ms);
                break;
            case TestBegins:
                BeginTest(_world.BoardOf(argument % NumbersMax), argument / NumbersMax);
                break;
            case BackupDue:
                _world.Queue.In(_backups.Between(BackupUsMin, BackupUsMax), this, BackupDue);
                if (_world.Hub.IsUp)
                {
                    _world.Hub.Disk.BackUp();
                }

                break;
            case OldComesAgain:
                _world.BoardOf(argument).RepeatOldPublishes();
                break;
            case OldBirthComes:
                _world.BoardOf(argument).RepeatOldBirth();
                break;
            case SilentThen:
                _world.Pressers.PushSilent(_world.BoardOf(argument));
                break;
            case CancelThen:
                _world.BoardOf(argument).Flash.FailAt(1);
                _world.Pressers.CancelNow(_world.BoardOf(argument));
                break;
            case MatchIsHeld:
                HoldMatch(_world.BoardOf(argument % NumbersMax), argument / NumbersMax);
                break;
            case RestoreGoesOn:
                GoOnWithRestore(argument);
                break;
            case SourceStrikes:
                Schedule((int)argument);
                Count(_sources[(int)argument].Kind.Name);
                Strike(_sources[(int)argument]);
                break;
        }
    }

    /// <summary>What was broken for a time is whole again.</summary>
    private bool Ends(int code, long argument)
    {
        switch (code)
        {
            case HubStarts:
                _world.Hub.Start();
                return true;
            case PathEnds:
                EndPath(argument);
                return true;
            case ConsolesReturn:
                _world.Hub.IsHeard = true;
                return true;
            case AddressReturns:
                ReturnAddress(argument);
                return true;
            case DiskRecovers:
                _world.Hub.IsDiskFull = false;
                _world.Hub.CommitMaxUs = 6 * VirtualTime.Ms;
                return true;
            case LossEnds:
                _world.BoardOf(argument).Path.LossOneIn = 0;
                return true;
            case SlowEnds:
                _world.BoardOf(argument).Path.SlownessFactor = 1;
                _world.BoardOf(argument).RepeatsPublishes = false;
                return true;
            case MainsReturns:
                _world.BoardOf(argument).Change(InputId.MainsPresent, true);
                _world.BoardOf(argument).SetBatteryMv(BatteryGoodMv);
                return true;
            case BatterySinks:
                if (!_world.BoardOf(argument).Levels[InputId.MainsPresent])
                {
                    _world.BoardOf(argument).SetBatteryMv(BatteryWeakMv);
                }

                return true;
            default:
                return false;
        }
    }

    private void Strike(Source source)
    {
        if (source.Board is not { } board)
        {
            StrikeWorld(source.Kind.Name, source.Dice);
        }
        else if (source.Kind.Name is FaultKind.PathSilent or FaultKind.HalfOpen or FaultKind.CableOut or FaultKind.CaptivePortal or FaultKind.LossyLink
            or FaultKind.LossBurst or FaultKind.SlowLink or FaultKind.Doubled or FaultKind.OldAgain or FaultKind.Forged or FaultKind.Cloned or FaultKind.ReceiptLost or FaultKind.Forgotten
            or FaultKind.WordLost or FaultKind.ForgedDown or FaultKind.BeatAgain or FaultKind.BirthAgain)
        {
            StrikePath(source.Kind.Name, board, source.Dice);
        }
        else if (source.Kind.Name == FaultKind.AddressDead)
        {
            StrikeAddress(board, source.Dice);
        }
        else if (source.Kind.Name is FaultKind.CallInRam or FaultKind.BoxCalled or FaultKind.Dropped or FaultKind.TestAtBox)
        {
            StrikeMoment(source.Kind.Name, board, source.Dice);
        }
        else
        {
            StrikeBoard(source.Kind.Name, board, source.Dice);
        }
    }

    private void Schedule(int index)
    {
        var source = _sources[index];
        var mean = source.Kind.MeanUs / (_world.Options.Faults is FaultProfile.Storm or FaultProfile.Outage ? source.Kind.StormFactor : 1);
        _world.Queue.In(source.Dice.Waiting(mean), this, SourceStrikes, index);
    }

    internal void Count(string name)
    {
        _world.Trace.Add(Trace.WorldParty, "fault", text: name);
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
    }

    private sealed record Source(FaultKind Kind, SimulatedBoard? Board, Dice Dice);
}
