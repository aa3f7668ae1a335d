using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>The tables of the workflow, on the writer's connection.</summary>
internal sealed class IncidentTables(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand _event = connection.Prepared(
        "INSERT INTO incident_events (incident_id, version, type, at_ms, actor, json) VALUES ($1, $2, $3, $4, $5, $6)", 0L, 0L, "", 0L, "", "");

    private readonly SqliteCommand _save = connection.Prepared(
        """
        INSERT INTO incidents (id, version, kind, stage, call_point, opened_ms, closed_ms, json, station) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, kind = excluded.kind, stage = excluded.stage, call_point = excluded.call_point,
            closed_ms = excluded.closed_ms, json = excluded.json, erased_ms = NULL
        """,
        0L, 0L, "", "", "", 0L, null, "", "");

    private readonly SqliteCommand _link = connection.Prepared(
        "INSERT INTO incident_signals (signal_id, incident_id, lane_id, call) VALUES ($1, $2, $3, $4)", 0L, 0L, 0L, 0L);

    public void AppendEvent(IncidentEventRow row) =>
        _event.Set(row.IncidentId, row.Version, row.Type, row.At.ToUnixTimeMilliseconds(), row.Actor, row.Json).ExecuteNonQuery();

    public void Save(IncidentRow row) =>
        _save.Set(row.Id, row.Version, row.Kind, row.Stage, row.CallPoint, row.OpenedAt.ToUnixTimeMilliseconds(), row.ClosedAt?.ToUnixTimeMilliseconds(), row.Json, row.Station)
            .ExecuteNonQuery();

    public void Link(long signalId, long incidentId, long laneId, uint call) => _link.Set(signalId, incidentId, laneId, (long)call).ExecuteNonQuery();

    public List<IncidentRow> LoadOpen() => connection.Rows($"SELECT {Columns} FROM incidents WHERE closed_ms IS NULL ORDER BY id", Read);

    public IncidentRow? Find(long id) => connection.Rows($"SELECT {Columns} FROM incidents WHERE id = $1", Read, id).FirstOrDefault();

    internal const string Columns = "id, version, kind, stage, call_point, opened_ms, closed_ms, json, station";

    internal static IncidentRow Read(SqliteDataReader r) =>
        new(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), r.Time(5), r.TimeOrNull(6), r.GetString(7)) { Station = r.GetString(8) };

    public void Dispose()
    {
        _event.Dispose();
        _save.Dispose();
        _link.Dispose();
    }
}
