using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Sessions;

/// <summary>
/// The state of one client [MQTT-4.1.0-1]: subscriptions, what is on its way to it, and the QoS 2 identifiers coming from it.
/// It lasts as long as its connection, or, when persistent, until it is discarded [MQTT-4.1.0-2].
/// </summary>
internal sealed class Session(string clientId, bool clean, EndpointLimits limits, BrokerCounters counters, IBrokerHost host)
{
    /// <summary>What a queued message costs beside topic and payload.</summary>
    private const int OverheadBytes = 64;

    private Queue<Queued>? queue;

    /// <summary>Of what waits and of what is in flight: a client that never acknowledges holds no more than one that never reads.</summary>
    private long heldBytes;

    /// <summary>QoS 0 messages in the queue. While there are any, a newer one may not go past them: it may be of the same topic [MQTT-4.6.0-6].</summary>
    private int queuedQos0;
    private Dictionary<ushort, InFlight>? inFlight;
    private Dictionary<ushort, InboundPublish>? inboundQos2;
    private ushort lastId;
    private long lastOrder;

    private enum Awaiting : byte
    {
        PubAck,
        PubRec,
        PubComp,
    }

    public string ClientId => clientId;

    /// <summary>Lives only as long as its connection [MQTT-3.1.2-6].</summary>
    public bool Clean => clean;

    public ServerConnection? Connection { get; set; }

    /// <summary>When the client went away.</summary>
    public long AbsentSinceMs { get; set; }

    /// <summary>Where in the tree it has subscribed; at most <see cref="EndpointLimits.MaxSubscriptionsPerSession"/>.</summary>
    public List<TopicNode> Subscriptions { get; } = [];

    /// <summary>QoS 2 publishes from the client between arrival and PUBREL, by packet identifier [MQTT-4.3.3-2].</summary>
    public Dictionary<ushort, InboundPublish> InboundQos2 => inboundQos2 ??= [];

    public long MatchNumber { get; set; }

    public byte MatchQos { get; set; }

    /// <summary>
    /// Takes a message that matched [MQTT-4.5.0-1]. QoS 0 goes out now or never, unless a retained one of a new subscription waits before it; QoS 1 and 2, and every
    /// message of a new subscription, may wait; they are stored while the client is absent [MQTT-3.1.2-5]. The publisher's DUP flag is not in a message [MQTT-3.3.1-3].
    /// </summary>
    /// <returns>False: it was dropped because the session's queue is full.</returns>
    public bool Deliver(ApplicationMessage message, byte qos, bool retained)
    {
        if (qos == 0 && !retained)
        {
            if (Connection is null)
                return true;
            if (Connection.UnsentBytes >= limits.MaxUnsentBytesPerConnection)
            {
                counters.DroppedSlowReader++;
                return true;
            }
            if (queuedQos0 == 0)
            {
                Send(Packet.Publish(message, 0, retain: false, id: 0, dup: false)); // [MQTT-4.3.1-1]
                return true;
            }
        }

        long cost = Cost(message);
        if (queue?.Count >= limits.MaxQueuedPerSession || heldBytes + cost > limits.MaxQueuedBytesPerSession
            || counters.QueuedBytes + cost > limits.MaxQueuedBytes)
        {
            counters.DroppedQueueFull++;
            return false;
        }
        (queue ??= new Queue<Queued>()).Enqueue(new Queued(message, qos, retained));
        queuedQos0 += qos == 0 ? 1 : 0;
        CountHeld(1, cost);
        SendQueued();
        return true;
    }

    /// <summary>Moves messages from the queue to the wire as far as the windows allow, oldest first [MQTT-4.6.0-6].</summary>
    public void SendQueued()
    {
        while (Connection is { } connection && queue is { Count: > 0 } && connection.UnsentBytes < limits.MaxUnsentBytesPerConnection)
        {
            Queued next = queue.Peek();
            if (next.Qos > 0 && inFlight?.Count >= limits.MaxInFlightPerSession)
                return;
            queue.Dequeue();
            if (queue.Count == 0)
                queue = null; // ten thousand idle sessions need none
            ushort id = 0;
            if (next.Qos == 0)
            {
                queuedQos0--;
                CountHeld(-1, -Cost(next.Message));
            }
            else
            {
                CountHeld(-1, 0);
                id = UnusedId();
                (inFlight ??= []).Add(id, new InFlight(next, next.Qos == 1 ? Awaiting.PubAck : Awaiting.PubRec, ++lastOrder));
            }
            Send(Packet.Publish(next.Message, next.Qos, next.Retained, id, dup: false));
        }
    }

    /// <summary>QoS 1 is done [MQTT-4.3.2-1]. False when that identifier waits for something else.</summary>
    public bool PubAck(ushort id) => Finish(id, Awaiting.PubAck);

    /// <summary>QoS 2 is done [MQTT-4.3.3-1].</summary>
    public bool PubComp(ushort id) => Finish(id, Awaiting.PubComp);

    /// <summary>The client has the QoS 2 message: it is never sent again, only its PUBREL [MQTT-4.3.3-1].</summary>
    public bool PubRec(ushort id)
    {
        if (inFlight is null || !inFlight.TryGetValue(id, out InFlight known))
        {
            // An identifier that we forgot: PUBREL lets the client forget it too.
            Send(Packet.PubRel(id));
            return true;
        }
        if (known.Awaiting == Awaiting.PubAck)
            return false;
        if (known.Awaiting == Awaiting.PubRec)
        {
            CountHeld(0, -Cost(known.Message.Message));
            inFlight[id] = new InFlight(default, Awaiting.PubComp, ++lastOrder);
        }
        Send(Packet.PubRel(id));
        return true;
    }

    /// <summary>
    /// The client is back: all that it has not acknowledged goes out again under its old identifiers [MQTT-4.4.0-1], in the old order
    /// [MQTT-4.6.0-1], then what waited meanwhile.
    /// </summary>
    public void Resume()
    {
        if (inFlight is not null)
        {
            foreach ((ushort id, InFlight message) in inFlight.OrderBy(static pair => pair.Value.Order))
            {
                Send(message.Awaiting == Awaiting.PubComp
                    ? Packet.PubRel(id)
                    : Packet.Publish(message.Message.Message, message.Message.Qos, message.Message.Retained, id, dup: true));
            }
        }
        SendQueued();
    }

    /// <summary>Forgets what waits, so that its bytes are no longer counted.</summary>
    public void Discard()
    {
        CountHeld(-(queue?.Count ?? 0), -heldBytes);
        queue = null;
        queuedQos0 = 0;
        inFlight = null;
        inboundQos2 = null;
    }

    public SessionState Export(long nowMs) => new(
        clientId,
        nowMs - AbsentSinceMs,
        lastId,
        [.. Subscriptions.Select(node => new SubscribeRequest(node.Filter, node.QosOf(this) ?? 0))],
        [.. (inFlight ?? []).OrderBy(static pair => pair.Value.Order).Select(static pair => pair.Value.Message.ToState(pair.Key))],
        [.. (queue ?? []).Select(static queued => queued.ToState(0))],
        [.. (inboundQos2 ?? []).Values.Where(static publish => publish.IsAccepted).Select(static publish => publish.Id)]);

    /// <summary>Takes over all but the subscriptions, which the broker adds.</summary>
    public void Import(SessionState state, long nowMs)
    {
        AbsentSinceMs = nowMs - state.AbsentMs;
        lastId = state.LastId;
        foreach (OutboundState sent in state.InFlight)
        {
            Awaiting step = sent.Message is null ? Awaiting.PubComp : sent.Qos == 1 ? Awaiting.PubAck : Awaiting.PubRec;
            (inFlight ??= []).Add(sent.Id, new InFlight(Queued.From(sent), step, ++lastOrder));
            if (sent.Message is { } message)
                CountHeld(0, Cost(message));
        }
        foreach (OutboundState waiting in state.Queued)
            Deliver(waiting.Message!, waiting.Qos, waiting.Retained);
        foreach (ushort id in state.InboundQos2)
            InboundQos2.Add(id, InboundPublish.Restored(host, this, id));
    }

    public void Send(in Packet packet)
    {
        if (Connection is { State: not ConnectionState.Ended } connection)
            Send(connection, packet, host, counters);
    }

    public static void Send(ServerConnection connection, in Packet packet, IBrokerHost host, BrokerCounters counters)
    {
        (connection.Outbox ??= new Queue<Packet>()).Enqueue(packet);
        connection.UnsentBytes += UnsentCost(packet);
        if (packet.Type == PacketType.Publish)
            counters.PublishesOut++;
        if (connection.Outbox.Count == 1)
            host.OutputReady(connection);
    }

    /// <summary>What a packet counts in <see cref="ServerConnection.UnsentBytes"/>.</summary>
    public static long UnsentCost(in Packet packet) => packet.Type == PacketType.Publish ? Cost(packet.Message) : 16;

    private static long Cost(ApplicationMessage message) => OverheadBytes + message.Topic.Length + message.Payload.Length;

    private bool Finish(ushort id, Awaiting step)
    {
        if (inFlight is null || !inFlight.TryGetValue(id, out InFlight known))
            return true;
        if (known.Awaiting != step)
            return false;
        inFlight.Remove(id);
        if (inFlight.Count == 0)
            inFlight = null;
        if (step == Awaiting.PubAck)
            CountHeld(0, -Cost(known.Message.Message));
        SendQueued();
        return true;
    }

    /// <summary>Not in use until the last acknowledgement has come [MQTT-2.3.1-4].</summary>
    private ushort UnusedId()
    {
        do
        {
            lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);
        }
        while (inFlight?.ContainsKey(lastId) == true);
        return lastId;
    }

    private void CountHeld(int messages, long bytes)
    {
        heldBytes += bytes;
        counters.QueuedMessages += messages;
        counters.QueuedBytes += bytes;
    }

    private readonly record struct Queued(ApplicationMessage Message, byte Qos, bool Retained)
    {
        public static Queued From(OutboundState state) => new(state.Message!, state.Qos, state.Retained);

        public OutboundState ToState(ushort id) => new(id, Message, Qos, Retained);
    }

    private readonly record struct InFlight(Queued Message, Awaiting Awaiting, long Order);
}
