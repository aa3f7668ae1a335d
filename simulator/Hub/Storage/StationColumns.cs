namespace Gateway.Hub.Storage;

/// <summary>
/// Whose a row is, where a hub has several stations. Empty means the station that was here when the hub had one (meta 'home_station'): so a database from before
/// needs no row to be rewritten, however many it has.
/// </summary>
internal static class StationColumns
{
    public const string Create = """
        ALTER TABLE incidents ADD COLUMN station TEXT NOT NULL DEFAULT '';
        CREATE INDEX incidents_by_station ON incidents (station, id);
        ALTER TABLE incident_facts ADD COLUMN station TEXT NOT NULL DEFAULT '';
        ALTER TABLE work_items ADD COLUMN station TEXT NOT NULL DEFAULT '';
        CREATE INDEX work_items_by_station ON work_items (station, id);

        -- A key cannot be widened in place: the counts of some months are copied.
        CREATE TABLE counts_by_station (month INTEGER NOT NULL, figure TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, station TEXT NOT NULL,
            PRIMARY KEY (month, figure, station, key)) STRICT, WITHOUT ROWID;
        INSERT INTO counts_by_station SELECT month, figure, key, n, '' FROM counts;
        DROP TABLE counts;
        ALTER TABLE counts_by_station RENAME TO counts;

        -- The unit of an account or token: a station, a level above one, or empty for the whole hub.
        ALTER TABLE accounts ADD COLUMN unit TEXT NOT NULL DEFAULT '';
        ALTER TABLE api_tokens ADD COLUMN unit TEXT NOT NULL DEFAULT '';
        """;
}
