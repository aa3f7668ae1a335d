using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Packets;

/// <summary>The content of a CONNECT, section 3.1.</summary>
public sealed record ConnectPacket
{
    /// <summary>The only protocol level of MQTT 3.1.1.</summary>
    public const byte Level311 = 4;

    /// <summary>4 is MQTT 3.1.1. With any other level nothing else in this record was read [MQTT-3.1.2-2].</summary>
    public byte ProtocolLevel { get; init; } = Level311;

    public string ClientId { get; init; } = "";

    public bool CleanSession { get; init; } = true;

    /// <summary>Seconds, 0 (off) to 65,535.</summary>
    public ushort KeepAliveSeconds { get; init; }

    /// <summary>Published by the server when the connection ends without DISCONNECT; null for none.</summary>
    public ApplicationMessage? Will { get; init; }

    public string? UserName { get; init; }

    /// <summary>Null when the password flag is off; it needs a user name [MQTT-3.1.2-22].</summary>
    public byte[]? Password { get; init; }
}
