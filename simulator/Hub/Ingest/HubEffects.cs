namespace Gateway.Hub.Ingest;

/// <summary>The hub's clocks at one moment: the wall clock, which is data and may jump, and a monotonic one, by which time limits run.</summary>
public readonly record struct HubTime(DateTimeOffset Utc, long MonotonicMs);

/// <summary>Who this hub is. <paramref name="Hub"/> stays for good, <paramref name="Run"/> is drawn at each start (PROTOCOL.md section 11).</summary>
public sealed record HubIdentity(ulong Hub, uint Run)
{
    public string HubText => Hub.ToString("x16");

    public string RunText => Run.ToString("x8");
}

/// <summary>A message for the broker.</summary>
public readonly record struct OutgoingMessage(string Topic, byte[] Payload, bool Retain);

/// <summary>
/// What is to be done after the commit, and only then (I8). If the commit fails, all of it is dropped.
/// </summary>
public sealed class HubEffects
{
    public List<OutgoingMessage> Messages { get; } = [];

    public List<HubChange> Changes { get; } = [];

    /// <summary>Devices whose connection is to be closed, with the reason.</summary>
    public List<(string Device, string Reason)> Disconnects { get; } = [];

    /// <summary>New or revoked credentials, for the gate and the endpoint's policy.</summary>
    public List<Fleet.DeviceCredentials> Credentials { get; } = [];

    public void Clear()
    {
        Messages.Clear();
        Changes.Clear();
        Disconnects.Clear();
        Credentials.Clear();
    }
}
