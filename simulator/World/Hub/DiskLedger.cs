using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.World.Hub;

/// <summary>A stored lane: one journal of one board.</summary>
public sealed record DiskLane(long Id, string Device, Lane Lane, uint Epoch)
{
    /// <summary>The row of each number.</summary>
    public Dictionary<uint, long> Signals { get; } = [];

    /// <summary>The incidents that the presses of each call are in, by their numbers.</summary>
    public Dictionary<uint, List<long>> Calls { get; } = [];

    /// <summary>Messages under a number that had one already [GW-17].</summary>
    public List<(uint Seq, long Id)> Conflicts { get; } = [];

    public uint LastSeq { get; set; }
}

/// <summary>A stored signal, as the oracle reads it.</summary>
/// <param name="Payload">The bytes that came over the wire.</param>
/// <param name="Incidents">The incidents that it is in; the oracle wants to see exactly one for an alarm.</param>
/// <param name="ReceivedMs">When it came, by the hub's clock.</param>
/// <param name="OccurredMs">Where the hub has placed it in time; null when it does not know.</param>
/// <param name="IsLate">The hub calls it late.</param>
/// <param name="IsTest">The hub calls it a test.</param>
public readonly record struct DiskSignal(
    long Id, DiskLane Lane, uint Seq, bool Conflict, byte[] Payload, IReadOnlyList<long> Incidents, long ReceivedMs, long? OccurredMs, bool IsLate, bool IsTest, OccurrenceQuality Quality);

/// <summary>What the audit chain tells of an incident: one event of it.</summary>
public readonly record struct DiskEvent(long Incident, string Type, string Json);

/// <summary>
/// What is on the hub's disk, read from the file by a connection of its own: what that does not see is not committed. It remembers what it has read, so that a
/// disk that forgets is found out.
/// </summary>
public sealed class DiskLedger
{
    /// <summary>Rows compared one by one at each restart: as many as a hub under load commits in a few seconds.</summary>
    private const int ComparedRows = 512;

    private readonly List<int> _hashes = [];
    private readonly Dictionary<(string Device, Lane Lane, uint Epoch), DiskLane> _byName = [];
    private SqliteConnection? _connection;

    /// <summary>All lanes of the newest commit are known here.</summary>
    private bool _areLanesRead;
    private long _newestLane;
    private SqliteCommand? _newSignals;
    private SqliteCommand? _missing;
    private SqliteCommand? _newAudit;
    private SqliteCommand? _incident;
    private SqliteCommand? _newLines;
    private readonly DiskFacts _facts = new();
    private long _audited;

    /// <summary>Those that somebody has looked at, as they were last.</summary>
    private readonly Dictionary<long, DiskIncident> _incidents = [];

    public Dictionary<long, DiskLane> Lanes { get; } = [];

    /// <summary>Signals read so far; also the newest one's row.</summary>
    public long Signals => _hashes.Count;

    public long Incidents => _connection!.Scalar("SELECT count(*) FROM incidents");

    /// <summary>A lane may be there without a signal: a birth said that its first numbers will not come.</summary>
    public DiskLane? FindLane(string device, Lane lane, uint epoch)
    {
        if (!_areLanesRead && !_byName.ContainsKey((device, lane, epoch)))
        {
            ReadLanes();
        }

        return _byName.GetValueOrDefault((device, lane, epoch));
    }

    /// <summary>This very message is on the disk; one number can have two messages, when its second is a conflict.</summary>
    public bool Holds(DiskLane lane, uint seq, byte[] payload)
    {
        var hash = HashOf(payload);
        return (lane.Signals.TryGetValue(seq, out var id) && _hashes[(int)id - 1] == hash) || lane.Conflicts.Exists(conflict => conflict.Seq == seq && _hashes[(int)conflict.Id - 1] == hash);
    }

    /// <summary>What happened to incidents since the last look, in the order of the audit chain.</summary>
    public List<DiskEvent> ReadNewEvents()
    {
        var events = new List<DiskEvent>();
        using var reader = _newAudit!.Set(_audited).ExecuteReader();
        while (reader.Read())
        {
            _audited = reader.GetInt64(0);
            _facts.Note(reader.GetString(1), reader.GetString(2), reader.GetString(3));
            if (reader.GetString(1) is var kind && kind.StartsWith("incident.", StringComparison.Ordinal))
            {
                var subject = reader.GetString(2);
                events.Add(new DiskEvent(long.Parse(subject.AsSpan(subject.IndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture), kind["incident.".Length..], reader.GetString(3)));
            }
        }

        return events;
    }

    /// <summary>All that has happened to incidents, by their own table: after a restore, when the order between them no longer matters.</summary>
    public List<DiskEvent> ReadAllEvents()
    {
        _audited = _connection!.Scalar("SELECT max(seq) FROM audit");
        _facts.BeginAt(_connection!.Scalar("SELECT max(id) FROM diary"));
        return _connection!.Rows("SELECT incident_id, type, json FROM incident_events ORDER BY incident_id, version", row => new DiskEvent(row.GetInt64(0), row.GetString(1), row.GetString(2)));
    }

    /// <summary>What boards did since the last look, by their pages and by what the chain was read of.</summary>
    public (List<(string Device, string Kind)> Lines, List<DiskFact> Entries) ReadNewFacts() => _facts.Take(_newLines!);

    /// <summary>The number is on the disk, as a signal or as missing.</summary>
    public bool Accounts(DiskLane lane, uint seq) => lane.Signals.ContainsKey(seq) || IsMissing(lane, seq);

    public bool IsMissing(DiskLane lane, uint seq)
    {
        using var reader = _missing!.Set(lane.Id, (long)seq).ExecuteReader();
        return reader.Read() && reader.GetInt64(0) >= seq;
    }

    /// <summary>How many numbers of the lane are missing up to this one.</summary>
    public long MissingThrough(DiskLane lane, uint through) =>
        _connection!.Scalar("SELECT sum(min(last, $2) - first + 1) FROM missing WHERE lane_id = $1 AND first <= $2", lane.Id, (long)through);

    public IReadOnlyList<SeqRange> Missing(DiskLane lane) => _connection!.Rows(
        "SELECT first, last FROM missing WHERE lane_id = $1 ORDER BY first", row => new SeqRange((uint)row.GetInt64(0), (uint)row.GetInt64(1)), lane.Id);

    /// <summary>A number of the lane that is a signal and is called missing; null when there is none.</summary>
    public long? FoundAndMissing(DiskLane lane) => Missing(lane).SelectMany(static range => Enumerable.Range(0, (int)Math.Min(range.Count, 10_000)).Select(i => range.First + (uint)i))
        .Where(lane.Signals.ContainsKey).Select(static seq => (long?)seq).FirstOrDefault();

    /// <summary>Events of incidents, and the entries of the audit chain about them.</summary>
    public (long Events, long Audited) IncidentEvents() => (
        _connection!.Scalar("SELECT count(*) FROM incident_events"), _connection!.Scalar("SELECT count(*) FROM audit WHERE kind LIKE 'incident.%'"));

    /// <summary>The newest events of an incident, oldest first, as lines.</summary>
    public IReadOnlyList<string> EventsOf(long id, int max) => _connection!.Rows(
        "SELECT version, at_ms, actor, type, json FROM (SELECT * FROM incident_events WHERE incident_id = $1 ORDER BY version DESC LIMIT $2) ORDER BY version",
        row => $"{DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)):HH:mm:ss.fff} (hub's clock) version {row.GetInt64(0)}, {row.GetString(3)} by {row.GetString(2)}: {row.GetString(4)}", id, (long)max);

    /// <summary>The events of each incident, in their order, as its own table has them and as the audit chain has them.</summary>
    public (ILookup<long, string> Kept, ILookup<long, string> Audited) Events() => (
        _connection!.Rows("SELECT incident_id, json FROM incident_events ORDER BY incident_id, version", row => (Id: row.GetInt64(0), Json: row.GetString(1))).ToLookup(row => row.Id, row => row.Json),
        _connection!.Rows("SELECT CAST(substr(subject, 10) AS INTEGER), content FROM audit WHERE kind LIKE 'incident.%' ORDER BY seq", row => (Id: row.GetInt64(0), Json: row.GetString(1))).ToLookup(row => row.Id, row => row.Json));

    /// <summary>What an incident is found by: number, version, kind, stage, call point, when it was opened, whether it is closed.</summary>
    public List<(long Id, long Version, string Kind, string Stage, string CallPoint, long OpenedMs, bool IsClosed)> IncidentColumns() => _connection!.Rows(
        "SELECT id, version, kind, stage, call_point, opened_ms, closed_ms IS NOT NULL FROM incidents", row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6) != 0));

    /// <summary>Rows that two tables should have as many of, by what they are.</summary>
    public IEnumerable<(string What, long Here, long There)> Twins() =>
    [
        ("tests", _connection!.Scalar($"SELECT count(*) FROM signals WHERE flags & {(long)SignalFlags.Test} <> 0"), _connection!.Scalar("SELECT count(*) FROM test_signals t JOIN signals s ON s.id = t.signal_id")),
        ("conflicts", _connection!.Scalar($"SELECT count(*) FROM signals WHERE flags & {(long)SignalFlags.Conflict} <> 0"), _connection!.Scalar("SELECT count(*) FROM conflicts c JOIN signals s ON s.id = c.signal_id AND s.lane_id = c.lane_id")),
        ("incidents", Incidents, _connection!.Scalar("SELECT count(*) FROM incident_facts f JOIN incidents i ON i.id = f.id")),
    ];

    /// <summary>What is on the disk of a board: its signals, and its numbers that are missing.</summary>
    public (long Signals, long Missing) CountsOf(string device) => (
        _connection!.Scalar("SELECT count(*) FROM signals s JOIN lanes l ON l.id = s.lane_id WHERE l.device = $1", device),
        _connection!.Scalar("SELECT sum(last - first + 1) FROM missing m JOIN lanes l ON l.id = m.lane_id WHERE l.device = $1", device));

    /// <summary>The newest settings that a board is asked for; null when there are none.</summary>
    public string? DesiredOf(string device) => _connection!
        .Rows("SELECT settings FROM desired_configurations WHERE device = $1 ORDER BY version DESC LIMIT 1", row => row.GetString(0), device).FirstOrDefault();

    /// <summary>The hub has written down when this boot began.</summary>
    public bool KnowsBoot(string device, uint boot) => _connection!.Scalar("SELECT count(*) FROM boots WHERE device = $1 AND boot = $2", device, (long)boot) > 0;

    /// <summary>Entries of the audit chain about conflicts of a board.</summary>
    public long AuditedConflicts(string device) => _connection!.Scalar("SELECT count(*) FROM audit WHERE kind = 'signal.conflict' AND subject = $1", "gateway/" + device);

    /// <summary>Somebody was reached by a call-back after the last cancel in this incident, in the order of the hub.</summary>
    public bool WasCalledBackSince(long id) => _connection!.Scalar(
        "SELECT count(*) FROM incident_events WHERE incident_id = $1 AND type = 'calledBack' AND json NOT LIKE '%\"result\":\"noAnswer\"%' "
        + "AND version > (SELECT coalesce(max(version), 0) FROM incident_events WHERE incident_id = $1 AND type = 'cancelled')", id) > 0;

    /// <summary>An incident as it stands there now; null when there is none of that number. Its row is read each time, and parsed when it says something else.</summary>
    public DiskIncident? FindIncident(long id)
    {
        using var reader = _incident!.Set(id).ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var (version, stage, json) = (reader.GetInt64(0), reader.GetString(1), reader.GetString(2));
        var known = _incidents.GetValueOrDefault(id);
        if (known is null || known.Version != version || known.Stage != stage || known.Json != json)
        {
            _incidents[id] = known = new DiskIncident(version, stage, json);
        }

        return known;
    }

    /// <summary>Their numbers; read anew each time, for the rare question that no ledger answers.</summary>
    public IReadOnlyList<long> OpenIncidents() => _connection!.Rows("SELECT id FROM incidents WHERE closed_ms IS NULL", static row => row.GetInt64(0));

    /// <summary>The incidents that the presses of a call are in: one, unless it went on after the work was over.</summary>
    public IReadOnlyList<long> IncidentsOf(DiskLane lane, uint call) => lane.Calls.TryGetValue(call, out var incidents) ? incidents : [];

    /// <summary>What was committed since the last look.</summary>
    public List<DiskSignal> ReadNew()
    {
        _areLanesRead = false;
        var rows = new List<(long Id, long Lane, uint Seq, SignalFlags Flags, byte[] Payload, long ReceivedMs, long? OccurredMs, OccurrenceQuality Quality)>();
        using (var reader = _newSignals!.Set(Signals).ExecuteReader())
        {
            while (reader.Read())
            {
                rows.Add((
                    reader.GetInt64(0), reader.GetInt64(1), (uint)reader.GetInt64(2), (SignalFlags)reader.GetInt64(3), reader.GetFieldValue<byte[]>(4), reader.GetInt64(5),
                    reader.IsDBNull(6) ? null : reader.GetInt64(6), (OccurrenceQuality)reader.GetInt64(7)));
            }
        }

        if (rows.Count == 0)
        {
            return [];
        }

        ReadLanes();
        var links = ReadLinks(Signals).ToLookup(link => link.Signal, link => link.Incident);
        return
        [
            .. rows.Select(row =>
            {
                Note(row.Id, Lanes[row.Lane], row.Seq, HashOf(row.Payload));
                return new DiskSignal(
                    row.Id, Lanes[row.Lane], row.Seq, row.Flags.HasFlag(SignalFlags.Conflict), row.Payload, [.. links[row.Id]], row.ReceivedMs, row.OccurredMs,
                    row.Flags.HasFlag(SignalFlags.Late), row.Flags.HasFlag(SignalFlags.Test), row.Quality);
            }),
        ];
    }

    /// <summary>The hub's process has started on these files. Null when all that was committed is still there, else what is not.</summary>
    public string? FindLoss(bool all)
    {
        var first = all ? 0 : Math.Max(0, Signals - ComparedRows);
        var row = first;
        foreach (var (id, hash) in _connection!.Rows(
            "SELECT id, payload FROM signals WHERE id > $1 AND id <= $2 ORDER BY id", row => (row.GetInt64(0), HashOf(row.GetFieldValue<byte[]>(1))), first, Signals))
        {
            row++;
            if (id != row || hash != _hashes[(int)row - 1])
            {
                return $"row {row} of its signals is not what was committed there";
            }
        }

        return row == Signals ? null : $"{Signals - row} signals that were committed are gone";
    }

    /// <summary>The disk went back to a backup: what is behind it is no longer known here either. Gives back the identities that went.</summary>
    public List<(DiskLane Lane, uint Seq)> ForgetBehindBackup()
    {
        var newest = _connection!.Scalar("SELECT max(id) FROM signals");
        var gone = new List<(DiskLane, uint)>();
        foreach (var lane in Lanes.Values)
        {
            gone.AddRange(lane.Signals.Where(signal => signal.Value > newest).Select(signal => (lane, signal.Key)));
        }

        _hashes.Clear();
        _byName.Clear();
        Lanes.Clear();
        _newestLane = 0;
        ReadLanes();
        foreach (var (id, laneId, seq, hash) in _connection!.Rows(
            "SELECT id, lane_id, seq, payload FROM signals ORDER BY id", row => (row.GetInt64(0), row.GetInt64(1), (uint)row.GetInt64(2), HashOf(row.GetFieldValue<byte[]>(3)))))
        {
            Note(id, Lanes[laneId], seq, hash);
        }

        ReadLinks(behind: 0);
        return gone;
    }

    internal void Open(HubDatabase database)
    {
        _areLanesRead = false;
        Close();
        _connection = database.Connect();
        _newSignals = _connection.Prepared("SELECT id, lane_id, seq, flags, payload, received_ms, occurred_ms, quality FROM signals WHERE id > $1 ORDER BY id", 0L);
        _missing = _connection.Prepared("SELECT last FROM missing WHERE lane_id = $1 AND first <= $2 ORDER BY first DESC LIMIT 1", 0L, 0L);
        _newAudit = _connection.Prepared("SELECT seq, kind, subject, content FROM audit WHERE seq > $1 ORDER BY seq", 0L);
        _newLines = _connection.Prepared("SELECT id, device, kind FROM diary WHERE id > $1 ORDER BY id", 0L);
        _incident = _connection.Prepared("SELECT version, stage, json FROM incidents WHERE id = $1", 0L);
    }

    internal void Close()
    {
        _newSignals?.Dispose();
        _missing?.Dispose();
        _newAudit?.Dispose();
        _incident?.Dispose();
        _newLines?.Dispose();
        _connection?.Dispose();
        _connection = null;
    }

    /// <summary>A signal comes to the disk with the incident that it is in, never later.</summary>
    private List<(long Signal, long Incident)> ReadLinks(long behind)
    {
        var links = _connection!.Rows(
            "SELECT s.signal_id, s.incident_id, s.lane_id, s.call FROM incident_signals s JOIN incidents i ON i.id = s.incident_id WHERE s.signal_id > $1",
            row => (Signal: row.GetInt64(0), Incident: row.GetInt64(1), Lane: row.GetInt64(2), Call: (uint)row.GetInt64(3)), behind);
        foreach (var link in links)
        {
            if (!Lanes[link.Lane].Calls.TryGetValue(link.Call, out var incidents))
            {
                Lanes[link.Lane].Calls.Add(link.Call, incidents = []);
            }

            if (incidents.BinarySearch(link.Incident) is < 0 and var place)
            {
                incidents.Insert(~place, link.Incident);
            }
        }

        return [.. links.Select(link => (link.Signal, link.Incident))];
    }

    private void ReadLanes()
    {
        _areLanesRead = true;
        foreach (var lane in _connection!.Rows(
            "SELECT id, device, lane, epoch FROM lanes WHERE id > $1 ORDER BY id", row => new DiskLane(row.GetInt64(0), row.GetString(1), (Lane)row.GetInt64(2), (uint)row.GetInt64(3)), _newestLane))
        {
            _newestLane = lane.Id;
            if (Lanes.TryAdd(lane.Id, lane))
            {
                _byName.Add((lane.Device, lane.Lane, lane.Epoch), lane);
            }
        }
    }

    private void Note(long id, DiskLane lane, uint seq, int hash)
    {
        // Rows are numbered without a gap; a store that skips one shows it by the comparison at the next restart.
        while (_hashes.Count < id - 1)
        {
            _hashes.Add(0);
        }

        _hashes.Add(hash);
        if (!lane.Signals.TryAdd(seq, id) && lane.Signals[seq] != id)
        {
            lane.Conflicts.Add((seq, id));
        }

        lane.LastSeq = Math.Max(lane.LastSeq, seq);
    }

    private static int HashOf(byte[] payload)
    {
        var hash = new HashCode();
        hash.AddBytes(payload);
        return hash.ToHashCode();
    }
}
