namespace Gateway.Hub.Storage;

/// <summary>The tables of the field page, for the list of migrations (append only). Which account is which responder of the station file; no place, no telephone, no name.</summary>
internal static class FieldTables
{
    public const string Create = """
        CREATE TABLE field_responders (account_id INTEGER PRIMARY KEY REFERENCES accounts, responder_id TEXT NOT NULL) STRICT;
        """;
}
