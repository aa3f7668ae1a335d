using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Packets;

/// <summary>Packets to bytes, straight into a writer. Trusts its caller: what is encoded was either decoded or checked before.</summary>
public static class PacketEncoder
{
    /// <summary>The largest Remaining Length that four bytes can say, table 2.4.</summary>
    public const int MaxBodyBytes = 268_435_455;

    /// <summary>Larger strings and payloads go to the writer in pieces, so that it need not find one large buffer.</summary>
    private const int MaxSingleWriteBytes = 2_048;

    /// <summary>Writes one packet and returns its length in bytes.</summary>
    public static int Write(IBufferWriter<byte> writer, in Packet packet)
    {
        int body = BodyBytes(packet);
        Span<byte> header = writer.GetSpan(FrameReader.MaxHeaderBytes);
        header[0] = (byte)(((int)packet.Type << 4) | (packet.Type == PacketType.ConnAck ? 0 : packet.Flags));
        int length = 1;
        int rest = body;
        do
        {
            header[length++] = (byte)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
            rest >>= 7;
        }
        while (rest > 0);
        writer.Advance(length);
        WriteBody(writer, packet);
        return length + body;
    }

    /// <summary>The length that <see cref="Write"/> would return.</summary>
    public static int Measure(in Packet packet)
    {
        int body = BodyBytes(packet);
        return body + (body < 128 ? 2 : body < 16_384 ? 3 : body < 2_097_152 ? 4 : 5);
    }

    /// <summary>For tests and the client: the packet as an array of its own.</summary>
    public static byte[] ToArray(in Packet packet)
    {
        var writer = new ArrayBufferWriter<byte>(Measure(packet));
        Write(writer, packet);
        return writer.WrittenSpan.ToArray();
    }

    private static int BodyBytes(in Packet packet) => packet.Type switch
    {
        PacketType.Connect => ConnectBytes(packet.Connect),
        PacketType.Publish => 2 + Encoding.UTF8.GetByteCount(packet.Message.Topic) + (packet.Qos > 0 ? 2 : 0) + packet.Message.Payload.Length,
        PacketType.Subscribe => 2 + packet.Requests.Sum(static request => 3 + Encoding.UTF8.GetByteCount(request.Filter)),
        PacketType.Unsubscribe => 2 + packet.Filters.Sum(static filter => 2 + Encoding.UTF8.GetByteCount(filter)),
        PacketType.SubAck => 2 + packet.Codes.Length,
        PacketType.PingReq or PacketType.PingResp or PacketType.Disconnect => 0,
        _ => 2,
    };

    private static int ConnectBytes(ConnectPacket connect)
    {
        int length = 10 + 2 + Encoding.UTF8.GetByteCount(connect.ClientId);
        if (connect.Will is { } will)
            length += 4 + Encoding.UTF8.GetByteCount(will.Topic) + will.Payload.Length;
        if (connect.UserName is { } userName)
            length += 2 + Encoding.UTF8.GetByteCount(userName);
        if (connect.Password is { } password)
            length += 2 + password.Length;
        return length;
    }

    private static void WriteBody(IBufferWriter<byte> writer, in Packet packet)
    {
        switch (packet.Type)
        {
            case PacketType.Connect:
                WriteConnect(writer, packet.Connect);
                break;
            case PacketType.ConnAck:
                WriteByte(writer, packet.Flags);
                WriteByte(writer, packet.Code);
                break;
            case PacketType.Publish:
                WriteText(writer, packet.Message.Topic);
                if (packet.Qos > 0)
                    WriteTwoBytes(writer, packet.Id);
                WriteBytes(writer, packet.Message.Payload.Span);
                break;
            case PacketType.Subscribe:
                WriteTwoBytes(writer, packet.Id);
                foreach (SubscribeRequest request in packet.Requests)
                {
                    WriteText(writer, request.Filter);
                    WriteByte(writer, request.Qos);
                }
                break;
            case PacketType.SubAck:
                WriteTwoBytes(writer, packet.Id);
                WriteBytes(writer, packet.Codes);
                break;
            case PacketType.Unsubscribe:
                WriteTwoBytes(writer, packet.Id);
                foreach (string filter in packet.Filters)
                    WriteText(writer, filter);
                break;
            case PacketType.PingReq or PacketType.PingResp or PacketType.Disconnect:
                break;
            default:
                WriteTwoBytes(writer, packet.Id);
                break;
        }
    }

    private static void WriteConnect(IBufferWriter<byte> writer, ConnectPacket connect)
    {
        ApplicationMessage? will = connect.Will;
        int flags = (connect.CleanSession ? 0x02 : 0)
            | (will is null ? 0 : 0x04 | (will.Qos << 3) | (will.Retain ? 0x20 : 0))
            | (connect.Password is null ? 0 : 0x40)
            | (connect.UserName is null ? 0 : 0x80);
        WriteText(writer, "MQTT");
        WriteByte(writer, connect.ProtocolLevel);
        WriteByte(writer, (byte)flags);
        WriteTwoBytes(writer, connect.KeepAliveSeconds);
        WriteText(writer, connect.ClientId);
        if (will is not null)
        {
            WriteText(writer, will.Topic);
            WriteTwoBytes(writer, (ushort)will.Payload.Length);
            WriteBytes(writer, will.Payload.Span);
        }
        if (connect.UserName is not null)
            WriteText(writer, connect.UserName);
        if (connect.Password is not null)
        {
            WriteTwoBytes(writer, (ushort)connect.Password.Length);
            WriteBytes(writer, connect.Password);
        }
    }

    private static void WriteByte(IBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static void WriteTwoBytes(IBufferWriter<byte> writer, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(writer.GetSpan(2), value);
        writer.Advance(2);
    }

    private static void WriteBytes(IBufferWriter<byte> writer, ReadOnlySpan<byte> bytes) => writer.Write(bytes);

    private static void WriteText(IBufferWriter<byte> writer, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        WriteTwoBytes(writer, (ushort)length);
        if (length <= MaxSingleWriteBytes)
            writer.Advance(Encoding.UTF8.GetBytes(text, writer.GetSpan(length)));
        else
            writer.Write(Encoding.UTF8.GetBytes(text));
    }
}
