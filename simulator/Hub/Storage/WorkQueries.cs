using System.Text.Json;
using Gateway.Hub.Statistics;
using Gateway.Hub.Work;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>The reading side of the work beside incidents and of the statistics: each call takes a pooled connection of its own and sees the last commit.</summary>
internal sealed class WorkQueries(HubDatabase database)
{
    public const int LimitMax = 500;

    public WorkDetail? Find(long id)
    {
        using var connection = database.Connect();

        // One read transaction: item and events of the same commit.
        using var transaction = connection.BeginTransaction(deferred: true);
        var row = connection.Rows($"SELECT {WorkTables.ItemColumns} FROM work_items WHERE id = $1", WorkTables.ReadItem, id).FirstOrDefault();
        return row is null
            ? null
            : new WorkDetail(WorkJson.ReadItem(row.Json), connection.Rows(
                "SELECT version, json FROM work_events WHERE item_id = $1 ORDER BY version", r => new WorkTimelineEntry(r.GetInt64(0), WorkJson.ReadEvent(r.GetString(1))), id));
    }

    /// <summary>Newest first. The condition is put together of what is asked, so that each question finds its index.</summary>
    public IReadOnlyList<WorkItem> List(WorkQuery query)
    {
        using var connection = database.Connect();
        return connection.Rows(
            $"""
            SELECT json FROM work_items {(query.Open == true ? "INDEXED BY work_items_open" : "")} WHERE id < $2 {(query.Kind is null ? "" : "AND kind = $1")}
                {(query.Open switch { true => "AND closed_ms IS NULL", false => "AND closed_ms IS NOT NULL", _ => "" })} {(query.WithWarnings ? "" : "AND kind <> 'Warning'")}
                {Within(query.Stations, 4)}
            ORDER BY id DESC LIMIT $3
            """,
            r => WorkJson.ReadItem(r.GetString(0)), query.Kind?.ToString(), query.BeforeId ?? long.MaxValue, (long)Math.Clamp(query.Limit, 1, LimitMax), JsonOf(query.Stations));
    }

    /// <summary>Incidents from before there were statistics that are not counted yet; null when all are.</summary>
    public FactGap? Gap()
    {
        using var connection = database.Connect();
        return WorkTables.ReadGap(connection);
    }

    /// <summary>The counts of these months, by month and figure; of one figure only, when it is named. Those of several stations are added up.</summary>
    /// <param name="stations">As <see cref="Stations.StationBook.CodeOf"/> writes them; null for all.</param>
    public IReadOnlyList<(CountKey Key, long N)> Counts(IReadOnlyCollection<int> months, string? figure = null, IReadOnlyList<string>? stations = null)
    {
        using var connection = database.Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        return
        [
            .. months.Distinct().SelectMany(month => connection.Rows(
                $"SELECT month, figure, key, sum(n) FROM counts WHERE month = $1 {(figure is null ? "" : "AND figure = $2")} {Within(stations, 3)} GROUP BY figure, key",
                r => (new CountKey(r.GetInt32(0), r.GetString(1), r.GetString(2)), r.GetInt64(3)), (long)month, figure, JsonOf(stations))),
        ];
    }

    /// <summary>The months of which anything is counted, oldest first.</summary>
    public IReadOnlyList<int> Months(IReadOnlyList<string>? stations = null)
    {
        using var connection = database.Connect();

        // One step of the index per month, however many counts a month has.
        return connection.Rows(
            $"""
            WITH RECURSIVE m(month) AS (SELECT min(month) FROM counts UNION ALL SELECT (SELECT min(month) FROM counts WHERE month > m.month) FROM m WHERE m.month IS NOT NULL)
            SELECT month FROM m WHERE month IS NOT NULL {(stations is null ? "" : $"AND EXISTS (SELECT 1 FROM counts WHERE month = m.month {Within(stations, 1)})")}
            """,
            r => r.GetInt32(0), JsonOf(stations));
    }

    /// <summary>Incidents that count, opened in [from, to), oldest first, at most so many.</summary>
    public IReadOnlyList<IncidentFact> Facts(DateTimeOffset from, DateTimeOffset to, int max, IReadOnlyList<string>? stations = null)
    {
        using var connection = database.Connect();
        return connection.Rows(
            $"SELECT {WorkTables.FactColumns} FROM incident_facts WHERE opened_ms >= $1 AND opened_ms < $2 AND virtual = 0 AND merged = 0 {Within(stations, 4)} ORDER BY opened_ms LIMIT $3",
            WorkTables.ReadFact, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), (long)max, JsonOf(stations));
    }

    /// <summary>How many incidents that count each of these call points had in [from, to).</summary>
    public IReadOnlyDictionary<string, int> CallsOf(IEnumerable<string> callPoints, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string>? stations = null)
    {
        using var connection = database.Connect();
        return callPoints.Distinct(StringComparer.Ordinal).ToDictionary(point => point, point => (int)connection.Scalar(
            $"SELECT count(*) FROM incident_facts WHERE call_point = $1 AND opened_ms >= $2 AND opened_ms < $3 AND virtual = 0 AND merged = 0 {Within(stations, 4)}",
            point, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), JsonOf(stations)), StringComparer.Ordinal);
    }

    private static string Within(IReadOnlyList<string>? stations, int parameter) => stations is null ? "" : $"AND station IN (SELECT value FROM json_each(${parameter}))";

    private static string JsonOf(IReadOnlyList<string>? stations) => JsonSerializer.Serialize(stations ?? []);
}
