using System.Text.Json;
using Gateway.Hub.Audit;
using Gateway.Hub.Incidents;
using Gateway.Hub.Work;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>
/// Erases what people wrote when its time is over: in the incident or piece of work, in its history, and in the audit entries about it, in one transaction.
/// The chain stays verifiable (<see cref="AuditChain.Erase"/>); a power cut leaves all of it or nothing erased, and the next turn does it again.
/// </summary>
internal static class Erasure
{
    public const string Create = """
        ALTER TABLE incidents ADD COLUMN erased_ms INTEGER;
        ALTER TABLE work_items ADD COLUMN erased_ms INTEGER;
        CREATE INDEX incidents_to_erase ON incidents (closed_ms) WHERE closed_ms IS NOT NULL AND erased_ms IS NULL;
        CREATE INDEX work_items_to_erase ON work_items (closed_ms) WHERE closed_ms IS NOT NULL AND erased_ms IS NULL;
        """;

    /// <summary>A closed incident or piece of work whose words are still there.</summary>
    public readonly record struct Target(bool IsIncident, long Id)
    {
        public string Subject => IsIncident ? $"incident/{Id}" : $"work/{Id}";
    }

    public static List<Target> Due(SqliteConnection connection, DateTimeOffset closedBefore, int max)
    {
        const string due = "closed_ms IS NOT NULL AND erased_ms IS NULL AND closed_ms < $1 ORDER BY closed_ms LIMIT $2";
        var before = closedBefore.ToUnixTimeMilliseconds();
        var found = connection.Rows($"SELECT id FROM incidents WHERE {due}", r => new Target(true, r.GetInt64(0)), before, (long)max);
        found.AddRange(connection.Rows($"SELECT id FROM work_items WHERE {due}", r => new Target(false, r.GetInt64(0)), before, (long)max));
        return found;
    }

    /// <summary>Erases the words of one target within the present transaction, and returns the chain after it.</summary>
    public static AuditChain Erase(SqliteConnection connection, AuditChain chain, Target target, string actor, DateTimeOffset at)
    {
        // What an update makes free is overwritten, and does not stay readable in the file.
        connection.Scalar("PRAGMA secure_delete = ON");
        if (target.IsIncident)
        {
            Rewrite(connection, "incidents", "id", target.Id, json => ErasedWords.Write(IncidentJson.ReadIncident(json)));
            Rewrite(connection, "incident_events", "incident_id", target.Id, json => ErasedWords.Write(IncidentJson.ReadEvent(json)));
        }
        else
        {
            Rewrite(connection, "work_items", "id", target.Id, json => ErasedWords.Write(WorkJson.ReadItem(json)));
            Rewrite(connection, "work_events", "item_id", target.Id, json => ErasedWords.Write(WorkJson.ReadEvent(json)));
        }

        var withWords = connection
            .Rows("SELECT seq, content FROM audit WHERE subject = $1 AND salt IS NOT NULL", r => (Seq: r.GetInt64(0), Content: r.GetString(1)), target.Subject)
            .Where(entry => HoldsWords(entry.Content, target.IsIncident)).Select(entry => entry.Seq).ToList();
        (chain, _) = chain.Erase(connection, withWords, at, actor, target.Subject);
        connection.Execute($"UPDATE {(target.IsIncident ? "incidents" : "work_items")} SET erased_ms = $1 WHERE id = $2", at.ToUnixTimeMilliseconds(), target.Id);
        connection.Scalar("PRAGMA secure_delete = OFF");
        return chain;
    }

    private static void Rewrite(SqliteConnection connection, string table, string key, long id, Func<string, string> erase)
    {
        foreach (var (version, json) in connection.Rows($"SELECT version, json FROM {table} WHERE {key} = $1", r => (r.GetInt64(0), r.GetString(1)), id))
        {
            if (erase(json) is var erased && erased != json)
            {
                connection.Execute($"UPDATE {table} SET json = $1 WHERE {key} = $2 AND version = $3", erased, id, version);
            }
        }
    }

    private static bool HoldsWords(string content, bool isIncident)
    {
        try
        {
            return (isIncident ? ErasedWords.Write(IncidentJson.ReadEvent(content)) : ErasedWords.Write(WorkJson.ReadEvent(content))) != content;
        }
        catch (JsonException)
        {
            // No event of ours, so nobody knows what it says: it goes.
            return content.Length > 0;
        }
    }
}
