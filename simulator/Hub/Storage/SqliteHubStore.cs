using System.Globalization;
using Gateway.Hub.Audit;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Webhooks;
using Gateway.Hub.Work;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>The writing side of the hub's database: one connection, one thread, one transaction per batch.</summary>
public sealed class SqliteHubStore : IHubStore
{
    /// <summary>Lines of its diary kept per gateway: five of its pages. The oldest go; what must stay for good is in the audit chain.</summary>
    public const int DiaryLinesKept = 1_000;

    /// <summary>Lines a diary may grow beyond <see cref="DiaryLinesKept"/> before it is cut, so that not every line pays for the search.</summary>
    public const int DiaryLinesUncut = 64;

    private readonly Dictionary<string, int> _diaryLines = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;
    private readonly SignalAppender _signals;
    private readonly IncidentTables _incidents;
    private readonly WorkTables _work;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _diary;
    private AuditChain? _audit;

    public SqliteHubStore(HubDatabase database)
    {
        _connection = database.Connect();
        _signals = new SignalAppender(_connection);
        _incidents = new IncidentTables(_connection);
        _work = new WorkTables(_connection, Begin);
        _begin = _connection.Prepared("BEGIN IMMEDIATE");
        _commit = _connection.Prepared("COMMIT");
        _diary = _connection.Prepared("INSERT INTO diary (device, at_ms, kind, text) VALUES ($1, $2, $3, $4)", "", 0L, "", "");
    }

    public IWorkStore Work => _work;

    public bool HasChanges { get; private set; }

    public bool CheckpointDue => _signals.CheckpointDue;

    public void Commit()
    {
        if (!HasChanges)
        {
            return;
        }

        // A power cut before this line has returned: the batch was never there, nothing of it was acknowledged, the boards send it again.
        // After it: the batch is on the disk, whether or not anybody was told.
        _commit.ExecuteNonQuery();
        HasChanges = false;
        _audit = null;
    }

    public void MarkStart(DateTimeOffset at)
    {
        Begin();
        _connection.Execute(
            "INSERT INTO meta (name, value) VALUES ('started_ms', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
    }

    public IReadOnlyList<LaneCursor> LoadLanes() => [.. LaneCursors.Load(_connection).Select(lane => lane.Cursor)];

    public IReadOnlyList<StoredGateway> LoadGateways() => GatewayTables.Load(_connection, _signals.IndexedThrough);

    public IReadOnlyList<BootStart> LoadBoots() => GatewayTables.LoadBoots(_connection);

    public IReadOnlyList<IncidentRow> LoadOpenIncidents() => _incidents.LoadOpen();

    public IncidentRow? FindIncident(long id) => _incidents.Find(id);

    public IReadOnlyList<StoredCredentials> LoadCredentials() => GatewayTables.LoadCredentials(_connection);

    public void SaveCredentials(StoredCredentials credentials, DateTimeOffset at)
    {
        Begin();
        GatewayTables.SaveCredentials(_connection, credentials, at);
    }

    public void ForgetBirth(string device)
    {
        Begin();
        _connection.Execute("UPDATE gateways SET birth = NULL, birth_ms = NULL WHERE device = $1", device);
    }

    public void SaveDesired(string device, DesiredConfiguration desired)
    {
        Begin();
        GatewayTables.SaveDesired(_connection, device, desired);
    }

    public void SaveRevocation(string device, DateTimeOffset at)
    {
        Begin();
        _connection.Execute("UPDATE gateways SET revoked_ms = $1 WHERE device = $2", at.ToUnixTimeMilliseconds(), device);
    }

    public IReadOnlyList<PendingReset> LoadPendingResets() => CommandTables.LoadPendingResets(_connection);

    public long NextIncidentId() => _connection.Scalar("SELECT max(id) FROM incidents") + 1;

    public long AddLane(string device, Lane lane, uint epoch, DateTimeOffset at)
    {
        Begin();
        return _connection.Scalar(
            "INSERT INTO lanes (device, lane, epoch, first_ms) VALUES ($1, $2, $3, $4) RETURNING id", device, (long)lane, (long)epoch, at.ToUnixTimeMilliseconds());
    }

    public long AppendSignal(in SignalRow row)
    {
        Begin();
        var id = _signals.Append(row);
        if (row.Conflict)
        {
            _connection.Execute("INSERT INTO conflicts (signal_id, lane_id) VALUES ($1, $2)", id, row.LaneId);
        }

        if (row.Test)
        {
            _connection.Execute("INSERT INTO test_signals (signal_id) VALUES ($1)", id);
        }

        return id;
    }

    public StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload) => _signals.Find(laneId, seq, payload);

    public void Checkpoint(IEnumerable<LaneCursor> changed)
    {
        Begin();
        _connection.Execute(
            """
            UPDATE lanes SET signal_count = signal_count + tail.n
            FROM (SELECT lane_id, count(*) AS n FROM signals WHERE id > $1 GROUP BY lane_id) AS tail WHERE lanes.id = tail.lane_id
            """,
            _signals.IndexedThrough);
        _signals.Checkpoint();
        using var update = _connection.Prepared("UPDATE lanes SET through = $1, ahead = $2 WHERE id = $3", 0L, "", 0L);
        foreach (var cursor in changed)
        {
            update.Set((long)cursor.Through, SeqRanges.Write(cursor.Ahead), cursor.Id).ExecuteNonQuery();
        }
    }

    public void AddMissing(long laneId, SeqRange range, DateTimeOffset at, string cause)
    {
        Begin();
        _connection.Execute(
            "INSERT INTO missing (lane_id, first, last, at_ms, cause) VALUES ($1, $2, $3, $4, $5)",
            laneId, (long)range.First, (long)range.Last, at.ToUnixTimeMilliseconds(), cause);
    }

    public bool RemoveMissing(long laneId, uint seq)
    {
        var found = _connection.Rows(
            "SELECT first, last, at_ms, cause FROM missing WHERE lane_id = $1 AND first <= $2 ORDER BY first DESC LIMIT 1",
            r => (First: (uint)r.GetInt64(0), Last: (uint)r.GetInt64(1), At: r.Time(2), Cause: r.GetString(3)), laneId, (long)seq);
        if (found.Count == 0 || found[0].Last < seq)
        {
            return false;
        }

        Begin();
        var (first, last, at, cause) = found[0];
        _connection.Execute("DELETE FROM missing WHERE lane_id = $1 AND first = $2", laneId, (long)first);
        if (first < seq)
        {
            AddMissing(laneId, new SeqRange(first, seq - 1), at, cause);
        }

        if (seq < last)
        {
            AddMissing(laneId, new SeqRange(seq + 1, last), at, cause);
        }

        return true;
    }

    public long CountMissing(long laneId, uint above) =>
        _connection.Scalar("SELECT sum(last - first + 1) FROM missing WHERE lane_id = $1 AND first > $2", laneId, (long)above);

    public void SaveBirth(string device, ReadOnlyMemory<byte> payload, DateTimeOffset at)
    {
        Begin();
        _connection.Execute("UPDATE gateways SET birth = $1, birth_ms = $2 WHERE device = $3", payload.ToArray(), at.ToUnixTimeMilliseconds(), device);
    }

    public void SaveConfigReported(string device, int version, string state, string reason, ReadOnlyMemory<byte> payload)
    {
        Begin();
        _connection.Execute(
            "UPDATE gateways SET reported_version = $1, config_state = $2, config_reason = $3, config_reported = $4 WHERE device = $5",
            (long)version, state, reason, payload.ToArray(), device);
    }

    public void SaveConfigInForce(string device, int version)
    {
        Begin();
        _connection.Execute("UPDATE gateways SET config_version = $1 WHERE device = $2", (long)version, device);
    }

    public void SaveBoot(BootStart boot)
    {
        Begin();
        GatewayTables.SaveBoot(_connection, boot);
    }

    public void ForgetBoots(string device)
    {
        Begin();
        _connection.Execute("DELETE FROM boots WHERE device = $1", device);
    }

    public void AddDiary(string device, DateTimeOffset at, string kind, string text)
    {
        Begin();
        _diary.Set(device, at.ToUnixTimeMilliseconds(), kind, text).ExecuteNonQuery();

        // The first line after a start cuts too: a hub that restarts often must not let diaries grow.
        if (!_diaryLines.TryGetValue(device, out var uncut) || uncut + 1 >= DiaryLinesUncut)
        {
            _connection.Execute(
                "DELETE FROM diary WHERE device = $1 AND id <= (SELECT id FROM diary WHERE device = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)", device, (long)DiaryLinesKept);
            uncut = -1;
        }

        _diaryLines[device] = uncut + 1;
    }

    public void AppendIncidentEvent(IncidentEventRow row)
    {
        Begin();
        _incidents.AppendEvent(row);
    }

    public void SaveIncident(IncidentRow row)
    {
        Begin();
        _incidents.Save(row);
    }

    public void LinkSignal(long signalId, long incidentId, long laneId, uint call)
    {
        Begin();
        _incidents.Link(signalId, incidentId, laneId, call);
    }

    public StoredOutcome? FindOutcome(string idempotencyKey) => CommandTables.FindOutcome(_connection, idempotencyKey);

    public void SaveOutcome(string idempotencyKey, StoredOutcome outcome, DateTimeOffset at)
    {
        Begin();
        CommandTables.SaveOutcome(_connection, idempotencyKey, outcome, at);
    }

    public void ForgetOutcomes(DateTimeOffset olderThan) => CommandTables.ForgetOutcomes(_connection, olderThan, Begin);

    public void ForgetCommands(DateTimeOffset olderThan) => CommandTables.ForgetCommands(_connection, olderThan, Begin);

    public void SaveCommand(string id, string device, string command, string actor, DateTimeOffset at)
    {
        Begin();
        CommandTables.SaveCommand(_connection, id, device, command, actor, at);
    }

    public void SaveCommandResult(string device, string id, string result, string reason, DateTimeOffset at)
    {
        Begin();
        CommandTables.SaveCommandResult(_connection, device, id, result, reason, at);
    }

    public IReadOnlyList<MovedCallPoint> LoadMoved() => AlertTables.LoadMoved(_connection);

    public void SaveMoved(MovedCallPoint moved)
    {
        Begin();
        AlertTables.SaveMoved(_connection, moved);
    }

    public IReadOnlyList<DutyEntry> LoadDuty() => AlertTables.LoadDuty(_connection);

    public void SaveDuty(DutyEntry entry)
    {
        Begin();
        AlertTables.SaveDuty(_connection, entry);
    }

    public void ForgetDuty(string responderId)
    {
        Begin();
        _connection.Execute("DELETE FROM duty WHERE responder = $1", responderId);
    }

    public long AddOutgoing(string target, string name, string body, DateTimeOffset at, long incidentId, string responderId)
    {
        Begin();
        return AlertTables.AddOutgoing(_connection, target, name, body, at, incidentId, responderId);
    }

    public Outgoing? EndOutgoing(long id, bool delivered, string reason, DateTimeOffset at)
    {
        Begin();
        return AlertTables.EndOutgoing(_connection, id, delivered, reason, at);
    }

    public void ForgetOutgoing(DateTimeOffset olderThan)
    {
        if (AlertTables.HasOver(_connection, olderThan))
        {
            Begin();
            AlertTables.ForgetOver(_connection, olderThan);
        }
    }

    public int EraseWords(DateTimeOffset closedBefore, int max, string actor, DateTimeOffset at)
    {
        var due = Erasure.Due(_connection, closedBefore, max);
        foreach (var target in due)
        {
            Erase(target, actor, at);
        }

        return due.Count;
    }

    public void EraseWordsOf(long incidentId, string actor, DateTimeOffset at) => Erase(new Erasure.Target(true, incidentId), actor, at);

    private void Erase(Erasure.Target target, string actor, DateTimeOffset at)
    {
        Begin();
        _audit = Erasure.Erase(_connection, _audit ?? AuditChain.Continue(_connection), target, actor, at);
    }

    public void Audit(DateTimeOffset at, string actor, string kind, string subject, string content)
    {
        Begin();
        // Read anew in each transaction: account changes append to the chain by other connections.
        _audit = (_audit ?? AuditChain.Continue(_connection)).Append(_connection, at, actor, kind, subject, content);
    }

    public void Dispose()
    {
        try
        {
            if (HasChanges)
            {
                _connection.Execute("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // SQLite itself has rolled back already (disk full, I/O error): there is nothing left to undo.
            HasChanges = false;
        }

        _begin.Dispose();
        _commit.Dispose();
        _diary.Dispose();
        _incidents.Dispose();
        _work.Dispose();
        _signals.Dispose();
        _connection.Dispose();
    }

    private void Begin()
    {
        if (!HasChanges)
        {
            _begin.ExecuteNonQuery();
            HasChanges = true;
        }
    }
}
