using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>The tables of gateways: credentials, desired configurations, boots; on the writer's connection, which has begun its transaction.</summary>
internal static class GatewayTables
{
    /// <summary>Boots kept per gateway; as many as the core remembers.</summary>
    private const int BootsKept = 64;

    /// <summary>Versions of a gateway's desired configuration that are kept; the audit chain keeps them all.</summary>
    private const int DesiredKept = 20;

    /// <param name="indexedThrough">Signals up to this one are counted in their lanes.</param>
    public static IReadOnlyList<StoredGateway> Load(SqliteConnection connection, long indexedThrough) => connection.Rows(
        """
        WITH tail AS MATERIALIZED (SELECT l.device, count(*) AS n FROM signals s JOIN lanes l ON l.id = s.lane_id WHERE s.id > $1 GROUP BY l.device)
        SELECT g.device, revoked_ms IS NOT NULL, birth, config_version, config_state,
            (SELECT coalesce(sum(signal_count), 0) FROM lanes l WHERE l.device = g.device) + coalesce((SELECT n FROM tail WHERE tail.device = g.device), 0),
            (SELECT count(*) FROM conflicts c JOIN lanes l ON l.id = c.lane_id WHERE l.device = g.device),
            (SELECT coalesce(sum(last - first + 1), 0) FROM missing m JOIN lanes l ON l.id = m.lane_id WHERE l.device = g.device),
            reported_version, config_reason, d.version, d.settings, d.actor, d.at_ms
        FROM gateways g LEFT JOIN desired_configurations d
            ON d.device = g.device AND d.version = (SELECT max(version) FROM desired_configurations n WHERE n.device = g.device)
        """,
        r => new StoredGateway(
            r.GetString(0), r.GetInt64(1) != 0, r.IsDBNull(2) ? null : r.GetFieldValue<byte[]>(2), r.GetInt32(3), r.TextOrNull(4),
            r.GetInt64(5), r.GetInt64(6), r.GetInt64(7))
        {
            ReportedVersion = r.GetInt32(8),
            ConfigReason = r.GetString(9),
            Desired = r.IsDBNull(10) ? null : new DesiredConfiguration(r.GetInt32(10), BoardSettings.FromJson(r.GetString(11)), r.GetString(12), r.Time(13)),
        },
        indexedThrough);

    public static IReadOnlyList<BootStart> LoadBoots(SqliteConnection connection) =>
        connection.Rows("SELECT device, boot, started_ms FROM boots ORDER BY device, boot", r => new BootStart(r.GetString(0), (uint)r.GetInt64(1), r.Time(2)));

    public static IReadOnlyList<StoredCredentials> LoadCredentials(SqliteConnection connection) => connection.Rows(
        "SELECT device, wrapped_key, password_salt, password_hash, revoked_ms IS NOT NULL FROM gateways",
        r => new StoredCredentials(r.GetString(0), r.GetFieldValue<byte[]>(1), r.GetFieldValue<byte[]>(2), r.GetFieldValue<byte[]>(3), r.GetInt64(4) != 0));

    public static void SaveCredentials(SqliteConnection connection, StoredCredentials credentials, DateTimeOffset at)
    {
        connection.Execute(
            """
            INSERT INTO gateways (device, wrapped_key, password_salt, password_hash, provisioned_ms) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (device) DO UPDATE SET wrapped_key = excluded.wrapped_key, password_salt = excluded.password_salt,
                password_hash = excluded.password_hash, provisioned_ms = excluded.provisioned_ms, revoked_ms = NULL
            """,
            credentials.Device, credentials.WrappedKey, credentials.PasswordSalt, credentials.PasswordHash, at.ToUnixTimeMilliseconds());
    }

    public static void SaveDesired(SqliteConnection connection, string device, DesiredConfiguration desired)
    {
        connection.Execute(
            "INSERT INTO desired_configurations (device, version, settings, actor, at_ms) VALUES ($1, $2, $3, $4, $5)",
            device, (long)desired.Version, desired.Settings.ToJson(), desired.Actor, desired.At.ToUnixTimeMilliseconds());
        connection.Execute("DELETE FROM desired_configurations WHERE device = $1 AND version <= $2", device, (long)desired.Version - DesiredKept);
    }

    public static void SaveBoot(SqliteConnection connection, BootStart boot)
    {
        connection.Execute(
            "INSERT INTO boots (device, boot, started_ms) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET started_ms = excluded.started_ms",
            boot.Device, (long)boot.Boot, boot.StartedAt.ToUnixTimeMilliseconds());
        connection.Execute(
            "DELETE FROM boots WHERE device = $1 AND boot NOT IN (SELECT boot FROM boots WHERE device = $1 ORDER BY boot DESC LIMIT $2)", boot.Device, (long)BootsKept);
    }
}
