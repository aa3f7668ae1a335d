using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Client;

/// <summary>
/// The client's half of a session, without I/O: what was published and is not acknowledged to the end, and the QoS 2 identifiers on their way in.
/// It lives in memory. Give the same one to the next connection to resume it with CleanSession 0 [MQTT-3.1.2-4]. One caller at a time.
/// </summary>
public sealed class ClientSession(int maxInFlight = ClientSession.DefaultMaxInFlight)
{
    /// <summary>Unacknowledged publishes, subscribes and unsubscribes. Source: what a load generator needs. Full: <see cref="TryPublish"/> says no.</summary>
    public const int DefaultMaxInFlight = 10_000;

    private readonly Dictionary<ushort, Pending> pending = [];
    private readonly HashSet<ushort> inbound = [];
    private ushort lastId;
    private long lastOrder;

    /// <summary>Publishes, subscribes and unsubscribes without their last acknowledgement.</summary>
    public int InFlightCount => pending.Count;

    /// <summary>Makes the PUBLISH. False when the window is full; QoS 0 always goes.</summary>
    public bool TryPublish(ApplicationMessage message, out Packet packet)
    {
        packet = default;
        ushort id = 0;
        if (message.Qos > 0 && !TryTakeId(out id))
            return false;
        packet = Packet.Publish(message, message.Qos, message.Retain, id, dup: false);
        if (id != 0)
            pending.Add(id, new Pending(packet, ++lastOrder));
        return true;
    }

    public bool TrySubscribe(SubscribeRequest[] requests, out Packet packet)
    {
        bool isTaken = TryTakeId(out ushort id);
        packet = Packet.Subscribe(id, requests);
        if (isTaken)
            pending.Add(id, new Pending(packet, ++lastOrder));
        return isTaken;
    }

    public bool TryUnsubscribe(string[] filters, out Packet packet)
    {
        bool isTaken = TryTakeId(out ushort id);
        packet = Packet.Unsubscribe(id, filters);
        if (isTaken)
            pending.Add(id, new Pending(packet, ++lastOrder));
        return isTaken;
    }

    /// <summary>The packet to send once more for this identifier, as DUP where it is a PUBLISH [MQTT-3.3.1-1]. False when nothing is pending under it.</summary>
    public bool TryResend(ushort id, out Packet packet)
    {
        bool isPending = pending.TryGetValue(id, out Pending entry);
        packet = isPending ? Again(entry.Packet) : default;
        return isPending;
    }

    /// <summary>
    /// After CONNACK: PUBLISH and PUBREL go out again, same identifiers [MQTT-4.4.0-1], same order [MQTT-4.6.0-1], also to a server that has lost
    /// its half of the session: better twice than never. Subscribes and unsubscribes belong to the connection and are dropped.
    /// </summary>
    public List<Packet> Resume(bool sessionPresent)
    {
        var packets = new List<Packet>();
        foreach ((ushort id, Pending entry) in pending.OrderBy(static pair => pair.Value.Order).ToList())
        {
            if (entry.Packet.Type is PacketType.Subscribe or PacketType.Unsubscribe)
                pending.Remove(id);
            else
                packets.Add(Again(entry.Packet));
        }
        if (!sessionPresent)
            inbound.Clear(); // the server will use these identifiers for other messages
        return packets;
    }

    /// <summary>Forgets everything, for a connection with CleanSession 1 [MQTT-3.1.2-6].</summary>
    public void Clear()
    {
        pending.Clear();
        inbound.Clear();
    }

    /// <summary>Takes a packet of the server.</summary>
    /// <param name="reply">What must be sent in return; its type is 0 for nothing.</param>
    /// <param name="isNews">True when the application should hear of it: a message that is not a duplicate, a finished publish, SUBACK, UNSUBACK.</param>
    /// <returns>A fault when the server broke the protocol: close the connection [MQTT-4.8.0-1].</returns>
    public PacketFault Receive(in Packet packet, out Packet reply, out bool isNews)
    {
        reply = default;
        isNews = true;
        switch (packet.Type)
        {
            case PacketType.Publish when packet.Qos == 0:
                return default;
            case PacketType.Publish when packet.Qos == 1:
                reply = Packet.PubAck(packet.Id); // [MQTT-4.3.2-2], [MQTT-4.5.0-2]
                return default;
            case PacketType.Publish:
                isNews = inbound.Add(packet.Id); // a second copy is acknowledged but not shown [MQTT-4.3.3-2]
                reply = Packet.PubRec(packet.Id);
                return default;
            case PacketType.PubRel:
                isNews = false;
                inbound.Remove(packet.Id);
                reply = Packet.PubComp(packet.Id);
                return default;
            case PacketType.PubRec:
                isNews = false;
                reply = Packet.PubRel(packet.Id); // [MQTT-4.6.0-4]
                return Advance(packet.Id);
            case PacketType.PubAck:
                return Finish(packet.Id, PacketType.Publish, qos: 1, ref isNews);
            case PacketType.PubComp:
                return Finish(packet.Id, PacketType.PubRel, qos: 1, ref isNews);
            case PacketType.SubAck:
                return FinishSubscribe(packet, ref isNews);
            case PacketType.UnsubAck:
                return Finish(packet.Id, PacketType.Unsubscribe, qos: 1, ref isNews);
            case PacketType.PingResp:
                return default;
            default:
                return new PacketFault("MQTT-4.8.0-1", $"{packet.Type} was not due from the server.");
        }
    }

    private static Packet Again(in Packet packet) => packet.Type == PacketType.Publish
        ? Packet.Publish(packet.Message, packet.Qos, packet.Retain, packet.Id, dup: true)
        : packet;

    private PacketFault Advance(ushort id)
    {
        if (!pending.TryGetValue(id, out Pending entry))
            return default;
        if (entry.Packet is not { Type: PacketType.PubRel } and not { Type: PacketType.Publish, Qos: 2 })
            return new PacketFault("MQTT-4.3.3-1", "PUBREC for something other than a QoS 2 publish.");
        if (entry.Packet.Type == PacketType.Publish)
            pending[id] = new Pending(Packet.PubRel(id), ++lastOrder);
        return default;
    }

    private PacketFault FinishSubscribe(in Packet packet, ref bool isNews)
    {
        if (pending.TryGetValue(packet.Id, out Pending entry) && entry.Packet.Type == PacketType.Subscribe
            && entry.Packet.Requests.Length != packet.Codes.Length)
        {
            return new PacketFault("MQTT-3.8.4-5", "SUBACK has not one code for each filter.");
        }
        return Finish(packet.Id, PacketType.Subscribe, qos: 1, ref isNews);
    }

    /// <summary>The last acknowledgement frees the identifier [MQTT-2.3.1-3]. One for nothing is ignored: it may answer a packet sent twice.</summary>
    private PacketFault Finish(ushort id, PacketType type, byte qos, ref bool isNews)
    {
        if (!pending.TryGetValue(id, out Pending entry))
        {
            isNews = false;
            return default;
        }
        // PUBREL and SUBSCRIBE carry flags 0010, which reads as QoS 1.
        if (entry.Packet.Type != type || entry.Packet.Qos != qos)
            return new PacketFault("MQTT-2.3.1-6", "An acknowledgement does not fit what was sent under its identifier.");
        pending.Remove(id);
        return default;
    }

    private bool TryTakeId(out ushort id)
    {
        id = 0;
        if (pending.Count >= Math.Min(maxInFlight, ushort.MaxValue))
            return false;
        do
        {
            lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);
        }
        while (pending.ContainsKey(lastId)); // [MQTT-2.3.1-2]
        id = lastId;
        return true;
    }

    private readonly record struct Pending(Packet Packet, long Order);
}
