using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Sessions;

/// <content>What happens to messages and subscriptions; <c>Broker.cs</c> has the life of connections, <c>BrokerSessions.cs</c> that of sessions.</content>
public sealed partial class Broker
{
    /// <summary>The return code of a failed subscription in SUBACK, section 3.9.3.</summary>
    private const byte SubscribeFailure = 0x80;

    /// <summary>The owner publishes: to the retained store if it asks for that, and to every subscriber.</summary>
    public void Publish(ApplicationMessage message) => Route(message);

    /// <summary>
    /// The owner has answered a publish. Acknowledgements leave in the order in which the publishes came [MQTT-4.6.0-2], [MQTT-4.6.0-3],
    /// so an answer may have to wait for an earlier one.
    /// </summary>
    public void Answer(InboundPublish publish)
    {
        publish.IsAnswered = true;
        if (!publish.IsAccepted && publish.Qos == 2 && !publish.IsWill)
            publish.Session.InboundQos2.Remove(publish.Id);
        TakeAnswered(publish.Connection!);
        // The same QoS 2 publish may have come again on a newer connection of the session, and waits there too.
        if (publish.Session.Connection is { } current && current != publish.Connection)
            TakeAnswered(current);
    }

    private void ReceivePublish(ServerConnection connection, Session session, in Packet packet)
    {
        ApplicationMessage message = packet.Message;
        Counters.PublishesIn++;
        if (TopicIsTooLarge(message.Topic))
        {
            Violated(connection, new PacketFault("maxTopic", "The topic name is longer or deeper than this server accepts."));
            return;
        }
        if (message.Qos == 2 && session.InboundQos2.TryGetValue(packet.Id, out InboundPublish? known))
        {
            // The same message again: another PUBREC, but no second delivery [MQTT-4.3.3-2].
            (connection.Unanswered ??= new Queue<InboundPublish>()).Enqueue(known);
            TakeAnswered(connection);
            return;
        }
        if (message.Qos == 2 && session.InboundQos2.Count >= limits.MaxInboundQos2PerSession)
        {
            Violated(connection, new PacketFault("maxInboundQos2PerSession", "Too many QoS 2 publishes without PUBREL."));
            return;
        }
        if (!policy.MayPublish(connection.Identity!, message.Topic, message.Retain))
        {
            Counters.Refused("publish not authorized");
            End(connection, clean: false, "publish not authorized", connection.LastPacketMs); // [MQTT-3.3.5-2]
            return;
        }
        HandOver(connection, session, message, packet.Id, isWill: false);
    }

    private void HandOver(ServerConnection connection, Session session, ApplicationMessage message, ushort id, bool isWill)
    {
        var publish = new InboundPublish(host, connection, session, message, id, isWill);
        if (message.Qos == 2 && !isWill)
            session.InboundQos2.Add(id, publish);
        (connection.Unanswered ??= new Queue<InboundPublish>()).Enqueue(publish);
        try
        {
            publish.Route = policy.OnPublish(connection.Identity!, message, publish);
        }
        catch
        {
            publish.RefuseIfOpen("the owner failed"); // or the packet identifier would wait for an answer for ever
            throw;
        }
    }

    /// <summary>
    /// The will goes the way of any publish of its client, retained if it says so and else not [MQTT-3.1.2-16], [MQTT-3.1.2-17], but asks for no acknowledgement
    /// [MQTT-3.1.2-8], [MQTT-3.1.2-12].
    /// </summary>
    private void PublishWill(ServerConnection connection, Session session)
    {
        if (connection.Will is not { } will)
            return;
        connection.Will = null; // [MQTT-3.1.2-10]
        HandOver(connection, session, will, id: 0, isWill: true);
    }

    private void TakeAnswered(ServerConnection connection)
    {
        while (connection.Unanswered is { } waiting && waiting.TryPeek(out InboundPublish? next) && next.IsAnswered)
        {
            waiting.Dequeue();
            if (!next.IsAccepted)
            {
                // The owner could not take it now, a disk that is full for example: no acknowledgement, the connection ends [MQTT-4.8.0-2].
                Counters.Refused("publish refused by the owner");
                End(connection, clean: false, next.RefusedReason ?? "publish refused", connection.LastPacketMs);
                continue;
            }
            if (next.Message is { } message)
            {
                next.Message = null;
                if (next.Route)
                    Route(message);
            }
            Acknowledge(connection, next);
        }
    }

    private void Acknowledge(ServerConnection connection, InboundPublish publish)
    {
        if (connection.State != ConnectionState.Connected || publish.IsWill || publish.Qos == 0)
            return;
        connection.Session!.Send(publish.Qos == 1 ? Packet.PubAck(publish.Id) : Packet.PubRec(publish.Id)); // [MQTT-3.3.4-1]
    }

    private void ReceivePubRel(ServerConnection connection, Session session, ushort id)
    {
        if (session.InboundQos2.TryGetValue(id, out InboundPublish? known) && !known.IsAnswered)
        {
            Violated(connection, new PacketFault("MQTT-4.3.3-1", "PUBREL before PUBREC."));
            return;
        }
        session.InboundQos2.Remove(id);
        session.Send(Packet.PubComp(id)); // also for an identifier unknown here: the client must be able to end it [MQTT-4.3.3-2]
    }

    private void Route(ApplicationMessage message)
    {
        if (message.Retain)
            Retained.Set(message); // a message without the flag touches nothing [MQTT-3.3.1-12]
        foreach (Session session in subscriptions.Match(message.Topic)) // and nobody else [MQTT-3.3.2-3]; all topics are ordered [MQTT-4.6.0-5]
            session.Deliver(message, Math.Min(message.Qos, session.MatchQos), retained: false); // [MQTT-3.8.4-6], [MQTT-3.3.1-9]
    }

    private void ReceiveSubscribe(ServerConnection connection, Session session, in Packet packet)
    {
        // Each filter as if it had come alone, but for one answer [MQTT-3.8.4-1], [MQTT-3.8.4-2], [MQTT-3.8.4-4]: one code each, in order [MQTT-3.8.4-5], [MQTT-3.9.3-1].
        SubscribeRequest[] requests = packet.Requests;
        var codes = new byte[requests.Length];
        for (int i = 0; i < requests.Length; i++)
            codes[i] = i < limits.MaxFiltersPerSubscribe ? Subscribe(connection, session, requests[i]) : SubscribeFailed();
        session.Send(Packet.SubAck(packet.Id, codes)); // the request's identifier [MQTT-2.3.1-7]
        for (int i = 0; i < requests.Length; i++)
        {
            if (codes[i] != SubscribeFailure && !DeliverRetained(session, requests[i].Filter, codes[i]))
                return; // the queue is full: looking further would cost time and bring nothing
        }
    }

    /// <summary>What is retained goes to a new subscription [MQTT-3.3.1-6], and again to one that is made anew [MQTT-3.8.4-3]. False: the session can take no more.</summary>
    private bool DeliverRetained(Session session, string filter, byte grantedQos)
    {
        foreach (ApplicationMessage message in Retained.Match(filter))
        {
            if (!session.Deliver(message, Math.Min(message.Qos, grantedQos), retained: true)) // [MQTT-3.3.1-8]
                return false;
        }
        return true;
    }

    /// <summary>Filters with wildcards are taken like any other [MQTT-3.8.3-2].</summary>
    private byte Subscribe(ServerConnection connection, Session session, SubscribeRequest request)
    {
        bool isNew = subscriptions.Find(request.Filter, session) is null;
        if (TopicIsTooLarge(request.Filter)
            || (isNew && session.Subscriptions.Count >= limits.MaxSubscriptionsPerSession)
            || !policy.MaySubscribe(connection.Identity!, request.Filter))
        {
            return SubscribeFailed();
        }
        TopicNode node = subscriptions.Add(request.Filter, session, request.Qos);
        if (isNew)
        {
            session.Subscriptions.Add(node);
            Counters.Subscriptions++;
        }
        return request.Qos;
    }

    private byte SubscribeFailed()
    {
        Counters.Refused("subscription");
        return SubscribeFailure;
    }

    /// <summary>
    /// Filters are compared as they are [MQTT-3.10.4-1]; nothing new is added for them [MQTT-3.10.4-2], what is in flight is completed [MQTT-3.10.4-3]; always one
    /// UNSUBACK for all of them [MQTT-3.10.4-5], [MQTT-3.10.4-6].
    /// </summary>
    private void ReceiveUnsubscribe(Session session, in Packet packet)
    {
        foreach (string filter in packet.Filters)
        {
            if (subscriptions.Find(filter, session) is not { } node)
                continue;
            session.Subscriptions.Remove(node);
            TopicTree.Remove(node, session);
            Counters.Subscriptions--;
        }
        session.Send(Packet.UnsubAck(packet.Id)); // [MQTT-3.10.4-4], [MQTT-2.3.1-7]
    }

    private bool TopicIsTooLarge(string topic) =>
        topic.Length > limits.MaxTopicLength || TopicRules.CountLevels(topic) > limits.MaxTopicLevels;
}
