using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>
/// Reads lane cursors. They are stored together with the index of the signals (the checkpoint); what came after it is read from the signals themselves,
/// and what is missing from its own table. So an append needs no second write, and a cursor can never disagree with the signals.
/// </summary>
internal static class LaneCursors
{
    /// <summary>The cursors of one device, or of all.</summary>
    public static IReadOnlyList<(LaneCursor Cursor, DateTimeOffset FirstAt)> Load(SqliteConnection connection, string? device = null)
    {
        var lanes = connection.Rows(
            "SELECT id, device, lane, epoch, through, ahead, first_ms FROM lanes WHERE $1 IS NULL OR device = $1",
            r =>
            {
                var cursor = new LaneCursor(r.GetInt64(0), r.GetString(1), (Lane)r.GetInt64(2), (uint)r.GetInt64(3));
                SeqRanges.Restore(cursor, (uint)r.GetInt64(4), r.GetString(5));
                return (Cursor: cursor, FirstAt: r.Time(6));
            },
            device).ToDictionary(lane => lane.Cursor.Id);
        var indexedThrough = long.Parse(connection.ScalarText("SELECT value FROM meta WHERE name = 'indexed_through'") ?? "0");
        foreach (var (lane, seq) in connection.Rows("SELECT lane_id, seq FROM signals WHERE id > $1", r => (r.GetInt64(0), (uint)r.GetInt64(1)), indexedThrough))
        {
            if (lanes.TryGetValue(lane, out var known))
            {
                known.Cursor.Commit(seq);
            }
        }

        foreach (var (lane, range) in connection.Rows("SELECT lane_id, first, last FROM missing", r => (r.GetInt64(0), new SeqRange((uint)r.GetInt64(1), (uint)r.GetInt64(2)))))
        {
            if (lanes.TryGetValue(lane, out var known))
            {
                known.Cursor.Account(range);
            }
        }

        return [.. lanes.Values];
    }
}
