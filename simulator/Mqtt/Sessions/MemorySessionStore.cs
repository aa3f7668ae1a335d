namespace Gateway.Mqtt.Sessions;

/// <summary>For tests and simulated worlds: survives the endpoint, not the process.</summary>
public sealed class MemorySessionStore : ISessionStore
{
    private BrokerState? state;

    public BrokerState? Take() => Interlocked.Exchange(ref state, null);

    public void Save(BrokerState newState) => state = newState;
}
