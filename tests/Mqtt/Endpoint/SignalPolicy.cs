using System.Threading.Channels;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Mqtt.Tests.Endpoint;

/// <summary>Takes everything and tells the test what happened, so that it can wait for it.</summary>
internal sealed class SignalPolicy : IEndpointPolicy
{
    private readonly Channel<string> heard = Channel.CreateUnbounded<string>();

    public Func<ConnectAttempt, ConnectDecision>? Rule { get; set; }

    /// <summary>Set to answer publishes yourself.</summary>
    public Action<ApplicationMessage, PublishReceipt>? Taker { get; set; }

    public ConnectDecision Authenticate(ConnectAttempt attempt) =>
        Rule?.Invoke(attempt) ?? ConnectDecision.Allow(new ClientIdentity(attempt.ClientId, "test"));

    public bool MayPublish(ClientIdentity client, string topic, bool retain) => true;

    public bool MaySubscribe(ClientIdentity client, string filter)
    {
        heard.Writer.TryWrite($"subscribe {filter}");
        return true;
    }

    public bool OnPublish(ClientIdentity client, ApplicationMessage message, PublishReceipt receipt)
    {
        heard.Writer.TryWrite($"publish {message.Topic}");
        if (Taker is null)
            receipt.Accept();
        else
            Taker(message, receipt);
        return true;
    }

    public void OnConnected(ClientIdentity client) => heard.Writer.TryWrite($"connect {client.ClientId}");

    public void OnDisconnected(ClientIdentity client, bool clean, string reason) =>
        heard.Writer.TryWrite($"{(clean ? "leave" : "lose")} {client.ClientId}: {reason}");

    /// <summary>Waits for an event that begins so; passes over others.</summary>
    public async Task<string> WaitAsync(string start)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(LiveEndpoint.Deadline);
        var passed = new List<string>();
        try
        {
            while (true)
            {
                string line = await heard.Reader.ReadAsync(deadline.Token);
                if (line.StartsWith(start, StringComparison.Ordinal))
                    return line;
                passed.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No '{start}' within {LiveEndpoint.Deadline.TotalSeconds} s; heard: {string.Join("; ", passed)}");
        }
    }
}
