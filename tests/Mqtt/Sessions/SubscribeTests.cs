using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Sessions;

public sealed class SubscribeTests
{
    [Fact]
    [Proves("MQTT-3.8.4-1", "MQTT-3.8.4-2", "MQTT-3.8.4-4", "MQTT-3.8.4-5", "MQTT-3.9.3-1", "MQTT-2.3.1-7")]
    public void SUBACK_has_the_identifier_and_one_code_for_each_filter_in_order()
    {
        var world = new BrokerWorld { SubscribeRule = static filter => filter != "forbidden" };
        Assert.Equal([0, 0x80, 2, 1], world.Connect("a").Subscribe(("x", 0), ("forbidden", 1), ("y", 2), ("z", 1)));
    }

    [Fact]
    [Proves("MQTT-3.8.3-2")]
    public void Wildcards_are_supported()
    {
        Assert.Equal([1, 1, 1], new BrokerWorld().Connect("a").Subscribe(("#", 1), ("+/b", 1), ("a/#", 1)));
    }

    [Fact]
    [Proves("MQTT-3.8.4-3", "MQTT-3.3.1-6")]
    public void The_same_filter_again_replaces_the_subscription_and_sends_the_retained_messages_again()
    {
        var world = new BrokerWorld();
        world.Connect("writer").Publish("t", qos: 1, id: 1, retain: true);
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 0));
        Assert.Equal(0, reader.TakePublish().Qos);
        reader.Subscribe(("t", 1));
        Assert.Equal(1, reader.TakePublish().Qos);
        world.Broker.Publish(new ApplicationMessage("t", new byte[1], 1, false));
        world.Settle();
        Assert.Equal(1, reader.TakePublish().Qos);
        reader.AssertNothingReceived();
        Assert.Equal(1, world.Broker.Counters.Subscriptions);
    }

    [Fact]
    [Proves("MQTT-3.8.4-4", "MQTT-3.3.1-6")]
    public void Many_filters_in_one_SUBSCRIBE_do_what_they_do_one_by_one()
    {
        var world = new BrokerWorld();
        Peer writer = world.Connect("writer");
        foreach (string topic in new[] { "a/1", "a/2", "b/1" })
            writer.Publish(topic, retain: true);
        string[] filters = ["a/+", "+/1", "a/+", "none"];
        Peer one = world.Connect("one");
        var oneByOne = new List<string>();
        foreach (string filter in filters)
        {
            one.Subscribe((filter, 0));
            while (one.Received.Count > 0)
                oneByOne.Add(one.TakePublish().Topic);
        }
        Peer all = world.Connect("all");
        all.Subscribe([.. filters.Select(static filter => (filter, (byte)0))]);

        Assert.Equal(["a/1", "a/2", "a/1", "b/1", "a/1", "a/2"], oneByOne);
        Assert.Equal(oneByOne, all.Received.Select(static packet => Peer.Describe(packet).Topic));
        Assert.Equal(6, world.Broker.Counters.Subscriptions);
    }

    [Fact]
    [Proves("MQTT-3.8.4-3")]
    public void What_is_on_its_way_comes_once_and_in_order_though_the_filter_is_subscribed_again()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxInFlightPerSession = 1 });
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 1));
        Peer writer = world.Connect("writer");
        for (ushort id = 1; id <= 4; id++)
            writer.Publish("t", qos: 1, id: id, text: $"{id}");
        Packet first = reader.Take();
        reader.Subscribe(("t", 2));
        writer.Publish("t", qos: 2, id: 5, text: "5");
        var got = new List<string> { Peer.Describe(first).Text };
        reader.Send(Packet.PubAck(first.Id));
        while (reader.Received.TryDequeue(out Packet packet))
        {
            got.Add(Peer.Describe(packet).Text + (packet.Qos == 2 ? " at QoS 2" : ""));
            reader.Send(packet.Qos == 1 ? Packet.PubAck(packet.Id) : Packet.PubComp(0x7FFF));
        }
        Assert.Equal(["1", "2", "3", "4", "5 at QoS 2"], got);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Proves("MQTT-3.3.1-5", "MQTT-3.3.1-6")]
    public void A_retained_message_keeps_its_QoS_for_every_later_subscription_that_matches(byte qos)
    {
        var world = new BrokerWorld();
        Peer writer = world.Connect("writer");
        foreach (string topic in new[] { "a/1", "a/2", "b/1" })
            writer.Publish(topic, qos, retain: true, id: (ushort)(qos == 0 ? 0 : topic[0] * 10 + topic[2]), text: topic);
        for (int i = 0; i < 2; i++)
        {
            Peer late = world.Connect($"late {i}");
            late.Subscribe(("a/#", 2));
            Assert.Equal([("a/1", qos, true, false, "a/1"), ("a/2", qos, true, false, "a/2")], late.Received.Select(static packet => Peer.Describe(packet)).Order());
        }
    }

    /// <summary>A store of 2,000 messages against a SUBSCRIBE of 20,000 wildcards: 40 million looks, if nobody counted.</summary>
    [Fact]
    public void A_SUBSCRIBE_with_thousands_of_filters_costs_no_more_than_its_bound()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxFiltersPerSubscribe = 8, MaxQueuedPerSession = 16, MaxUnsentBytesPerConnection = 16_384 });
        for (int i = 0; i < 2_000; i++)
            world.Broker.Publish(new ApplicationMessage($"r/{i}", new byte[1_000], 1, true));
        Peer reader = world.Connect("reader");
        byte[] codes = reader.Subscribe([.. Enumerable.Range(0, 20_000).Select(static _ => ("#", (byte)0))]);

        Assert.Equal(8, codes.Count(static code => code == 0));
        Assert.All(codes.Skip(8), static code => Assert.Equal(0x80, code));
        Assert.Equal(1, world.Broker.Counters.Subscriptions);
        Assert.Contains(new("subscription", 19_992), world.Broker.Counters.RefusedByReason());

        // The queue was full after the first few: nothing was looked at behind that, and it is counted once.
        Assert.Equal(1, world.Broker.Counters.DroppedQueueFull);
        Assert.InRange(reader.Received.Count, 16, 40);
        Assert.False(reader.IsClosed);
    }

    [Theory]
    [InlineData(0, 2, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 0, 0)]
    [InlineData(1, 0, 0)]
    [Proves("MQTT-3.8.4-6")]
    public void A_delivery_has_the_lower_of_the_published_and_the_granted_QoS(byte published, byte granted, byte delivered)
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", granted));
        world.Connect("writer").Publish("t", qos: published, id: 1);
        Assert.Equal(delivered, reader.TakePublish().Qos);
    }

    [Fact]
    [Proves("MQTT-3.3.5-1")]
    public void Overlapping_subscriptions_deliver_once_at_the_highest_QoS()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("a/#", 0), ("a/+", 2), ("a/b", 1), ("#", 0));
        world.Connect("writer").Publish("a/b", qos: 2, id: 1);
        Assert.Equal(2, reader.TakePublish().Qos);
        reader.AssertNothingReceived();
    }

    [Fact]
    [Proves("MQTT-3.10.4-1", "MQTT-3.10.4-2", "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6", "MQTT-2.3.1-7")]
    public void UNSUBSCRIBE_ends_exactly_the_named_filters_and_is_always_answered_once()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("a/b", 0), ("a/+", 0), ("c", 0));
        reader.Send(Packet.Unsubscribe(7, ["a/+", "c", "unknown", "#"]));
        Assert.Equal("UnsubAck(7)", reader.Take().ToString());
        reader.AssertNothingReceived();
        Peer writer = world.Connect("writer");
        writer.Publish("a/x");
        writer.Publish("c");
        reader.AssertNothingReceived();
        writer.Publish("a/b");
        Assert.Equal("a/b", reader.TakePublish().Topic);
        reader.Send(Packet.Unsubscribe(8, ["nothing"]));
        Assert.Equal("UnsubAck(8)", reader.Take().ToString());
    }

    [Fact]
    [Proves("MQTT-3.10.4-3")]
    public void What_is_in_flight_is_completed_after_UNSUBSCRIBE()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader", clean: false);
        reader.Subscribe(("t", 2));
        world.Connect("writer").Publish("t", qos: 2, id: 1);
        ushort id = reader.Take().Id;
        reader.Send(Packet.Unsubscribe(7, ["t"]));
        reader.Take();
        reader.Drop();
        reader = world.Connect("reader", clean: false);
        Assert.True(reader.TakePublish().Dup);
        reader.Send(Packet.PubRec(id));
        Assert.Equal($"PubRel({id})", reader.Take().ToString());
    }

    [Fact]
    [Proves("MQTT-3.3.1-5", "MQTT-3.3.1-7", "MQTT-3.3.1-8", "MQTT-3.3.1-9", "MQTT-3.3.1-12")]
    public void The_last_retained_message_goes_to_new_subscriptions_with_RETAIN_and_to_old_ones_without()
    {
        var world = new BrokerWorld();
        Peer early = world.Connect("early");
        early.Subscribe(("t", 1));
        Peer writer = world.Connect("writer");
        writer.Publish("t", qos: 1, id: 1, retain: true, text: "old");
        writer.Publish("t", qos: 0, retain: true, text: "new");
        writer.Publish("t", qos: 0, retain: false, text: "passing");
        Assert.Equal(["old", "new", "passing"], early.Received.Select(static packet => Peer.Describe(packet).Text));
        Assert.All(early.Received, static packet => Assert.False(packet.Retain));

        Peer late = world.Connect("late");
        late.Subscribe(("t", 1));
        Assert.Equal(("t", (byte)0, true, false, "new"), late.TakePublish());
        late.AssertNothingReceived();
    }

    [Fact]
    [Proves("MQTT-3.3.1-10", "MQTT-3.3.1-11")]
    public void An_empty_retained_message_removes_the_old_one_and_is_delivered_but_not_kept()
    {
        var world = new BrokerWorld();
        Peer early = world.Connect("early");
        early.Subscribe(("t", 0));
        Peer writer = world.Connect("writer");
        writer.Publish("t", retain: true);
        writer.Publish("t", retain: true, text: "");
        Assert.Equal(2, early.Received.Count);
        Assert.Equal(0, world.Broker.Counters.RetainedMessages);
        Peer late = world.Connect("late");
        late.Subscribe(("t", 0));
        late.AssertNothingReceived();
    }

    [Fact]
    public void Retained_messages_and_subscriptions_over_the_limit_are_refused_and_counted()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxRetainedMessages = 2, MaxSubscriptionsPerSession = 2, MaxTopicLevels = 3 });
        Peer peer = world.Connect("a");
        foreach (string topic in new[] { "1", "2", "3" })
            peer.Publish(topic, retain: true);
        Assert.Equal((2, 1), (world.Broker.Counters.RetainedMessages, world.Broker.Counters.DroppedRetainedFull));
        Assert.Equal([0, 0, 0x80, 0, 0x80], peer.Subscribe(("x", 0), ("y", 0), ("z", 0), ("x", 0), ("a/b/c/d", 0)));
    }

    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "sport", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a/#", "a/$b", true)]
    [InlineData("a/+", "a/$b", true)]
    [InlineData("ACCOUNTS", "Accounts", false)]
    [InlineData("a", "a/", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    [InlineData("\u00C5", "A\u030A", false)]
    [InlineData("+/+/+", "a/b", false)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("a/+/#", "a", false)]
    [Proves("MQTT-4.7.2-1", "MQTT-3.3.2-3", "MQTT-4.7.3-4", "MQTT-4.7.1-3")]
    public void Filters_match_names_as_section_4_7_says_in_tree_store_and_pure_function_alike(string filter, string topic, bool matches)
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe((filter, 0));
        world.Connect("writer").Publish(topic, retain: true);
        Assert.Equal(matches ? 1 : 0, reader.Received.Count);

        Peer late = world.Connect("late");
        late.Subscribe((filter, 0));
        Assert.Equal(matches ? 1 : 0, late.Received.Count);

        Assert.Equal(matches, TopicRules.Matches(filter, topic));
    }

    [Fact]
    public void Trees_agree_with_the_pure_function_on_random_filters_and_names()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        string[] nameLevels = ["a", "b", "", "$x"];
        string[] filterLevels = ["a", "b", "", "$x", "+", "+"];
        for (int round = 0; round < 300; round++)
        {
            var world = new BrokerWorld();
            var readers = new List<(string Filter, Peer Peer)>();
            for (int i = 0; i < 8; i++)
            {
                string filter = string.Join('/', random.GetItems(filterLevels, random.Next(1, 4)));
                if (random.Next(3) == 0)
                    filter = filter.Length == 0 ? "#" : filter + "/#";
                if (filter.Length == 0)
                    continue;
                Peer peer = world.Connect($"r{i}");
                peer.Subscribe((filter, 0));
                readers.Add((filter, peer));
            }
            string topic = string.Join('/', random.GetItems(nameLevels, random.Next(1, 5)));
            if (topic.Length == 0)
                continue;
            world.Connect("w").Publish(topic, retain: true);
            foreach ((string filter, Peer peer) in readers)
            {
                bool expected = TopicRules.Matches(filter, topic);
                Assert.True(expected == (peer.Received.Count == 1), $"seed {seed}: {filter} and {topic}: expected {expected}");
                Peer late = world.Connect("late");
                late.Subscribe((filter, 0));
                Assert.True(expected == (late.Received.Count == 1), $"seed {seed}: retained {filter} and {topic}: expected {expected}");
            }
        }
    }
}
