using Gateway.Hub.Delivery;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Faults;

/// <content>Moments that hardly ever come together by themselves: two things at one board, one just behind the other.</content>
public sealed partial class FaultSchedule
{
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
            default:
                board.DropsNotices = (int)dice.Between(1, 3);
                break;
        }
    }

    /// <summary>The flash refuses a press, and its call has a whole life in RAM: it is pressed again, worked on and closed, or the key or the power ends it, soon or late.</summary>
    private void CallInRam(SimulatedBoard board, Dice dice)
    {
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

        _world.Hub.Send(board.Device, new GatewayCommand.WatchAlert((int)dice.Between(20, 60)), "operator-1", static _ => { });
        if (dice.OneIn(4))
        {
            _world.Pressers.PressSoon(board, 20 * VirtualTime.Second);
        }

        _world.Pressers.KeyIn(board, dice.Between(3, 40) * VirtualTime.Second);
    }
}
