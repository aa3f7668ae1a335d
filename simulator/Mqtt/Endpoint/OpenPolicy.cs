namespace Gateway.Mqtt.Endpoint;

/// <summary>Lets everybody in and takes everything: for the bare endpoint on loopback, which has no owner.</summary>
public sealed class OpenPolicy : IEndpointPolicy
{
    public ConnectDecision Authenticate(ConnectAttempt attempt) => ConnectDecision.Allow(new ClientIdentity(attempt.ClientId, "anonymous"));

    public bool MayPublish(ClientIdentity client, string topic, bool retain) => true;

    public bool MaySubscribe(ClientIdentity client, string filter) => true;

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
