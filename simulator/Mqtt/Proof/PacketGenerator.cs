using System.Text;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Proof;

/// <summary>Valid random packets of every type, from a seed.</summary>
public sealed class PacketGenerator(int seed)
{
    private static readonly string[] Words = ["a", "b", "", "gw", "signal", "\u00E9", "\u4F60", "\U0001F600", "$x", "\uFEFF"];

    private readonly Random random = new(seed);

    /// <summary>A valid packet of any type, those that only a server sends included.</summary>
    public Packet Next() => (PacketType)random.Next(1, 15) switch
    {
        PacketType.Connect => Packet.Connecting(Connect()),
        PacketType.ConnAck => Packet.ConnAck((byte)random.Next(6), random.Next(2) == 0),
        PacketType.Publish => Publish(),
        PacketType.PubAck => Packet.PubAck(Id()),
        PacketType.PubRec => Packet.PubRec(Id()),
        PacketType.PubRel => Packet.PubRel(Id()),
        PacketType.PubComp => Packet.PubComp(Id()),
        PacketType.Subscribe => Packet.Subscribe(Id(), [.. Many(() => new SubscribeRequest(Filter(), (byte)random.Next(3)))]),
        PacketType.SubAck => Packet.SubAck(Id(), [.. Many(() => random.GetItems<byte>([0, 1, 2, 0x80], 1)[0])]),
        PacketType.Unsubscribe => Packet.Unsubscribe(Id(), [.. Many(Filter)]),
        PacketType.UnsubAck => Packet.UnsubAck(Id()),
        PacketType.PingReq => Packet.PingReq,
        PacketType.PingResp => Packet.PingResp,
        _ => Packet.Disconnect,
    };

    /// <summary>A few small damages: a changed, missing or additional byte, a cut.</summary>
    public byte[] Mutate(byte[] bytes)
    {
        var mutant = bytes.ToList();
        for (int i = random.Next(1, 4); i > 0 && mutant.Count > 0; i--)
        {
            int at = random.Next(mutant.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutant.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    mutant.RemoveRange(at, random.Next(mutant.Count - at));
                    break;
            }
        }
        return [.. mutant];
    }

    /// <summary>Everything that is in a packet, to compare two.</summary>
    public static string Describe(in Packet packet) => packet.Type switch
    {
        PacketType.Connect => $"Connect {packet.Connect with { Will = null, Password = null }} "
            + $"{packet.Connect.Will?.Topic} {packet.Connect.Will?.Qos} {packet.Connect.Will?.Retain} {Hex(packet.Connect.Will?.Payload.ToArray())} {Hex(packet.Connect.Password)}",
        PacketType.Publish => $"{packet} {Hex(packet.Message.Payload.ToArray())} {packet.Message.Qos} {packet.Message.Retain}",
        PacketType.Subscribe => $"{packet} {string.Join(", ", packet.Requests)}",
        PacketType.SubAck => $"{packet} {Hex(packet.Codes)}",
        PacketType.Unsubscribe => $"{packet} {string.Join(", ", packet.Filters)}",
        _ => $"{packet} {packet.Flags}",
    };

    private static string Hex(byte[]? bytes) => bytes is null ? "none" : Convert.ToHexString(bytes);

    private ConnectPacket Connect()
    {
        string? userName = random.Next(2) == 0 ? null : Text();
        return new ConnectPacket
        {
            ClientId = Text(),
            CleanSession = random.Next(2) == 0,
            KeepAliveSeconds = (ushort)random.Next(65_536),
            Will = random.Next(2) == 0 ? null : new ApplicationMessage(Topic(), Bytes(), (byte)random.Next(3), random.Next(2) == 0),
            UserName = userName,
            Password = userName is null || random.Next(2) == 0 ? null : Bytes(),
        };
    }

    private Packet Publish()
    {
        byte qos = (byte)random.Next(3);
        bool retain = random.Next(2) == 0;
        return Packet.Publish(new ApplicationMessage(Topic(), Bytes(), qos, retain), qos, retain, Id(), random.Next(2) == 0);
    }

    private ushort Id() => (ushort)random.Next(1, 65_536);

    private byte[] Bytes()
    {
        byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(20_000) : random.Next(50)];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (int i = random.Next(4); i > 0; i--)
            text.Append(random.GetItems(Words, 1)[0]);
        return text.ToString();
    }

    private string Topic()
    {
        string topic = string.Join('/', random.GetItems(Words, random.Next(1, 5)));
        return topic.Length == 0 ? "t" : topic;
    }

    private string Filter()
    {
        string filter = string.Join('/', random.GetItems([.. Words, "+"], random.Next(1, 5)));
        return filter.Length == 0 ? "#" : random.Next(3) == 0 ? filter + "/#" : filter;
    }

    private IEnumerable<T> Many<T>(Func<T> make) => Enumerable.Range(0, random.Next(1, 6)).Select(_ => make()).ToList();
}
