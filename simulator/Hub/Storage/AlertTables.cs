using Gateway.Hub.Dispatch;
using Gateway.Hub.Stations;
using Gateway.Hub.Webhooks;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>The tables of duty and of outgoing events, on the writer's connection.</summary>
internal static class AlertTables
{
    public const string Create = """
        -- For the running shift only: rows are deleted when it is over. A place is nobody's history.
        CREATE TABLE duty (responder TEXT PRIMARY KEY, on_duty INTEGER, village TEXT, until_ms INTEGER NOT NULL, said_by TEXT NOT NULL) STRICT, WITHOUT ROWID;
        -- state: 0 waits, 1 delivered, 2 given up. The body is emptied when it is over.
        CREATE TABLE outgoing (
            id INTEGER PRIMARY KEY, target TEXT NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL, at_ms INTEGER NOT NULL, incident_id INTEGER NOT NULL,
            responder TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0, reason TEXT, over_ms INTEGER) STRICT;
        CREATE INDEX outgoing_waiting ON outgoing (id) WHERE state = 0;
        """;

    /// <summary>Where a moving call point stands now: one row each, no history here; the audit has it.</summary>
    public const string CreateMoved = "CREATE TABLE moved_call_points (call_point TEXT PRIMARY KEY, village TEXT NOT NULL, at_ms INTEGER NOT NULL, said_by TEXT NOT NULL) STRICT, WITHOUT ROWID;";

    private const int ForgottenMax = 1_000;

    public static List<DutyEntry> LoadDuty(SqliteConnection connection) => connection.Rows(
        "SELECT responder, on_duty, village, until_ms, said_by FROM duty ORDER BY responder",
        r => new DutyEntry(r.GetString(0), r.IsDBNull(1) ? null : r.GetInt64(1) != 0, r.TextOrNull(2), r.Time(3), r.GetString(4)));

    public static List<MovedCallPoint> LoadMoved(SqliteConnection connection) => connection.Rows(
        "SELECT call_point, village, at_ms, said_by FROM moved_call_points ORDER BY call_point", r => new MovedCallPoint(r.GetString(0), r.GetString(1), r.Time(2), r.GetString(3)));

    public static void SaveMoved(SqliteConnection connection, MovedCallPoint moved) => connection.Execute(
        "INSERT OR REPLACE INTO moved_call_points (call_point, village, at_ms, said_by) VALUES ($1, $2, $3, $4)",
        moved.CallPointId, moved.VillageId, moved.At.ToUnixTimeMilliseconds(), moved.By);

    public static void SaveDuty(SqliteConnection connection, DutyEntry entry) => connection.Execute(
        "INSERT OR REPLACE INTO duty (responder, on_duty, village, until_ms, said_by) VALUES ($1, $2, $3, $4, $5)",
        entry.ResponderId, entry.OnDuty is { } on ? on ? 1L : 0L : null, entry.VillageId, entry.Until.ToUnixTimeMilliseconds(), entry.By);

    public static long AddOutgoing(SqliteConnection connection, string target, string name, string body, DateTimeOffset at, long incidentId, string responderId)
    {
        if (connection.Scalar("SELECT count(*) FROM outgoing WHERE state = 0") >= Outgoing.WaitingMax)
        {
            return 0;
        }

        connection.Execute(
            "INSERT INTO outgoing (target, event, body, at_ms, incident_id, responder) VALUES ($1, $2, $3, $4, $5, $6)",
            target, name, body, at.ToUnixTimeMilliseconds(), incidentId, responderId);
        return connection.Scalar("SELECT last_insert_rowid()");
    }

    public static Outgoing? EndOutgoing(SqliteConnection connection, long id, bool delivered, string reason, DateTimeOffset at)
    {
        if (Waiting(connection, "id = $1", id).FirstOrDefault() is not { } waiting)
        {
            return null;
        }

        connection.Execute(
            "UPDATE outgoing SET state = $1, reason = $2, over_ms = $3, body = '' WHERE id = $4", delivered ? 1L : 2L, reason, at.ToUnixTimeMilliseconds(), id);
        return waiting;
    }

    public static bool HasOver(SqliteConnection connection, DateTimeOffset olderThan) =>
        connection.Scalar("SELECT EXISTS (SELECT 1 FROM outgoing WHERE state > 0 AND over_ms < $1)", olderThan.ToUnixTimeMilliseconds()) != 0;

    public static void ForgetOver(SqliteConnection connection, DateTimeOffset olderThan) => connection.Execute(
        "DELETE FROM outgoing WHERE id IN (SELECT id FROM outgoing WHERE state > 0 AND over_ms < $1 LIMIT $2)", olderThan.ToUnixTimeMilliseconds(), (long)ForgottenMax);

    /// <summary>The oldest deliveries that wait for this target.</summary>
    public static List<Outgoing> WaitingFor(SqliteConnection connection, string target, int max) => Waiting(connection, $"target = $1 ORDER BY id LIMIT {max}", target);

    private static List<Outgoing> Waiting(SqliteConnection connection, string where, object value) => connection.Rows(
        $"SELECT id, target, event, body, at_ms, incident_id, responder FROM outgoing WHERE state = 0 AND {where}",
        r => new Outgoing(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Time(4), r.GetInt64(5), r.GetString(6)), value);
}
