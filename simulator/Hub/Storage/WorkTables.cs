using System.Globalization;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Gateway.Hub.Work;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>The tables of the work beside incidents and of the statistics, on the writer's connection.</summary>
/// <param name="begin">Begins the batch's transaction if none is open.</param>
internal sealed class WorkTables(SqliteConnection connection, Action begin) : IWorkStore, IDisposable
{
    public const string Create = """
        CREATE TABLE work_items (
            id INTEGER PRIMARY KEY, version INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, place TEXT NOT NULL, opened_ms INTEGER NOT NULL,
            due_ms INTEGER, closed_ms INTEGER, json TEXT NOT NULL) STRICT;
        CREATE INDEX work_items_open ON work_items (kind, id) WHERE closed_ms IS NULL;
        CREATE INDEX work_items_by_kind ON work_items (kind, id);
        CREATE TABLE work_events (
            item_id INTEGER NOT NULL REFERENCES work_items DEFERRABLE INITIALLY DEFERRED, version INTEGER NOT NULL, type TEXT NOT NULL, at_ms INTEGER NOT NULL,
            actor TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (item_id, version)) STRICT, WITHOUT ROWID;

        -- One flat row per incident, derived from it; what lists, reviews and warnings look through.
        CREATE TABLE incident_facts (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, call_point TEXT NOT NULL, village TEXT NOT NULL, zone_class TEXT NOT NULL, virtual INTEGER NOT NULL,
            merged INTEGER NOT NULL, opened_ms INTEGER NOT NULL, accepted_ms INTEGER, dispatched_ms INTEGER, arrived_ms INTEGER, handled_ms INTEGER,
            reported_ms INTEGER, followed_ms INTEGER, closed_ms INTEGER, disposition TEXT, waived INTEGER NOT NULL, cancelled INTEGER NOT NULL,
            escalated TEXT NOT NULL, weight INTEGER NOT NULL, responders INTEGER NOT NULL, weighed INTEGER NOT NULL) STRICT;
        CREATE INDEX facts_by_place ON incident_facts (call_point, opened_ms);
        CREATE INDEX facts_by_time ON incident_facts (opened_ms, call_point, virtual, merged);
        CREATE INDEX facts_unweighed ON incident_facts (id) WHERE weighed = 0;
        -- The counts of a month, added up with each change of an incident: what a month's statistics read.
        CREATE TABLE counts (month INTEGER NOT NULL, figure TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL,
            PRIMARY KEY (month, figure, key)) STRICT, WITHOUT ROWID;

        -- Lists of incidents by their filters, and the tests list, however much there is.
        CREATE INDEX incidents_by_place ON incidents (call_point, id);
        CREATE INDEX incidents_by_kind ON incidents (kind, id);
        CREATE TABLE test_signals (signal_id INTEGER PRIMARY KEY REFERENCES signals) STRICT;
        INSERT INTO test_signals SELECT id FROM signals WHERE flags & 2;
        """;

    /// <summary>Notes which incidents were stored before there were facts; <see cref="FactCatchUp"/> gives them theirs while the hub runs.</summary>
    public const string NoteGap = """
        INSERT INTO meta (name, value) SELECT 'facts_gap', (min(id) - 1) || ' ' || max(id) FROM incidents i
            WHERE NOT EXISTS (SELECT 1 FROM incident_facts f WHERE f.id = i.id) HAVING count(*) > 0;
        """;

    /// <summary>A page of one village's or one place's incidents, of one kind too, however many there are.</summary>
    public const string ByVillage = """
        CREATE INDEX facts_by_village ON incident_facts (village, id);
        CREATE INDEX facts_by_village_kind ON incident_facts (village, kind, id);
        CREATE INDEX incidents_by_place_kind ON incidents (call_point, kind, id);
        """;

    /// <summary>What the daily review counts of each place, from the index alone.</summary>
    public const string CoverPlaces = """
        DROP INDEX facts_by_place;
        CREATE INDEX facts_by_place ON incident_facts (call_point, opened_ms, virtual, merged);
        """;

    /// <summary>Searches in a span of time, from the index alone; those of a kind in one of several stations.</summary>
    public const string CoverTimes = """
        DROP INDEX facts_by_time;
        CREATE INDEX facts_by_time ON incident_facts (opened_ms, call_point, virtual, merged, kind, village, closed_ms, station);
        CREATE INDEX incidents_by_station_kind ON incidents (station, kind, id);
        """;

    internal const string ItemColumns = "id, version, kind, state, place, opened_ms, due_ms, closed_ms, json, station";

    internal const string FactColumns =
        "id, kind, call_point, village, zone_class, virtual, merged, opened_ms, accepted_ms, dispatched_ms, arrived_ms, handled_ms, reported_ms, followed_ms, closed_ms, disposition, waived, cancelled, escalated, weight, responders, weighed, station";

    private readonly SqliteCommand _saveFact = connection.Prepared(
        $"INSERT OR REPLACE INTO incident_facts ({FactColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        0L, "", "", "", "", 0L, 0L, 0L, null, null, null, null, null, null, null, null, 0L, 0L, "", 0L, 0L, 0L, "");

    private readonly SqliteCommand _count = connection.Prepared(
        "INSERT INTO counts (month, figure, key, n, station) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET n = n + excluded.n", 0L, "", "", 0L, "");

    public IReadOnlyList<WorkRow> LoadOpenWork() => connection.Rows($"SELECT {ItemColumns} FROM work_items INDEXED BY work_items_open WHERE closed_ms IS NULL ORDER BY id", ReadItem);

    public WorkRow? FindWork(long id) => connection.Rows($"SELECT {ItemColumns} FROM work_items WHERE id = $1", ReadItem, id).FirstOrDefault();

    public long NextWorkId() => connection.Scalar("SELECT max(id) FROM work_items") + 1;

    public DateOnly? LastReviewedDay(string station) =>
        connection.Rows($"SELECT {ItemColumns} FROM work_items WHERE kind = $1 AND station = $2 ORDER BY id DESC LIMIT 1", ReadItem, nameof(WorkKind.DailyReview), station).FirstOrDefault() is { } row
            ? ((Work.Shifts.DailyReview)WorkJson.ReadItem(row.Json)).Day
            : null;

    public void AppendWorkEvent(WorkEventRow row)
    {
        begin();
        connection.Execute(
            "INSERT INTO work_events (item_id, version, type, at_ms, actor, json) VALUES ($1, $2, $3, $4, $5, $6)",
            row.ItemId, row.Version, row.Type, row.At.ToUnixTimeMilliseconds(), row.Actor, row.Json);
    }

    public void SaveWork(WorkRow row)
    {
        begin();
        connection.Execute(
            $"INSERT OR REPLACE INTO work_items ({ItemColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            row.Id, row.Version, row.Kind.ToString(), row.State, row.PlaceId, row.OpenedAt.ToUnixTimeMilliseconds(), row.DueAt?.ToUnixTimeMilliseconds(),
            row.ClosedAt?.ToUnixTimeMilliseconds(), row.Json, row.Station);
    }

    public IncidentFact? FindFact(long incidentId) => connection.Rows($"SELECT {FactColumns} FROM incident_facts WHERE id = $1", ReadFact, incidentId).FirstOrDefault();

    public void SaveFact(IncidentFact fact)
    {
        begin();
        _saveFact.Set(
            fact.Id, fact.Kind.ToString(), fact.CallPointId, fact.VillageId, fact.ZoneClass.ToString(), fact.Virtual ? 1L : 0L, fact.Merged ? 1L : 0L,
            fact.OpenedAt.ToUnixTimeMilliseconds(), fact.AcceptedAt?.ToUnixTimeMilliseconds(), fact.DispatchedAt?.ToUnixTimeMilliseconds(),
            fact.ArrivedAt?.ToUnixTimeMilliseconds(), fact.HandledAt?.ToUnixTimeMilliseconds(), fact.ReportedAt?.ToUnixTimeMilliseconds(),
            fact.FollowedUpAt?.ToUnixTimeMilliseconds(), fact.ClosedAt?.ToUnixTimeMilliseconds(), fact.Disposition?.ToString(), fact.Waived ? 1L : 0L,
            fact.Cancelled ? 1L : 0L, fact.EscalatedTo.ToString(), (long)fact.Weight, (long)fact.Responders, fact.Weighed ? 1L : 0L, fact.Station).ExecuteNonQuery();
    }

    public IReadOnlyList<IncidentFact> UnweighedFacts(int max) =>
        connection.Rows($"SELECT {FactColumns} FROM incident_facts WHERE weighed = 0 ORDER BY id LIMIT $1", ReadFact, (long)max);

    public IReadOnlyList<IncidentFact> FactsOf(string callPointId, DateTimeOffset since, int max) => connection.Rows(
        $"SELECT {FactColumns} FROM incident_facts WHERE call_point = $1 AND opened_ms >= $2 ORDER BY opened_ms DESC LIMIT $3",
        ReadFact, callPointId, since.ToUnixTimeMilliseconds(), (long)max);

    public long CountOpened(string station, DateTimeOffset from, DateTimeOffset to) => connection.Scalar(
        "SELECT count(*) FROM incident_facts WHERE opened_ms >= $1 AND opened_ms < $2 AND virtual = 0 AND merged = 0 AND station = $3",
        from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), station);

    public void AddCount(CountKey key, long delta)
    {
        begin();
        _count.Set((long)key.Month, key.Figure, key.Key, delta, key.Station).ExecuteNonQuery();
    }

    public FactGap? LoadFactGap() => ReadGap(connection);

    public void SaveFactGap(FactGap? gap)
    {
        begin();
        if (gap is { } left)
        {
            connection.Execute("UPDATE meta SET value = $1 WHERE name = 'facts_gap'", FormattableString.Invariant($"{left.Through} {left.To}"));
        }
        else
        {
            connection.Execute("DELETE FROM meta WHERE name = 'facts_gap'");
        }
    }

    public IReadOnlyList<IncidentEvent> EventsOf(long incidentId, long throughVersion) => connection.Rows(
        "SELECT json FROM incident_events WHERE incident_id = $1 AND version <= $2 ORDER BY version", r => IncidentJson.ReadEvent(r.GetString(0)), incidentId, throughVersion);

    internal static FactGap? ReadGap(SqliteConnection connection)
    {
        if (connection.ScalarText("SELECT value FROM meta WHERE name = 'facts_gap'")?.Split(' ') is not [var through, var to])
        {
            return null;
        }

        return new FactGap(long.Parse(through, CultureInfo.InvariantCulture), long.Parse(to, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _saveFact.Dispose();
        _count.Dispose();
    }

    internal static WorkRow ReadItem(SqliteDataReader r) => new(
        r.GetInt64(0), r.GetInt64(1), Enum.Parse<WorkKind>(r.GetString(2)), r.GetString(3), r.GetString(4), r.Time(5), r.TimeOrNull(6), r.TimeOrNull(7), r.GetString(8)) { Station = r.GetString(9) };

    internal static IncidentFact ReadFact(SqliteDataReader r) => new(
        r.GetInt64(0), Enum.Parse<IncidentKind>(r.GetString(1)), r.GetString(2), r.GetString(3), Enum.Parse<ZoneClass>(r.GetString(4)), r.GetInt64(5) != 0, r.GetInt64(6) != 0,
        r.Time(7), r.TimeOrNull(8), r.TimeOrNull(9), r.TimeOrNull(10), r.TimeOrNull(11), r.TimeOrNull(12), r.TimeOrNull(13), r.TimeOrNull(14),
        r.TextOrNull(15) is { } disposition ? Enum.Parse<Disposition>(disposition) : null, r.GetInt64(16) != 0, r.GetInt64(17) != 0,
        Enum.Parse<EscalationLevel>(r.GetString(18)), r.GetInt32(19), r.GetInt32(20), r.GetInt64(21) != 0) { Station = r.GetString(22) };
}
