using System.Security.Cryptography.X509Certificates;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Hub.Fleet;

/// <summary>
/// Who may speak at the hub's endpoint, and about what: a provisioned board, under its own client id, on its own topics [GW-1] [GW-4].
/// Called on the endpoint's thread: it checks and enqueues, and never waits.
/// </summary>
/// <param name="take">Takes an authentic message; false when it cannot, and then nothing is acknowledged.</param>
internal sealed class HubEndpointPolicy(DeviceRegistry devices, MessageGate gate, IngestCounters counters, Func<UplinkMessage, PublishReceipt, bool> take) : IEndpointPolicy
{
    private const byte BadCredentials = 4;
    private const byte NotAuthorized = 5;

    /// <summary>Stands in for a device that does not exist, so that the answer takes as long as for one that does.</summary>
    private static readonly DeviceCredentials Nobody = DeviceCredentials.Draw("nobody").Credentials;

    public ConnectDecision Authenticate(ConnectAttempt attempt)
    {
        var credentials = devices.Find(attempt.ClientId);
        var passwordIsRight = (credentials ?? Nobody).PasswordIs(attempt.Password.Span);
        if (credentials is not { Revoked: false } || !passwordIsRight || attempt.UserName != attempt.ClientId)
        {
            counters.Refuse(Counted(attempt.ClientId), MessageRefusals.BadCredentials);
            return ConnectDecision.Refuse(BadCredentials);
        }

        // A certificate is bound to one device: with that of another board nobody comes in, whatever password he has found.
        if (attempt.ClientCertificate is { } certificate && certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) != attempt.ClientId)
        {
            counters.Refuse(attempt.ClientId, MessageRefusals.BadCredentials);
            return ConnectDecision.Refuse(NotAuthorized);
        }

        return ConnectDecision.Allow(new ClientIdentity(credentials.Device, credentials.Device));
    }

    public bool MayPublish(ClientIdentity client, string topic, bool retain)
    {
        var may = Topics.TrySplit(topic, out var device, out var leaf) && device == client.Name && Topics.Uplink.Contains(leaf)
            && (!retain || leaf is "status" or "config/reported");
        if (!may)
        {
            // The endpoint ends the connection without a word [MQTT-3.3.5-2]: the gateway's page is where its maker learns why.
            counters.Refuse(Counted(client.Name), MessageRefusals.UnknownTopic);
        }

        return may;
    }

    public bool MaySubscribe(ClientIdentity client, string filter) =>
        filter == Topics.HubStatus || (Topics.TrySplit(filter, out var device, out var leaf) && device == client.Name && Topics.Downlink.Contains(leaf));

    public bool OnPublish(ClientIdentity client, ApplicationMessage message, PublishReceipt receipt)
    {
        var result = gate.Judge(message.Topic, message.Payload);
        if (result.Message is not { } judged)
        {
            // Acknowledged, so that it does not come back for ever [GW-45]; counted, and nothing else happens.
            counters.Refuse(Counted(client.Name), result.Refusal!);
            receipt.Accept();
        }
        else if (!take(judged, receipt))
        {
            // Not acknowledged: the board sends it again on its next connection. Nothing is lost, it is only late.
            counters.Refuse(client.Name, MessageRefusals.QueueFull);
            receipt.Refuse("the hub has more to do than it can");
        }

        // Boards speak to the hub only: nothing is routed to others, and nothing of theirs is retained.
        return false;
    }

    public void OnConnected(ClientIdentity client)
    {
        // A connection is not yet a board: its birth is.
    }

    public void OnDisconnected(ClientIdentity client, bool clean, string reason)
    {
        // The will has been published already, and is judged like any message [GW-28].
    }

    /// <summary>Under which name the refusals of a device are counted: invented names together.</summary>
    private string Counted(string device) => devices.Find(device) is null ? IngestCounters.UnknownDevices : device;
}
