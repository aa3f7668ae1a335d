using System.Collections.Immutable;
using System.Diagnostics;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.World.Scenarios;

namespace Gateway.World.Weeks;

/// <summary>
/// A random week of a station, or of several in one hub, from one seed: calls by kind and hour, cancels, false alarms, silent calls, links and mains that fail, operators who are late or away,
/// responders who do not answer, mediation, cases, visits, warnings. The hub's core, rules and store are real, the clock is virtual. When the week is over no more calls
/// come, and people have <see cref="GraceDays"/> to finish: then every loop is closed, or stands on somebody's list as escalated.
/// </summary>
public static class Week
{
    public const int Days = 7;

    /// <summary>Longer than the slowest chain of clocks: a mediation (7 days), its follow-up (14 days), the close.</summary>
    public const int GraceDays = 30;

    /// <summary>A Monday; which one changes nothing.</summary>
    private static readonly DateTime Monday = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Unspecified);

    public static WeekVerdict Run(Station station, ulong seed) => RunAll(station, seed);

    /// <summary>Each station by its own targets, with its own desk work; calls, statistics and escalations are judged by the station that they are of.</summary>
    public static WeekVerdict RunAll(StationBook stations, ulong seed)
    {
        var watch = Stopwatch.StartNew();
        var begins = new DateTimeOffset(Monday, stations.First.UtcOffset);
        using var hub = new ScenarioHub(stations, stations.All.Boards.Select(board => board.DeviceId), begins);
        var scene = new WeekScene(hub, seed);
        var (villages, desk, field, office, judge) = (new WeekVillages(scene), new WeekDesk(scene), new WeekField(scene), new WeekOffice(scene), new WeekJudge(scene));
        villages.Plan(begins, Days);
        desk.Plan(begins, Days);
        office.Plan(begins, Days);
        var end = begins.AddDays(Days + GraceDays);
        while (scene.Now < end && !(scene.Now >= begins.AddDays(Days) && IsAtRest(hub, desk, office)))
        {
            scene.Step(end);
            desk.Look();
            field.Look();
            judge.Look();
        }

        judge.End();
        judge.Recount();
        return Verdict(scene, judge, (scene.Now - begins).TotalDays, watch.Elapsed.TotalSeconds);
    }

    /// <summary>Nothing is open but what was forgotten for good, and that is on somebody's list.</summary>
    private static bool IsAtRest(ScenarioHub hub, WeekDesk desk, WeekOffice office) =>
        hub.Snapshot.OpenIncidents.Values.All(incident => incident.EscalatedTo != EscalationLevel.None && (desk.IsLost(incident) || incident.MergedInto is not null))
        && hub.Snapshot.OpenWork.Values.All(item => item is PatrolShift { Ended: false } || item.EscalatedTo != EscalationLevel.None && office.IsLeft(item));

    private static WeekVerdict Verdict(WeekScene scene, WeekJudge judge, double virtualDays, double realS)
    {
        using var connection = scene.Hub.Database.Connect();
        int Number(string sql) => (int)connection.Scalar(sql);
        var work = connection.Rows("SELECT kind, count(*), sum(closed_ms IS NOT NULL) FROM work_items GROUP BY kind", r => (Kind: r.GetString(0), Opened: r.GetInt32(1), Closed: r.GetInt32(2)))
            .ToImmutableSortedDictionary(row => WordTypes.Camelled(row.Kind), row => new WeekTally(row.Opened, row.Closed, row.Opened - row.Closed), StringComparer.Ordinal);
        var opened = Number("SELECT count(*) FROM incidents");
        var open = scene.Hub.Snapshot.OpenIncidents.Count;
        var stations = scene.Hub.Stations.Stations;
        return new WeekVerdict(
            scene.Seed, string.Join('+', stations.Select(station => station.Id)), stations.Sum(station => station.Villages.Count(village => village.Id != station.VillageId)), scene.Signals, new WeekTally(opened, opened - open, open),
            Number("SELECT count(DISTINCT incident_id) FROM incident_events WHERE type = 'escalated'"), Number("SELECT count(*) FROM incident_events WHERE type = 'escalated'"),
            Number("SELECT count(*) FROM incident_events WHERE type = 'unanswered'"), work, scene.Commands,
            scene.Refused.ToImmutableSortedDictionary(StringComparer.Ordinal), [.. judge.Violations], virtualDays, realS);
    }
}
