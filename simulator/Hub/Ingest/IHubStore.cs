using Gateway.Hub.Stations;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Fleet;
using Gateway.Hub.Webhooks;
using Gateway.Hub.Work;

namespace Gateway.Hub.Ingest;

/// <summary>A signal as it is stored. <see cref="Payload"/> is what came over the wire, byte for byte.</summary>
public readonly record struct SignalRow(
    long LaneId, uint Seq, DateTimeOffset ReceivedAt, Occurrence Occurrence, bool Test, bool Conflict, bool Unknown, ReadOnlyMemory<byte> Payload);

/// <summary>What the store knows of a signal's identity.</summary>
public enum StoredMatch
{
    None,
    SameBytes,
    OtherBytes,
}

/// <summary>A stored change of an incident. The JSON is the incident rules' own.</summary>
public sealed record IncidentEventRow(long IncidentId, long Version, string Type, string Json, DateTimeOffset At, string Actor);

/// <summary>The present state of an incident, for lists and for the start of the hub.</summary>
public sealed record IncidentRow(long Id, long Version, string Kind, string Stage, string CallPoint, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string Json)
{
    /// <summary>As <see cref="StationBook.CodeOf"/> writes it: empty for the hub's home station.</summary>
    public string Station { get; init; } = "";
}

/// <summary>A provisioned gateway and what must be known of it after a restart.</summary>
/// <param name="NewestBirth">The bytes of the newest believed birth; null before the first.</param>
public sealed record StoredGateway(
    string Device, bool Revoked, byte[]? NewestBirth, int ConfigVersion, string? ConfigState,
    long SignalCount, long ConflictCount, long MissingCount)
{
    /// <summary>The newest desired configuration; null when there never was one.</summary>
    public DesiredConfiguration? Desired { get; init; }

    /// <summary>The version that <see cref="ConfigState"/> speaks of, and the offending member if it was refused.</summary>
    public int ReportedVersion { get; init; }

    public string ConfigReason { get; init; } = "";
}

/// <summary>When a boot of a board started, as well as the hub knows.</summary>
public readonly record struct BootStart(string Device, uint Boot, DateTimeOffset StartedAt);

/// <summary>A device's credentials as they are stored: the key wrapped, the password as salt and hash.</summary>
public sealed record StoredCredentials(string Device, byte[] WrappedKey, byte[] PasswordSalt, byte[] PasswordHash, bool Revoked);

/// <summary>A `resetLatch` that is to reach its board some time (PROTOCOL.md section 9).</summary>
public sealed record PendingReset(string CommandId, string Device, Lane Lane, uint Epoch, uint Seq);

/// <summary>The answer that a command with an idempotency key got.</summary>
/// <param name="CommandId">For a command to a gateway: its id.</param>
public sealed record StoredOutcome(bool Done, long Version, string? RefusalName, string? RefusalText, string? CommandId = null);

/// <summary>
/// What ingest needs of a store. Writes belong to the transaction that <see cref="Commit"/> ends; the first write begins it. Reads see the writes before them.
/// Disposing rolls back what is not committed. One thread only. Implemented by the SQLite store, and by the twin in the tests that fails when told to.
/// </summary>
public interface IHubStore : IDisposable
{
    /// <summary>True when there is something to commit.</summary>
    bool HasChanges { get; }

    /// <summary>True when the store wants <see cref="Checkpoint"/> before the next commit, so that its start stays short.</summary>
    bool CheckpointDue { get; }

    /// <summary>Stores derived state: where signals are, and the cursors that changed since the last checkpoint.</summary>
    void Checkpoint(IEnumerable<LaneCursor> changed);

    /// <summary>Makes everything since the last commit durable. When it throws, nothing of it is, and this store is of no more use: dispose of it and open another.</summary>
    void Commit();

    /// <summary>Notes when a core began with this store: the write that proves that it can be written.</summary>
    void MarkStart(DateTimeOffset at);

    IReadOnlyList<LaneCursor> LoadLanes();

    IReadOnlyList<StoredGateway> LoadGateways();

    IReadOnlyList<BootStart> LoadBoots();

    /// <summary>The open incidents, oldest first.</summary>
    IReadOnlyList<IncidentRow> LoadOpenIncidents();

    /// <summary>An incident by number, open or closed.</summary>
    IncidentRow? FindIncident(long id);

    long NextIncidentId();

    IReadOnlyList<StoredCredentials> LoadCredentials();

    /// <summary>Provisions a device, or gives it new credentials; it is no longer revoked.</summary>
    void SaveCredentials(StoredCredentials credentials, DateTimeOffset at);

    /// <summary>Forgets a device's newest birth: another board speaks under its id from now on.</summary>
    void ForgetBirth(string device);

    /// <summary>Stores a new version of the configuration that a device is to have.</summary>
    void SaveDesired(string device, DesiredConfiguration desired);

    void SaveRevocation(string device, DateTimeOffset at);

    /// <summary>Latch resets that no board has answered yet, oldest first, or with what left the latch as it was: `expired`, `failed`, `refused` because of `pressed-again`.</summary>
    IReadOnlyList<PendingReset> LoadPendingResets();

    long AddLane(string device, Lane lane, uint epoch, DateTimeOffset at);

    long AppendSignal(in SignalRow row);

    StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload);

    void AddMissing(long laneId, SeqRange range, DateTimeOffset at, string cause);

    /// <summary>Takes one number out of the missing ranges of a lane; false if it was in none.</summary>
    bool RemoveMissing(long laneId, uint seq);

    /// <summary>How many numbers of a lane above this one are recorded as missing.</summary>
    long CountMissing(long laneId, uint above);

    void SaveBirth(string device, ReadOnlyMemory<byte> payload, DateTimeOffset at);

    void SaveConfigReported(string device, int version, string state, string reason, ReadOnlyMemory<byte> payload);

    /// <summary>The version in force, as a birth says it.</summary>
    void SaveConfigInForce(string device, int version);

    void SaveBoot(BootStart boot);

    /// <summary>Forgets when this device's boots were: it counts them anew.</summary>
    void ForgetBoots(string device);

    /// <summary>Adds a line to a gateway's diary; its oldest lines go when there are too many.</summary>
    void AddDiary(string device, DateTimeOffset at, string kind, string text);

    void AppendIncidentEvent(IncidentEventRow row);

    void SaveIncident(IncidentRow row);

    /// <summary>Puts a signal into its one incident (I2). <paramref name="call"/> is the number of the call's first press, 0 when it opens none.</summary>
    void LinkSignal(long signalId, long incidentId, long laneId, uint call);

    StoredOutcome? FindOutcome(string idempotencyKey);

    void SaveOutcome(string idempotencyKey, StoredOutcome outcome, DateTimeOffset at);

    /// <summary>Forgets answers older than this; a bounded number at once, the rest next time.</summary>
    void ForgetOutcomes(DateTimeOffset olderThan);

    /// <summary>Forgets commands to boards older than this, except latch resets that no board has answered yet; a bounded number at once, the rest next time.</summary>
    void ForgetCommands(DateTimeOffset olderThan);

    void SaveCommand(string id, string device, string command, string actor, DateTimeOffset at);

    void SaveCommandResult(string device, string id, string result, string reason, DateTimeOffset at);

    /// <summary>The tables of the work beside incidents, in the same transaction.</summary>
    IWorkStore Work { get; }

    /// <summary>What was said of responders for a shift.</summary>
    IReadOnlyList<DutyEntry> LoadDuty();

    /// <summary>Where moving call points stand now.</summary>
    IReadOnlyList<MovedCallPoint> LoadMoved();

    void SaveMoved(MovedCallPoint moved);

    void SaveDuty(DutyEntry entry);

    /// <summary>Deletes what was said of this responder: the shift is over.</summary>
    void ForgetDuty(string responderId);

    /// <summary>Puts an event into the outbox of webhooks; its number, or 0 when <see cref="Outgoing.WaitingMax"/> wait already.</summary>
    long AddOutgoing(string target, string name, string body, DateTimeOffset at, long incidentId, string responderId);

    /// <summary>A delivery is over: its body is emptied. Null when it was over before.</summary>
    Outgoing? EndOutgoing(long id, bool delivered, string reason, DateTimeOffset at);

    /// <summary>Forgets deliveries that were over before this; a bounded number at once.</summary>
    void ForgetOutgoing(DateTimeOffset olderThan);

    /// <summary>
    /// Erases what people wrote about incidents and work that closed before this, in the audit chain too; at most <paramref name="max"/> of each kind at once.
    /// Returns how many it was.
    /// </summary>
    int EraseWords(DateTimeOffset closedBefore, int max, string actor, DateTimeOffset at);

    /// <summary>The same for one closed incident, whenever it closed.</summary>
    void EraseWordsOf(long incidentId, string actor, DateTimeOffset at);

    /// <summary>Appends to the audit chain (I13).</summary>
    void Audit(DateTimeOffset at, string actor, string kind, string subject, string content);
}
