using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Endpoint;

namespace Gateway.Mqtt.Tests.Interop;

/// <summary>Our client against Debian's mosquitto broker.</summary>
public sealed class OtherBrokerTests : IAsyncLifetime
{
    private readonly string configuration = Path.GetTempFileName();
    private readonly List<IDisposable> used = [];
    private int port;

    public async ValueTask InitializeAsync()
    {
        Tool.Require("mosquitto", "apt-get install mosquitto");
        port = FreePort();
        // Without a window limit: mosquitto 2.0.11 with its default of 20 stops delivering to a client that sends more than that at once.
        await File.WriteAllTextAsync(
            configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\npersistence false\nmax_queued_messages 2000\nmax_inflight_messages 0\nuser root\n",
            TestContext.Current.CancellationToken);
        Tool broker = Tool.Start("mosquitto", "-c", configuration);
        used.Add(broker);
        await broker.PrintsAsync("running");
    }

    public ValueTask DisposeAsync()
    {
        used.Reverse();
        foreach (IDisposable one in used)
            one.Dispose();
        File.Delete(configuration);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Messages_of_each_QoS_go_there_and_back(byte qos)
    {
        (MqttConnection client, ClientWatch watch) = await ConnectAsync("ours");
        await watch.SubscribeAsync(("a/+", 2));
        ushort id = client.Publish(new ApplicationMessage("a/b", "hello"u8.ToArray(), qos, false));
        ApplicationMessage message = await watch.MessageAsync();
        Assert.Equal(("a/b", "hello", qos), (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.Qos));
        if (qos > 0)
            Assert.Equal(id, await watch.PublishedAsync());
        client.Unsubscribe("a/+");
        Assert.Empty(await watch.AnswerAsync());
        client.Disconnect();
    }

    [Fact]
    public async Task A_burst_of_500_QoS_2_messages_arrives_once_and_in_order()
    {
        (MqttConnection client, ClientWatch watch) = await ConnectAsync("ours");
        await watch.SubscribeAsync(("burst", 2));
        ApplicationMessage[] burst = [.. Enumerable.Range(0, 500).Select(static i => new ApplicationMessage("burst", Encoding.UTF8.GetBytes($"{i}"), 2, false))];
        client.Publish(burst, new ushort[burst.Length]);
        for (int i = 0; i < burst.Length; i++)
            Assert.Equal($"{i}", Encoding.UTF8.GetString((await watch.MessageAsync()).Payload.Span));
    }

    [Fact]
    public async Task A_session_is_resumed_and_will_and_retained_work()
    {
        var session = new ClientSession();
        (MqttConnection first, ClientWatch firstWatch) = await ConnectAsync("kept", clean: false, session);
        await firstWatch.SubscribeAsync(("t", 1), ("will", 1));
        first.Dispose();
        (MqttConnection writer, _) = await ConnectAsync("writer", will: new ApplicationMessage("will", "died"u8.ToArray(), 1, false));
        writer.Publish(new ApplicationMessage("t", "missed"u8.ToArray(), 1, true));
        (_, ClientWatch late) = await ConnectAsync("late");
        await late.SubscribeAsync(("t", 1));
        Assert.True((await late.MessageAsync()).Retain);
        writer.Dispose();

        (MqttConnection second, ClientWatch secondWatch) = await ConnectAsync("kept", clean: false, session);
        Assert.True(second.SessionPresent);
        Assert.Equal("t", (await secondWatch.MessageAsync()).Topic);
        Assert.Equal("will", (await secondWatch.MessageAsync()).Topic);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<(MqttConnection Client, ClientWatch Watch)> ConnectAsync(
        string clientId, bool clean = true, ClientSession? session = null, ApplicationMessage? will = null)
    {
        var tcp = new TcpClient { NoDelay = true };
        used.Add(tcp);
        await tcp.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var client = new MqttConnection(tcp.GetStream(), session);
        used.Add(client);
        var watch = new ClientWatch(client);
        Assert.Equal(0, await client.ConnectAsync(new ConnectPacket { ClientId = clientId, CleanSession = clean, Will = will, KeepAliveSeconds = 30 }, LiveEndpoint.Deadline));
        return (client, watch);
    }
}
