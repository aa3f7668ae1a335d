using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Packets;

/// <summary>
/// Any control packet, in 16 bytes: acknowledgements cost no allocation, and a message that goes to many subscribers is shared by all of them.
/// Build one with the factory of its type; read only the members of its type.
/// </summary>
public readonly struct Packet
{
    private readonly object? content;

    private Packet(PacketType type, ushort id = 0, byte flags = 0, byte code = 0, object? content = null)
    {
        Type = type;
        Id = id;
        Flags = flags;
        Code = code;
        this.content = content;
    }

    public PacketType Type { get; }

    /// <summary>The packet identifier, 1 to 65,535; 0 in packets that have none [MQTT-2.3.1-1], [MQTT-2.3.1-5].</summary>
    public ushort Id { get; }

    /// <summary>The low four bits of the first byte, table 2.2.</summary>
    public byte Flags { get; }

    /// <summary>CONNACK: the return code, table 3.1.</summary>
    public byte Code { get; }

    /// <summary>PUBLISH: this is a delivery that was tried before [MQTT-3.3.1-1].</summary>
    public bool Dup => (Flags & 0b1000) != 0;

    /// <summary>PUBLISH: the QoS of this delivery, which may be lower than that of <see cref="Message"/>.</summary>
    public byte Qos => (byte)((Flags >> 1) & 0b11);

    /// <summary>PUBLISH: the RETAIN flag of this delivery.</summary>
    public bool Retain => (Flags & 1) != 0;

    /// <summary>CONNACK: Session Present, section 3.2.2.2.</summary>
    public bool SessionPresent => Flags != 0;

    public ConnectPacket Connect => (ConnectPacket)content!;

    public ApplicationMessage Message => (ApplicationMessage)content!;

    /// <summary>SUBSCRIBE: what is asked for, in the order of the packet.</summary>
    public SubscribeRequest[] Requests => (SubscribeRequest[])content!;

    /// <summary>UNSUBSCRIBE: the topic filters, in the order of the packet.</summary>
    public string[] Filters => (string[])content!;

    /// <summary>SUBACK: one code for each request: 0, 1, 2, or 0x80 for a failure [MQTT-3.9.3-2].</summary>
    public byte[] Codes => (byte[])content!;

    public static Packet Connecting(ConnectPacket connect) => new(PacketType.Connect, content: connect);

    /// <summary>A refusal never says that a session is present [MQTT-3.2.2-4].</summary>
    public static Packet ConnAck(byte code, bool sessionPresent) =>
        new(PacketType.ConnAck, flags: (byte)(code == 0 && sessionPresent ? 1 : 0), code: code);

    /// <summary>DUP is off in QoS 0, whatever is asked [MQTT-3.3.1-2].</summary>
    public static Packet Publish(ApplicationMessage message, byte qos, bool retain, ushort id, bool dup) =>
        new(PacketType.Publish, qos == 0 ? (ushort)0 : id, (byte)((dup && qos > 0 ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)), content: message);

    public static Packet PubAck(ushort id) => new(PacketType.PubAck, id);

    public static Packet PubRec(ushort id) => new(PacketType.PubRec, id);

    /// <summary>Fixed flags 0010 [MQTT-3.6.1-1].</summary>
    public static Packet PubRel(ushort id) => new(PacketType.PubRel, id, flags: 2);

    public static Packet PubComp(ushort id) => new(PacketType.PubComp, id);

    /// <summary>Fixed flags 0010 [MQTT-3.8.1-1].</summary>
    public static Packet Subscribe(ushort id, SubscribeRequest[] requests) => new(PacketType.Subscribe, id, flags: 2, content: requests);

    public static Packet SubAck(ushort id, byte[] codes) => new(PacketType.SubAck, id, content: codes);

    /// <summary>Fixed flags 0010 [MQTT-3.10.1-1].</summary>
    public static Packet Unsubscribe(ushort id, string[] filters) => new(PacketType.Unsubscribe, id, flags: 2, content: filters);

    public static Packet UnsubAck(ushort id) => new(PacketType.UnsubAck, id);

    public static Packet PingReq => new(PacketType.PingReq);

    public static Packet PingResp => new(PacketType.PingResp);

    public static Packet Disconnect => new(PacketType.Disconnect);

    public override string ToString() => Type switch
    {
        PacketType.Publish => $"Publish(id {Id}, QoS {Qos}, dup {Dup}, retain {Retain}, {Message.Topic}, {Message.Payload.Length} bytes)",
        PacketType.ConnAck => $"ConnAck(code {Code}, session present {SessionPresent})",
        _ => Id == 0 ? Type.ToString() : $"{Type}({Id})",
    };
}
