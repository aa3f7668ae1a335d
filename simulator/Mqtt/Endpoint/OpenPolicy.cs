namespace Gateway.Mqtt.Endpoint;

/// <summary>Lets everybody in and takes everything but one filter: for the bare endpoint on loopback, which has no owner.</summary>
public sealed class OpenPolicy : IEndpointPolicy
{
    /// <summary>The filter by which Eclipse Paho's public interoperability suite asks to be refused, so that it can see 0x80 in a SUBACK.</summary>
    public const string RefusedFilter = "test/nosubscribe";

    public ConnectDecision Authenticate(ConnectAttempt attempt) => ConnectDecision.Allow(new ClientIdentity(attempt.ClientId, "anonymous"));

    public bool MayPublish(ClientIdentity client, string topic, bool retain) => true;

    public bool MaySubscribe(ClientIdentity client, string filter) => filter != RefusedFilter;

    public bool OnPublish(ClientIdentity client, ApplicationMessage message, PublishReceipt receipt)
    {
        receipt.Accept();
        return true;
    }

    public void OnConnected(ClientIdentity client)
    {
    }

    public void OnDisconnected(ClientIdentity client, bool clean, string reason)
    {
    }
}
