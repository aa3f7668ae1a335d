using System.Collections.Immutable;
using Gateway.Hub.Delivery;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Webhooks;

namespace Gateway.Hub.Ingest;

/// <summary>
/// Takes committed signals, persons' commands and the clock to the incident rules, and their events to the store, the audit chain and the buttons.
/// The rules decide; nothing is decided here.
/// </summary>
internal sealed partial class IncidentDesk
{
    /// <summary>Name of the hub's clock as an actor.</summary>
    public const string ClockActor = "clock";

    private readonly CoreState _core;
    private readonly OpenIncidents _open;
    private readonly IncidentTimers _timers = new();
    private readonly Dictionary<string, Attendance> _attendance = new(StringComparer.Ordinal);
    private readonly Alerting _alerting;
    private bool _mayBeUnheard;
    private long _nextIncidentId;

    public IncidentDesk(CoreState core, HubTime now)
    {
        _core = core;
        _alerting = new Alerting(core, this);
        _nextIncidentId = core.Store.NextIncidentId();
        _open = new OpenIncidents(core.Store.LoadOpenIncidents().Select(Read));
        var start = now with { Utc = NoEarlierThanKnown(now.Utc) };
        foreach (var incident in Open.Values)
        {
            _timers.Set(incident, core.StationOf(incident).Targets, start);
        }

        _resets.AddRange(core.Store.LoadPendingResets());
        _alerting.Load(Open.Values, now);
    }

    /// <summary>The open incidents.</summary>
    public ImmutableDictionary<long, Incident> Open => _open.All;

    /// <summary>A signal was stored in this transaction: into its one incident, in the same transaction (I2).</summary>
    public void Take(SignalFacts signal, long signalId, long laneId, HubTime now)
    {
        // A cancel whose press never came (missing) still makes somebody call back; one whose press is history does not.
        var callWasSeen = signal.Kind == SignalKinds.Cancel && signal.Call != 0 && _core.Store.Find(laneId, signal.Call, []) != StoredMatch.None;
        var station = _core.Stations.OfDevice(signal.Identity.Device);
        var route = SignalRouting.Route(signal, station, _open.Near(signal, station), _nextIncidentId, callWasSeen);
        if (route.Command is not { } command)
        {
            return;
        }

        var actor = $"gw/{signal.Identity.Device}";
        if (Apply(route.IncidentId, _open.Find(route.IncidentId), command, actor, now).Refusal is { } refusal)
        {
            // A signal is never dropped for what the rules say of it: it stays stored, and the diary says why it made no work.
            _core.Store.AddDiary(signal.Identity.Device, now.Utc, "unrouted", $"{signal.Identity}: {refusal.Name}");
            return;
        }

        _core.Store.LinkSignal(signalId, route.IncidentId, laneId, signal.Call);
    }

    /// <summary>Opens the alarm of a lost journal [GW-23], in the name of the lane's new epoch.</summary>
    public void OpenJournalLost(GatewayEntry gateway, LaneCursor cursor, HubTime now)
    {
        var station = _core.Stations.OfDevice(gateway.Device);
        var board = station.FindBoard(gateway.Device);
        var point = board is null ? null : station.FindCallPoint(board.CallPointId);
        var identity = new SignalIdentity(gateway.Device, LaneNames.Of(cursor.Lane), cursor.Epoch, 0);
        var facts = new SignalFacts(identity, SignalKinds.JournalLost, 0, "alarm", 0, 1, 0, "", now.Utc, now.Utc, false, false, false);
        if (_open.Near(facts, station).Any(incident => incident.Kind == IncidentKind.JournalLost && incident.FirstSignal.Identity.Device == gateway.Device))
        {
            // A board whose flash is gone loses its journal at every start: that is one piece of work, and the diary counts the times.
            return;
        }

        var command = new IncidentCommand.OpenBySignal(
            _nextIncidentId, IncidentKind.JournalLost, point?.Id ?? "", point?.VillageId ?? "", point?.ZoneClass ?? ZoneClass.General, facts, null, station.Id);
        Apply(_nextIncidentId, null, command, $"gw/{gateway.Device}", now);
    }

    /// <summary>A person's command.</summary>
    public CommandOutcome Execute(long incidentId, IncidentCommand command, string actor, HubTime now)
    {
        if (command.IsFromHub)
        {
            return new CommandOutcome(false, 0, new Refusal("not-allowed", "Only the hub itself may ask this."));
        }

        var incident = _open.Find(incidentId) ?? (_core.Store.FindIncident(incidentId) is { } row ? Read(row) : null);
        var newIncidentId = _nextIncidentId;
        var (after, refusal) = Apply(incidentId, incident, command, actor, now);
        if (refusal is null && command is IncidentCommand.Split split)
        {
            Apply(newIncidentId, null, IncidentRules.OtherHalf(after!, split, newIncidentId, _core.StationOf(after!)), actor, now);
        }

        return new CommandOutcome(refusal is null, after?.Version ?? 0, refusal);
    }

    /// <summary>Something that the hub itself found, told as a signal: it is in no journal, and so in no incident's list of signals.</summary>
    public void TakeHubFact(SignalFacts fact, HubTime now)
    {
        var station = _core.Stations.OfDevice(fact.Identity.Device);
        var near = _open.Near(fact, station);
        if (fact.State == "alarm" && near.Any(incident => incident.Kind == IncidentKind.LinkLost && incident.ActiveZones.Contains(SignalRouting.ZoneKey(fact))))
        {
            // Known from before a restart of the hub.
            return;
        }

        var route = SignalRouting.Route(fact, station, near, _nextIncidentId);
        if (route.Command is { } command)
        {
            Apply(route.IncidentId, _open.Find(route.IncidentId), command, ClockActor, now);
        }
    }

    /// <summary>How many consoles of each station can be heard now.</summary>
    public void Hear(Func<string, int> audible, HubTime now)
    {
        foreach (var station in _core.Stations.Stations)
        {
            var count = audible(station.Id);
            if (!_attendance.TryGetValue(station.Id, out var attendance))
            {
                _attendance.Add(station.Id, attendance = new Attendance());
            }

            attendance.Hear(count, now);
            _mayBeUnheard |= count == 0;
        }
    }

    /// <summary>A delivery to the message gateway is over.</summary>
    public void MessageOver(Outgoing over, bool delivered, string reason, HubTime now) => _alerting.MessageOver(over, delivered, reason, now);

    /// <summary>A key was turned at a box that sounds [GW-46].</summary>
    public void KeyTurned(SignalFacts signal, HubTime now) => _alerting.KeyTurned(signal, now);

    /// <summary>Escalates what is overdue (I9). Once per clock and tick: what is still overdue then goes on at the next.</summary>
    public void Tick(HubTime now)
    {
        if (_mayBeUnheard)
        {
            EscalateUnheard(now);
        }

        _alerting.Tick(now);
        foreach (var due in _timers.TakeDue(now))
        {
            if (_open.Find(due.IncidentId) is not { } incident)
            {
                continue;
            }

            // By the monotonic clock it is due, whatever the wall clock says meanwhile: the decision is taken no earlier than the deadline.
            var decideAt = now.Utc < due.DueAt ? due.DueAt : now.Utc;
            IncidentCommand command = due.Clock == ClockName.Answer ? _alerting.NextAfter(incident, now) : new IncidentCommand.Escalate(due.Clock);
            Apply(incident.Id, incident, command, ClockActor, now with { Utc = decideAt });
        }
    }

    /// <summary>Calls that nobody has taken while no console of their station can be heard: they go up at once, not at their deadline.</summary>
    private void EscalateUnheard(HubTime now)
    {
        var unheard = _attendance.Where(entry => entry.Value.IsUnheard(now)).Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        if (unheard.Count == 0)
        {
            return;
        }

        _mayBeUnheard = false;
        foreach (var incident in Open.Values.Where(incident => Urgency.IsWaiting(incident) && incident.Escalations.IsEmpty && unheard.Contains(_core.StationOf(incident).Id)).OrderBy(incident => incident.Id).ToList())
        {
            Apply(incident.Id, incident, new IncidentCommand.Escalate(ClockName.Accept, Unheard: true), ClockActor, now);
        }
    }

    /// <summary>
    /// A clock that was lost while the hub was off (an empty battery: yesterday, or 1970) must not put every deadline off: it is at least as late as the newest
    /// moment that is written down. So a deadline is late by the hub's absence at most (I9).
    /// </summary>
    private DateTimeOffset NoEarlierThanKnown(DateTimeOffset now)
    {
        foreach (var incident in Open.Values)
        {
            now = Later(Later(now, incident.StageSince), incident.LastSignalAt);
            foreach (var escalation in incident.Escalations)
            {
                now = Later(now, escalation.At);
            }
        }

        return now;
    }

    /// <summary>As it is stored; what was stored before there were several stations is the first one's.</summary>
    private Incident Read(IncidentRow row) =>
        IncidentJson.ReadIncident(row.Json) is { StationId.Length: 0 } old ? old with { StationId = _core.Stations.HomeId } : IncidentJson.ReadIncident(row.Json);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>The incident after the command, or as it was and why it stays so.</summary>
    internal (Incident? After, Refusal? Refusal) Apply(long id, Incident? before, IncidentCommand command, string actor, HubTime now)
    {
        var station = before is null ? _core.Stations.First : _core.AidOf(before);
        var decision = IncidentRules.Decide(before, command, new DecideContext(now.Utc, actor, station.Targets, Open) { Station = station, NextIncidentId = _nextIncidentId });
        if (decision.Refusal is { } refusal)
        {
            return (before, refusal);
        }

        var after = before;
        foreach (var happened in decision.Events)
        {
            after = IncidentRules.Evolve(after, happened);
            var json = IncidentJson.Write(happened);
            var type = IncidentJson.TypeOf(happened);
            _core.Store.AppendIncidentEvent(new IncidentEventRow(id, after.Version, type, json, happened.At, happened.Actor));
            _core.Store.Audit(happened.At, happened.Actor, $"incident.{type}", $"incident/{id}", json);
        }

        if (after is not null && !ReferenceEquals(after, before))
        {
            Keep(before, after, actor, now);
        }

        return (after, null);
    }

    private void Keep(Incident? before, Incident after, string actor, HubTime now)
    {
        _core.Store.SaveIncident(new IncidentRow(
            after.Id, after.Version, after.Kind.ToString(), after.Stage.ToString(), after.CallPointId, after.OpenedAt, after.ClosedAt, IncidentJson.Write(after))
        {
            Station = _core.Stations.CodeOf(after.StationId),
        });
        if (before is null)
        {
            _nextIncidentId = after.Id + 1;
        }

        NoteTold(before, after);
        _open.Keep(after);
        _core.Work.IncidentKept(before, after, now);
        _timers.Set(after, _core.StationOf(after).Targets, now);
        _core.Effects.Changes.Add(new HubChange(HubChangeKind.Incident, after.Id.ToString(), after.Version, after.StationId));
        var closes = before is { IsOpen: true } && !after.IsOpen;
        if (closes)
        {
            CloseDuplicates(after.Id, actor, now);
        }

        _mayBeUnheard |= before is null;
        _alerting.Note(before, after);
    }

    /// <summary>What was merged into it closes with it, in the same transaction; one whose presser is still to be called back refuses, and stays open.</summary>
    private void CloseDuplicates(long closedId, string actor, HubTime now)
    {
        foreach (var id in IncidentRules.ClosesWith(_open.MergedInto(closedId), closedId))
        {
            Apply(id, _open.Find(id), new IncidentCommand.Close(), actor, now);
        }
    }
}
