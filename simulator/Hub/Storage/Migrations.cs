namespace Gateway.Hub.Storage;

/// <summary>
/// The versions of the database, in order; the version is the number of entries applied (PRAGMA user_version).
/// Append only: an entry that has once been released is never edited.
/// </summary>
internal static class Migrations
{
    /// <summary>Marks the file as a hub's (PRAGMA application_id): "GwHb".</summary>
    public const int ApplicationId = 0x47774862;

    public static readonly IReadOnlyList<string> All = [Core, AccountTables.Create, FleetTables.Create, WorkTables.Create, FieldTables.Create, FleetTables.Reported, AlertTables.Create, Erasure.Create, WorkTables.NoteGap, WorkTables.ByVillage, AlertTables.CreateMoved, WorkTables.CoverPlaces, FleetTables.Searched, StationColumns.Create, WorkTables.CoverTimes, FleetTables.PutOff];

    private const string Core = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- The hot table: append only, in order of arrival, no second index. See README.md "Why the signals have no index".
        CREATE TABLE signals (
            id INTEGER PRIMARY KEY, lane_id INTEGER NOT NULL, seq INTEGER NOT NULL, received_ms INTEGER NOT NULL, occurred_ms INTEGER,
            quality INTEGER NOT NULL, flags INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;
        -- Where a signal is, by identity; written in sorted runs, behind the signals (meta 'indexed_through').
        CREATE TABLE signal_index (lane_id INTEGER NOT NULL, seq INTEGER NOT NULL, signal_id INTEGER NOT NULL,
            PRIMARY KEY (lane_id, seq, signal_id)) STRICT, WITHOUT ROWID;
        -- One lane and epoch of a board. through and ahead are as of 'indexed_through'; what came after is read from signals at the start.
        CREATE TABLE lanes (
            id INTEGER PRIMARY KEY, device TEXT NOT NULL, lane INTEGER NOT NULL, epoch INTEGER NOT NULL, first_ms INTEGER NOT NULL,
            through INTEGER NOT NULL DEFAULT 0, ahead TEXT NOT NULL DEFAULT '', signal_count INTEGER NOT NULL DEFAULT 0,
            UNIQUE (device, lane, epoch)) STRICT;
        CREATE TABLE missing (
            lane_id INTEGER NOT NULL REFERENCES lanes, first INTEGER NOT NULL, last INTEGER NOT NULL, at_ms INTEGER NOT NULL, cause TEXT NOT NULL,
            PRIMARY KEY (lane_id, first)) STRICT, WITHOUT ROWID;
        CREATE TABLE conflicts (signal_id INTEGER PRIMARY KEY REFERENCES signals, lane_id INTEGER NOT NULL REFERENCES lanes) STRICT;
        CREATE INDEX conflicts_by_lane ON conflicts (lane_id);

        CREATE TABLE gateways (
            device TEXT PRIMARY KEY, wrapped_key BLOB NOT NULL, password_salt BLOB NOT NULL, password_hash BLOB NOT NULL,
            provisioned_ms INTEGER NOT NULL, revoked_ms INTEGER, birth BLOB, birth_ms INTEGER,
            config_version INTEGER NOT NULL DEFAULT 0, config_state TEXT) STRICT, WITHOUT ROWID;
        CREATE TABLE boots (device TEXT NOT NULL REFERENCES gateways, boot INTEGER NOT NULL, started_ms INTEGER NOT NULL,
            PRIMARY KEY (device, boot)) STRICT, WITHOUT ROWID;
        CREATE TABLE diary (id INTEGER PRIMARY KEY, device TEXT NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE INDEX diary_by_device ON diary (device, id);
        CREATE TABLE commands (
            id TEXT PRIMARY KEY, device TEXT NOT NULL, command TEXT NOT NULL, actor TEXT NOT NULL, at_ms INTEGER NOT NULL,
            result TEXT, reason TEXT, result_ms INTEGER) STRICT, WITHOUT ROWID;

        CREATE TABLE incidents (
            id INTEGER PRIMARY KEY, version INTEGER NOT NULL, kind TEXT NOT NULL, stage TEXT NOT NULL, call_point TEXT NOT NULL,
            opened_ms INTEGER NOT NULL, closed_ms INTEGER, json TEXT NOT NULL) STRICT;
        CREATE INDEX incidents_open ON incidents (id) WHERE closed_ms IS NULL;
        CREATE TABLE incident_events (
            incident_id INTEGER NOT NULL REFERENCES incidents DEFERRABLE INITIALLY DEFERRED, version INTEGER NOT NULL, type TEXT NOT NULL,
            at_ms INTEGER NOT NULL, actor TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (incident_id, version)) STRICT, WITHOUT ROWID;
        -- The primary key is the promise of I2: a signal is in one incident.
        CREATE TABLE incident_signals (
            signal_id INTEGER PRIMARY KEY REFERENCES signals, incident_id INTEGER NOT NULL REFERENCES incidents DEFERRABLE INITIALLY DEFERRED,
            lane_id INTEGER NOT NULL, call INTEGER NOT NULL) STRICT;
        CREATE INDEX incident_signals_by_incident ON incident_signals (incident_id);
        CREATE TABLE outcomes (
            key TEXT PRIMARY KEY, done INTEGER NOT NULL, version INTEGER NOT NULL, refusal_name TEXT, refusal_text TEXT, at_ms INTEGER NOT NULL)
            STRICT, WITHOUT ROWID;

        CREATE TABLE audit (
            seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, content TEXT NOT NULL,
            hash BLOB NOT NULL) STRICT;
        """;
}
