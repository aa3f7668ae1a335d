using Gateway.Firmware.Ports;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.People;

/// <summary>The people in the rooms: they press, press again, take it back, turn the reset key, walk through doors, leave a pen open, let food burn.</summary>
public sealed class Pressers : IActor
{
    /// <summary>The shortest press that must be taken, with room above the 30 ms of the rule.</summary>
    private const long HoldMinUs = 60 * VirtualTime.Ms;

    /// <summary>Between two presses of one board: fingers are not faster, and the ledger can tell them apart.</summary>
    private const long ApartUs = 2 * VirtualTime.Second;

    /// <summary>The pulse stretcher on the carrier makes at least this of a press of 30 ms (hardware/TABLES.md). Older carriers have none.</summary>
    private const long StretchedUs = 3_880 * VirtualTime.Ms;
    private const long HoldStretchedMinUs = 30 * VirtualTime.Ms;

    /// <summary>One push in so many of the hidden switch lasts long.</summary>
    private const long StuckOneIn = 6;

    private const int Help = 0;
    private const int Silent = 1;
    private const int Door = 2;
    private const int Key = 3;
    private const int Again = 4;
    private const int Cancel = 5;
    private const int KeyAgain = 6;
    private const int Pen = 7;
    private const int Smoke = 8;
    private const int Noise = 9;
    private const int Flutter = 10;
    private const int SilentNow = 11;
    private const int Elsewhere = 12;

    /// <summary>Contacts of a button bounce for some milliseconds when they close and when they open; a shorter pulse than the glitch filter's is none.</summary>
    private const long BounceUs = 2 * VirtualTime.Ms;
    private const long SlipUs = 60 * VirtualTime.Ms;
    private const long NoiseMaxUs = 4 * VirtualTime.Ms;

    /// <summary>A door that slams: long enough to count each time, and several times within the second between two signals of a zone.</summary>
    private const long SlamUs = 300 * VirtualTime.Ms;

    private readonly Simulation _world;
    private readonly Dictionary<int, Dice> _dice;
    private readonly Dictionary<int, Dice> _elsewhere;
    private readonly long _pressMeanUs;
    private readonly long[] _lastPressUs = new long[SimulationOptions.BoardsMax];
    private bool _isOver;

    public Pressers(Simulation world)
    {
        _world = world;
        _pressMeanUs = (long)world.Options.PressMean.TotalMicroseconds;
        _dice = world.Boards.ToDictionary(board => board.Number, board => new Dice(world.Options.Seed, "presser " + board.Device));
        _elsewhere = world.Boards.ToDictionary(board => board.Number, board => new Dice(world.Options.Seed, "elsewhere " + board.Device));
        Array.Fill(_lastPressUs, -ApartUs);
    }

    public void Begin()
    {
        foreach (var board in _world.Boards)
        {
            Schedule(Help, board);
            Schedule(Silent, board);
            Schedule(Door, board);
            Schedule(Key, board);
            Schedule(Pen, board);
            Schedule(Smoke, board);
            Schedule(Noise, board);
            if (board.Zones.HasMore)
            {
                Schedule(Elsewhere, board);
            }
        }
    }

    public void End() => _isOver = true;

    /// <summary>Somebody presses the help button of this board about now: fault schedules like it at the worst moment.</summary>
    public void PressSoon(SimulatedBoard board, long withinUs) => In(_dice[board.Number].Between(0, withinUs), Again, board);

    /// <summary>Somebody pushes the hidden switch now.</summary>
    public void PushSilent(SimulatedBoard board) => In(0, SilentNow, board);

    /// <summary>Somebody takes it back now.</summary>
    public void CancelNow(SimulatedBoard board) => In(0, Cancel, board);

    /// <summary>Somebody turns the reset key then.</summary>
    public void KeyIn(SimulatedBoard board, long us) => In(us, KeyAgain, board);

    void IActor.Happen(int code, long argument)
    {
        if (_isOver)
        {
            return;
        }

        var board = _world.BoardOf(argument);
        var dice = _dice[board.Number];
        switch (code)
        {
            case Again:
                Push(board, InputId.Help, dice);
                return;
            case Cancel:
                Push(board, InputId.Cancel, dice);
                return;
            case KeyAgain:
                Push(board, InputId.ResetKey, dice);
                return;
            case SilentNow:
                Push(board, InputId.Silent, dice);
                return;
            case Flutter:
                board.Press(InputId.Contact1, SlamUs + dice.Between(0, 200 * VirtualTime.Ms));
                return;
            case Noise:
                Disturb(board, dice);
                break;
            case Help:
                PressHelp(board, dice);
                break;
            case Silent when dice.OneIn(StuckOneIn):
                // Something leans against the hidden switch.
                Push(board, InputId.Silent, dice, dice.Between(20 * VirtualTime.Second, 5 * VirtualTime.Minute));
                break;
            case Silent:
                Push(board, InputId.Silent, dice);
                break;
            case Door when dice.OneIn(6):
                In(0, Flutter, board);
                In(SlamUs * 8 / 3 + dice.Between(0, SlamUs), Flutter, board);
                break;
            case Door:
                // What is told at most once in 10 s lasts longer.
                var contact = board.Zones.Contacts[dice.OneIn(2) ? 0 : 1];
                board.Press(contact.Input, (contact.IsLife ? 4 : 1) * dice.Between(VirtualTime.Second, 20 * VirtualTime.Second));
                break;
            case Elsewhere:
                HappenElsewhere(board, _elsewhere[board.Number]);
                break;
            case Pen:
                board.SetLine(BoardLine.Pen, BoardLine.Alarm, dice.Between(VirtualTime.Second, 30 * VirtualTime.Second), dice);
                break;
            case Smoke:
                board.SetLine(BoardLine.Smoke, BoardLine.Alarm, dice.Between(5 * VirtualTime.Second, 3 * VirtualTime.Minute), dice);
                break;
            default:
                Push(board, InputId.ResetKey, dice);
                break;
        }

        Schedule(code, board);
    }

    private void PressHelp(SimulatedBoard board, Dice dice)
    {
        if (dice.OneIn(6))
        {
            // What was pressed before is over. Somebody presses twice, and thinks better of it at once.
            Push(board, InputId.ResetKey, dice);
            var apart = dice.Between(ApartUs, 2 * ApartUs) + (100 * VirtualTime.Ms);
            In(apart, Again, board);
            In(2 * apart, Again, board);
            In(3 * apart, dice.OneIn(3) ? KeyAgain : Cancel, board);
            return;
        }

        Push(board, InputId.Help, dice);
        if (dice.OneIn(3))
        {
            var presses = dice.Between(1, dice.OneIn(4) ? 14 : 6);
            for (var i = 1L; i <= presses; i++)
            {
                In(i * dice.Between(ApartUs, 4 * ApartUs), Again, board);
            }
        }

        if (dice.OneIn(3))
        {
            In(dice.Between(ApartUs, (dice.OneIn(2) ? 10 : 25) * VirtualTime.Second), Cancel, board);
        }
        else if (dice.OneIn(6))
        {
            // Too late: it is no longer theirs to take back.
            In(dice.Between(40, 90) * VirtualTime.Second, Cancel, board);
        }
    }

    private void Push(SimulatedBoard board, int input, Dice dice, long holdUs = 0)
    {
        var now = _world.Queue.NowUs;
        if (now - _lastPressUs[board.Number] < (board.HasStretcher ? StretchedUs + ApartUs : ApartUs) || board.Levels[input])
        {
            return;
        }

        _lastPressUs[board.Number] = now;
        if (input is InputId.Help or InputId.Silent)
        {
            _world.Oracle.Pressed(board, input);
        }
        else if (input == InputId.ResetKey)
        {
            _world.Oracle.KeyTurned(board);
        }

        _world.Oracle.Touched(board, input);
        var isStretched = input == InputId.Help && board.HasStretcher;
        var longestUs = dice.OneIn(2) ? 2 * HoldMinUs : 1_200 * VirtualTime.Ms;
        var heldUs = Math.Max(holdUs, dice.Between(isStretched ? HoldStretchedMinUs : HoldMinUs, longestUs));
        if (isStretched)
        {
            board.Press(input, Math.Max(heldUs, StretchedUs));
        }
        else
        {
            board.PressBouncing(input, heldUs, dice.Between(0, 3), BounceUs, heldUs > 4 * HoldMinUs && dice.OneIn(3) ? SlipUs : 0);
        }
    }

    /// <summary>Gas leaks, water runs, a contact trips; a door that is disarmed at some hours stays open, perhaps beyond them.</summary>
    private static void HappenElsewhere(SimulatedBoard board, Dice dice)
    {
        if (board.Zones.Contacts[0] is { HasSchedule: true } door && dice.OneIn(3))
        {
            board.Press(door.Input, dice.Between(5, 120) * VirtualTime.Minute);
            return;
        }

        var line = dice.Pick<BoardLine>(board.Zones.Lines.AsSpan(BoardLine.Usual.Length));
        board.SetLine(line, BoardLine.Alarm, (line.IsLife ? 5 : 1) * dice.Between(VirtualTime.Second, 30 * VirtualTime.Second), dice);
    }

    /// <summary>A spark nearby: some line has a pulse that is too short for a finger. While the core looks, it is nothing.</summary>
    private void Disturb(SimulatedBoard board, Dice dice)
    {
        var input = dice.Pick([InputId.Help, InputId.Silent, InputId.Cancel, InputId.ResetKey]);
        var us = dice.Between(VirtualTime.Ms, NoiseMaxUs);
        if (board.IsLooking && !board.Levels[input] && !(input == InputId.Help && board.HasStretcher))
        {
            _world.Oracle.Disturbed(board);
            board.Press(input, us);
        }
    }

    private void Schedule(int code, SimulatedBoard board)
    {
        var dice = code == Elsewhere ? _elsewhere[board.Number] : _dice[board.Number];
        var mean = code switch { Help => _pressMeanUs, Silent => _pressMeanUs * 4, Noise => _pressMeanUs, Door => _pressMeanUs / 2, Pen or Elsewhere => _pressMeanUs * 2, _ => _pressMeanUs * 6 };
        In(dice.Waiting(Math.Max(1, mean)), code, board);
    }

    private void In(long us, int code, SimulatedBoard board) => _world.Queue.In(us, this, code, board.Number);
}
