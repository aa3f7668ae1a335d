using Gateway.Hub.Delivery;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Faults;

/// <content>Moments that hardly ever come together by themselves: two things at one board, one just behind the other.</content>
public sealed partial class FaultSchedule
{
    /// <summary>A test at a box is shorter, minutes: how it is packed into one number.</summary>
    private const long TestMinutesMax = 100;

    private void StrikeMoment(string kind, SimulatedBoard board, Dice dice)
    {
        switch (kind)
        {
            case FaultKind.CallInRam:
                CallInRam(board, dice);
                break;
            case FaultKind.BoxCalled:
                CallBox(board, dice);
                break;
            case FaultKind.TestAtBox:
                TestAtBox(board, dice);
                break;
            default:
                board.DropsNotices = (int)dice.Between(1, 3);
                break;
        }
    }

    /// <summary>The flash refuses a press, and its call has a whole life in RAM: it is pressed again, worked on and closed, or the key or the power ends it, soon or late.</summary>
    private void CallInRam(SimulatedBoard board, Dice dice)
    {
        if (dice.OneIn(4))
        {
            // The hidden switch; the power takes it, and somebody pushes again.
            _world.Queue.In(VirtualTime.Second, this, SilentRefused, board.Number);
            _world.Queue.In(dice.Between(10, 300) * VirtualTime.Second, this, CutLater, board.Number);
            _world.Queue.In(dice.Between(310, 600) * VirtualTime.Second, this, SilentThen, board.Number);
            return;
        }

        _world.Pressers.KeyIn(board, 0);
        _world.Queue.In(dice.Between(6, 10) * VirtualTime.Second, this, HelpRefused, board.Number);
        if (dice.OneIn(6))
        {
            board.ForgetConnection();
        }

        if (dice.OneIn(3))
        {
            _world.Pressers.PressSoon(board, VirtualTime.Minute);
        }

        if (dice.OneIn(6))
        {
            _world.Pressers.KeyIn(board, dice.Between(20, 600) * VirtualTime.Second);
        }
        else if (dice.OneIn(6))
        {
            _world.Queue.In(dice.Between(15, 900) * VirtualTime.Second, this, CutLater, board.Number);
        }
    }

    /// <summary>Somebody calls this box for a neighbour; somebody presses before it or meanwhile, or turns the key.</summary>
    private void CallBox(SimulatedBoard board, Dice dice)
    {
        if (dice.OneIn(2))
        {
            _world.Pressers.PressSoon(board, VirtualTime.Ms);
        }

        _world.Oracle.CalledByHand(board);
        _world.Hub.Send(board.Device, new GatewayCommand.WatchAlert((int)dice.Between(20, 60)), "operator-1", static _ => { });
        if (dice.OneIn(4))
        {
            _world.Pressers.PressSoon(board, 20 * VirtualTime.Second);
        }

        _world.Pressers.KeyIn(board, dice.Between(3, 40) * VirtualTime.Second);
    }

    /// <summary>A technician comes, and tests a button or what watches; the alarm began before the test or goes on behind it, and the power may fail in between.</summary>
    private void TestAtBox(SimulatedBoard board, Dice dice)
    {
        var zone = dice.Pick([1L, 1L, 2L, 0L, BoardLine.Pen.Zone, BoardLine.Smoke.Zone]);
        var minutes = dice.Between(1, 4);
        var cutUs = dice.Between(70, 110) * VirtualTime.Second;
        if (zone is 1 or 2)
        {
            _world.Pressers.KeyIn(board, 0);
            Push(board, zone, dice.Between(20, 60) * VirtualTime.Second);
            Push(board, zone, cutUs + (dice.Between(10, 300) * VirtualTime.Second));
            if (dice.OneIn(2))
            {
                _world.Queue.In(cutUs, this, CutLater, board.Number);
            }
        }
        else
        {
            var isBefore = dice.OneIn(2);
            var seconds = isBefore ? dice.Between(20, 90) : dice.OneIn(2) ? dice.Between(30, minutes * 60) : (minutes * 60) + dice.Between(150, 480);
            _world.Queue.In((isBefore ? 1 : 15) * VirtualTime.Second, this, MatchIsHeld, board.Number + (NumbersMax * seconds));
        }

        _world.Queue.In(12 * VirtualTime.Second, this, TestBegins, board.Number + (NumbersMax * ((zone * TestMinutesMax) + minutes)));
    }

    private void Push(SimulatedBoard board, long zone, long inUs) => _world.Queue.In(inUs, this, zone == 1 ? HelpThen : SilentThen, board.Number);

    private void BeginTest(SimulatedBoard board, long test) =>
        _world.Hub.Send(board.Device, new GatewayCommand.TestMode((int)(test / TestMinutesMax), (int)(test % TestMinutesMax)), "operator-2", static _ => { });

    /// <summary>Somebody tests the smoke detector with a match, or opens the pen.</summary>
    private void HoldMatch(SimulatedBoard board, long seconds)
    {
        var dice = new Dice(_world.Options.Seed, $"match at {board.Number} for {seconds}");
        board.SetLine(dice.OneIn(3) ? BoardLine.Pen : BoardLine.Smoke, BoardLine.Alarm, seconds * VirtualTime.Second, dice);
    }
}
