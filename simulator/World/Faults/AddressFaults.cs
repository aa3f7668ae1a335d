using System.Collections.Immutable;
using Gateway.World.Boards;
using Gateway.World.Kernel;
using Gateway.World.Network;

namespace Gateway.World.Faults;

/// <content>What becomes of the addresses of the hub: a board that knows two finds one of them dead, or is set to look where nobody is.</content>
public sealed partial class FaultSchedule
{
    private readonly long[,] _addressGeneration = new long[SimulationOptions.BoardsMax, HubAddresses.All.Length];

    /// <summary>An address is dead for minutes or hours, mostly the first; now and then both are, for a shorter time.</summary>
    private void StrikeAddress(SimulatedBoard board, Dice dice)
    {
        var place = dice.OneIn(3) ? HubAddresses.Second : HubAddresses.First;
        Kill(board, place, dice, dice.OneIn(5) ? dice.Waiting(3 * VirtualTime.Hour) : dice.Waiting(15 * VirtualTime.Minute));
        if (dice.OneIn(5))
        {
            Kill(board, 1 - place, dice, dice.Waiting(2 * VirtualTime.Minute));
        }

        if (dice.OneIn(3))
        {
            _world.Pressers.PressSoon(board, 30 * VirtualTime.Second);
        }
    }

    private void Kill(SimulatedBoard board, int place, Dice dice, long durationUs)
    {
        board.SetAddress(place, dice.OneIn(2) ? AddressState.Refused : AddressState.Silent);
        var generation = ++_addressGeneration[board.Number, place];
        _world.Queue.In(durationUs, this, AddressReturns, (((generation * HubAddresses.All.Length) + place) * NumbersMax) + board.Number);
    }

    private void ReturnAddress(long argument)
    {
        var (number, place) = (argument % NumbersMax, (int)(argument / NumbersMax % HubAddresses.All.Length));
        if (argument / NumbersMax / HubAddresses.All.Length == _addressGeneration[number, place])
        {
            _world.BoardOf(number).SetAddress(place, AddressState.Reached);
        }
    }

    private static void HealAddresses(SimulatedBoard board)
    {
        board.SetAddress(HubAddresses.First, AddressState.Reached);
        board.SetAddress(HubAddresses.Second, AddressState.Reached);
    }

    /// <summary>Who sets a board that knows two addresses may spoil one of them, or both: then it leads to no hub.</summary>
    private void SetSecondAddress(SimulatedBoard board, ImmutableSortedDictionary<string, object>.Builder settings)
    {
        if (board.HasSecondAddress && _addressDice[board.Number].OneIn(settings.ContainsKey("host") ? 2 : 4))
        {
            settings["host2"] = HubAddresses.NowhereHost;
        }
    }
}
