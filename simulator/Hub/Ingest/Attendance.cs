namespace Gateway.Hub.Ingest;

/// <summary>
/// Whether anybody can hear a call: consoles with unlocked sound, as their event streams say. A console that changes its page is gone for a moment, so only
/// <see cref="GraceMs"/> without any counts as nobody. Until the host says how many there are, the hub trusts that there is one: a simulation has no consoles.
/// </summary>
internal sealed class Attendance
{
    public const int GraceMs = 10_000;

    private long? _silentSinceMs;

    /// <summary>How many can be heard now.</summary>
    public void Hear(int audible, HubTime now) => _silentSinceMs = audible > 0 ? null : _silentSinceMs ?? now.MonotonicMs;

    public bool IsUnheard(HubTime now) => _silentSinceMs is { } since && now.MonotonicMs - since >= GraceMs;
}
