namespace Gateway.Hub.Storage;

/// <summary>The tables of the accounts, for the list of migrations (append only). Times are unix milliseconds, UTC; secrets are there as hashes only.</summary>
internal static class AccountTables
{
    public const string Create = """
        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, normal_name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, roles TEXT NOT NULL,
            stamp TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, locked_until_ms INTEGER,
            created_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE api_tokens (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, scopes TEXT NOT NULL, created_ms INTEGER NOT NULL,
            expires_ms INTEGER, revoked_ms INTEGER) STRICT;
        CREATE TABLE setup_keys (hash BLOB PRIMARY KEY, created_ms INTEGER NOT NULL, spent_ms INTEGER) STRICT;
        """;
}
