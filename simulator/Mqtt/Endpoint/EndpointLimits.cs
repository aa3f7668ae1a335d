using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Endpoint;

/// <summary>
/// Every bound of the endpoint: its default, where the number comes from, and what happens when it is reached.
/// The table in README.md is checked against this record by a test.
/// </summary>
public sealed record EndpointLimits
{
    /// <summary>Largest packet in bytes, fixed header included. Source: ample for telemetry; MQTT itself allows 256 MiB. Full: connection closed, counted as malformed.</summary>
    public int MaxPacketBytes { get; init; } = 1_048_576;

    /// <summary>Largest packet before the client is let in. Source: a CONNECT with a 64 KiB password still fits. Full: connection closed, counted as malformed.</summary>
    public int MaxConnectPacketBytes { get; init; } = 131_072;

    /// <summary>Longest topic name or filter in UTF-16 units. Source: what the wire can carry [MQTT-4.7.3-3]. Full: a PUBLISH closes the connection, a SUBSCRIBE gets 0x80.</summary>
    public int MaxTopicLength { get; init; } = TopicRules.MaxTopicBytes;

    /// <summary>Most levels of a topic name or filter; it also bounds the depth of the topic tree. Source: more than the 200 of Mosquitto, whose clients may count on them. Full: as for the length.</summary>
    public int MaxTopicLevels { get; init; } = 256;

    /// <summary>Longest client identifier in UTF-16 units. Source: 23 must be allowed [MQTT-3.1.3-5], tools use up to 100. Full: CONNACK 2 [MQTT-3.1.3-9].</summary>
    public int MaxClientIdLength { get; init; } = 256;

    /// <summary>Open connections, before and after CONNECT; fewer where the system allows the process too few open files (`OpenFiles`). Source: 10,000 gateways and their reconnects. Full: a new connection is closed at once, counted.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Connections of one address that have not been let in yet. Source: a tenth of all, so that one stranger cannot hold the places of the boards. Full: a new connection from there is closed at once, counted.</summary>
    public int MaxAwaitingConnectPerAddress { get; init; } = 2_000;

    /// <summary>Sessions, connected or kept for an absent client. Source: as for connections, with room for the absent. Full: CONNACK 3 for a new one.</summary>
    public int MaxSessions { get; init; } = 40_000;

    /// <summary>Seconds that the session of an absent client is kept. Source: a gateway that was away for a week starts afresh. Full: the session is discarded.</summary>
    public int OfflineSessionSeconds { get; init; } = 7 * 24 * 3_600;

    /// <summary>Milliseconds from the opened connection to a whole CONNECT, TLS excluded. Source: seconds on the worst mobile link. Full: connection closed.</summary>
    public int ConnectTimeoutMs { get; init; } = 10_000;

    /// <summary>Milliseconds from the first byte of a packet to its last. Source: 1 MiB at 300 kbit/s. Full: connection closed; half-open attacks end here.</summary>
    public int PartialPacketTimeoutMs { get; init; } = 30_000;

    /// <summary>Subscriptions of one session. Source: a console or a bridge needs tens. Full: 0x80 in the SUBACK.</summary>
    public int MaxSubscriptionsPerSession { get; init; } = 1_000;

    /// <summary>Topic filters of one SUBSCRIBE that are looked at; each may walk the whole retained store. Source: half the subscriptions of a session; who needs more asks twice. Full: 0x80 in the SUBACK for those behind.</summary>
    public int MaxFiltersPerSubscribe { get; init; } = 500;

    /// <summary>QoS 1 and 2 messages sent to one client and not yet acknowledged to the end. Source: covers 100 ms of round trip at 1,000/s. Full: the next ones wait in the session's queue.</summary>
    public int MaxInFlightPerSession { get; init; } = 100;

    /// <summary>Messages waiting in one session. Source: must hold a burst of 500 with room to spare. Full: the newest message is dropped for this session, counted.</summary>
    public int MaxQueuedPerSession { get; init; } = 2_000;

    /// <summary>Bytes waiting or in flight in one session, topics and overhead included. Source: 2,000 messages of 8 KiB. Full: as for the count.</summary>
    public long MaxQueuedBytesPerSession { get; init; } = 16_777_216;

    /// <summary>Bytes waiting or in flight in all sessions together; a payload shared by many counts for each. Source: what a small server can spare. Full: as for the count.</summary>
    public long MaxQueuedBytes { get; init; } = 134_217_728;

    /// <summary>Bytes handed to one connection that its socket has not taken. Source: one second at 8 Mbit/s. Full: QoS 0 is dropped and counted, QoS 1 and 2 wait in the queue, and nothing more is read from the client.</summary>
    public int MaxUnsentBytesPerConnection { get; init; } = 1_048_576;

    /// <summary>Publishes of one client that the owner has not answered yet. Source: a group commit of 100 ms at 10,000/s. Full: nothing more is read from the client until some are answered.</summary>
    public int MaxUnansweredPerConnection { get; init; } = 1_000;

    /// <summary>QoS 2 identifiers of one session between PUBREC and PUBREL. Source: four times a usual window of 1,000. Full: connection closed.</summary>
    public int MaxInboundQos2PerSession { get; init; } = 4_096;

    /// <summary>Retained messages. Source: a few per gateway. Full: the message is delivered but not retained, counted.</summary>
    public int MaxRetainedMessages { get; init; } = 50_000;

    /// <summary>Bytes of all retained messages. Source: 50,000 of 1.3 KiB. Full: as for the count.</summary>
    public long MaxRetainedBytes { get; init; } = 67_108_864;

    /// <summary>Messages of the owner that the endpoint has not taken up yet. Source: one second at 100,000/s. Full: Publish answers false, counted.</summary>
    public int MaxOwnerBacklog { get; init; } = 100_000;

    /// <summary>Milliseconds between two looks at all deadlines. Source: keep-alive counts in seconds. It adds at most this to each deadline.</summary>
    public int HeartbeatMs { get; init; } = 500;

    /// <summary>Milliseconds a closed connection may take to send its last bytes. Source: a lost segment is resent within one. Full: the socket is cut off.</summary>
    public int CloseTimeoutMs { get; init; } = 2_000;
}
