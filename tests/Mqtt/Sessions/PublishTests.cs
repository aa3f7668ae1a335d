using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Sessions;

public sealed class PublishTests
{
    [Fact]
    [Proves("MQTT-3.3.4-1", "MQTT-2.3.1-6", "MQTT-4.3.2-2")]
    public void QoS_0_1_and_2_are_answered_by_nothing_PUBACK_and_PUBREC_under_the_same_identifier()
    {
        Peer peer = new BrokerWorld().Connect("a");
        peer.Publish("t", qos: 0);
        peer.AssertNothingReceived();
        peer.Publish("t", qos: 1, id: 77);
        Assert.Equal("PubAck(77)", peer.Take().ToString());
        peer.Publish("t", qos: 2, id: 78);
        Assert.Equal("PubRec(78)", peer.Take().ToString());
        peer.Send(Packet.PubRel(78));
        Assert.Equal("PubComp(78)", peer.Take().ToString());
    }

    [Fact]
    [Proves("MQTT-4.3.2-2", "MQTT-4.3.3-2")]
    public void Nothing_is_acknowledged_or_delivered_before_the_owner_accepts_it()
    {
        var world = new BrokerWorld { HoldsReceipts = true };
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 0));
        Peer peer = world.Connect("a");
        peer.Publish("t", qos: 1, id: 1);
        peer.AssertNothingReceived();
        reader.AssertNothingReceived();
        world.Accept(0);
        Assert.Equal("PubAck(1)", peer.Take().ToString());
        reader.TakePublish();
    }

    [Fact]
    [Proves("MQTT-4.6.0-2", "MQTT-4.6.0-3")]
    public void Acknowledgements_leave_in_the_order_of_arrival_however_the_owner_answers()
    {
        var world = new BrokerWorld { HoldsReceipts = true };
        Peer reader = world.Connect("reader");
        reader.Subscribe(("#", 2));
        Peer peer = world.Connect("a");
        peer.Publish("t", qos: 1, id: 1, text: "1");
        peer.Publish("t", qos: 2, id: 2, text: "2");
        peer.Publish("t", qos: 0, text: "3");
        peer.Publish("t", qos: 1, id: 4, text: "4");
        foreach (int index in new[] { 3, 1, 2 })
            world.Accept(index);
        peer.AssertNothingReceived();
        world.Accept(0);
        Assert.Equal(["PubAck(1)", "PubRec(2)", "PubAck(4)"], peer.Received.Select(static packet => packet.ToString()));
        Assert.Equal(["1", "2", "3", "4"], reader.Received.Select(static packet => Peer.Describe(packet).Text));
    }

    [Fact]
    [Proves("MQTT-4.8.0-2")]
    public void A_publish_that_the_owner_refuses_ends_the_connection_unacknowledged()
    {
        var world = new BrokerWorld { HoldsReceipts = true };
        Peer reader = world.Connect("reader");
        reader.Subscribe(("#", 0));
        Peer peer = world.Connect("a");
        peer.Publish("t", qos: 1, id: 1);
        world.Held[0].Refuse("disk full");
        world.Settle();
        Assert.True(peer.IsClosed);
        Assert.Equal("disk full", peer.EndReason);
        peer.AssertNothingReceived();
        reader.AssertNothingReceived();
    }

    [Fact]
    public void A_receipt_is_answered_once()
    {
        var world = new BrokerWorld { HoldsReceipts = true };
        world.Connect("a").Publish("t", qos: 1, id: 1);
        world.Accept(0);
        Assert.Throws<InvalidOperationException>(world.Held[0].Accept);
        Assert.Throws<InvalidOperationException>(() => world.Held[0].Refuse("late"));
    }

    [Fact]
    [Proves("MQTT-4.3.3-2")]
    public void A_QoS_2_publish_that_comes_twice_is_delivered_once_also_over_a_reconnect()
    {
        var world = new BrokerWorld { HoldsReceipts = true };
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 0));
        Peer peer = world.Connect("a", clean: false);
        peer.Publish("t", qos: 2, id: 5);
        peer.Drop();
        peer = world.Connect("a", clean: false);
        peer.Publish("t", qos: 2, id: 5, dup: true);
        peer.AssertNothingReceived();
        world.Accept(0);
        Assert.Equal("PubRec(5)", peer.Take().ToString());
        peer.Publish("t", qos: 2, id: 5, dup: true);
        Assert.Equal("PubRec(5)", peer.Take().ToString());
        Assert.Single(world.Held);
        reader.TakePublish();
        reader.AssertNothingReceived();

        peer.Send(Packet.PubRel(5));
        Assert.Equal("PubComp(5)", peer.Take().ToString());
        peer.Publish("t", qos: 2, id: 5);
        Assert.Equal(2, world.Held.Count);
    }

    [Fact]
    public void A_QoS_2_publish_refused_while_its_client_was_away_is_not_acknowledged_later()
    {
        var world = new BrokerWorld { HoldsReceipts = true };
        Peer peer = world.Connect("a", clean: false);
        peer.Publish("t", qos: 2, id: 5);
        peer.Drop();
        peer = world.Connect("a", clean: false);
        peer.Publish("t", qos: 2, id: 5, dup: true);
        world.Held[0].Refuse("no");
        world.Settle();
        Assert.True(peer.IsClosed);
        peer.AssertNothingReceived();
    }

    [Fact]
    [Proves("MQTT-4.3.2-2")]
    public void A_QoS_1_publish_after_its_PUBACK_is_a_new_one_whatever_its_DUP_flag()
    {
        var world = new BrokerWorld();
        Peer peer = world.Connect("a");
        peer.Publish("t", qos: 1, id: 1);
        peer.Publish("t", qos: 1, id: 1, dup: true);
        Assert.Equal(2, world.Heard.Count(static line => line == "a published t"));
    }

    [Fact]
    [Proves("MQTT-3.3.5-2")]
    public void A_publish_that_is_not_allowed_ends_the_connection()
    {
        var world = new BrokerWorld { PublishRule = static topic => topic != "forbidden" };
        Peer peer = world.Connect("a");
        peer.Publish("forbidden", qos: 1, id: 1);
        Assert.True(peer.IsClosed);
        peer.AssertNothingReceived();
        Assert.DoesNotContain("a published forbidden", world.Heard);
    }

    [Fact]
    public void A_message_that_the_owner_consumes_reaches_no_subscriber()
    {
        var world = new BrokerWorld { Routes = false };
        Peer reader = world.Connect("reader");
        reader.Subscribe(("#", 0));
        world.Connect("a").Publish("t", qos: 1, id: 1, retain: true);
        reader.AssertNothingReceived();
        Assert.Equal(0, world.Broker.Counters.RetainedMessages);
    }

    [Theory]
    [InlineData(PacketType.ConnAck)]
    [InlineData(PacketType.SubAck)]
    [InlineData(PacketType.UnsubAck)]
    [InlineData(PacketType.PingResp)]
    [Proves("MQTT-4.8.0-1")]
    public void A_packet_of_the_wrong_direction_ends_the_connection(PacketType type)
    {
        Peer peer = new BrokerWorld().Connect("a");
        peer.Send(type switch
        {
            PacketType.ConnAck => Packet.ConnAck(0, false),
            PacketType.SubAck => Packet.SubAck(1, [0]),
            PacketType.UnsubAck => Packet.UnsubAck(1),
            _ => Packet.PingResp,
        });
        Assert.True(peer.IsClosed);
    }

    [Fact]
    [Proves("MQTT-4.8.0-1")]
    public void PUBREL_before_its_PUBREC_ends_the_connection()
    {
        var world = new BrokerWorld { HoldsReceipts = true };
        Peer peer = world.Connect("a");
        peer.Publish("t", qos: 2, id: 1);
        peer.Send(Packet.PubRel(1));
        Assert.True(peer.IsClosed);
    }

    [Fact]
    public void PUBREL_for_an_unknown_identifier_is_completed()
    {
        Peer peer = new BrokerWorld().Connect("a");
        peer.Send(Packet.PubRel(9));
        Assert.Equal("PubComp(9)", peer.Take().ToString());
    }

    [Fact]
    public void A_client_with_too_many_unanswered_publishes_is_not_read_further()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxUnansweredPerConnection = 2 }) { HoldsReceipts = true };
        Peer peer = world.Connect("a");
        peer.Publish("t", qos: 1, id: 1);
        Assert.True(world.Broker.MayRead(peer));
        peer.Publish("t", qos: 1, id: 2);
        Assert.False(world.Broker.MayRead(peer));
        world.Accept(0);
        Assert.True(world.Broker.MayRead(peer));
    }

    [Fact]
    public void Too_many_QoS_2_publishes_without_PUBREL_end_the_connection()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxInboundQos2PerSession = 2 });
        Peer peer = world.Connect("a");
        for (ushort id = 1; id <= 3; id++)
            peer.Publish("t", qos: 2, id: id);
        Assert.True(peer.IsClosed);
    }

    [Fact]
    public void A_topic_over_the_limits_ends_a_publisher()
    {
        var limits = new EndpointLimits { MaxTopicLevels = 3, MaxTopicLength = 10 };
        foreach (string topic in new[] { "a/b/c/d", "12345678901" })
        {
            Peer peer = new BrokerWorld(limits).Connect("a");
            peer.Publish("a/b/c");
            Assert.False(peer.IsClosed);
            peer.Publish(topic);
            Assert.True(peer.IsClosed);
        }
    }
}
