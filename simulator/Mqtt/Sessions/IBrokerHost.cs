namespace Gateway.Mqtt.Sessions;

/// <summary>
/// What the session logic asks of the world around it. Two implementations: the endpoint (sockets), and the simulated world (virtual time).
/// </summary>
public interface IBrokerHost
{
    /// <summary>
    /// A receipt was answered, on any thread, perhaps inside OnPublish. Bring it to <see cref="Broker.Answer"/> as an input of its own, later, in
    /// the order of these calls.
    /// </summary>
    void Answered(InboundPublish publish);

    /// <summary>The connection's outbox is no longer empty: take from it with <see cref="Broker.TryTake"/>. May come many times.</summary>
    void OutputReady(ServerConnection connection);

    /// <summary>The connection is over: send what is left in its outbox if that can be done at once, then close it.</summary>
    void Ended(ServerConnection connection);
}
