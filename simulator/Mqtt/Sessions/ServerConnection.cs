using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Sessions;

public enum ConnectionState
{
    /// <summary>Open; only a CONNECT is allowed [MQTT-3.1.0-1].</summary>
    AwaitingConnect,

    /// <summary>CONNACK 0 is on its way or sent.</summary>
    Connected,

    /// <summary>Over: nothing more is processed [MQTT-3.1.4-5].</summary>
    Ended,
}

/// <summary>One network connection as the session logic sees it. The adapter derives from it and adds the bytes. Small: ten thousand of them lie idle.</summary>
public class ServerConnection
{
    public ConnectionState State { get; internal set; }

    /// <summary>The address against which it counts until it is let in.</summary>
    internal System.Net.IPAddress? AwaitingAddress { get; set; }

    /// <summary>Who this is, once connected.</summary>
    public ClientIdentity? Identity { get; internal set; }

    /// <summary>Why it ended; empty before.</summary>
    public string EndReason { get; internal set; } = "";

    /// <summary>Bytes in the outbox, estimated from topics and payloads.</summary>
    public long UnsentBytes { get; internal set; }

    /// <summary>Publishes that the owner has not answered.</summary>
    public int UnansweredCount => Unanswered?.Count ?? 0;

    internal Session? Session { get; set; }

    internal ApplicationMessage? Will { get; set; }

    internal int Index { get; set; } = -1;

    internal long OpenedMs { get; set; }

    internal long LastPacketMs { get; set; }

    /// <summary>When the packet began of which a part is here; -1 for none.</summary>
    internal long PartialSinceMs { get; set; } = -1;

    /// <summary>One and a half times the keep-alive [MQTT-3.1.2-24]; 0 for off.</summary>
    internal int SilenceLimitMs { get; set; }

    internal Queue<InboundPublish>? Unanswered { get; set; }

    internal Queue<Packet>? Outbox { get; set; }

    /// <summary>An idle connection keeps no empty queues; the next packet makes a new one.</summary>
    internal void DropEmptyQueues()
    {
        if (Outbox is { Count: 0 })
            Outbox = null;
        if (Unanswered is { Count: 0 })
            Unanswered = null;
    }
}
