namespace Gateway.Hub.Storage;

/// <summary>
/// What fleet, accounts and audit added to the first tables, for the list of migrations (append only). An audit entry with a <c>content_hash</c> is chained over
/// that hash, so that its content can be erased (Audit/README.md); entries from before it are chained over the content itself.
/// </summary>
internal static class FleetTables
{
    public const string Create = """
        ALTER TABLE outcomes ADD COLUMN command_id TEXT;
        ALTER TABLE gateways ADD COLUMN config_reason TEXT NOT NULL DEFAULT '';
        ALTER TABLE gateways ADD COLUMN reported_version INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE desired_configurations (
            device TEXT NOT NULL REFERENCES gateways, version INTEGER NOT NULL, settings TEXT NOT NULL, actor TEXT NOT NULL, at_ms INTEGER NOT NULL,
            PRIMARY KEY (device, version)) STRICT, WITHOUT ROWID;
        CREATE INDEX commands_by_device ON commands (device, at_ms);

        ALTER TABLE accounts ADD COLUMN totp_key BLOB;
        ALTER TABLE accounts ADD COLUMN totp_confirmed_ms INTEGER;
        ALTER TABLE accounts ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE recovery_codes (
            account_id INTEGER NOT NULL REFERENCES accounts, hash BLOB NOT NULL, spent_ms INTEGER, PRIMARY KEY (account_id, hash)) STRICT, WITHOUT ROWID;
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts, opened_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, browser TEXT NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE INDEX sessions_by_account ON sessions (account_id);

        ALTER TABLE audit ADD COLUMN salt BLOB;
        ALTER TABLE audit ADD COLUMN content_hash BLOB;
        CREATE INDEX audit_by_subject ON audit (subject, seq);
        """;

    /// <summary>Searches in the audit, and what is forgotten by its age, however much there is.</summary>
    public const string Searched = """
        CREATE INDEX audit_by_kind ON audit (kind, seq);
        CREATE INDEX audit_by_actor ON audit (actor, seq);
        CREATE INDEX outcomes_by_age ON outcomes (at_ms);
        CREATE INDEX commands_by_age ON commands (at_ms);
        CREATE INDEX commands_unanswered ON commands (at_ms, id) WHERE result IS NULL OR result IN ('expired', 'failed');
        CREATE INDEX outgoing_over ON outgoing (over_ms) WHERE state > 0;
        """;

    /// <summary>A reset that a board has put off because its button was pressed again is due like one that nobody answered.</summary>
    public const string PutOff = """
        DROP INDEX commands_unanswered;
        CREATE INDEX commands_unanswered ON commands (at_ms, id)
            WHERE result IS NULL OR result IN ('expired', 'failed') OR (result = 'refused' AND reason = 'pressed-again');
        """;

    public const string Reported = "ALTER TABLE gateways ADD COLUMN config_reported BLOB;";
}
