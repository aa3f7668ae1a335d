using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Warnings;
using Gateway.World.Scenarios;
using Microsoft.Data.Sqlite;

namespace Gateway.World.Weeks;

/// <summary>
/// What must be so at every moment of a week, told again from the workflow's table (simulator/Hub/Incidents/README.md) and not from the rules: which clock runs in
/// which state, that none of them passes its deadline without somebody above being told, and that nothing closes around I10.
/// </summary>
internal sealed class WeekJudge(WeekScene scene)
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly Dictionary<long, Incident> _last = [];
    private readonly Dictionary<long, (WarningLevel Level, DateTimeOffset Until)> _levels = [];
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    public List<string> Violations { get; } = [];

    public void Look()
    {
        foreach (var (id, before) in _last.ToList())
        {
            if (scene.Find(id) is null)
            {
                _last.Remove(id);
                Closed(scene.Hub.Queries.FindIncident(id)?.Incident ?? before);
            }
        }

        foreach (var incident in scene.Open)
        {
            if (_last.TryAdd(incident.Id, incident))
            {
                Opened(incident);
            }

            _last[incident.Id] = incident;
            Clocks(incident);
            Answers(incident);
        }

        foreach (var item in scene.Hub.Snapshot.OpenWork.Values)
        {
            Steps(item);
        }
    }

    /// <summary>After the grace: nothing is open that does not stand on somebody's list as overdue, but the patrol of the shift that runs.</summary>
    public void End()
    {
        Look();
        foreach (var incident in scene.Open.Where(incident => incident.EscalatedTo == EscalationLevel.None))
        {
            Say($"incident {incident.Id} ({incident.Stage}) is open and nobody above knows of it");
        }

        foreach (var item in scene.Hub.Snapshot.OpenWork.Values.Where(item => item is not PatrolShift { Ended: false } && item.EscalatedTo == EscalationLevel.None))
        {
            Say($"{WorkItem.KindOf(item)} {item.Id} ({item.State()}) is open and nobody above knows of it");
        }
    }

    /// <summary>What statistics keep beside the incidents is what is found when everything is told again from the events.</summary>
    public void Recount()
    {
        using var connection = scene.Hub.Database.Connect();
        var kept = connection.Rows("SELECT month, figure, key, n, station FROM counts WHERE n <> 0", r => (Key: new CountKey(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetString(4)), N: r.GetInt64(3)))
            .ToDictionary(entry => entry.Key, entry => entry.N);
        var told = new Dictionary<CountKey, long>();
        foreach (var fact in connection.Rows($"SELECT {WorkTables.FactColumns} FROM incident_facts", WorkTables.ReadFact))
        {
            var again = Retell(connection, fact);
            if (again != fact)
            {
                Say($"incident {fact.Id}: its fact is {fact}, and told again from its events {again}");
            }

            foreach (var key in FactCounts.Of(fact, scene.Hub.Stations.Of(scene.Hub.Stations.IdOf(fact.Station))).Select(key => key with { Station = fact.Station }))
            {
                told[key] = told.GetValueOrDefault(key) + 1;
            }
        }

        // Work beside incidents has figures of its own in the same table.
        var figures = told.Keys.Select(key => key.Figure).ToHashSet(StringComparer.Ordinal);
        foreach (var key in told.Keys.Union(kept.Keys.Where(key => figures.Contains(key.Figure))))
        {
            if (told.GetValueOrDefault(key) != kept.GetValueOrDefault(key))
            {
                Say($"{key} is kept as {kept.GetValueOrDefault(key)}, and counted again {told.GetValueOrDefault(key)}");
            }
        }
    }

    private IncidentFact? Retell(SqliteConnection connection, IncidentFact kept)
    {
        Incident? incident = null;
        IncidentFact? fact = null;
        foreach (var json in connection.Rows("SELECT json FROM incident_events WHERE incident_id = $1 ORDER BY version", r => r.GetString(0), kept.Id))
        {
            incident = IncidentRules.Evolve(incident, IncidentJson.ReadEvent(json));
            fact = IncidentFact.Of(fact, incident, kept.Virtual);
        }

        return fact is null ? null : fact with { Weighed = kept.Weighed, Station = scene.Hub.Stations.CodeOf(incident!.StationId) };
    }

    /// <summary>A call is of the station in which its room stands at that moment.</summary>
    private void Opened(Incident incident)
    {
        if (scene.Hub.Stations.OfCallPoint(incident.CallPointId) is { } station && station.Id != scene.Hub.Stations.Of(incident).Id)
        {
            Say($"incident {incident.Id} at {incident.CallPointId} is of {incident.StationId}, and the room is in {station.Id}");
        }
    }

    /// <summary>I10, by what is written in the incident.</summary>
    private void Closed(Incident incident)
    {
        var isWhole = incident.MergedInto is not null
            || (incident.ReportText is { Length: > 0 } && (incident.FollowUpText is { Length: > 0 } || incident.FollowUpWaiver is not null));
        if (incident.IsOpen || !isWhole || incident.CallBackDueSince is not null || incident.Mediation is { IsOpen: true } || incident.Case is { IsOpen: true })
        {
            Say($"incident {incident.Id} left the open ones without its report, follow-up, call-back, mediation or case (I10)");
        }
    }

    private void Clocks(Incident incident)
    {
        var targets = scene.Hub.Stations.Of(incident).Targets;
        var running = IncidentClocks.Running(incident).Select(clock => clock.Clock).ToHashSet();
        foreach (var (clock, since, spanS) in Expected(incident, targets))
        {
            if (!running.Contains(clock))
            {
                Say($"incident {incident.Id} ({incident.Stage}): the clock {clock} does not run (I9)");
                continue;
            }

            var deadline = since.AddSeconds(spanS);
            if (scene.Now <= deadline + Slack)
            {
                continue;
            }

            var highest = incident.Escalations.Where(escalation => escalation.Clock == clock).MaxBy(escalation => escalation.Level);
            if (highest is null)
            {
                Say($"incident {incident.Id}: {clock} was due at {deadline:MM-dd HH:mm:ss} and went to nobody (I9)");
            }
            else if (highest is { Level: EscalationLevel.ShiftLeader, Unheard: false } && scene.Now > (highest.AcknowledgedAt ?? highest.At).AddSeconds(targets.EscalateAgainS) + Slack)
            {
                Say($"incident {incident.Id}: {clock} has not gone on to the banner supervisor (I9)");
            }
            else if (highest is { Level: EscalationLevel.ShiftLeader, Unheard: false } && highest.At > deadline + Slack)
            {
                Say($"incident {incident.Id}: {clock} was due at {deadline:MM-dd HH:mm:ss} and went up at {highest.At:MM-dd HH:mm:ss} (I9)");
            }
        }
    }

    /// <summary>Which clocks run, since when, for how long (s): the table of the workflow.</summary>
    private static IEnumerable<(ClockName Clock, DateTimeOffset Since, long SpanS)> Expected(Incident incident, StationTargets targets)
    {
        if (incident.CallBackDueSince is { } taken)
        {
            yield return (ClockName.CallBack, taken, targets.CallBackS);
        }

        if (incident.Mediation is { FollowedUpAt: null } mediation)
        {
            yield return mediation.EndedAt is { } ended ? (ClockName.MediationFollowUp, ended, targets.MediationFollowUpS) : (ClockName.Mediate, mediation.ReferredAt, targets.MediateS);
        }

        if (incident.Case is { FedBackAt: null } file)
        {
            yield return file.TakenAt is { } takenAt ? (ClockName.CaseFeedback, takenAt, targets.CaseFeedbackS) : (ClockName.CaseTake, file.HandedAt, targets.CaseTakeS);
        }

        if (incident.MergedAt is not null)
        {
            yield break;
        }

        switch (incident.Stage)
        {
            case Stage.Received when incident.AcceptedAt is null:
                yield return (ClockName.Accept, incident.StageSince, targets.AcceptS);
                break;
            case Stage.Received:
                yield return (ClockName.Assess, incident.AcceptedAt > incident.StageSince ? incident.AcceptedAt.Value : incident.StageSince, targets.AssessS);
                break;
            case Stage.Assessed:
                yield return (ClockName.Dispatch, incident.StageSince, targets.DispatchS);
                break;
            case Stage.Dispatched:
                yield return (ClockName.GoOut, incident.StageSince, targets.GoOutS);
                break;
            case Stage.EnRoute when incident.Assignments.Any(assignment => assignment.IsActive):
                yield return (ClockName.Arrive, incident.Assignments.Where(assignment => assignment.IsActive).Min(assignment => assignment.DispatchedAt), targets.ArriveS(incident.ZoneClass));
                break;
            case Stage.OnScene:
                yield return (ClockName.Handle, incident.StageSince, targets.HandleS);
                break;
            case Stage.Handled:
                yield return (ClockName.Report, incident.StageSince, targets.ReportS);
                break;
            case Stage.Reported:
                yield return (ClockName.FollowUp, incident.StageSince, targets.FollowUpSOf(incident.Kind.ToString()));
                break;
            case Stage.FollowedUp:
                yield return (ClockName.Close, incident.StageSince, targets.CloseS);
                break;
        }
    }

    /// <summary>Whoever does not answer is marked: the hub has turned to the next.</summary>
    private void Answers(Incident incident)
    {
        var late = scene.Now.AddSeconds(-scene.Hub.Stations.Of(incident).Targets.AnswerS) - Slack;
        if (incident.Stage < Stage.Handled && incident.MergedAt is null
            && incident.Assignments.FirstOrDefault(assignment => assignment.AwaitsAnswer && assignment.DispatchedAt < late) is { } silent)
        {
            Say($"incident {incident.Id}: {silent.ResponderId} was sent at {silent.DispatchedAt:MM-dd HH:mm:ss}, has not answered, and nobody turned to the next");
        }
    }

    private void Steps(WorkItem item)
    {
        // A patrol runs until its shift ends; what was missed then has a deadline.
        var hasSteps = item is PatrolShift { Ended: false } patrol && scene.Now <= patrol.EndsAt + Slack;
        var shortened = Shortened(item);
        foreach (var step in item.Steps())
        {
            hasSteps = true;
            var highest = item.Escalations.Where(escalation => escalation.Step == step.Name && escalation.DueAt == step.DueAt).MaxBy(escalation => escalation.Level);
            if (scene.Now > step.DueAt + Slack && highest is null)
            {
                Say($"{WorkItem.KindOf(item)} {item.Id}: {step.Name} was due at {step.DueAt:MM-dd HH:mm:ss} and went to nobody (I9)");
            }
            else if (highest is { Level: EscalationLevel.ShiftLeader } && scene.Now > Later((highest.AcknowledgedAt ?? highest.At) + step.Again, shortened) + Slack)
            {
                Say($"{WorkItem.KindOf(item)} {item.Id}: {step.Name} has not gone on to the banner supervisor (I9)");
            }
        }

        if (!hasSteps)
        {
            Say($"{WorkItem.KindOf(item)} {item.Id} ({item.State()}) is open without a deadline");
        }
    }

    /// <summary>A warning that rises has shorter times, so a step of it may be overdue at once: it is known above from the hub's next look at the clocks, here with the next heartbeat.</summary>
    private DateTimeOffset Shortened(WorkItem item)
    {
        if (item is not Warning warning)
        {
            return DateTimeOffset.MinValue;
        }

        if (!_levels.TryGetValue(warning.Id, out var seen) || seen.Level != warning.Level)
        {
            _levels[warning.Id] = seen = (warning.Level, scene.Now.AddSeconds(ScenarioBoard.HeartbeatS));
        }

        return seen.Until;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>Each once, however often it is seen.</summary>
    private void Say(string text)
    {
        if (Violations.Count < WeekVerdict.ViolationsMax && _said.Add(text))
        {
            Violations.Add($"{scene.Now:MM-dd HH:mm:ss} {text}");
        }
    }
}
