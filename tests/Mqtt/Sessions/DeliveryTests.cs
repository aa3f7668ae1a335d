using System.Text;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Sessions;

public sealed class DeliveryTests
{
    private static ApplicationMessage Message(string topic, byte qos, int size = 1) => new(topic, new byte[size], qos, false);

    [Fact]
    [Proves("MQTT-3.3.1-1", "MQTT-4.4.0-1", "MQTT-4.6.0-1", "MQTT-2.3.1-4", "MQTT-4.3.2-1", "MQTT-4.3.3-1")]
    public void Unacknowledged_messages_are_sent_again_on_resume_with_DUP_same_identifiers_same_order()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader", clean: false);
        reader.Subscribe(("t", 2));
        Peer writer = world.Connect("writer");
        for (ushort id = 1; id <= 6; id++)
            writer.Publish("t", qos: (byte)(1 + (id % 2)), id: id, text: $"{id}");
        Packet[] first = [.. reader.Received];
        Assert.All(first, static packet => Assert.False(packet.Dup));
        reader.Received.Clear();
        reader.Send(Packet.PubAck(first[1].Id));
        reader.Drop();

        reader = world.Connect("reader", clean: false);
        Packet[] second = [.. reader.Received];
        Assert.Equal(first.Where(packet => packet.Id != first[1].Id).Select(static packet => packet.Id), second.Select(static packet => packet.Id));
        Assert.All(second, static packet => Assert.True(packet.Dup));
        Assert.Equal(["1", "3", "4", "5", "6"], second.Select(static packet => Peer.Describe(packet).Text));
    }

    [Fact]
    [Proves("MQTT-4.3.3-1", "MQTT-4.4.0-1", "MQTT-4.6.0-4", "MQTT-2.3.1-6")]
    public void After_PUBREC_only_PUBREL_is_sent_again_in_the_order_of_the_PUBRECs()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader", clean: false);
        reader.Subscribe(("t", 2));
        Peer writer = world.Connect("writer");
        for (ushort id = 1; id <= 3; id++)
            writer.Publish("t", qos: 2, id: id);
        ushort[] ids = [.. reader.Received.Select(static packet => packet.Id)];
        reader.Received.Clear();
        reader.Send(Packet.PubRec(ids[2]));
        reader.Send(Packet.PubRec(ids[0]));
        Assert.Equal([$"PubRel({ids[2]})", $"PubRel({ids[0]})"], reader.Received.Select(static packet => packet.ToString()));
        reader.Send(Packet.PubRec(ids[1]));
        reader.Drop();

        reader = world.Connect("reader", clean: false);
        Assert.Equal(
            new[] { ids[2], ids[0], ids[1] }.Select(static id => $"PubRel({id})"),
            reader.Received.Select(static packet => packet.ToString()));
        foreach (ushort id in ids)
            reader.Send(Packet.PubComp(id));
        reader.Drop();
        world.Connect("reader", clean: false).AssertNothingReceived();
    }

    [Fact]
    [Proves("MQTT-3.3.1-2", "MQTT-4.3.1-1", "MQTT-2.3.1-5", "MQTT-3.3.1-3")]
    public void DUP_of_a_publisher_goes_no_further_and_QoS_0_never_has_it()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("zero", 0), ("one", 1));
        Peer writer = world.Connect("writer");
        writer.Publish("zero", qos: 1, id: 1, dup: true);
        writer.Publish("one", qos: 1, id: 2, dup: true);
        Packet zero = reader.Take();
        Assert.Equal((false, (byte)0, (ushort)0), (zero.Dup, zero.Qos, zero.Id));
        Assert.False(reader.TakePublish().Dup);
    }

    /// <summary>One message never gets its last acknowledgement: of QoS 1 no PUBACK, of QoS 2 a PUBREC but no PUBCOMP.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Proves("MQTT-2.3.1-1", "MQTT-2.3.1-4", "MQTT-4.3.2-1", "MQTT-4.3.3-1")]
    public void Identifiers_are_never_zero_and_never_used_twice_at_a_time(byte qos)
    {
        var world = new BrokerWorld(new EndpointLimits { MaxInFlightPerSession = 3 });
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", qos));
        ushort stuck = 0;
        var unacknowledged = new HashSet<ushort>();
        for (int i = 0; i < 70_000; i++)
        {
            world.Broker.Publish(Message("t", qos));
            world.Settle();
            while (reader.Received.TryDequeue(out Packet packet))
            {
                if (packet.Type == PacketType.PubRel)
                    continue;
                Assert.NotEqual(0, packet.Id);
                Assert.True(unacknowledged.Add(packet.Id), $"Identifier {packet.Id} is in use.");
                if (qos == 2)
                    world.Broker.Receive(reader, Packet.PubRec(packet.Id), world.NowMs);
                if (stuck == 0)
                {
                    stuck = packet.Id;
                    continue;
                }
                unacknowledged.Remove(packet.Id);
                world.Broker.Receive(reader, qos == 1 ? Packet.PubAck(packet.Id) : Packet.PubComp(packet.Id), world.NowMs);
            }
        }
        Assert.Equal([stuck], unacknowledged);
    }

    [Fact]
    [Proves("MQTT-4.6.0-5", "MQTT-4.6.0-6")]
    public void Messages_of_a_topic_arrive_in_order_through_a_small_window_and_a_full_queue()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxInFlightPerSession = 2 });
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 2));
        Peer writer = world.Connect("writer");
        var got = new List<string>();
        for (ushort id = 1; id <= 500; id++)
            writer.Publish("t", qos: 2, id: id, text: $"{id}");
        while (reader.Received.TryDequeue(out Packet packet))
        {
            if (packet.Type == PacketType.Publish)
            {
                got.Add(Peer.Describe(packet).Text);
                reader.Send(Packet.PubRec(packet.Id));
            }
            else
            {
                reader.Send(Packet.PubComp(packet.Id));
            }
        }
        Assert.Equal(Enumerable.Range(1, 500).Select(static i => $"{i}"), got);
        Assert.Equal(0, world.Broker.Counters.QueuedMessages);
        Assert.Equal(0, world.Broker.Counters.QueuedBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Proves("MQTT-4.8.0-1")]
    public void An_acknowledgement_of_the_wrong_kind_ends_the_connection(byte qos)
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 2));
        world.Broker.Publish(Message("t", qos));
        world.Settle();
        ushort id = reader.Take().Id;
        reader.Send(qos == 1 ? Packet.PubRec(id) : Packet.PubAck(id));
        Assert.True(reader.IsClosed);
    }

    [Fact]
    public void Acknowledgements_for_nothing_are_harmless()
    {
        Peer reader = new BrokerWorld().Connect("reader");
        reader.Send(Packet.PubAck(5));
        reader.Send(Packet.PubComp(5));
        reader.AssertNothingReceived();
        reader.Send(Packet.PubRec(5));
        Assert.Equal("PubRel(5)", reader.Take().ToString());
        Assert.False(reader.IsClosed);
    }

    [Fact]
    public void A_slow_reader_loses_QoS_0_keeps_QoS_1_and_holds_bounded_memory()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxUnsentBytesPerConnection = 10_000, MaxQueuedPerSession = 20 });
        Peer reader = world.Connect("reader");
        reader.Subscribe(("#", 1));
        reader.IsReading = false;
        for (int i = 0; i < 1_000; i++)
            world.Broker.Publish(Message("zero", 0, 1_000));
        for (int i = 0; i < 30; i++)
            world.Broker.Publish(Message($"one/{i}", 1, 1_000));
        Assert.InRange(reader.UnsentBytes, 10_000, 11_100);
        Assert.Equal(20, world.Broker.Counters.QueuedMessages);
        Assert.Equal(10, world.Broker.Counters.DroppedQueueFull);
        Assert.InRange(world.Broker.Counters.DroppedSlowReader, 985, 995);
        Assert.False(world.Broker.MayRead(reader));

        reader.IsReading = true;
        world.Settle();
        Assert.Equal(
            Enumerable.Range(0, 20).Select(static i => $"one/{i}"),
            reader.Received.Where(static packet => packet.Qos == 1).Select(static packet => packet.Message.Topic));
        Assert.Equal(0, reader.UnsentBytes);
    }

    [Fact]
    public void Queued_bytes_are_bounded_for_one_session_and_for_all()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxQueuedBytesPerSession = 5_000, MaxQueuedBytes = 12_000 });
        for (int i = 0; i < 4; i++)
        {
            Peer reader = world.Connect($"reader{i}", clean: false);
            reader.Subscribe(("t", 1));
            reader.Drop();
        }
        for (int i = 0; i < 10; i++)
            world.Broker.Publish(Message("t", 1, 1_000));
        Assert.InRange(world.Broker.Counters.QueuedBytes, 10_000, 12_000);
        Assert.Equal(40 - world.Broker.Counters.QueuedMessages, world.Broker.Counters.DroppedQueueFull);
        for (int i = 0; i < 4; i++)
            world.Connect($"reader{i}", clean: true);
        Assert.Equal((0, 0), (world.Broker.Counters.QueuedBytes, world.Broker.Counters.QueuedMessages));
    }

    [Fact]
    [Proves("MQTT-4.6.0-6")]
    public void A_newer_QoS_0_message_does_not_pass_a_retained_one_of_its_topic_that_still_waits()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxInFlightPerSession = 1 });
        Peer writer = world.Connect("writer");
        writer.Publish("state", text: "old", retain: true);
        Peer reader = world.Connect("reader");
        reader.Subscribe(("busy", 1));
        writer.Publish("busy", qos: 1, id: 1, text: "1");
        writer.Publish("busy", qos: 1, id: 2, text: "2");
        ushort first = reader.Take().Id;
        reader.Send(Packet.Subscribe(9, [new SubscribeRequest("state", 0)]));
        Assert.Equal(PacketType.SubAck, reader.Take().Type);
        writer.Publish("state", text: "new");

        reader.Send(Packet.PubAck(first));
        reader.Send(Packet.PubAck(reader.Received.First().Id));

        Assert.Equal(["2", "old", "new"], reader.Received.Select(static packet => Peer.Describe(packet).Text));
        Assert.Equal((0, 0), (world.Broker.Counters.QueuedBytes, world.Broker.Counters.QueuedMessages));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_client_that_reads_and_never_acknowledges_holds_bounded_memory(byte qos)
    {
        var world = new BrokerWorld(new EndpointLimits { MaxQueuedBytesPerSession = 5_000 });
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 2));
        for (int i = 0; i < 30; i++)
            world.Broker.Publish(Message("t", qos, 1_000));
        world.Settle();
        Assert.Equal(4, reader.Received.Count);
        Assert.InRange(world.Broker.Counters.QueuedBytes, 4_000, 5_000);
        Assert.Equal(26, world.Broker.Counters.DroppedQueueFull);

        foreach (Packet packet in reader.Received.ToList())
            reader.Send(qos == 1 ? Packet.PubAck(packet.Id) : Packet.PubRec(packet.Id));
        Assert.Equal(0, world.Broker.Counters.QueuedBytes);
    }

    [Fact]
    public void What_is_in_flight_is_counted_again_after_a_restart_and_until_it_is_acknowledged()
    {
        var world = new BrokerWorld();
        var store = new MemorySessionStore();
        Peer reader = world.Connect("reader", clean: false);
        reader.Subscribe(("t", 1));
        world.Broker.Publish(Message("t", 1, 1_000));
        world.Settle();
        long held = world.Broker.Counters.QueuedBytes;
        world.Restart(store);
        Assert.Equal(held, world.Broker.Counters.QueuedBytes);

        reader = world.Connect("reader", clean: false);
        reader.Send(Packet.PubAck(reader.Take().Id));
        Assert.Equal(0, world.Broker.Counters.QueuedBytes);
    }

    [Fact]
    public void The_owners_message_reaches_subscribers_like_any_other()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("hub/+", 1));
        world.Broker.Publish(new ApplicationMessage("hub/status", Encoding.UTF8.GetBytes("up"), 1, true));
        world.Settle();
        Assert.Equal(("hub/status", (byte)1, false, false, "up"), reader.TakePublish());
    }
}
