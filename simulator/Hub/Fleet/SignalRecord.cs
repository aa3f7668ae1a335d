using Gateway.Hub.Ingest;

namespace Gateway.Hub.Fleet;

/// <summary>A committed signal, as queries give it.</summary>
/// <param name="OccurredAt">When it happened; null when that is not known ("time unknown, received at ...").</param>
/// <param name="Conflict">The same identity had come before with other bytes [GW-17].</param>
/// <param name="Unknown">Kind, state or zone is none that this hub knows [GW-24].</param>
/// <param name="Payload">The bytes as received; ASCII.</param>
public sealed record SignalRecord(
    long Id, string Device, Lane Lane, uint Epoch, uint Seq, string Kind, int Zone, string State, uint Call, int Count, int Value, string Detail, uint Boot,
    bool Test, DateTimeOffset? OccurredAt, OccurrenceQuality Quality, bool Late, DateTimeOffset ReceivedAt, bool Conflict, bool Unknown, long? IncidentId,
    string Payload);

/// <summary>Which signals: newest first, of one device if given, older than <paramref name="BeforeId"/> if given.</summary>
/// <param name="Limit">1..500.</param>
/// <param name="TestsOnly">Those made under test only, of all devices.</param>
public sealed record SignalQuery(string? Device = null, long? BeforeId = null, int Limit = 50, bool TestsOnly = false)
{
    /// <summary>Of these devices only; null for all.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Of all devices but these; null for all.</summary>
    public IReadOnlyList<string>? ButDevices { get; init; }
}
