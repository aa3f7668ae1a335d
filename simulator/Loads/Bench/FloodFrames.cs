using System.Buffers;
using System.Buffers.Binary;
using Gateway.Hub.Delivery;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Loads.Bench;

/// <summary>
/// The PUBLISH packets of one board, composed before the clock starts: real signals with real MACs, about 250 bytes of payload each, one behind the other, so
/// that any run of them leaves in one write. Every server of a comparison gets the very same bytes; only the packet identifiers are set on the way out.
/// </summary>
internal sealed class FloodFrames
{
    /// <summary>Fixed header of a packet of 128 to 16,383 bytes, and the length of the topic.</summary>
    private const int BeforeTopicBytes = 5;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int _idOffset;

    private FloodFrames(string device, byte[] bytes, int[] starts, int idOffset, byte[] sample) =>
        (Device, _bytes, _starts, _idOffset, Sample) = (device, bytes, starts, idOffset, sample);

    public string Device { get; }

    public int Count => _starts.Length - 1;

    /// <summary>One of the payloads.</summary>
    public byte[] Sample { get; }

    public static FloodFrames Compose(string device, string keyHex, int count)
    {
        var key = new MessageKey(Convert.FromHexString(keyHex));
        var topic = Topics.Of(device, "signal");
        var writer = new ArrayBufferWriter<byte>(count * 320);
        var starts = new int[count + 1];
        byte[] sample = [];
        for (var i = 0; i < count; i++)
        {
            sample = Signal(key, topic, i + 1);
            PacketEncoder.Write(writer, Packet.Publish(new ApplicationMessage(topic, sample, 1, false), 1, retain: false, id: 1, dup: false));
            starts[i + 1] = writer.WrittenCount;
        }

        return new FloodFrames(device, writer.WrittenSpan.ToArray(), starts, BeforeTopicBytes + topic.Length, sample);
    }

    public void SetId(int index, ushort id) => BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_starts[index] + _idOffset), id);

    /// <summary>The packets from one to before another.</summary>
    public ReadOnlySpan<byte> Range(int from, int to) => _bytes.AsSpan(_starts[from], _starts[to] - _starts[from]);

    /// <summary>A routine signal: it is committed, and makes no incident.</summary>
    private static byte[] Signal(MessageKey key, string topic, int seq)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
        writer.Text("lane", "event");
        writer.Text("epoch", "00000001");
        writer.Integer("seq", seq);
        writer.Text("kind", "patrol");
        writer.Integer("zone", 0);
        writer.Text("state", "normal");
        writer.Integer("call", 0);
        writer.Integer("count", 1);
        writer.Integer("value", 0);
        writer.Text("detail", "");
        writer.Integer("boot", 1);
        writer.Integer("up", seq);
        writer.Integer("at", 0);
        writer.Text("clock", "none");
        writer.Boolean("test", false);
        return writer.Close(key, topic);
    }
}
