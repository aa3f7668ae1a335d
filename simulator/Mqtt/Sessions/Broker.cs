using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Sessions;

/// <summary>
/// MQTT 3.1.1 without I/O: inputs and the time come in as calls, packets wait in the outbox of each connection, and the rest goes through
/// <see cref="IBrokerHost"/> and <see cref="IEndpointPolicy"/>. One caller at a time; the same calls give the same packets, on any clock.
/// Times are milliseconds of one monotonic clock.
/// </summary>
public sealed partial class Broker(EndpointLimits limits, IEndpointPolicy policy, IBrokerHost host, Func<string> newClientId)
{
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);
    private readonly List<ServerConnection> connections = [];
    private readonly TopicTree subscriptions = new();
    private readonly Dictionary<IPAddress, int> awaiting = [];
    private RetainedStore? retained;
    private bool isStopped;

    public BrokerCounters Counters { get; } = new();

    private RetainedStore Retained => retained ??= new RetainedStore(limits, Counters);

    /// <summary>A network connection was opened. False when there are too many, or after <see cref="Stop"/>: close it.</summary>
    /// <param name="address">Whose it is, for the bound of one address; null for an address that is not known.</param>
    public bool Open(ServerConnection connection, long nowMs, IPAddress? address = null)
    {
        string? refusal = isStopped ? "server shutting down"
            : connections.Count >= limits.MaxConnections ? "too many connections"
            : address is not null && awaiting.GetValueOrDefault(address) >= limits.MaxAwaitingConnectPerAddress ? "too many connections of one address"
            : null;
        if (refusal is not null)
        {
            connection.State = ConnectionState.Ended;
            connection.EndReason = refusal;
            Counters.Refused(refusal);
            return false;
        }
        if (address is not null)
        {
            connection.AwaitingAddress = address;
            awaiting[address] = awaiting.GetValueOrDefault(address) + 1;
        }
        connection.OpenedMs = nowMs;
        connection.LastPacketMs = nowMs;
        connection.Index = connections.Count;
        connections.Add(connection);
        Counters.Connections = connections.Count;
        return true;
    }

    /// <summary>
    /// Judges a CONNECT by our rules and by the policy. Touches no state, so it may run on any thread, before <see cref="Connect"/>: a costly
    /// password check holds up nobody else.
    /// </summary>
    public ConnectVerdict Judge(ConnectPacket packet, X509Certificate2? certificate, EndPoint? remote)
    {
        if (packet.ProtocolLevel != ConnectPacket.Level311)
            return new ConnectVerdict(null, 1, "unacceptable protocol level"); // [MQTT-3.1.2-2]

        string clientId = packet.ClientId;
        if (clientId.Length == 0)
        {
            if (!packet.CleanSession)
                return new ConnectVerdict(null, 2, "no client id for a persistent session"); // [MQTT-3.1.3-8]
            clientId = newClientId(); // [MQTT-3.1.3-6]
        }
        if (clientId.Length > limits.MaxClientIdLength)
            return new ConnectVerdict(null, 2, "client id too long"); // [MQTT-3.1.3-9]

        ConnectDecision decision = policy.Authenticate(
            new ConnectAttempt(clientId, packet.UserName, packet.Password, packet.CleanSession, certificate, remote));
        if (decision.Identity is not { } identity)
            return new ConnectVerdict(null, decision.ReturnCode, RefusalName(decision.ReturnCode));
        if (packet.Will is { } will && (TopicIsTooLarge(will.Topic) || !policy.MayPublish(identity, will.Topic, will.Retain)))
            return new ConnectVerdict(null, 5, "will not authorized");
        return new ConnectVerdict(identity, 0, "");
    }

    /// <summary>A CONNECT arrived and was judged.</summary>
    public void Connect(ServerConnection connection, ConnectPacket packet, ConnectVerdict verdict, long nowMs)
    {
        if (connection.State == ConnectionState.Ended)
            return;
        connection.LastPacketMs = nowMs;
        connection.PartialSinceMs = -1;
        if (connection.State != ConnectionState.AwaitingConnect)
        {
            Violated(connection, new PacketFault("MQTT-3.1.0-2", "A second CONNECT."));
            return;
        }
        if (verdict.Identity is not { } identity)
        {
            Refuse(connection, verdict);
            return;
        }

        // The client id finds the session [MQTT-3.1.3-2]; CleanSession decides what becomes of it [MQTT-3.1.4-3].
        if (sessions.TryGetValue(identity.ClientId, out Session? session) && session.Connection is { } former)
        {
            End(former, clean: false, "taken over by a new connection", nowMs); // [MQTT-3.1.4-2]
            session = sessions.GetValueOrDefault(identity.ClientId);
        }
        if (session is not null && packet.CleanSession)
        {
            Discard(session); // [MQTT-3.1.2-6]
            session = null;
        }
        bool present = session is not null; // [MQTT-3.2.2-1], [MQTT-3.2.2-2], [MQTT-3.2.2-3]
        if (session is null)
        {
            if (sessions.Count >= limits.MaxSessions)
            {
                Refuse(connection, new ConnectVerdict(null, 3, "too many sessions"));
                return;
            }
            session = new Session(identity.ClientId, packet.CleanSession, limits, Counters, host);
            sessions.Add(identity.ClientId, session);
            Counters.Sessions = sessions.Count;
        }

        StopAwaiting(connection);
        connection.State = ConnectionState.Connected;
        connection.Identity = identity;
        connection.Session = session;
        connection.Will = packet.Will; // [MQTT-3.1.2-8]
        connection.SilenceLimitMs = packet.KeepAliveSeconds * 1_500; // [MQTT-3.1.2-24]
        session.Connection = connection;
        session.Send(Packet.ConnAck(0, present)); // [MQTT-3.1.4-4], first of all packets [MQTT-3.2.0-1]
        policy.OnConnected(identity);
        session.Resume(); // [MQTT-3.1.2-4]
    }

    /// <summary>A packet other than CONNECT arrived.</summary>
    public void Receive(ServerConnection connection, in Packet packet, long nowMs)
    {
        if (connection.State == ConnectionState.Ended)
            return; // [MQTT-3.1.4-5]
        connection.LastPacketMs = nowMs;
        connection.PartialSinceMs = -1;
        if (connection.Session is not { } session)
        {
            Violated(connection, new PacketFault("MQTT-3.1.0-1", "The first packet is not CONNECT."));
            return;
        }
        switch (packet.Type)
        {
            case PacketType.Publish:
                ReceivePublish(connection, session, packet);
                break;
            case PacketType.PubAck:
                Expect(connection, session.PubAck(packet.Id), "PUBACK for a message that does not wait for it.");
                break;
            case PacketType.PubRec:
                Expect(connection, session.PubRec(packet.Id), "PUBREC for a QoS 1 message.");
                break;
            case PacketType.PubRel:
                ReceivePubRel(connection, session, packet.Id);
                break;
            case PacketType.PubComp:
                Expect(connection, session.PubComp(packet.Id), "PUBCOMP for a message that does not wait for it.");
                break;
            case PacketType.Subscribe:
                ReceiveSubscribe(connection, session, packet);
                break;
            case PacketType.Unsubscribe:
                ReceiveUnsubscribe(session, packet);
                break;
            case PacketType.PingReq:
                session.Send(Packet.PingResp); // [MQTT-3.12.4-1]
                break;
            case PacketType.Disconnect:
                connection.Will = null; // [MQTT-3.14.4-3], [MQTT-3.1.2-10]
                End(connection, clean: true, "disconnected by the client", nowMs);
                break;
            default:
                Violated(connection, new PacketFault("MQTT-4.8.0-1", $"{packet.Type} goes from server to client only."));
                break;
        }
    }

    /// <summary>The bytes are no packet: the connection ends [MQTT-4.8.0-1], without CONNACK if it had none [MQTT-3.1.4-1].</summary>
    public void Violated(ServerConnection connection, PacketFault fault)
    {
        if (connection.State == ConnectionState.Ended)
            return;
        Counters.Malformed++;
        End(connection, clean: false, fault.ToString(), connection.LastPacketMs);
    }

    /// <summary>Bytes arrived that are not a whole packet yet.</summary>
    public void PartialPacket(ServerConnection connection, long nowMs)
    {
        if (connection.PartialSinceMs < 0)
            connection.PartialSinceMs = nowMs;
    }

    /// <summary>The network connection is gone. Nothing happens if it had ended before.</summary>
    public void Lost(ServerConnection connection, string reason, long nowMs) => End(connection, clean: false, reason, nowMs);

    /// <summary>The owner ends a client's connection, as if the network had failed. False when there is none.</summary>
    public bool Disconnect(string clientId, string reason, long nowMs)
    {
        if (!sessions.TryGetValue(clientId, out Session? session) || session.Connection is not { } connection)
            return false;
        End(connection, clean: false, reason, nowMs);
        return true;
    }

    /// <summary>The server stops: every connection ends, and no other is opened.</summary>
    public void Stop(long nowMs)
    {
        isStopped = true;
        for (int i = connections.Count - 1; i >= 0; i--)
            End(connections[i], clean: false, "server shutting down", nowMs);
    }

    /// <summary>The next packet for a connection. False when there is none.</summary>
    public bool TryTake(ServerConnection connection, out Packet packet)
    {
        if (connection.Outbox is null || !connection.Outbox.TryDequeue(out packet))
        {
            packet = default;
            return false;
        }
        connection.UnsentBytes -= Session.UnsentCost(packet);
        if (connection.UnsentBytes < limits.MaxUnsentBytesPerConnection / 2 && connection.State == ConnectionState.Connected)
            connection.Session?.SendQueued();
        return true;
    }

    /// <summary>May more be read from this client, or has it to wait until the owner answers and its own socket drains?</summary>
    public bool MayRead(ServerConnection connection) =>
        connection.UnansweredCount < limits.MaxUnansweredPerConnection && connection.UnsentBytes < limits.MaxUnsentBytesPerConnection;

    /// <summary>Looks at every deadline. Call it each <see cref="EndpointLimits.HeartbeatMs"/>.</summary>
    public void Tick(long nowMs)
    {
        for (int i = connections.Count - 1; i >= 0; i--)
        {
            ServerConnection connection = connections[i];
            if (connection.State == ConnectionState.AwaitingConnect && nowMs - connection.OpenedMs >= limits.ConnectTimeoutMs)
            {
                Counters.Refused("connect timeout");
                End(connection, clean: false, "no CONNECT in time", nowMs);
            }
            else if (connection.PartialSinceMs >= 0 && nowMs - connection.PartialSinceMs >= limits.PartialPacketTimeoutMs)
            {
                End(connection, clean: false, "a packet did not arrive whole in time", nowMs);
            }
            else if (connection.SilenceLimitMs > 0 && nowMs - connection.LastPacketMs > connection.SilenceLimitMs)
            {
                End(connection, clean: false, "keep-alive expired", nowMs); // [MQTT-3.1.2-24]
            }
            connection.DropEmptyQueues();
        }
        ExpireAbsent(nowMs);
    }

    /// <summary>This process itself stood still for a while; the silence of that time is not the clients'.</summary>
    public void Forgive(long stalledMs)
    {
        foreach (ServerConnection connection in connections)
        {
            connection.OpenedMs += stalledMs;
            connection.LastPacketMs += stalledMs;
            if (connection.PartialSinceMs >= 0)
                connection.PartialSinceMs += stalledMs;
        }
    }

    private static string RefusalName(byte code) => code switch
    {
        1 => "unacceptable protocol level",
        2 => "identifier rejected",
        3 => "server unavailable",
        4 => "bad user name or password",
        _ => "not authorized",
    };

    private void Refuse(ServerConnection connection, ConnectVerdict verdict)
    {
        Counters.Refused(verdict.Reason);
        // With no applicable code the connection closes without CONNACK [MQTT-3.2.2-6]; with one it closes after it [MQTT-3.2.2-5].
        if (verdict.ReturnCode is >= 1 and <= 5)
            Session.Send(connection, Packet.ConnAck(verdict.ReturnCode, sessionPresent: false), host, Counters);
        End(connection, clean: false, verdict.Reason, connection.LastPacketMs);
    }

    private void Expect(ServerConnection connection, bool legal, string reason)
    {
        if (!legal)
            Violated(connection, new PacketFault("MQTT-4.8.0-1", reason));
    }

    private void End(ServerConnection connection, bool clean, string reason, long nowMs)
    {
        if (connection.State == ConnectionState.Ended)
            return;
        connection.State = ConnectionState.Ended;
        connection.EndReason = reason;
        StopAwaiting(connection);
        Remove(connection);
        if (connection.Session is { } session)
        {
            session.Connection = null;
            session.AbsentSinceMs = nowMs;
            if (session.Clean)
                Discard(session);
        }
        host.Ended(connection); // before the policy, which may throw
        if (connection.Session is { } former)
        {
            PublishWill(connection, former);
            policy.OnDisconnected(connection.Identity!, clean, reason);
        }
    }

    /// <summary>Let in, or gone: it no longer counts against its address.</summary>
    private void StopAwaiting(ServerConnection connection)
    {
        if (connection.AwaitingAddress is not { } address)
            return;
        connection.AwaitingAddress = null;
        if (--awaiting[address] == 0)
            awaiting.Remove(address);
    }

    private void Remove(ServerConnection connection)
    {
        ServerConnection last = connections[^1];
        connections[connection.Index] = last;
        last.Index = connection.Index;
        connections.RemoveAt(connections.Count - 1);
        connection.Index = -1;
        Counters.Connections = connections.Count;
    }
}
