using System.Text;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Packets;

/// <summary>
/// Bytes to packets. Takes a body that <see cref="FrameReader"/> has cut out, allocates what the packet must keep (payload, strings), and nothing in
/// proportion to a length that the wire merely claims.
/// </summary>
public static class PacketDecoder
{
    private static ReadOnlySpan<byte> ProtocolName => "MQTT"u8;

    /// <summary>Decodes one packet of either direction.</summary>
    /// <param name="firstByte">Type and flags, already checked by <see cref="FrameReader"/>.</param>
    /// <param name="topics">Known topic names of this connection; null for none.</param>
    /// <returns>False with a fault when the packet is malformed: the connection must be closed [MQTT-4.8.0-1].</returns>
    public static bool TryDecode(byte firstByte, ReadOnlySpan<byte> body, TopicCache? topics, out Packet packet, out PacketFault fault)
    {
        var reader = new BodyReader(body);
        packet = (PacketType)(firstByte >> 4) switch
        {
            PacketType.Connect => ReadConnect(ref reader),
            PacketType.ConnAck => ReadConnAck(ref reader),
            PacketType.Publish => ReadPublish(ref reader, firstByte, topics),
            PacketType.PubAck => Packet.PubAck(reader.PacketId()),
            PacketType.PubRec => Packet.PubRec(reader.PacketId()),
            PacketType.PubRel => Packet.PubRel(reader.PacketId()),
            PacketType.PubComp => Packet.PubComp(reader.PacketId()),
            PacketType.Subscribe => ReadSubscribe(ref reader),
            PacketType.SubAck => ReadSubAck(ref reader),
            PacketType.Unsubscribe => ReadUnsubscribe(ref reader),
            PacketType.UnsubAck => Packet.UnsubAck(reader.PacketId()),
            PacketType.PingReq => Packet.PingReq,
            PacketType.PingResp => Packet.PingResp,
            PacketType.Disconnect => Packet.Disconnect,
            _ => default,
        };
        if (!reader.AtEnd)
            reader.Fail("MQTT-4.8.0-1", "Bytes are left after the last field of the packet.");
        fault = reader.Fault;
        return !fault.IsFault;
    }

    private static Packet ReadConnect(ref BodyReader reader)
    {
        if (!reader.Utf8().SequenceEqual(ProtocolName))
            reader.Fail("MQTT-3.1.2-1", "The protocol name is not MQTT.");
        byte level = reader.Byte();
        if (level != ConnectPacket.Level311 && !reader.Fault.IsFault)
        {
            reader.Rest();
            return Packet.Connecting(new ConnectPacket { ProtocolLevel = level });
        }

        byte flags = reader.Byte();
        bool hasWill = (flags & 0x04) != 0;
        bool hasUserName = (flags & 0x80) != 0;
        bool hasPassword = (flags & 0x40) != 0;
        CheckConnectFlags(ref reader, flags);
        ushort keepAliveSeconds = reader.TwoBytes();

        // The payload's order is fixed: client id, will topic, will message, user name, password [MQTT-3.1.3-1], [MQTT-3.1.3-3]; what a flag announces must be there
        // [MQTT-3.1.2-9], [MQTT-3.1.2-19], [MQTT-3.1.2-21], and bytes that none announces are left over [MQTT-3.1.2-11], [MQTT-3.1.2-18], [MQTT-3.1.2-20]. Client id,
        // will topic and user name are UTF-8 [MQTT-3.1.3-4], [MQTT-3.1.3-10], [MQTT-3.1.3-11].
        string clientId = reader.Text();
        ApplicationMessage? will = hasWill ? ReadWill(ref reader, flags) : null;
        string? userName = hasUserName ? reader.Text() : null;
        byte[]? password = hasPassword ? reader.Binary().ToArray() : null;
        return Packet.Connecting(new ConnectPacket
        {
            ClientId = clientId,
            CleanSession = (flags & 0x02) != 0,
            KeepAliveSeconds = keepAliveSeconds,
            Will = will,
            UserName = userName,
            Password = password,
        });
    }

    private static void CheckConnectFlags(ref BodyReader reader, byte flags)
    {
        if ((flags & 0x01) != 0)
            reader.Fail("MQTT-3.1.2-3", "The reserved flag of CONNECT is set.");
        if ((flags & 0x04) == 0 && (flags & 0x18) != 0)
            reader.Fail("MQTT-3.1.2-13", "A will QoS without a will.");
        if ((flags & 0x18) == 0x18)
            reader.Fail("MQTT-3.1.2-14", "The will QoS is 3.");
        if ((flags & 0x04) == 0 && (flags & 0x20) != 0)
            reader.Fail("MQTT-3.1.2-15", "A retained will without a will.");
        if ((flags & 0x80) == 0 && (flags & 0x40) != 0)
            reader.Fail("MQTT-3.1.2-22", "A password without a user name.");
    }

    private static ApplicationMessage ReadWill(ref BodyReader reader, byte flags)
    {
        ReadOnlySpan<byte> topic = reader.Utf8();
        PacketFault fault = TopicRules.CheckName(topic);
        if (fault.IsFault)
            reader.Fail(fault.Clause, fault.Reason);
        string name = Encoding.UTF8.GetString(topic);
        byte[] payload = reader.Binary().ToArray();
        return new ApplicationMessage(name, payload, (byte)((flags >> 3) & 3), (flags & 0x20) != 0);
    }

    private static Packet ReadConnAck(ref BodyReader reader)
    {
        byte flags = reader.Byte();
        byte code = reader.Byte();
        if (flags > 1)
            reader.Fail("MQTT-2.2.2-2", "Reserved acknowledge flags of CONNACK are set.");
        if (code > 5)
            reader.Fail("MQTT-3.2.2-6", "The return code of CONNACK is reserved.");
        if (code != 0 && flags != 0)
            reader.Fail("MQTT-3.2.2-4", "A refusing CONNACK says that a session is present.");
        return Packet.ConnAck(code, flags == 1);
    }

    private static Packet ReadPublish(ref BodyReader reader, byte firstByte, TopicCache? topics)
    {
        byte qos = (byte)((firstByte >> 1) & 3);
        bool retain = (firstByte & 1) != 0;
        string topic = ReadTopicName(ref reader, topics);
        ushort id = qos > 0 ? reader.PacketId() : (ushort)0;
        ReadOnlySpan<byte> payload = reader.Rest();
        if (reader.Fault.IsFault)
            return default;
        var message = new ApplicationMessage(topic, payload.IsEmpty ? ReadOnlyMemory<byte>.Empty : payload.ToArray(), qos, retain);
        return Packet.Publish(message, qos, retain, id, (firstByte & 8) != 0);
    }

    private static string ReadTopicName(ref BodyReader reader, TopicCache? topics)
    {
        // A topic that the cache knows was checked when it went in, so the bytes are compared before they are judged.
        ReadOnlySpan<byte> utf8 = reader.Binary();
        if (topics?.Find(utf8) is { } known)
            return known;

        PacketFault fault = utf8.Contains((byte)0) ? new PacketFault("MQTT-1.5.3-2", "The topic name contains U+0000.")
            : !System.Text.Unicode.Utf8.IsValid(utf8) ? new PacketFault("MQTT-3.3.2-1", "The topic name is not well-formed UTF-8.")
            : TopicRules.CheckName(utf8);
        if (fault.IsFault)
        {
            reader.Fail(fault.Clause, fault.Reason);
            return "";
        }
        if (reader.Fault.IsFault)
            return "";
        return topics is null ? Encoding.UTF8.GetString(utf8) : topics.Add(utf8);
    }

    private static Packet ReadSubscribe(ref BodyReader reader)
    {
        ushort id = reader.PacketId();
        var requests = new List<SubscribeRequest>(1);
        while (!reader.AtEnd)
        {
            string filter = ReadFilter(ref reader);
            byte qos = reader.Byte();
            if (qos > 2)
                reader.Fail("MQTT-3-8.3-4", "The requested QoS is not 0, 1 or 2, or reserved bits are set.");
            requests.Add(new SubscribeRequest(filter, qos));
        }
        if (requests.Count == 0)
            reader.Fail("MQTT-3.8.3-3", "SUBSCRIBE has no topic filter.");
        return Packet.Subscribe(id, [.. requests]);
    }

    private static Packet ReadUnsubscribe(ref BodyReader reader)
    {
        ushort id = reader.PacketId();
        var filters = new List<string>(1);
        while (!reader.AtEnd)
            filters.Add(ReadFilter(ref reader));
        if (filters.Count == 0)
            reader.Fail("MQTT-3.10.3-2", "UNSUBSCRIBE has no topic filter.");
        return Packet.Unsubscribe(id, [.. filters]);
    }

    /// <summary>UTF-8 [MQTT-3.8.3-1], [MQTT-3.10.3-1].</summary>
    private static string ReadFilter(ref BodyReader reader)
    {
        string filter = reader.Text();
        PacketFault fault = TopicRules.CheckFilter(filter);
        if (fault.IsFault)
            reader.Fail(fault.Clause, fault.Reason);
        return filter;
    }

    private static Packet ReadSubAck(ref BodyReader reader)
    {
        ushort id = reader.PacketId();
        byte[] codes = reader.Rest().ToArray();
        if (codes.Length == 0)
            reader.Fail("MQTT-3.8.4-5", "SUBACK has no return code.");
        foreach (byte code in codes)
        {
            if (code is not (0 or 1 or 2 or 0x80))
                reader.Fail("MQTT-3.9.3-2", "A return code of SUBACK is reserved.");
        }
        return Packet.SubAck(id, codes);
    }
}
