using System.Text;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.People;

/// <summary>Who is no board of this hub and tries to be one [GW-1]: with a password that is wrong, another's, or of a box that was struck off; or without a word of who he is.</summary>
public sealed class Strangers(Simulation world)
{
    /// <summary>Somebody knocks. What he says second is what he came for: to hear what a button is told, or to say what a board has said before.</summary>
    public void Knock(Dice dice)
    {
        var board = dice.Pick(world.Boards.ToArray().AsSpan());
        var (who, first) = First(dice, board);
        var said = board.LastSaid();
        var then = said is null || dice.OneIn(2)
            ? Packet.Subscribe(2, [new SubscribeRequest($"gw/{board.Device}/notice", 1)])
            : Packet.Publish(said, 1, false, 2, dup: false);
        if (world.Hub.Knock(first, then) is { } heard)
        {
            world.Oracle.Knocked(board, who, first.Type == PacketType.Connect, heard);
        }
    }

    private (string Who, Packet First) First(Dice dice, SimulatedBoard board)
    {
        var other = world.Boards[(world.Boards.IndexOf(board) + 1) % world.Boards.Count];
        var wrong = "x" + board.Password[1..];
        return dice.Between(0, 7) switch
        {
            0 => ("a wrong password", Connect(board.Device, board.Device, wrong)),
            1 => ("no password", Connect(board.Device, board.Device, null)),
            2 => ("an empty password", Connect(board.Device, board.Device, "")),
            3 => ("the name of no board", Connect("nobody", "nobody", board.Password)),
            4 => ("another's user name", Connect(board.Device, other == board ? "nobody" : other.Device, board.Password)),
            5 when other != board => ("another's password", Connect(board.Device, board.Device, other.Password)),
            6 when world.Boards[0].Number == 0 => ("the password of a box that was struck off", Connect(Simulation.StruckOff, Simulation.StruckOff, world.Boards[0].Password)),
            _ => ("no word of who it is", Packet.Publish(new ApplicationMessage($"gw/{board.Device}/heartbeat", "{}"u8.ToArray(), 1, false), 1, false, 1, dup: false)),
        };
    }

    private static Packet Connect(string client, string user, string? password) => Packet.Connecting(new ConnectPacket
    {
        ClientId = client, UserName = user, Password = password is null ? null : Encoding.ASCII.GetBytes(password), KeepAliveSeconds = 30, CleanSession = true,
    });
}
