using System.Text;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;

namespace Gateway.Mqtt.Tests.Sessions;

public sealed class KeepAliveAndWillTests
{
    private static ApplicationMessage Will(byte qos = 0, bool retain = false) => new("will", Encoding.UTF8.GetBytes("gone"), qos, retain);

    [Fact]
    [Proves("MQTT-3.1.2-24")]
    public void Silence_over_one_and_a_half_keep_alives_is_a_lost_connection()
    {
        var world = new BrokerWorld();
        Peer peer = world.Connect("a", keepAliveSeconds: 10);
        world.Advance(15_000);
        Assert.False(peer.IsClosed);
        peer.Send(Packet.PingReq);
        world.Advance(15_000);
        Assert.False(peer.IsClosed);
        world.Advance(1);
        Assert.True(peer.IsClosed);
        Assert.Equal("a disconnected uncleanly", world.Heard[^1]);
    }

    [Fact]
    public void A_keep_alive_of_zero_never_expires()
    {
        var world = new BrokerWorld();
        Peer peer = world.Connect("a");
        world.Advance(365L * 24 * 3_600_000);
        Assert.False(peer.IsClosed);
    }

    [Fact]
    public void A_stall_of_the_server_itself_is_not_the_silence_of_its_clients()
    {
        var world = new BrokerWorld();
        Peer peer = world.Connect("a", keepAliveSeconds: 1);
        world.NowMs += 60_000;
        world.Broker.Forgive(60_000);
        world.Broker.Tick(world.NowMs);
        Assert.False(peer.IsClosed);
    }

    [Fact]
    [Proves("MQTT-3.12.4-1")]
    public void PINGREQ_is_answered()
    {
        Peer peer = new BrokerWorld().Connect("a");
        peer.Send(Packet.PingReq);
        Assert.Equal(PacketType.PingResp, peer.Take().Type);
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("keep-alive")]
    [InlineData("violation")]
    [InlineData("takeover")]
    [InlineData("owner")]
    [Proves("MQTT-3.1.2-8", "MQTT-3.1.2-16")]
    public void A_will_is_published_when_the_connection_ends_without_DISCONNECT(string how)
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("will", 2));
        Peer peer = world.Connect("a", will: Will(qos: 1), keepAliveSeconds: 1);
        switch (how)
        {
            case "lost":
                peer.Drop();
                break;
            case "keep-alive":
                world.Advance(1_501);
                break;
            case "violation":
                peer.Send(Packet.PingResp);
                break;
            case "takeover":
                world.Connect("a");
                break;
            default:
                Assert.True(world.Broker.Disconnect("a", "test", world.NowMs));
                world.Settle();
                break;
        }
        Assert.Equal(("will", (byte)1, false, false, "gone"), reader.TakePublish());
        reader.AssertNothingReceived();
        int will = world.Heard.IndexOf("a published will");
        Assert.True(will >= 0 && will < world.Heard.IndexOf("a disconnected uncleanly"), string.Join("; ", world.Heard));
    }

    [Fact]
    [Proves("MQTT-3.1.2-17")]
    public void A_retained_will_is_retained()
    {
        var world = new BrokerWorld();
        world.Connect("a", will: Will(retain: true)).Drop();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("will", 0));
        Assert.Equal(("will", (byte)0, true, false, "gone"), reader.TakePublish());
    }

    [Fact]
    [Proves("MQTT-3.14.4-3", "MQTT-3.1.2-10")]
    public void DISCONNECT_deletes_the_will()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("will", 0));
        Peer peer = world.Connect("a", clean: false, will: Will());
        peer.Send(Packet.Disconnect);
        Assert.True(peer.IsClosed);
        peer.Drop();
        reader.AssertNothingReceived();
        Assert.Equal("a disconnected cleanly", world.Heard[^1]);
    }

    [Fact]
    [Proves("MQTT-3.1.2-10", "MQTT-3.1.2-12")]
    public void A_will_is_published_once_and_not_by_a_later_connection_without_one()
    {
        var world = new BrokerWorld();
        Peer reader = world.Connect("reader");
        reader.Subscribe(("will", 0));
        world.Connect("a", clean: false, will: Will()).Drop();
        reader.TakePublish();
        world.Connect("a", clean: false).Drop();
        reader.AssertNothingReceived();
    }

    [Fact]
    public void A_will_that_the_policy_does_not_allow_refuses_the_CONNECT()
    {
        var world = new BrokerWorld { PublishRule = static topic => topic != "will" };
        Peer peer = world.Open();
        peer.Send(Packet.Connecting(new ConnectPacket { ClientId = "a", Will = Will() }));
        Assert.Equal(5, peer.Take().Code);
        Assert.True(peer.IsClosed);
    }

    [Fact]
    public void Stop_ends_every_connection_and_opens_no_other()
    {
        var world = new BrokerWorld();
        Peer[] peers = [.. Enumerable.Range(0, 5).Select(i => world.Connect($"{i}"))];
        world.Broker.Stop(world.NowMs);
        Assert.All(peers, static peer => Assert.True(peer.IsClosed));
        Assert.True(world.Open().IsClosed);
    }
}
