using System.Text;
using System.Text.Json;
using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>
/// The reading side: each call takes a pooled connection of its own and sees the last commit. Readers never wait for the writer, nor it for them (WAL).
/// </summary>
internal sealed class HubQueries(HubDatabase database)
{
    public const int LimitMax = 500;

    /// <summary>Lines of a gateway's page: enough to see what happened lately, bounded whatever the board does.</summary>
    private const int PageLinesMax = 200;

    private const int CommandLinesMax = 50;

    /// <summary>Entries of an incident's timeline that are read: the newest. A button that is pressed all day makes thousands; all of them stay stored.</summary>
    public const int TimelineMax = 1_000;

    private const string SignalColumns =
        """
        s.id, l.device, l.lane, l.epoch, s.seq, s.received_ms, s.occurred_ms, s.quality, s.flags, s.payload, i.incident_id
        FROM signals s JOIN lanes l ON l.id = s.lane_id LEFT JOIN incident_signals i ON i.signal_id = s.id
        """;

    public IncidentDetail? FindIncident(long id)
    {
        using var connection = database.Connect();

        // One read transaction: incident, events and signals of the same commit.
        using var transaction = connection.BeginTransaction(deferred: true);
        var row = connection.Rows($"SELECT {IncidentTables.Columns} FROM incidents WHERE id = $1", IncidentTables.Read, id).FirstOrDefault();
        if (row is null)
        {
            return null;
        }

        var timeline = TimelineOf(connection, id, TimelineMax);
        var signals = connection.Rows(
            $"SELECT {SignalColumns} WHERE s.id IN (SELECT signal_id FROM incident_signals WHERE incident_id = $1 ORDER BY signal_id DESC LIMIT $2) ORDER BY s.id",
            ReadSignal, id, (long)LimitMax);
        return new IncidentDetail(IncidentJson.ReadIncident(row.Json), timeline, signals);
    }

    /// <summary>The newest entries of an incident's story, oldest first; empty when there is no such incident.</summary>
    public IReadOnlyList<IncidentTimelineEntry> Timeline(long id, int max)
    {
        using var connection = database.Connect();
        return TimelineOf(connection, id, Math.Clamp(max, 1, TimelineMax));
    }

    /// <summary>
    /// Newest first. The statement is put together of what is asked, so that each question finds its index, and none walks through every incident ever: open ones
    /// are few and have an index of their own; a village's, and those of a span of time, are found by their facts.
    /// </summary>
    public IReadOnlyList<IncidentSummary> Incidents(IncidentQuery query)
    {
        var kind = query.Kind is null ? "" : "AND kind = $2";
        var open = query.Open switch { true => "AND closed_ms IS NULL", false => "AND closed_ms IS NOT NULL", _ => "" };
        var state = $"{open} {OfStations(query)}";
        var ids = query switch
        {
            { From: not null } => $"""
                SELECT id FROM incident_facts INDEXED BY facts_by_time
                WHERE opened_ms >= $6 AND opened_ms < $7 AND id < $3 {PlacesOf(query)} {(query.VillageId is null ? "" : "AND village = $5")} {kind} {state} ORDER BY id DESC LIMIT $4
                """,
            { Open: true, VillageId: not null } =>
                $"SELECT id FROM incidents INDEXED BY incidents_open WHERE id < $3 {state} {kind} AND (SELECT village FROM incident_facts f WHERE f.id = incidents.id) = $5 ORDER BY id DESC LIMIT $4",
            { Open: true } => $"SELECT id FROM incidents INDEXED BY incidents_open WHERE id < $3 {state} {PlacesOf(query)} {kind} ORDER BY id DESC LIMIT $4",
            // Each place by its index, and the newest of all: one list for many places would be sorted as a whole.
            { Places: { } places } => string.Join(" UNION ALL ", places.Select(place =>
                $"SELECT * FROM (SELECT id FROM incidents WHERE call_point = {Text(place)} AND id < $3 {kind} {state} ORDER BY id DESC LIMIT $4)").DefaultIfEmpty("SELECT 0 AS id WHERE 0")),
            { VillageId: not null } => $"SELECT id FROM incident_facts WHERE village = $5 AND id < $3 {kind} {state} ORDER BY id DESC LIMIT $4",
            // Each station by its index: some of them may have nothing of a kind in a hub that has a million.
            { Stations: { Count: > 1 } stations, CallPointId: null } => string.Join(" UNION ALL ", stations.Select(station =>
                $"SELECT * FROM (SELECT id FROM incidents WHERE station = {Text(station)} AND id < $3 {kind} {open} ORDER BY id DESC LIMIT $4)")),
            _ => $"SELECT id FROM incidents WHERE id < $3 {PlacesOf(query)} {kind} {state} ORDER BY id DESC LIMIT $4",
        };
        using var connection = database.Connect();
        return connection.Rows(
            $"SELECT {IncidentTables.Columns} FROM incidents WHERE id IN (SELECT id FROM ({ids}) ORDER BY id DESC LIMIT $4) ORDER BY id DESC",
            r =>
            {
                var row = IncidentTables.Read(r);
                return new IncidentSummary(row.Id, row.Version, IncidentJson.ReadIncident(row.Json));
            },
            query.CallPointId, query.Kind?.ToString(), query.BeforeId ?? long.MaxValue, (long)Math.Clamp(query.Limit, 1, LimitMax), query.VillageId,
            query.From?.ToUnixTimeMilliseconds(), (query.To ?? query.From?.AddDays(IncidentQuery.SpanMaxDays))?.ToUnixTimeMilliseconds(),
            query.Stations is [var only] ? only : JsonSerializer.Serialize(query.Stations ?? []));
    }

    /// <summary>Of one station by its index. A place, village or span of time has an index of its own; several stations are asked one by one.</summary>
    private static string OfStations(IncidentQuery query) => query.Stations switch
    {
        null => "",
        [_] => query is { CallPointId: null, VillageId: null, Places: null, From: null, Open: not true } ? "AND station = $8" : "AND +station = $8",
        _ => "AND +station IN (SELECT value FROM json_each($8))",
    };

    private static string PlacesOf(IncidentQuery query) =>
        query.CallPointId is not null ? "AND call_point = $1"
        : query.Places is { } places ? $"AND call_point IN ({string.Join(", ", places.Select(Text))})"
        : "";

    /// <summary>An id of the station file as a literal: letters, digits and hyphens, by the reader that judged it.</summary>
    private static string Text(string id) => id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? $"'{id}'" : throw new ArgumentException($"\"{id}\" is no id.", nameof(id));

    public IReadOnlyList<SignalRecord> Signals(SignalQuery query)
    {
        // Of one gateway: by the index of identities, and by a walk over the newest signals that are not in it yet; a board that is silent for years costs no more.
        const string ofDevice = """
            AND s.id IN (
                SELECT id FROM signals WHERE id > (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = 'indexed_through') AND id < $2
                    AND lane_id IN (SELECT id FROM lanes WHERE device = $1)
                UNION SELECT signal_id FROM signal_index WHERE lane_id IN (SELECT id FROM lanes WHERE device = $1) AND signal_id < $2
                ORDER BY 1 DESC LIMIT $3)
            """;
        var ofTests = $"AND s.id IN (SELECT signal_id FROM test_signals WHERE signal_id < $2 ORDER BY signal_id DESC {(query.Devices is null && query.ButDevices is null ? "LIMIT $3" : "")})";
        using var connection = database.Connect();
        return connection.Rows(
            $"""
            SELECT {SignalColumns} WHERE s.id < $2 {(query.Device is null ? "" : ofDevice)} {(query.TestsOnly ? ofTests : "")} {(query.Devices is null ? "" : "AND l.device IN (SELECT value FROM json_each($4))")}
                {(query.ButDevices is null ? "" : "AND l.device NOT IN (SELECT value FROM json_each($4))")}
            ORDER BY s.id DESC LIMIT $3
            """,
            ReadSignal, query.Device, query.BeforeId ?? long.MaxValue, (long)Math.Clamp(query.Limit, 1, LimitMax), JsonSerializer.Serialize(query.Devices ?? query.ButDevices ?? []));
    }

    public GatewayDetail Gateway(GatewayState state, IReadOnlyDictionary<string, long> refusals)
    {
        using var connection = database.Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        var birth = connection.Rows("SELECT birth FROM gateways WHERE device = $1 AND birth IS NOT NULL", r => r.GetFieldValue<byte[]>(0), state.Device)
            .Select(bytes => MessageGate.ReadStoredBirth(state.Device, bytes)).FirstOrDefault();
        (Lane, uint)[] current = birth is null ? [] : [(Lane.Call, birth.Call.Epoch), (Lane.Event, birth.Event.Epoch), (Lane.Volatile, birth.VolatileEpoch)];
        var lanes = LaneCursors.Load(connection, state.Device)
            .Select(lane => new LaneState(lane.Cursor.Lane, lane.Cursor.Epoch, lane.Cursor.Through, lane.FirstAt, current.Contains((lane.Cursor.Lane, lane.Cursor.Epoch)))).ToList();
        var missing = connection.Rows(
            "SELECT l.lane, l.epoch, m.first, m.last, m.at_ms, m.cause FROM missing m JOIN lanes l ON l.id = m.lane_id WHERE l.device = $1 ORDER BY m.at_ms DESC LIMIT $2",
            r => new MissingRange((Lane)r.GetInt64(0), (uint)r.GetInt64(1), (uint)r.GetInt64(2), (uint)r.GetInt64(3), r.Time(4), r.GetString(5)),
            state.Device, (long)PageLinesMax);
        var conflicts = connection.Rows(
            $"""
            SELECT {SignalColumns} WHERE s.id IN (
                SELECT signal_id FROM conflicts WHERE lane_id IN (SELECT id FROM lanes WHERE device = $1) ORDER BY signal_id DESC LIMIT $2)
            ORDER BY s.id DESC
            """,
            ReadSignal, state.Device, (long)PageLinesMax);
        var diary = connection.Rows(
            "SELECT id, device, at_ms, kind, text FROM diary WHERE device = $1 ORDER BY id DESC LIMIT $2",
            r => new GatewayEvent(r.GetInt64(0), r.GetString(1), r.Time(2), r.GetString(3), r.GetString(4)), state.Device, (long)PageLinesMax);
        var commands = connection.Rows(
            "SELECT id, command, actor, at_ms, result, reason, result_ms FROM commands WHERE device = $1 ORDER BY at_ms DESC, id DESC LIMIT $2",
            r => new SentCommand(
                r.GetString(0), r.GetString(1), r.GetString(2), r.Time(3), r.Time(3).AddMilliseconds(Downlink.CommandLifeMs), r.TextOrNull(4), r.TextOrNull(5), r.TimeOrNull(6)),
            state.Device, (long)CommandLinesMax);
        return new GatewayDetail(state, refusals, lanes, missing, conflicts, diary, commands, InForce(connection, state.Device));
    }

    /// <summary>Only what is a setting: the report's other members are the protocol's own.</summary>
    private static BoardSettings? InForce(SqliteConnection connection, string device)
    {
        var payload = connection.Rows(
            "SELECT config_reported FROM gateways WHERE device = $1 AND length(config_reported) > 0", r => r.GetFieldValue<byte[]>(0), device).FirstOrDefault();
        if (payload is null)
        {
            return null;
        }

        var all = BoardSettings.FromJson(Encoding.ASCII.GetString(payload));
        return new BoardSettings(all.Members.RemoveRange(all.Members.Keys.Where(name => SettingRules.Find(name) is null)));
    }

    private static SignalRecord ReadSignal(SqliteDataReader r)
    {
        var device = r.GetString(1);
        var payload = r.GetFieldValue<byte[]>(9);
        var flags = (SignalFlags)r.GetInt64(8);
        var signal = MessageGate.ReadStored(device, payload);
        return new SignalRecord(
            r.GetInt64(0), device, (Lane)r.GetInt64(2), (uint)r.GetInt64(3), (uint)r.GetInt64(4), signal?.Kind ?? "", signal?.Zone ?? 0, signal?.State ?? "",
            signal?.Call ?? 0, signal?.Count ?? 0, signal?.Value ?? 0, signal?.Detail ?? "", signal?.Time.Boot ?? 0, flags.HasFlag(SignalFlags.Test),
            r.TimeOrNull(6), (OccurrenceQuality)r.GetInt64(7), flags.HasFlag(SignalFlags.Late), r.Time(5), flags.HasFlag(SignalFlags.Conflict),
            flags.HasFlag(SignalFlags.Unknown), r.IsDBNull(10) ? null : r.GetInt64(10), Encoding.ASCII.GetString(payload));
    }

    private static List<IncidentTimelineEntry> TimelineOf(SqliteConnection connection, long id, int max) =>
    [
        .. connection.Rows(
            "SELECT version, json FROM (SELECT version, json FROM incident_events WHERE incident_id = $1 ORDER BY version DESC LIMIT $2) ORDER BY version",
            r => new IncidentTimelineEntry(r.GetInt64(0), IncidentJson.ReadEvent(r.GetString(1))), id, (long)max),
    ];
}
