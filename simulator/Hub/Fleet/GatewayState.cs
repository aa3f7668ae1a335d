using System.Text.Json.Serialization;
using Gateway.Hub.Ingest;

namespace Gateway.Hub.Fleet;

public enum LinkState
{
    /// <summary>Nothing authentic came since the hub started; its supervision window runs from that start.</summary>
    Awaited,
    Up,
    Lost,
}

/// <summary>The newest heartbeat of a gateway. Units as in PROTOCOL.md section 6.</summary>
public sealed record GatewayHealth(
    DateTimeOffset At, bool Mains, int BatteryMv, int HeapFree, int CallBacklog, int CallOldestS, int EventBacklog, int EventOldestS, int Overruns, int Refused);

/// <summary>A gateway as the hub sees it now; part of <see cref="HubSnapshot"/>. Immutable, but for what each heartbeat says anew (<see cref="GatewayPulse"/>).</summary>
/// <param name="Virtual">A virtual board: marked on every screen and kept out of statistics.</param>
/// <param name="LinkSince">When <see cref="Link"/> took its present value.</param>
/// <param name="MissingCount">Numbers recorded as missing and not arrived since, all lanes and epochs; 1,000,000 stands for that and above.</param>
/// <param name="RefusedCount">Messages refused since the hub started, all names together.</param>
public sealed record GatewayState(
    string Device, bool Revoked, bool Virtual, LinkState Link, DateTimeOffset LinkSince, [property: JsonIgnore] GatewayPulse Pulse, string? Firmware, string? Restart, uint Boot,
    int ConfigVersion, string? ConfigState, long SignalCount, long DuplicateCount, long ConflictCount, long MissingCount, long RefusedCount)
{
    /// <inheritdoc cref="GatewayPulse.HeardAt"/>
    public DateTimeOffset? HeardAt => Pulse.HeardAt;

    /// <inheritdoc cref="GatewayPulse.Health"/>
    public GatewayHealth? Health => Pulse.Health;

    /// <summary>What the board is to be set to; null when nobody ever asked.</summary>
    [JsonIgnore]
    public DesiredConfiguration? Desired { get; init; }

    /// <summary>How far that has come.</summary>
    public ConfigurationProgress Progress { get; init; }

    /// <summary>The member for which the board refused it; else empty.</summary>
    public string ConfigReason { get; init; } = "";
}

/// <summary>A range of numbers that never came.</summary>
/// <param name="Cause">`gap` (the board said so), `oldest` (a birth said so), `backlog` (a heartbeat proved it), `bound` (too many holes).</param>
public sealed record MissingRange(Lane Lane, uint Epoch, uint First, uint Last, DateTimeOffset At, string Cause);

/// <summary>One lane and epoch of a gateway.</summary>
public sealed record LaneState(Lane Lane, uint Epoch, uint Through, DateTimeOffset FirstAt, bool Current);

/// <summary>A line of a gateway's diary: births, new epochs, lost and restored links, conflicts, commands and their results, configuration.</summary>
public sealed record GatewayEvent(long Id, string Device, DateTimeOffset At, string Kind, string Text);

/// <summary>Everything for a gateway's page.</summary>
/// <param name="Refusals">Refusals by name since the hub started.</param>
/// <param name="InForce">The settings that the board runs, as it last reported them; null before its first report.</param>
/// <param name="Conflicts">Signals whose identity came with other bytes before, newest first.</param>
public sealed record GatewayDetail(
    GatewayState State, IReadOnlyDictionary<string, long> Refusals, IReadOnlyList<LaneState> Lanes, IReadOnlyList<MissingRange> Missing,
    IReadOnlyList<SignalRecord> Conflicts, IReadOnlyList<GatewayEvent> Diary, IReadOnlyList<SentCommand> Commands,
    BoardSettings? InForce);

/// <summary>A command to a board and what came of it.</summary>
/// <param name="ExpiresAt">When the board would no longer execute it, by the hub's clock.</param>
/// <param name="Result">`done`, `refused`, `expired`, `failed`; null while there is no answer.</param>
public sealed record SentCommand(
    string Id, string Command, string Actor, DateTimeOffset At, DateTimeOffset ExpiresAt, string? Result, string? Reason, DateTimeOffset? ResultAt);
