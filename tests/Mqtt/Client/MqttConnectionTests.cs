using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Conformance;
using Gateway.Mqtt.Tests.Endpoint;

namespace Gateway.Mqtt.Tests.Client;

public sealed class MqttConnectionTests
{
    private readonly ScriptedServer server = new();
    private readonly VirtualClock clock = new();

    private static ApplicationMessage Message(byte qos, string topic = "t") => new(topic, new byte[] { 1 }, qos, false);

    private async Task<MqttConnection> ConnectAsync(ushort keepAliveSeconds = 0, bool sessionPresent = false, ClientSession? session = null)
    {
        var client = new MqttConnection(server.ClientStream, session, clock);
        Task<byte> connecting = client.ConnectAsync(
            new ConnectPacket { ClientId = "c", CleanSession = session is null, KeepAliveSeconds = keepAliveSeconds }, LiveEndpoint.Deadline);
        Assert.Equal(PacketType.Connect, await server.ReceiveTypeAsync());
        await server.SendAsync(Packet.ConnAck(0, sessionPresent));
        Assert.Equal(0, await connecting);
        return client;
    }

    [Fact]
    [Proves("MQTT-3.1.0-1", "MQTT-3.1.0-2", "MQTT-7.1.2-1")]
    public async Task CONNECT_is_the_first_packet_and_sent_once_and_nothing_goes_before_it()
    {
        using var client = new MqttConnection(server.ClientStream, null, clock);
        Assert.Throws<MqttConnectionException>(() => client.Publish(Message(0)));
        Assert.Throws<MqttConnectionException>(client.Ping);
        using MqttConnection connected = await ConnectAsync();
        await Assert.ThrowsAsync<MqttConnectionException>(() => connected.ConnectAsync(new ConnectPacket { ClientId = "c" }, LiveEndpoint.Deadline));
    }

    [Fact]
    [Proves("MQTT-3.2.0-1", "MQTT-4.8.0-1")]
    public async Task A_server_that_does_not_begin_with_CONNACK_is_left()
    {
        using var client = new MqttConnection(server.ClientStream, null, clock);
        Task<byte> connecting = client.ConnectAsync(new ConnectPacket { ClientId = "c" }, LiveEndpoint.Deadline);
        await server.SendAsync(Packet.PingResp);
        MqttConnectionException e = await Assert.ThrowsAsync<MqttConnectionException>(() => connecting);
        Assert.Contains("MQTT-3.2.0-1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_CONNACK_in_time_closes_the_connection()
    {
        using var client = new MqttConnection(server.ClientStream, null, clock);
        Task<byte> connecting = client.ConnectAsync(new ConnectPacket { ClientId = "c" }, TimeSpan.FromSeconds(5));
        Assert.Equal(PacketType.Connect, await server.ReceiveTypeAsync());
        clock.Advance(5_000);
        await Assert.ThrowsAsync<MqttConnectionException>(() => connecting);
        Assert.Null(await server.ReceiveTypeAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_refusal_returns_its_code_and_closes(byte code)
    {
        using var client = new MqttConnection(server.ClientStream, null, clock);
        Task<byte> connecting = client.ConnectAsync(new ConnectPacket { ClientId = "c" }, LiveEndpoint.Deadline);
        await server.SendAsync(Packet.ConnAck(code, false));
        Assert.Equal(code, await connecting);
        Assert.False(client.IsConnected);
        Assert.Equal(PacketType.Connect, await server.ReceiveTypeAsync());
        Assert.Null(await server.ReceiveTypeAsync());
    }

    [Fact]
    [Proves("MQTT-3.1.2-23")]
    public async Task PINGREQ_goes_out_before_the_keep_alive_is_over_and_only_when_nothing_else_did()
    {
        using MqttConnection client = await ConnectAsync(keepAliveSeconds: 10);
        for (int i = 0; i < 4; i++)
        {
            clock.Advance(4_000);
            client.Publish(Message(0));
            Assert.Equal(PacketType.Publish, await server.ReceiveTypeAsync());
            var answered = new TaskCompletionSource();
            client.PingAnswered += () => answered.TrySetResult();
            await server.SendAsync(Packet.PingResp);
            await answered.Task.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        }
        clock.Advance(8_000);
        Assert.Equal(PacketType.PingReq, await server.ReceiveTypeAsync());
    }

    [Fact]
    public async Task A_silent_server_is_left_after_one_and_a_half_keep_alives()
    {
        using MqttConnection client = await ConnectAsync(keepAliveSeconds: 10);
        var watch = new ClientWatch(client);
        clock.Advance(18_000);
        Assert.Equal("the server is silent", await watch.ClosedAsync());
    }

    [Fact]
    [Proves("MQTT-3.14.4-1", "MQTT-3.14.4-2")]
    public async Task DISCONNECT_is_the_last_packet_and_closes_the_stream()
    {
        using MqttConnection client = await ConnectAsync();
        client.Disconnect();
        Assert.Throws<MqttConnectionException>(() => client.Publish(Message(0)));
        client.Disconnect();
        Assert.Equal(PacketType.Disconnect, await server.ReceiveTypeAsync());
        Assert.Null(await server.ReceiveTypeAsync());
    }

    [Fact]
    [Proves("MQTT-3.1.3-7", "MQTT-3.1.2-22", "MQTT-3.8.3-3", "MQTT-3.10.3-2", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-3.3.1-4")]
    public async Task What_must_not_be_sent_is_refused_before_it_is_sent()
    {
        using var idle = new MqttConnection(server.ClientStream, null, clock);
        await Assert.ThrowsAsync<ArgumentException>(() => idle.ConnectAsync(new ConnectPacket { ClientId = "", CleanSession = false }, LiveEndpoint.Deadline));
        await Assert.ThrowsAsync<ArgumentException>(() => idle.ConnectAsync(new ConnectPacket { ClientId = "c", Password = [1] }, LiveEndpoint.Deadline));
        using MqttConnection client = await ConnectAsync();
        Assert.Throws<ArgumentException>(() => client.Subscribe());
        Assert.Throws<ArgumentException>(() => client.Unsubscribe());
        Assert.Throws<ArgumentException>(() => client.Subscribe(new SubscribeRequest("a#", 0)));
        Assert.Throws<ArgumentException>(() => client.Subscribe(new SubscribeRequest("a", 3)));
        Assert.Throws<ArgumentException>(() => client.Publish(Message(0, "")));
        Assert.Throws<ArgumentException>(() => client.Publish(Message(0, "a/+")));
        Assert.Throws<ArgumentException>(() => client.Publish(Message(0, "a\0")));
        Assert.Throws<ArgumentException>(() => client.Publish(Message(3)));
        client.Ping();
        Assert.Equal(PacketType.PingReq, await server.ReceiveTypeAsync());
    }

    [Fact]
    [Proves("MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4", "MQTT-4.5.0-2")]
    public async Task Acknowledgements_leave_in_the_order_of_what_they_acknowledge()
    {
        using MqttConnection client = await ConnectAsync();
        ushort a = client.Publish(Message(2));
        ushort b = client.Publish(Message(2));
        Assert.Equal(a, (await server.ReceiveAsync())!.Value.Id);
        Assert.Equal(b, (await server.ReceiveAsync())!.Value.Id);
        await server.SendAsync(
            Packet.Publish(Message(1), 1, false, 11, false), Packet.Publish(Message(2), 2, false, 12, false), Packet.Publish(Message(1), 1, false, 13, false),
            Packet.Publish(Message(2), 2, false, 14, false), Packet.PubRec(b), Packet.PubRec(a));
        string[] expected = ["PubAck(11)", "PubRec(12)", "PubAck(13)", "PubRec(14)", $"PubRel({b})", $"PubRel({a})"];
        foreach (string packet in expected)
            Assert.Equal(packet, (await server.ReceiveAsync())!.Value.ToString());
    }

    [Fact]
    [Proves("MQTT-3.1.2-4", "MQTT-4.4.0-1", "MQTT-4.1.0-1")]
    public async Task A_new_connection_with_the_old_session_sends_again_what_was_lost()
    {
        var session = new ClientSession();
        ushort id;
        using (MqttConnection first = await ConnectAsync(session: session))
            id = first.Publish(Message(1));
        var second = new MqttConnectionTests();
        using MqttConnection client = await second.ConnectAsync(sessionPresent: true, session: session);
        Packet again = (await second.server.ReceiveAsync())!.Value;
        Assert.Equal((PacketType.Publish, id, true), (again.Type, again.Id, again.Dup));
        var watch = new ClientWatch(client);
        await second.server.SendAsync(Packet.PubAck(id));
        Assert.Equal(id, await watch.PublishedAsync());
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x30, 0x04, 0x00, 0x02, 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xC0, 0x00 })]
    [Proves("MQTT-1.5.3-1", "MQTT-2.2.2-2", "MQTT-4.8.0-1")]
    public async Task A_server_that_breaks_the_protocol_is_left(byte[] bytes)
    {
        using MqttConnection client = await ConnectAsync();
        var watch = new ClientWatch(client);
        await server.SendBytesAsync(bytes);
        await watch.ClosedAsync();
        Assert.Null(await server.ReceiveTypeAsync());
    }

    [Fact]
    public async Task A_message_whose_handler_fails_is_not_acknowledged()
    {
        using MqttConnection client = await ConnectAsync();
        var watch = new ClientWatch(client);
        client.MessageReceived += static (_, _) => throw new InvalidOperationException("no room");
        await server.SendAsync(Packet.Publish(Message(1), 1, false, 5, false));
        Assert.Contains("no room", await watch.ClosedAsync(), StringComparison.Ordinal);
        Assert.Null(await server.ReceiveTypeAsync());
    }

    [Fact]
    public async Task A_large_packet_arrives_in_pieces()
    {
        using MqttConnection client = await ConnectAsync();
        var watch = new ClientWatch(client);
        byte[] payload = new byte[300_000];
        new Random(1).NextBytes(payload);
        byte[] bytes = PacketEncoder.ToArray(Packet.Publish(new ApplicationMessage("big", payload, 0, false), 0, false, 0, false));
        foreach (byte[] piece in bytes.Chunk(7_001))
            await server.SendBytesAsync(piece);
        Assert.Equal(payload, (await watch.MessageAsync()).Payload.ToArray());
    }
}
