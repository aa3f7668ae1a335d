namespace Gateway.Mqtt.Endpoint;

/// <summary>
/// What the owner of an endpoint decides: who may connect, what each client may publish and subscribe, and when a publish counts as taken.
/// Two implementations exist: the hub's, and the open one of the bare endpoint.
/// <para><see cref="Authenticate"/> and, for a will, <see cref="MayPublish"/> run on the threads of the connections, many at a time: they may take the
/// time of a password check. Everything else comes from the endpoint's pump, one call at a time and in one order for all clients, and must return at
/// once: whatever blocks there blocks every connection. An exception ends the connection it concerns and is counted as an error.</para>
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
    /// Accept may be called on any thread, now or after a commit. The payload is the policy's to keep. A will comes here too, when it is due.
    /// At most <see cref="EndpointLimits.MaxUnansweredPerConnection"/> publishes of a client are unanswered at a time: then it is not read further.
    /// </summary>
    /// <returns>True to also route the message to subscribers and the retained store once accepted; false to consume it.</returns>
    bool OnPublish(ClientIdentity client, ApplicationMessage message, PublishReceipt receipt);

    /// <summary>The client's session is connected and CONNACK was sent.</summary>
    void OnConnected(ClientIdentity client);

    /// <summary>
    /// The connection ended; <paramref name="clean"/> when by DISCONNECT. Follows the will, if one was due. When another connection took the session
    /// over, this comes before its OnConnected.
    /// </summary>
    void OnDisconnected(ClientIdentity client, bool clean, string reason);
}
