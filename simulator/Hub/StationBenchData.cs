using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;

namespace Gateway.Hub;

/// <summary>
/// Writes incidents of two years straight into a new database, as the rules would have left them: each is the fold of its own events, with its fact and its counts.
/// Busy places and busy hours call more often than others. Written past the writer, because a million calls through it would take hours.
/// </summary>
internal sealed class StationBenchData(Station station, int incidents, int seed)
{
    /// <summary>Only every so-many-th incident has its events stored: they are read for one incident at a time, by its number.</summary>
    public const int StoryEvery = 100;

    /// <summary>The newest incidents are open.</summary>
    public const int Open = 40;

    private const int Years = 2;
    private const int CommitEvery = 50_000;

    private static readonly IncidentKind[] Kinds =
    [
        IncidentKind.Help, IncidentKind.Help, IncidentKind.Help, IncidentKind.Help, IncidentKind.Smoke, IncidentKind.Door, IncidentKind.Pen, IncidentKind.Water, IncidentKind.Gas,
        IncidentKind.Mains, IncidentKind.LinkLost, IncidentKind.Silent,
    ];

    /// <summary>Hours by how much is going on: most in the evening, least before dawn.</summary>
    private static readonly int[] Hours = [0, 1, 6, 7, 8, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 20, 21, 21, 21, 22, 22, 23];

    private readonly Random _random = new(seed);

    /// <summary>Fills the database; no hub may use it meanwhile.</summary>
    public void Write(HubDatabase database, DateTimeOffset now)
    {
        using var connection = database.Connect();

        // The data can be made again: no commit here needs to survive a power cut.
        connection.Execute("PRAGMA synchronous = OFF");
        using var tables = new IncidentTables(connection);
        using var work = new WorkTables(connection, static () => { });
        var counts = new Dictionary<CountKey, long>();
        var step = TimeSpan.FromDays(365 * Years) / incidents;
        connection.Execute("BEGIN");
        for (var id = 1; id <= incidents; id++)
        {
            var around = now - ((incidents - id + 1) * step);
            var isOpen = id > incidents - Open;
            Add(tables, work, counts, id, isOpen ? now.AddMinutes(-1) : AtABusyHour(around), isOpen);
            if (id % CommitEvery == 0)
            {
                connection.Execute("COMMIT; BEGIN");
            }
        }

        foreach (var (key, n) in counts)
        {
            work.AddCount(key, n);
        }

        connection.Execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void Add(IncidentTables tables, WorkTables work, Dictionary<CountKey, long> counts, long id, DateTimeOffset at, bool isOpen)
    {
        Incident? incident = null;
        IncidentFact? fact = null;
        foreach (var happened in Story(id, at, isOpen))
        {
            incident = IncidentRules.Evolve(incident, happened);
            fact = IncidentFact.Of(fact, incident, isVirtual: false);
            if (id % StoryEvery == 0 || isOpen)
            {
                var json = IncidentJson.Write(happened);
                tables.AppendEvent(new IncidentEventRow(id, incident.Version, IncidentJson.TypeOf(happened), json, happened.At, happened.Actor));
            }
        }

        tables.Save(new IncidentRow(
            id, incident!.Version, incident.Kind.ToString(), incident.Stage.ToString(), incident.CallPointId, incident.OpenedAt, incident.ClosedAt, IncidentJson.Write(incident)));
        fact = fact! with { Weighed = true };
        work.SaveFact(fact);
        foreach (var key in FactCounts.Of(fact, station))
        {
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    private IEnumerable<IncidentEvent> Story(long id, DateTimeOffset at, bool isOpen)
    {
        // The square makes a few places busy and most quiet.
        var board = station.Boards[(int)(station.Boards.Length * Math.Pow(_random.NextDouble(), 2))];
        var point = station.FindCallPoint(board.CallPointId)!;
        var kind = Kinds[_random.Next(Kinds.Length)];
        var signal = new SignalFacts(
            new SignalIdentity(board.DeviceId, "call", 1, (uint)id), char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..], 1, "alarm", (uint)id, 1, 0, "", at, at, false, false, false);
        yield return new IncidentEvent.Opened(at, $"gw/{board.DeviceId}", id, kind, point.Id, point.VillageId, point.ZoneClass, signal);
        if (isOpen)
        {
            yield break;
        }

        var responder = station.Responders[_random.Next(station.Responders.Length)].Id;
        var isFalse = _random.Next(8) == 0;
        yield return new IncidentEvent.Accepted(at += Some(15), "desk");
        yield return new IncidentEvent.Assessed(at, "desk", new Assessment(""));
        yield return new IncidentEvent.Dispatched(at += Some(60), "desk", [responder], 5);
        yield return new IncidentEvent.WentOut(at += Some(60), "desk", responder);
        yield return new IncidentEvent.Arrived(at += Some(500), "desk", responder);
        yield return new IncidentEvent.Handled(at += Some(1_800), "desk", "Seen to on the spot.");
        yield return new IncidentEvent.Reported(at += Some(1_800), "desk", "Seen to on the spot; nobody hurt.", isFalse ? Disposition.FalseAlarm : Disposition.Helped);
        yield return new IncidentEvent.FollowedUp(at += Some(200_000), "desk", "Quiet since.");
        yield return new IncidentEvent.Closed(at + Some(20_000), "desk");
    }

    /// <summary>Exponential around a mean, s; whole milliseconds, as stored.</summary>
    private TimeSpan Some(double meanS) => TimeSpan.FromMilliseconds(Math.Floor(-Math.Log(1 - _random.NextDouble()) * meanS * 1_000));

    private DateTimeOffset AtABusyHour(DateTimeOffset around)
    {
        var local = around.ToOffset(station.UtcOffset);
        return new DateTimeOffset(local.Date, station.UtcOffset).AddDays(-1).AddHours(Hours[_random.Next(Hours.Length)]).AddMilliseconds(_random.Next(3_600_000));
    }
}
