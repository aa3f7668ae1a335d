using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Mqtt.Endpoint;
using Gateway.NanoFramework.Board;
using Microsoft.AspNetCore.Builder;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Exceptions;
using nanoFramework.M2Mqtt.Messages;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>The M2Mqtt shim over real loopback TCP: against the project's endpoint where the broker answers, against a bare socket where it does not.</summary>
public sealed class MqttShimTests : IAsyncLifetime
{
    readonly VirtualHardware hardware = new();
    readonly ManualResetEvent booted = new(false);
    readonly WebApplication endpoint = BareEndpoint.Build(0, new OpenPolicy(), new EndpointLimits());
    Incarnation incarnation = null!;
    int port;

    public async ValueTask InitializeAsync()
    {
        await endpoint.StartAsync();
        port = BareEndpoint.PortOf(endpoint);
        incarnation = hardware.Boot(_ =>
        {
            booted.Set();
            Thread.CurrentThread.Join();
        });
        Deadline.Wait(booted, "boot");
    }

    public async ValueTask DisposeAsync()
    {
        hardware.CutPower();
        booted.Dispose();
        await endpoint.DisposeAsync();
    }

    [Fact]
    public void A_published_message_is_acknowledged_and_comes_back_to_the_subscriber()
    {
        using var subscribed = new ManualResetEvent(false);
        using var published = new ManualResetEvent(false);
        using var received = new ManualResetEvent(false);
        MqttMsgPublishEventArgs? message = null;
        MqttQoSLevel[]? granted = null;
        var client = Client(port);
        client.MqttMsgSubscribed += (_, e) => Then(() => granted = e.GrantedQoSLevels, subscribed);
        client.MqttMsgPublished += (_, e) => Then(() => Assert.True(e.IsPublished), published);
        client.MqttMsgPublishReceived += (_, e) => Then(() => message = e, received);

        Assert.Equal(MqttReasonCode.Success, Connect(client, "a"));
        client.Subscribe(["t/#"], [MqttQoSLevel.AtLeastOnce]);
        Deadline.Wait(subscribed, "SUBACK");
        client.Publish("t/1", "hello"u8.ToArray(), null!, null!, MqttQoSLevel.AtLeastOnce, false);

        Deadline.Wait(published, "PUBACK");
        Deadline.Wait(received, "the message");
        Assert.Equal([MqttQoSLevel.AtLeastOnce], granted);
        Assert.Equal(("t/1", "hello"), (message!.Topic, Encoding.ASCII.GetString(message.Message)));
        client.Close();
    }

    [Fact]
    public void Connect_to_a_closed_port_throws_MqttConnectionException()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closedPort = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Throws<MqttConnectionException>(() => Connect(Client(closedPort), "a"));
    }

    [Fact]
    public void An_end_by_the_broker_is_told_once_and_the_client_is_not_connected_then()
    {
        using var closed = new ManualResetEvent(false);
        var times = 0;
        var first = Client(port);
        first.ConnectionClosed += (_, _) =>
        {
            Interlocked.Increment(ref times);
            closed.Set();
        };
        Connect(first, "same-id");

        // A second client with the same id makes the broker end the first [MQTT-3.1.4-2].
        var second = Client(port);
        Connect(second, "same-id");

        Deadline.Wait(closed, "ConnectionClosed");
        Assert.False(first.IsConnected);
        Assert.True(second.IsConnected);
        Assert.Equal(1, times);
        second.Close();
    }

    [Fact]
    public void A_pulled_cable_holds_messages_back_and_the_connection_goes_on_when_it_is_plugged_in()
    {
        var received = new ConcurrentQueue<string>();
        using var subscribed = new ManualResetEvent(false);
        using var two = new CountdownEvent(2);
        var client = Client(port);
        client.MqttMsgSubscribed += (_, _) => subscribed.Set();
        client.MqttMsgPublishReceived += (_, e) => Then(() => received.Enqueue(Encoding.ASCII.GetString(e.Message)), two);
        Connect(client, "a");
        client.Subscribe(["t"], [MqttQoSLevel.AtLeastOnce]);
        Deadline.Wait(subscribed, "SUBACK");

        hardware.Network.Pull();
        client.Publish("t", "one"u8.ToArray());
        client.Publish("t", "two"u8.ToArray());
        Assert.Empty(received);
        hardware.Network.Plug();

        Deadline.Wait(two.WaitHandle, "both messages after the cable was plugged in");
        Assert.Equal(["one", "two"], received);
        Assert.True(client.IsConnected);
        client.Close();
    }

    [Fact]
    public void Without_PUBACK_it_tries_three_times_a_second_apart_and_gives_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var publishes = new ConcurrentQueue<bool>();
        using var broker = new SilentBroker(listener, publishes.Enqueue);
        using var givenUp = new ManualResetEvent(false);
        var isPublished = true;
        var client = Client(((IPEndPoint)listener.LocalEndpoint).Port);
        client.MqttMsgPublished += (_, e) => Then(() => isPublished = e.IsPublished, givenUp);
        Connect(client, "a");

        client.Publish("t", "x"u8.ToArray(), null!, null!, MqttQoSLevel.AtLeastOnce, false);

        Deadline.Wait(givenUp, "the end of the tries");
        Assert.False(isPublished);
        Assert.Equal([false, true, true], publishes);
        client.Close();
    }

    [Fact]
    public void A_power_cut_says_nothing_to_the_peer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var broker = new SilentBroker(listener, _ => { });
        var client = Client(((IPEndPoint)listener.LocalEndpoint).Port);
        Connect(client, "a");

        hardware.CutPower();

        // A FIN or RST would make the socket readable; half a second of silence on loopback is silence.
        Assert.False(broker.Peer.Poll(500_000, SelectMode.SelectRead));
        Assert.Throws<PowerLostException>(() => client.Publish("t", []));
    }

    [Fact]
    public void Connect_waits_for_the_cable()
    {
        hardware.Network.Pull();
        var client = Client(port);
        using var connected = new ManualResetEvent(false);
        var thread = new Thread(() => Then(() => Connect(client, "a"), connected));
        thread.Start();
        Deadline.Until(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the attempt");
        Assert.False(client.IsConnected);

        hardware.Network.Plug();

        Deadline.Wait(connected, "the connection");
        Assert.True(client.IsConnected);
        client.Close();
    }

    MqttClient Client(int port)
    {
        using var scope = incarnation.Scope();
        var client = new MqttClient("127.0.0.1");
        client.Init("127.0.0.1", port, false, null!, null!, MqttSslProtocols.None);
        return client;
    }

    static MqttReasonCode Connect(MqttClient client, string id) => client.Connect(id, null!, null!, false, MqttQoSLevel.AtMostOnce, false, null!, null!, true, 10);

    static void Then(Action work, EventWaitHandle signal)
    {
        work();
        signal.Set();
    }

    static void Then(Action work, CountdownEvent signal)
    {
        work();
        if (!signal.IsSet) signal.Signal();
    }

    /// <summary>Accepts one client, says CONNACK, and never acknowledges a PUBLISH; reports the DUP flag of each.</summary>
    sealed class SilentBroker : IDisposable
    {
        readonly TaskCompletionSource<Socket> accepted = new();

        public SilentBroker(TcpListener listener, Action<bool> onPublish) => _ = Task.Run(() => Serve(listener, onPublish));

        public Socket Peer => accepted.Task.WaitAsync(TimeSpan.FromMilliseconds(Deadline.WaitMs)).GetAwaiter().GetResult();

        public void Dispose() => Peer.Dispose();

        async Task Serve(TcpListener listener, Action<bool> onPublish)
        {
            var socket = await listener.AcceptSocketAsync();
            var buffer = new byte[1024];
            await socket.ReceiveAsync(buffer.AsMemory());
            await socket.SendAsync(new byte[] { 0x20, 2, 0, 0 }.AsMemory());
            accepted.SetResult(socket);
            try
            {
                // Packets of the tests are small and a second apart: one receive, one packet.
                while (await socket.ReceiveAsync(buffer.AsMemory()) > 0)
                    if (buffer[0] >> 4 == 3) onPublish((buffer[0] & 8) != 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over and has closed the socket.
            }
        }
    }
}
