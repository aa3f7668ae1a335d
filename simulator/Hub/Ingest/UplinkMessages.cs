namespace Gateway.Hub.Ingest;

/// <summary>The lanes of PROTOCOL.md section 4. The numbers are stored.</summary>
public enum Lane
{
    Call = 0,
    Event = 1,
    Volatile = 2,
}

/// <summary>Where a board's wall time came from, as it says itself. The numbers are stored.</summary>
public enum BoardClock
{
    Synced = 0,
    Estimated = 1,
    None = 2,
}

/// <summary>An authentic, well-formed message of a board, with the bytes as received.</summary>
public abstract record UplinkMessage(string Device, ReadOnlyMemory<byte> Payload);

/// <summary>A board's own clocks at one moment: boot number, ms of that boot's monotonic clock, UTC ms since 1970 (0 when <see cref="BoardClock.None"/>).</summary>
public readonly record struct BoardTime(uint Boot, long UpMs, long AtMs, BoardClock Clock);

/// <summary>One record of a board's journal (section 4). Its identity is (device, lane, epoch, seq).</summary>
public sealed record SignalMessage(
    string Device, ReadOnlyMemory<byte> Payload, Lane Lane, uint Epoch, uint Seq, string Kind, int Zone, string State,
    uint Call, int Count, int Value, string Detail, BoardTime Time, bool Test) : UplinkMessage(Device, Payload);

/// <summary>A hole in a lane: <see cref="First"/>..<see cref="Last"/> are gone [GW-18].</summary>
public sealed record GapMessage(string Device, ReadOnlyMemory<byte> Payload, Lane Lane, uint Epoch, uint First, uint Last) : UplinkMessage(Device, Payload);

/// <summary>What a birth says of one lane.</summary>
public readonly record struct BirthLane(uint Epoch, uint Oldest, uint Next);

/// <summary>A board is here, with a new session (section 5).</summary>
public sealed record BirthMessage(
    string Device, ReadOnlyMemory<byte> Payload, ulong Session, ulong Will, ulong Hub, BoardTime Time, string Firmware, BirthLane Call, BirthLane Event,
    uint VolatileEpoch, int Config, int HeartbeatS, string Restart, bool Virtual) : UplinkMessage(Device, Payload)
{
    /// <summary>The first number of the volatile lane that may still be sent; 1 when the board does not tell.</summary>
    public uint VolatileOldest { get; init; } = 1;
}

/// <summary>A will, or an orderly end [GW-27].</summary>
public sealed record OfflineMessage(string Device, ReadOnlyMemory<byte> Payload, ulong Session) : UplinkMessage(Device, Payload);

/// <summary>A board's health (section 6). Never stored singly.</summary>
public sealed record HeartbeatMessage(
    string Device, ReadOnlyMemory<byte> Payload, ulong Session, long N, BoardTime Time, bool Mains, int BatteryMv, int HeapFree,
    int CallBacklog, int CallOldestS, int EventBacklog, int EventOldestS, int Overruns, int Refused) : UplinkMessage(Device, Payload);

/// <summary>The outcome of a command (section 9).</summary>
public sealed record ResultMessage(string Device, ReadOnlyMemory<byte> Payload, ulong Session, long N, string Id, string Result, string Reason)
    : UplinkMessage(Device, Payload);

/// <summary>The configuration in force (section 10).</summary>
public sealed record ConfigReportedMessage(string Device, ReadOnlyMemory<byte> Payload, ulong Session, int Version, string State, string Reason, int InForce)
    : UplinkMessage(Device, Payload)
{
    /// <summary>CRC-32 of the payload that carried <see cref="Version"/> [GW-41]; null when the board does not tell.</summary>
    public uint? Sum { get; init; }
}
