using System.Runtime.InteropServices;
using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Hub.Storage;

/// <summary>
/// The hot path of the store: appends signals by one prepared statement, and knows where each is. Identities of the newest signals are held in memory
/// (<see cref="TailMax"/>) and go to the table `signal_index` in sorted runs, so that an append touches one page and not one per board.
/// </summary>
internal sealed class SignalAppender : IDisposable
{
    /// <summary>A run of this length: about 25 ms of writing each 16,384 signals, and the work of a start after a power cut.</summary>
    public const int TailMax = 16_384;

    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _index;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _payload;
    private readonly Dictionary<(long Lane, uint Seq), long> _tail = new(TailMax);

    public SignalAppender(SqliteConnection connection)
    {
        _connection = connection;
        _insert = Prepare("INSERT INTO signals (id, lane_id, seq, received_ms, occurred_ms, quality, flags, payload) VALUES (?,?,?,?,?,?,?,?)");
        _index = Prepare("INSERT INTO signal_index (lane_id, seq, signal_id) VALUES (?,?,?)");
        _find = connection.Prepared("SELECT signal_id FROM signal_index WHERE lane_id = $1 AND seq = $2", 0L, 0L);
        _payload = connection.Prepared("SELECT payload FROM signals WHERE id = $1", 0L);
        Reload();
    }

    public bool CheckpointDue => _tail.Count >= TailMax;

    /// <summary>The newest signal that `signal_index` covers; what is above it is read again at the start.</summary>
    public long IndexedThrough { get; private set; }

    public long NewestId { get; private set; }

    public long Append(in SignalRow row)
    {
        var id = NewestId + 1;
        raw.sqlite3_bind_int64(_insert, 1, id);
        raw.sqlite3_bind_int64(_insert, 2, row.LaneId);
        raw.sqlite3_bind_int64(_insert, 3, row.Seq);
        raw.sqlite3_bind_int64(_insert, 4, row.ReceivedAt.ToUnixTimeMilliseconds());
        if (row.Occurrence.At is { } at)
        {
            raw.sqlite3_bind_int64(_insert, 5, at.ToUnixTimeMilliseconds());
        }
        else
        {
            raw.sqlite3_bind_null(_insert, 5);
        }

        raw.sqlite3_bind_int(_insert, 6, (int)row.Occurrence.Quality);
        raw.sqlite3_bind_int(_insert, 7, (int)SignalFlagsOf(row));
        raw.sqlite3_bind_blob(_insert, 8, row.Payload.Span);
        Step(_insert);
        NewestId = id;
        if (!_tail.TryAdd((row.LaneId, row.Seq), id))
        {
            // A second signal of one identity is a conflict: too rare for the tail, indexed at once.
            AddToIndex(row.LaneId, row.Seq, id);
        }

        return id;
    }

    public StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload)
    {
        var match = StoredMatch.None;
        if (_tail.TryGetValue((laneId, seq), out var id))
        {
            match = Compare(id, payload);
        }

        if (match == StoredMatch.SameBytes)
        {
            return match;
        }

        using var reader = _find.Set(laneId, (long)seq).ExecuteReader();
        while (reader.Read())
        {
            match = Compare(reader.GetInt64(0), payload);
            if (match == StoredMatch.SameBytes)
            {
                break;
            }
        }

        return match;
    }

    /// <summary>Writes the tail to the index, in key order, within the present transaction.</summary>
    public void Checkpoint()
    {
        var run = new List<KeyValuePair<(long Lane, uint Seq), long>>(_tail);
        CollectionsMarshal.AsSpan(run).Sort((a, b) => a.Key.CompareTo(b.Key));
        foreach (var (key, id) in run)
        {
            AddToIndex(key.Lane, key.Seq, id);
        }

        _tail.Clear();
        IndexedThrough = NewestId;
        _connection.Execute("INSERT INTO meta (name, value) VALUES ('indexed_through', $1) ON CONFLICT DO UPDATE SET value = excluded.value", IndexedThrough.ToString());
    }

    /// <summary>Reads again from the database what this object knows: at the start, and after a rollback.</summary>
    public void Reload()
    {
        _tail.Clear();
        IndexedThrough = long.Parse(_connection.ScalarText("SELECT value FROM meta WHERE name = 'indexed_through'") ?? "0");
        NewestId = _connection.Scalar("SELECT max(id) FROM signals");
        foreach (var (lane, seq, id) in _connection.Rows(
            "SELECT lane_id, seq, id FROM signals WHERE id > $1 ORDER BY id", r => (r.GetInt64(0), (uint)r.GetInt64(1), r.GetInt64(2)), IndexedThrough))
        {
            _tail.TryAdd((lane, seq), id);
        }
    }

    public void Dispose()
    {
        raw.sqlite3_finalize(_insert);
        raw.sqlite3_finalize(_index);
        _find.Dispose();
        _payload.Dispose();
    }

    private static SignalFlags SignalFlagsOf(in SignalRow row) =>
        (row.Occurrence.Late ? SignalFlags.Late : 0) | (row.Test ? SignalFlags.Test : 0) | (row.Conflict ? SignalFlags.Conflict : 0)
        | (row.Unknown ? SignalFlags.Unknown : 0);

    private void AddToIndex(long laneId, uint seq, long id)
    {
        raw.sqlite3_bind_int64(_index, 1, laneId);
        raw.sqlite3_bind_int64(_index, 2, seq);
        raw.sqlite3_bind_int64(_index, 3, id);
        Step(_index);
    }

    private StoredMatch Compare(long id, ReadOnlySpan<byte> payload) =>
        _payload.Set(id).ExecuteScalar() is byte[] stored && payload.SequenceEqual(stored) ? StoredMatch.SameBytes : StoredMatch.OtherBytes;

    private sqlite3_stmt Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v2(_connection.Handle, sql, out var statement);
        Check(code);
        return statement;
    }

    private void Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection.Handle!);
}

/// <summary>The stored bits of a signal.</summary>
[Flags]
internal enum SignalFlags
{
    Late = 1,
    Test = 2,
    Conflict = 4,
    Unknown = 8,
}
