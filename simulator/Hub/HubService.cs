using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;

namespace Gateway.Hub;

/// <summary>
/// The hub as its rooms see it: one writer inside, an immutable snapshot outside. Every method may be called on any thread.
/// </summary>
public sealed class HubService : IAsyncDisposable
{
    /// <summary>What is the case now.</summary>
    public HubSnapshot Current => throw new NotImplementedException();

    /// <summary>
    /// Decides and stores a command on an incident. With an idempotency key (1..64 characters, unique to the wish) a second call gives the first one's answer.
    /// </summary>
    public Task<CommandOutcome> ExecuteAsync(
        long incidentId, IncidentCommand command, string actor, string? idempotencyKey = null, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Asks something of a gateway. Done means sent; the result comes later, into the gateway's diary.</summary>
    public Task<CommandOutcome> SendCommandAsync(
        string device, GatewayCommand command, string actor, string? idempotencyKey = null, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Gives a device its identity, key and password; for a known device, new ones. The file is shown once.</summary>
    /// <exception cref="ArgumentException">The device id is not 3..32 of `a-z 0-9 -`.</exception>
    public Task<ProvisioningFile> ProvisionAsync(string device, string actor, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Takes a device's credentials away and closes its connection. What it sent stays.</summary>
    public Task<CommandOutcome> RevokeAsync(string device, string actor, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>An incident with its timeline and signals; null when there is none of that number.</summary>
    public IncidentDetail? FindIncident(long id) => throw new NotImplementedException();

    public IReadOnlyList<IncidentSummary> Incidents(IncidentQuery query) => throw new NotImplementedException();

    public IReadOnlyList<SignalRecord> Signals(SignalQuery query) => throw new NotImplementedException();

    /// <summary>Everything for a gateway's page; null when no such device is provisioned.</summary>
    public GatewayDetail? FindGateway(string device) => throw new NotImplementedException();

    /// <summary>Calls back after each commit, on the writer's thread: it must return at once and never throw. Dispose to end.</summary>
    public IDisposable Subscribe(Action<HubChange> onChange) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
