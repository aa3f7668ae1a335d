namespace Gateway.Mqtt.Sessions;

/// <summary>
/// Where a stopped endpoint leaves its state for the next one. Written once, at an orderly stop, and taken once: after a crash there is nothing to take,
/// every session starts afresh, and CONNACK says so. A server must not claim a session whose last seconds it does not know.
/// </summary>
public interface ISessionStore
{
    /// <summary>The state of the last orderly stop, which is thereby removed; null when there is none or it is damaged.</summary>
    BrokerState? Take();

    /// <summary>Replaces what is there. Blocks until it is durable.</summary>
    void Save(BrokerState state);
}
