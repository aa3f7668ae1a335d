using System.Text;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Tests.Endpoint;

public sealed class EndpointTests
{
    private static ApplicationMessage Message(string topic, string text, byte qos, bool retain = false) =>
        new(topic, Encoding.UTF8.GetBytes(text), qos, retain);

    private static string Text(ApplicationMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_reaches_a_subscriber_over_real_sockets(byte qos)
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        MqttConnection reader = await live.ConnectAsync("reader");
        var readerWatch = new ClientWatch(reader);
        await readerWatch.SubscribeAsync(("a/+", 2));
        MqttConnection writer = await live.ConnectAsync("writer");
        var writerWatch = new ClientWatch(writer);

        ushort id = writer.Publish(Message("a/b", "hello", qos));

        ApplicationMessage received = await readerWatch.MessageAsync();
        Assert.Equal(("a/b", "hello", qos, false), (received.Topic, Text(received), received.Qos, received.Retain));
        if (qos > 0)
            Assert.Equal(id, await writerWatch.PublishedAsync());
    }

    [Fact]
    public async Task A_burst_of_500_QoS_2_messages_reaches_one_subscriber_in_order()
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        var readerWatch = new ClientWatch(await live.ConnectAsync("reader"));
        await readerWatch.SubscribeAsync(("burst", 2));
        MqttConnection writer = await live.ConnectAsync("writer");
        ApplicationMessage[] burst = [.. Enumerable.Range(0, 500).Select(static i => Message("burst", $"{i}", 2))];

        writer.Publish(burst, new ushort[burst.Length]);

        for (int i = 0; i < burst.Length; i++)
            Assert.Equal($"{i}", Text(await readerWatch.MessageAsync()));
    }

    [Fact]
    public async Task The_owner_publishes_to_subscribers_and_to_the_retained_store()
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        var early = new ClientWatch(await live.ConnectAsync("early"));
        await early.SubscribeAsync(("hub/#", 1));

        Assert.True(live.Endpoint.Publish(Message("hub/status", "up", 1, retain: true)));

        Assert.False((await early.MessageAsync()).Retain);
        var late = new ClientWatch(await live.ConnectAsync("late"));
        await late.SubscribeAsync(("hub/status", 1));
        Assert.True((await late.MessageAsync()).Retain);
    }

    [Fact]
    public async Task Stopping_the_host_ends_all_connections_within_seconds()
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        var watch = new ClientWatch(await live.ConnectAsync("one"));

        await live.StopAsync().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal("closed by the server", await watch.ClosedAsync());
    }
}
