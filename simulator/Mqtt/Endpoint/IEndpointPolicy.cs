namespace Gateway.Mqtt.Endpoint;

/// <summary>
/// What the owner of an endpoint decides: who may connect, what each client may publish and subscribe, and when a publish counts as taken.
/// Two implementations exist: the hub's, and the open one of the bare endpoint. Called on connection threads; must be thread-safe and must not block.
/// </summary>
public interface IEndpointPolicy
{
    /// <summary>Judges a CONNECT whose packet is valid. The identity must be bound to the client id by the policy.</summary>
    ConnectDecision Authenticate(ConnectAttempt attempt);

    /// <summary>May this client publish on this topic (also asked for its will at CONNECT, with the will's retain flag)?</summary>
    bool MayPublish(ClientIdentity client, string topic, bool retain);

    /// <summary>May this client subscribe this filter? A refusal becomes 0x80 in the SUBACK [MQTT-3.9.3-2].</summary>
    bool MaySubscribe(ClientIdentity client, string filter);

    /// <summary>
    /// A publish arrived from a client. The endpoint sends PUBACK (QoS 1) or PUBREC (QoS 2) only after <see cref="PublishReceipt.Accept"/>,
    /// in the order of arrival [MQTT-4.6.0-2]; <see cref="PublishReceipt.Refuse"/> closes the connection without acknowledging.
    /// Accept may be called on any thread, now or after a commit. The payload is the policy's to keep.
    /// </summary>
    /// <returns>True to also route the message to subscribers and the retained store once accepted; false to consume it.</returns>
    bool OnPublish(ClientIdentity client, ApplicationMessage message, PublishReceipt receipt);

    /// <summary>The client's session is connected and CONNACK was sent.</summary>
    void OnConnected(ClientIdentity client);

    /// <summary>The connection ended; <paramref name="clean"/> when by DISCONNECT. Follows the will, if one was due.</summary>
    void OnDisconnected(ClientIdentity client, bool clean, string reason);
}
