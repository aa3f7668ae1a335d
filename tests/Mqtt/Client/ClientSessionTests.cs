using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Client;

public sealed class ClientSessionTests
{
    private static ApplicationMessage Message(byte qos, string topic = "t") => new(topic, new byte[] { 1 }, qos, false);

    private static Packet Publish(ClientSession session, byte qos, string topic = "t")
    {
        Assert.True(session.TryPublish(Message(qos, topic), out Packet packet));
        return packet;
    }

    private static (string Reply, bool IsNews) Receive(ClientSession session, Packet packet)
    {
        PacketFault fault = session.Receive(packet, out Packet reply, out bool isNews);
        Assert.False(fault.IsFault, fault.ToString());
        return (reply.Type == 0 ? "nothing" : reply.ToString(), isNews);
    }

    [Fact]
    [Proves("MQTT-2.3.1-2", "MQTT-2.3.1-3", "MQTT-4.3.2-1", "MQTT-4.3.3-1")]
    public void An_identifier_is_free_again_only_after_the_last_acknowledgement()
    {
        var session = new ClientSession(maxInFlight: 3);
        ushort one = Publish(session, 1).Id;
        ushort two = Publish(session, 2).Id;
        Assert.True(session.TrySubscribe([new SubscribeRequest("t", 0)], out Packet subscribe));
        Assert.Equal(3, new HashSet<ushort> { one, two, subscribe.Id }.Count);
        Assert.False(session.TryPublish(Message(1), out _));

        Assert.Equal(("nothing", true), Receive(session, Packet.PubAck(one)));
        Assert.Equal(($"PubRel({two})", false), Receive(session, Packet.PubRec(two)));
        Assert.Equal(2, session.InFlightCount);
        for (int i = 0; i < 70_000; i++)
        {
            ushort id = Publish(session, 1).Id;
            Assert.True(id != 0 && id != two && id != subscribe.Id);
            Receive(session, Packet.PubAck(id));
        }
        Assert.Equal(("nothing", true), Receive(session, Packet.PubComp(two)));
        Assert.Equal(("nothing", true), Receive(session, Packet.SubAck(subscribe.Id, [0])));
        Assert.Equal(0, session.InFlightCount);
    }

    [Fact]
    [Proves("MQTT-4.3.1-1", "MQTT-3.3.1-2")]
    public void QoS_0_has_no_identifier_no_DUP_and_no_window()
    {
        var session = new ClientSession(maxInFlight: 0);
        Packet packet = Publish(session, 0);
        Assert.Equal((0, 0, false), (packet.Id, packet.Qos, packet.Dup));
    }

    [Fact]
    [Proves("MQTT-3.3.1-1", "MQTT-4.4.0-1", "MQTT-4.6.0-1", "MQTT-2.3.1-3", "MQTT-3.1.2-4")]
    public void Resume_sends_what_is_unacknowledged_in_order_with_DUP_and_old_identifiers()
    {
        var session = new ClientSession();
        ushort a = Publish(session, 1, "a").Id;
        ushort b = Publish(session, 2, "b").Id;
        ushort c = Publish(session, 2, "c").Id;
        ushort d = Publish(session, 1, "d").Id;
        Assert.True(session.TrySubscribe([new SubscribeRequest("t", 0)], out _));
        Receive(session, Packet.PubAck(a));
        Receive(session, Packet.PubRec(b));
        List<Packet> again = session.Resume(sessionPresent: true);
        Assert.Equal([c, d, b], again.Select(static packet => packet.Id));
        Assert.Equal([PacketType.Publish, PacketType.Publish, PacketType.PubRel], again.Select(static packet => packet.Type));
        Assert.All(again.Take(2), static packet => Assert.True(packet.Dup));
    }

    [Fact]
    [Proves("MQTT-3.1.2-6")]
    public void Clear_forgets_everything()
    {
        var session = new ClientSession();
        Publish(session, 1);
        session.Clear();
        Assert.Empty(session.Resume(sessionPresent: false));
    }

    [Fact]
    [Proves("MQTT-4.3.2-2", "MQTT-4.3.3-2", "MQTT-4.5.0-2", "MQTT-3.3.4-1", "MQTT-2.3.1-6")]
    public void Messages_are_acknowledged_by_their_QoS_and_a_QoS_2_message_is_shown_once()
    {
        var session = new ClientSession();
        Assert.Equal(("nothing", true), Receive(session, Packet.Publish(Message(0), 0, false, 0, false)));
        Assert.Equal(("PubAck(7)", true), Receive(session, Packet.Publish(Message(1), 1, false, 7, false)));
        Assert.Equal(("PubAck(7)", true), Receive(session, Packet.Publish(Message(1), 1, false, 7, true)));
        Assert.Equal(("PubRec(8)", true), Receive(session, Packet.Publish(Message(2), 2, false, 8, false)));
        Assert.Equal(("PubRec(8)", false), Receive(session, Packet.Publish(Message(2), 2, false, 8, true)));
        Assert.Equal(("PubComp(8)", false), Receive(session, Packet.PubRel(8)));
        Assert.Equal(("PubRec(8)", true), Receive(session, Packet.Publish(Message(2), 2, false, 8, false)));
    }

    [Fact]
    [Proves("MQTT-4.8.0-1", "MQTT-3.8.4-5")]
    public void An_acknowledgement_that_does_not_fit_is_a_fault_and_one_for_nothing_is_ignored()
    {
        var session = new ClientSession();
        Packet two = Publish(session, 2);
        Assert.True(session.TrySubscribe([new SubscribeRequest("t", 0)], out Packet subscribe));
        Assert.True(session.Receive(Packet.PubAck(two.Id), out _, out _).IsFault);
        Assert.True(session.Receive(Packet.PubComp(two.Id), out _, out _).IsFault);
        Assert.True(session.Receive(Packet.PubRec(subscribe.Id), out _, out _).IsFault);
        Assert.True(session.Receive(Packet.SubAck(subscribe.Id, [0, 0]), out _, out _).IsFault);
        Assert.True(session.Receive(Packet.PingReq, out _, out _).IsFault);
        Assert.Equal(("nothing", false), Receive(session, Packet.PubAck(999)));
        Assert.Equal(("PubRel(999)", false), Receive(session, Packet.PubRec(999)));
    }

    [Fact]
    public void Resend_repeats_one_publish_with_DUP_or_its_PUBREL()
    {
        var session = new ClientSession();
        ushort id = Publish(session, 2).Id;
        Assert.True(session.TryResend(id, out Packet again));
        Assert.True(again.Dup);
        Receive(session, Packet.PubRec(id));
        Assert.True(session.TryResend(id, out again));
        Assert.Equal($"PubRel({id})", again.ToString());
        Receive(session, Packet.PubComp(id));
        Assert.False(session.TryResend(id, out _));
    }
}
