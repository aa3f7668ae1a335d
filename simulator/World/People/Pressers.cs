using Gateway.Firmware.Ports;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.People;

/// <summary>The people in the rooms: they press, press again, take it back, turn the reset key, walk through doors; and the mains comes and goes.</summary>
public sealed class Pressers(Simulation world, Dice dice) : IActor
{
    /// <summary>The shortest press that must be taken, with room above the 30 ms of the rule.</summary>
    private const long HoldMinUs = 60 * VirtualTime.Ms;

    /// <summary>Between two presses of one board: fingers are not faster, and the ledger can tell them apart.</summary>
    private const long ApartUs = 2 * VirtualTime.Second;

    private const int Help = 0;
    private const int Silent = 1;
    private const int Door = 2;
    private const int Key = 3;
    private const int Again = 4;
    private const int Cancel = 5;

    private readonly long _pressMeanUs = (long)world.Options.PressMean.TotalMicroseconds;
    private long[] _lastPressUs = [];
    private bool _isOver;

    public void Begin()
    {
        _lastPressUs = new long[world.Boards.Count];
        Array.Fill(_lastPressUs, -ApartUs);
        Schedule(Help);
        Schedule(Silent);
        Schedule(Door);
        Schedule(Key);
    }

    public void End() => _isOver = true;

    /// <summary>Somebody presses the help button of this board about now: fault schedules like it at the worst moment.</summary>
    public void PressSoon(SimulatedBoard board, long withinUs) => world.Queue.In(dice.Between(0, withinUs), this, Again, board.Number);

    void IActor.Happen(int code, long argument)
    {
        if (_isOver)
        {
            return;
        }

        if (code is Again or Cancel)
        {
            var same = world.Boards[(int)argument];
            Push(same, code == Again ? InputId.Help : InputId.Cancel);
            return;
        }

        Schedule(code);
        var board = world.Boards[(int)dice.Between(0, world.Boards.Count - 1)];
        switch (code)
        {
            case Help:
                PressHelp(board);
                break;
            case Silent:
                Push(board, InputId.Silent);
                break;
            case Door:
                board.Press(dice.OneIn(2) ? InputId.Contact1 : InputId.Contact2, dice.Between(VirtualTime.Second, 20 * VirtualTime.Second));
                break;
            default:
                Push(board, InputId.ResetKey);
                break;
        }
    }

    private void PressHelp(SimulatedBoard board)
    {
        Push(board, InputId.Help);
        if (dice.OneIn(3))
        {
            var presses = dice.Between(1, 6);
            for (var i = 1L; i <= presses; i++)
            {
                world.Queue.In(i * dice.Between(ApartUs, 4 * ApartUs), this, Again, board.Number);
            }
        }

        if (dice.OneIn(8))
        {
            world.Queue.In(dice.Between(ApartUs, 25 * VirtualTime.Second), this, Cancel, board.Number);
        }
    }

    private void Push(SimulatedBoard board, int input)
    {
        var now = world.Queue.NowUs;
        if (now - _lastPressUs[board.Number] < ApartUs || board.Levels[input])
        {
            return;
        }

        _lastPressUs[board.Number] = now;
        if (input is InputId.Help or InputId.Silent)
        {
            world.Oracle.Pressed(board, input);
        }
        else if (input == InputId.ResetKey)
        {
            world.Oracle.KeyTurned(board);
        }

        board.Press(input, dice.Between(HoldMinUs, 1_200 * VirtualTime.Ms));
    }

    private void Schedule(int code)
    {
        var mean = code switch { Help => _pressMeanUs, Silent => _pressMeanUs * 4, Door => _pressMeanUs / 2, _ => _pressMeanUs * 6 };
        world.Queue.In(dice.Waiting(Math.Max(1, mean / world.Boards.Count)), this, code);
    }
}
