using System.Threading.Channels;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Tests.Endpoint;

/// <summary>Waits for what a client hears, with a deadline that says what did not come. Arm it before acting.</summary>
internal sealed class ClientWatch
{
    private readonly Channel<ApplicationMessage> messages = Channel.CreateUnbounded<ApplicationMessage>();
    private readonly Channel<ushort> published = Channel.CreateUnbounded<ushort>();
    private readonly Channel<byte[]> subscribed = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource<string> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MqttConnection client;

    public ClientWatch(MqttConnection client)
    {
        this.client = client;
        client.MessageReceived += (message, _) => messages.Writer.TryWrite(message);
        client.Published += id => published.Writer.TryWrite(id);
        client.Subscribed += (_, codes) => subscribed.Writer.TryWrite(codes);
        client.Unsubscribed += _ => subscribed.Writer.TryWrite([]);
        client.Closed += reason => closed.TrySetResult(reason);
    }

    public int WaitingMessages => messages.Reader.Count;

    public Task<ApplicationMessage> MessageAsync() => Within(messages.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "a message");

    public Task<ushort> PublishedAsync() => Within(published.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "an acknowledgement");

    public Task<string> ClosedAsync() => Within(closed.Task, "the end of the connection");

    public Task<byte[]> AnswerAsync() => Within(subscribed.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "SUBACK or UNSUBACK");

    public async Task SubscribeAsync(params (string Filter, byte Qos)[] filters)
    {
        client.Subscribe([.. filters.Select(static pair => new SubscribeRequest(pair.Filter, pair.Qos))]);
        Assert.Equal(filters.Select(static pair => pair.Qos), await AnswerAsync());
    }

    private static async Task<T> Within<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No {what} within {LiveEndpoint.Deadline.TotalSeconds} s.");
        }
    }
}
