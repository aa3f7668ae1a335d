using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Sessions;

public sealed class ConnectTests
{
    private static Packet Connect(string clientId = "a", bool clean = true, byte level = 4) =>
        Packet.Connecting(new ConnectPacket { ClientId = clientId, CleanSession = clean, ProtocolLevel = level });

    [Fact]
    [Proves("MQTT-3.1.0-1", "MQTT-4.8.0-1")]
    public void A_first_packet_other_than_CONNECT_ends_the_connection_without_an_answer()
    {
        Peer peer = new BrokerWorld().Open();
        peer.Send(Packet.PingReq);
        Assert.True(peer.IsClosed);
        peer.AssertNothingReceived();
    }

    [Fact]
    [Proves("MQTT-3.1.0-2")]
    public void A_second_CONNECT_is_a_violation()
    {
        var world = new BrokerWorld();
        Peer peer = world.Connect("a");
        peer.Send(Connect());
        Assert.True(peer.IsClosed);
        Assert.Equal(1, world.Broker.Counters.Malformed);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [Proves("MQTT-3.1.2-2", "MQTT-3.2.2-4", "MQTT-3.2.2-5")]
    public void Another_protocol_level_gets_code_1_and_is_disconnected(byte level)
    {
        Peer peer = new BrokerWorld().Open();
        peer.Send(Connect(level: level));
        Packet answer = peer.Take();
        Assert.Equal((PacketType.ConnAck, (byte)1, false), (answer.Type, answer.Code, answer.SessionPresent));
        Assert.True(peer.IsClosed);
    }

    [Fact]
    [Proves("MQTT-3.1.2-4", "MQTT-3.2.2-2", "MQTT-3.2.2-3", "MQTT-3.1.3-2", "MQTT-3.1.4-3", "MQTT-4.1.0-1")]
    public void A_persistent_session_is_kept_and_resumed_with_its_subscriptions()
    {
        var world = new BrokerWorld();
        Peer first = world.Open();
        first.Send(Connect(clean: false));
        Packet answer = first.Take();
        Assert.Equal((0, false), (answer.Code, answer.SessionPresent));
        first.Subscribe(("t", 1));
        first.Drop();

        Peer second = world.Open();
        second.Send(Connect(clean: false));
        answer = second.Take();
        Assert.Equal((0, true), (answer.Code, answer.SessionPresent));
        world.Connect("writer").Publish("t", qos: 1, id: 1);
        Assert.Equal("t", second.TakePublish().Topic);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Proves("MQTT-4.1.0-2")]
    public void A_session_lasts_as_long_as_its_connection_however_long_that_is(bool clean)
    {
        var world = new BrokerWorld(new EndpointLimits { OfflineSessionSeconds = 3_600 });
        Peer reader = world.Connect("a", clean);
        reader.Subscribe(("t", 1));
        for (int hour = 0; hour < 48; hour++)
            world.Advance(3_600_000);
        world.Connect("writer").Publish("t", qos: 1, id: 1);
        Assert.Equal("t", reader.TakePublish().Topic);
    }

    [Fact]
    [Proves("MQTT-3.1.2-5", "MQTT-4.5.0-1")]
    public void Messages_of_QoS_1_and_2_are_kept_for_an_absent_persistent_session()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader", clean: false);
        reader.Subscribe(("t", 2));
        reader.Drop();
        Peer writer = world.Connect("writer");
        writer.Publish("t", qos: 0, text: "zero");
        writer.Publish("t", qos: 1, id: 1, text: "one");
        writer.Publish("t", qos: 2, id: 2, text: "two");

        reader = world.Connect("reader", clean: false);
        Assert.Equal(("t", (byte)1, false, false, "one"), reader.TakePublish());
        Assert.Equal(("t", (byte)2, false, false, "two"), reader.TakePublish());
        reader.AssertNothingReceived();
    }

    [Fact]
    [Proves("MQTT-3.1.2-6", "MQTT-3.2.2-1")]
    public void A_clean_session_starts_from_nothing_and_leaves_nothing()
    {
        var world = new BrokerWorld();
        world.Connect("a", clean: false).Subscribe(("t", 1));
        Peer clean = world.Open();
        clean.Send(Connect(clean: true));
        Packet answer = clean.Take();
        Assert.Equal((0, false), (answer.Code, answer.SessionPresent));
        world.Connect("writer").Publish("t", qos: 1, id: 1);
        clean.AssertNothingReceived();
        clean.Subscribe(("t", 1));
        clean.Drop();

        Peer later = world.Open();
        later.Send(Connect(clean: false));
        Assert.False(later.Take().SessionPresent);
        Assert.Equal(2, world.Broker.Counters.Sessions);
        Assert.Equal(0, world.Broker.Counters.Subscriptions);
    }

    [Fact]
    [Proves("MQTT-3.1.2-7")]
    public void Retained_messages_outlive_the_session_that_published_them()
    {
        var world = new BrokerWorld();
        Peer writer = world.Connect("writer");
        writer.Publish("t", retain: true);
        writer.Drop();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("t", 0));
        Assert.True(reader.TakePublish().Retain);
    }

    [Fact]
    [Proves("MQTT-3.1.3-5")]
    public void Every_client_id_of_1_to_23_letters_and_digits_is_allowed()
    {
        const string allowed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        var world = new BrokerWorld();
        for (int length = 1; length <= 23; length++)
            world.Connect(allowed[..length]);
        for (int start = 0; start <= allowed.Length - 23; start++)
            world.Connect(allowed.Substring(start, 23));
    }

    [Fact]
    [Proves("MQTT-3.1.3-6")]
    public void Clients_without_an_id_get_one_each()
    {
        var world = new BrokerWorld();
        Peer first = world.Connect("");
        Peer second = world.Connect("");
        Assert.NotEqual(first.Identity!.ClientId, second.Identity!.ClientId);
        Assert.False(first.IsClosed);
        first.Subscribe(("t", 0));
        second.Publish("t");
        Assert.Equal("t", first.TakePublish().Topic);
    }

    [Fact]
    [Proves("MQTT-3.1.3-7", "MQTT-3.1.3-8")]
    public void No_client_id_with_a_persistent_session_gets_code_2()
    {
        Peer peer = new BrokerWorld().Open();
        peer.Send(Connect(clientId: "", clean: false));
        Assert.Equal(2, peer.Take().Code);
        Assert.True(peer.IsClosed);
    }

    [Fact]
    [Proves("MQTT-3.1.3-9")]
    public void A_client_id_over_the_limit_gets_code_2()
    {
        var world = new BrokerWorld();
        Peer peer = world.Open();
        peer.Send(Connect(clientId: new string('a', world.Limits.MaxClientIdLength + 1)));
        Assert.Equal(2, peer.Take().Code);
        Assert.True(peer.IsClosed);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [Proves("MQTT-3.1.4-5", "MQTT-3.2.2-4", "MQTT-3.2.2-5", "MQTT-3.1.2-8")]
    public void A_refused_client_gets_the_code_of_the_policy_and_nothing_it_sends_counts_nor_its_will(byte code)
    {
        var world = new BrokerWorld { AuthenticateCode = code };
        Peer peer = world.Open();
        peer.Send(Packet.Connecting(new ConnectPacket { ClientId = "a", Will = new ApplicationMessage("will", new byte[1], 1, false) }));
        peer.Publish("t", qos: 1, id: 1);
        Packet answer = peer.Take();
        Assert.Equal((code, false), (answer.Code, answer.SessionPresent));
        peer.AssertNothingReceived();
        Assert.True(peer.IsClosed);
        Assert.Empty(world.Heard);
    }

    [Fact]
    [Proves("MQTT-3.2.2-6")]
    public void A_refusal_that_no_code_fits_closes_without_CONNACK()
    {
        Peer peer = new BrokerWorld { AuthenticateCode = 17 }.Open();
        peer.Send(Connect());
        peer.AssertNothingReceived();
        Assert.True(peer.IsClosed);
    }

    [Fact]
    [Proves("MQTT-3.1.4-2")]
    public void A_second_client_of_the_same_id_takes_the_session_over()
    {
        var world = new BrokerWorld();
        Peer first = world.Connect("a", clean: false);
        Peer second = world.Connect("a", clean: false);
        Assert.True(first.IsClosed);
        Assert.False(second.IsClosed);
        Assert.Equal(["a connected", "a disconnected uncleanly", "a connected"], world.Heard);
    }

    [Fact]
    [Proves("MQTT-3.1.4-4", "MQTT-3.2.0-1")]
    public void CONNACK_is_the_first_packet_also_before_what_waited()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("a", clean: false);
        reader.Subscribe(("t", 1));
        reader.Drop();
        world.Connect("writer").Publish("t", qos: 1, id: 1);
        Peer again = world.Open();
        again.Send(Connect(clean: false));
        Assert.Equal([PacketType.ConnAck, PacketType.Publish], again.Received.Select(static packet => packet.Type));
    }

    [Fact]
    [Proves("MQTT-3.1.4-1", "MQTT-2.2.2-2", "MQTT-1.5.3-1")]
    public void A_malformed_CONNECT_ends_the_connection_without_CONNACK_and_is_counted()
    {
        var world = new BrokerWorld();
        Peer peer = world.Open();
        world.Broker.Violated(peer, new PacketFault("MQTT-3.1.2-3", "test"));
        Assert.True(peer.IsClosed);
        peer.AssertNothingReceived();
        Assert.Equal(1, world.Broker.Counters.Malformed);
    }

    [Fact]
    public void A_connection_without_CONNECT_is_closed_in_time()
    {
        var world = new BrokerWorld();
        Peer peer = world.Open();
        world.Advance(world.Limits.ConnectTimeoutMs - 1);
        Assert.False(peer.IsClosed);
        world.Advance(1);
        Assert.True(peer.IsClosed);
    }

    [Fact]
    public void A_packet_that_never_becomes_whole_ends_the_connection()
    {
        var world = new BrokerWorld();
        Peer peer = world.Connect("a");
        world.Broker.PartialPacket(peer, world.NowMs);
        world.Advance(world.Limits.PartialPacketTimeoutMs - 1);
        world.Broker.PartialPacket(peer, world.NowMs); // one more byte is no excuse
        Assert.False(peer.IsClosed);
        world.Advance(1);
        Assert.True(peer.IsClosed);
    }

    [Fact]
    public void Connections_and_sessions_over_the_limit_are_refused_and_counted()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxConnections = 3, MaxSessions = 2 });
        world.Connect("a");
        world.Connect("b");
        Peer third = world.Open();
        third.Send(Connect("c"));
        Assert.Equal(3, third.Take().Code);
        world.Open();
        Assert.True(world.Open().IsClosed);
        Assert.Equal(
            [new("too many connections", 1), new("too many sessions", 1)],
            world.Broker.Counters.RefusedByReason().OrderBy(static pair => pair.Key));
    }

    [Fact]
    public void One_address_holds_only_so_many_places_before_it_shows_a_CONNECT()
    {
        var world = new BrokerWorld(new EndpointLimits { MaxAwaitingConnectPerAddress = 2, ConnectTimeoutMs = 1_000 });
        var stranger = System.Net.IPAddress.Parse("192.0.2.7");
        Peer first = world.Open(stranger);
        Peer second = world.Open(stranger);
        Assert.True(world.Open(stranger).IsClosed);
        Assert.False(world.Open(System.Net.IPAddress.Parse("192.0.2.8")).IsClosed);

        first.Send(Connect("let in"));
        Assert.Equal(0, first.Take().Code);
        Assert.False(world.Open(stranger).IsClosed);
        second.Drop();
        Assert.False(world.Open(stranger).IsClosed);
        Assert.True(world.Open(stranger).IsClosed);

        world.Advance(1_000);
        Assert.False(world.Open(stranger).IsClosed);
        Assert.Contains(new("too many connections of one address", 2), world.Broker.Counters.RefusedByReason());
    }

    [Fact]
    public void The_session_of_a_long_absent_client_is_discarded()
    {
        var world = new BrokerWorld(new EndpointLimits { OfflineSessionSeconds = 3_600 });
        world.Connect("a", clean: false).Drop();
        world.Advance(3_599_000);
        Assert.Equal(1, world.Broker.Counters.Sessions);
        world.Advance(60_000);
        Assert.Equal(0, world.Broker.Counters.Sessions);
    }
}
