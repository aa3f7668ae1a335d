using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Audit;

/// <summary>Which entries: newest first.</summary>
/// <param name="Kind">A kind (<c>incident.accepted</c>) or a family of kinds (<c>incident</c>).</param>
/// <param name="Text">Occurs in actor, kind, subject or content; case does not matter.</param>
/// <param name="BeforeSeq">The cursor: older than this one.</param>
/// <param name="Limit">1..200.</param>
public sealed record AuditQuery(string? Actor = null, string? Kind = null, string? Subject = null, string? Text = null, long? BeforeSeq = null, int Limit = 50)
{
    /// <summary>Only what is of these stations; null for the whole chain.</summary>
    public AuditScope? Scope { get; init; }
}

/// <summary>What of the chain somebody of a unit may read: what was done to its incidents, its work, its boards, people and places, and to its accounts.</summary>
/// <param name="Stations">As <see cref="Stations.StationBook.CodeOf"/> writes them.</param>
/// <param name="Subjects">Subjects of its own, as the chain names them.</param>
/// <param name="Units">Stations and levels above of which all is within.</param>
public sealed record AuditScope(IReadOnlyList<string> Stations, IReadOnlyList<string> Subjects, IReadOnlyList<string> Units);

/// <summary>What a search found so far.</summary>
/// <param name="Next">Older entries are still to be looked through, from this one on; null when there are none. Also where fewer than asked for were found.</param>
public sealed record AuditFound(IReadOnlyList<AuditEntry> Entries, long? Next);

/// <summary>
/// A search in the audit chain, bounded whatever is asked: by the index of subject, actor or kind, newest first; what no index can answer is judged entry by entry, at
/// most <see cref="WalkMax"/> in one go.
/// </summary>
internal static class AuditSearch
{
    /// <summary>Entries that one search looks at: some 30 ms.</summary>
    public const int WalkMax = 10_000;

    public static AuditFound Run(SqliteConnection connection, AuditQuery query)
    {
        // One read transaction: the family's kinds and the entries are of the same commit.
        using var transaction = connection.BeginTransaction(deferred: true);
        var readers = new List<(SqliteCommand Command, SqliteDataReader Reader)>();
        try
        {
            foreach (var (condition, value) in Streams(connection, query))
            {
                var command = connection.Prepared(
                    $"SELECT {AuditChain.EntryColumns}, {(query.Scope is null ? "1" : Within)} FROM audit WHERE seq < $1 {condition} ORDER BY seq DESC LIMIT $3",
                    query.BeforeSeq ?? long.MaxValue, value, WalkMax + 1L, JsonOf(query.Scope?.Stations), JsonOf(query.Scope?.Subjects), JsonOf(query.Scope?.Units));
                readers.Add((command, command.ExecuteReader()));
            }

            return Merge([.. readers.Select(entry => entry.Reader)], query);
        }
        finally
        {
            foreach (var (command, reader) in readers)
            {
                reader.Dispose();
                command.Dispose();
            }
        }
    }

    /// <summary>1 for an entry of the asker's unit, else 0; in the row and not in the condition, so that what is looked through stays bounded.</summary>
    private const string Within = """
        (subject IN (SELECT value FROM json_each($5))
            OR (subject LIKE 'incident/%' AND coalesce((SELECT station FROM incidents WHERE id = CAST(substr(subject, 10) AS INTEGER)) IN (SELECT value FROM json_each($4)), 0))
            OR (subject LIKE 'work/%' AND coalesce((SELECT station FROM work_items WHERE id = CAST(substr(subject, 6) AS INTEGER)) IN (SELECT value FROM json_each($4)), 0))
            OR (subject LIKE 'account/%' AND coalesce((SELECT unit FROM accounts WHERE name = substr(subject, 9)) IN (SELECT value FROM json_each($6)), 0)))
        """;

    private static string JsonOf(IReadOnlyList<string>? values) => System.Text.Json.JsonSerializer.Serialize(values ?? []);

    /// <summary>By which index: the narrowest that is asked for. A family is one stream for each of its kinds.</summary>
    private static IEnumerable<(string Condition, string? Value)> Streams(SqliteConnection connection, AuditQuery query) => query switch
    {
        { Subject: { } subject } => [("AND subject = $2", subject)],
        { Actor: { } actor } => [("AND actor = $2", actor)],
        { Kind: { } kind } => KindsOf(connection, kind).Select(one => ("AND kind = $2", (string?)one)),
        _ => [("", null)],
    };

    /// <summary>The kind itself, and those of its family that ever occurred: one step of the index for each.</summary>
    private static List<string> KindsOf(SqliteConnection connection, string kind) => connection.Rows(
        """
        WITH RECURSIVE k(kind) AS (
            SELECT min(kind) FROM audit WHERE kind > $1 || '.' AND kind < $1 || '/'
            UNION ALL SELECT (SELECT min(kind) FROM audit WHERE kind > k.kind AND kind < $1 || '/') FROM k WHERE k.kind IS NOT NULL)
        SELECT kind FROM k WHERE kind IS NOT NULL UNION ALL SELECT $1
        """,
        r => r.GetString(0), kind);

    /// <summary>Takes the newest of all streams again and again.</summary>
    private static AuditFound Merge(List<SqliteDataReader> readers, AuditQuery query)
    {
        var heads = new PriorityQueue<SqliteDataReader, long>();
        foreach (var reader in readers)
        {
            Advance(reader);
        }

        var found = new List<AuditEntry>(query.Limit);
        var last = 0L;
        for (var walked = 0; walked < WalkMax && found.Count < query.Limit && heads.TryDequeue(out var newest, out _); walked++)
        {
            var entry = AuditChain.ReadEntry(newest);
            last = entry.Seq;
            if (newest.GetInt64(newest.FieldCount - 1) != 0 && Fits(entry, query))
            {
                found.Add(entry);
            }

            Advance(newest);
        }

        return new AuditFound(found, heads.Count > 0 ? last : null);

        void Advance(SqliteDataReader reader)
        {
            if (reader.Read())
            {
                heads.Enqueue(reader, -reader.GetInt64(0));
            }
        }
    }

    private static bool Fits(AuditEntry entry, AuditQuery query) =>
        (query.Actor is null || entry.Actor == query.Actor)
        && (query.Subject is null || entry.Subject == query.Subject)
        && (query.Kind is null || entry.Kind == query.Kind || entry.Kind.StartsWith(query.Kind + ".", StringComparison.Ordinal))
        && (query.Text is not { } text || new[] { entry.Actor, entry.Kind, entry.Subject, entry.Content }.Any(part => part.Contains(text, StringComparison.OrdinalIgnoreCase)));
}
