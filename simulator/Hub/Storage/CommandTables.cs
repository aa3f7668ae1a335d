using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>What was asked and what came of it: the outcomes of idempotency keys, and commands to boards with their results. On the writer's connection.</summary>
internal static class CommandTables
{
    /// <summary>Outcomes forgotten at once: about 10 ms of the writer's time.</summary>
    private const int OutcomesForgottenMax = 10_000;

    /// <summary>The same for commands to boards.</summary>
    private const int CommandsForgottenMax = 10_000;

    /// <summary>No board has said that the latch is over: it has not answered, or its answer left the latch as it was.</summary>
    private const string IsDueReset = "(result IS NULL OR result IN ('expired', 'failed') OR (result = 'refused' AND reason = 'pressed-again')) AND command LIKE 'resetLatch %'";

    public static IReadOnlyList<PendingReset> LoadPendingResets(SqliteConnection connection) => connection.Rows(
        $"SELECT id, device, command FROM commands WHERE {IsDueReset} ORDER BY at_ms, id",
        r => ResetText.Read(r.GetString(0), r.GetString(1), r.GetString(2)));

    public static StoredOutcome? FindOutcome(SqliteConnection connection, string idempotencyKey) => connection.Rows(
        "SELECT done, version, refusal_name, refusal_text, command_id FROM outcomes WHERE key = $1",
        r => new StoredOutcome(r.GetInt64(0) != 0, r.GetInt64(1), r.TextOrNull(2), r.TextOrNull(3), r.TextOrNull(4)), idempotencyKey).FirstOrDefault();

    public static void SaveOutcome(SqliteConnection connection, string idempotencyKey, StoredOutcome outcome, DateTimeOffset at)
    {
        connection.Execute(
            "INSERT INTO outcomes (key, done, version, refusal_name, refusal_text, command_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            idempotencyKey, outcome.Done ? 1L : 0L, outcome.Version, outcome.RefusalName, outcome.RefusalText, outcome.CommandId, at.ToUnixTimeMilliseconds());
    }

    public static void ForgetOutcomes(SqliteConnection connection, DateTimeOffset olderThan, Action begin)
    {
        var before = olderThan.ToUnixTimeMilliseconds();
        if (connection.Scalar("SELECT EXISTS (SELECT 1 FROM outcomes WHERE at_ms < $1)", before) == 0)
        {
            return;
        }

        begin();
        connection.Execute("DELETE FROM outcomes WHERE key IN (SELECT key FROM outcomes WHERE at_ms < $1 LIMIT $2)", before, (long)OutcomesForgottenMax);
    }

    public static void ForgetCommands(SqliteConnection connection, DateTimeOffset olderThan, Action begin)
    {
        const string old = $"at_ms < $1 AND NOT ({IsDueReset})";
        var before = olderThan.ToUnixTimeMilliseconds();
        if (connection.Scalar($"SELECT EXISTS (SELECT 1 FROM commands WHERE {old})", before) == 0)
        {
            return;
        }

        begin();
        connection.Execute($"DELETE FROM commands WHERE id IN (SELECT id FROM commands WHERE {old} LIMIT $2)", before, (long)CommandsForgottenMax);
    }

    public static void SaveCommand(SqliteConnection connection, string id, string device, string command, string actor, DateTimeOffset at)
    {
        connection.Execute(
            "INSERT INTO commands (id, device, command, actor, at_ms) VALUES ($1, $2, $3, $4, $5)", id, device, command, actor, at.ToUnixTimeMilliseconds());
    }

    public static void SaveCommandResult(SqliteConnection connection, string device, string id, string result, string reason, DateTimeOffset at)
    {
        connection.Execute(
            "UPDATE commands SET result = $1, reason = $2, result_ms = $3 WHERE id = $4 AND device = $5", result, reason, at.ToUnixTimeMilliseconds(), id, device);
    }
}
