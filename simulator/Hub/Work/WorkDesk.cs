using System.Collections.Immutable;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Statistics;
using Gateway.Hub.Stations;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Work;

/// <summary>
/// Takes persons' commands, patrol keys, the clock and what becomes of incidents to the rules of the work, and their events to the store and the audit chain.
/// The rules decide; nothing is decided here. On the writer's thread, in its transaction.
/// </summary>
internal sealed class WorkDesk
{
    /// <summary>Incidents weighed for early warning in one tick: some milliseconds of the writer's time.</summary>
    private const int WeighedPerTickMax = 64;

    /// <summary>How often the gateways' links are added to the statistics of availability.</summary>
    private const int AvailabilityEveryMs = 5 * 60_000;

    private const int CalendarEveryMs = 1_000;

    /// <summary>A key that is turned where no shift has a point is told once in so long per gateway: the diary is for people. The signals themselves are all stored.</summary>
    private const int StrayKeyToldEveryMs = 60 * 60_000;

    private readonly CoreState _core;
    private readonly WorkTimers _timers = new();
    private readonly FactCatchUp _catchUp;
    private readonly Dictionary<(string Station, string Shift), DateTimeOffset> _begun = [];
    private readonly Dictionary<string, DateOnly?> _reviewedDay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _strayKeysMs = new(StringComparer.Ordinal);
    private long _nextId;
    private long? _calendarMs;
    private long? _availabilityMs;
    private bool _unweighed = true;

    public WorkDesk(CoreState core, HubTime now)
    {
        _core = core;
        _catchUp = new FactCatchUp(core);
        _nextId = core.Store.Work.NextWorkId();
        foreach (var row in core.Store.Work.LoadOpenWork())
        {
            var item = Read(row);
            Open = Open.Add(item.Id, item);
            _timers.Set(item, now);
            if (item is PatrolShift shift)
            {
                _begun[(shift.StationId, shift.ShiftId)] = shift.StartsAt;
            }
        }
    }

    /// <summary>The open work; immutable, so it may be shown as it is.</summary>
    public ImmutableDictionary<long, WorkItem> Open { get; private set; } = ImmutableDictionary<long, WorkItem>.Empty;

    /// <summary>A person's command. <paramref name="id"/> is 0 for a command that opens an item; the outcome's version is then the new item's number.</summary>
    /// <param name="stationId">Where an item is opened: whose it is to be. Null where the hub has one station only, or the command itself says it by a village.</param>
    public CommandOutcome Execute(long id, WorkCommand command, string actor, string? stationId, ImmutableDictionary<long, Incident> openIncidents, HubTime now)
    {
        if (command.IsFromHub || command.Opens != (id == 0))
        {
            return new CommandOutcome(false, 0, new Refusal("not-allowed", "Only the hub itself may ask this, or it is sent to the wrong address."));
        }

        var before = command.Opens ? null : Find(id);
        if (before is null && command.Opens && StationFor(command, stationId, out stationId) is { } noStation)
        {
            return new CommandOutcome(false, 0, noStation);
        }

        switch (command)
        {
            case ShiftCommand.HandOver when Open.Values.Any(item => item is Handover && item.StationId == stationId):
                return new CommandOutcome(false, 0, new Refusal(WorkRefusals.HandoverOpen, "The last hand-over has not been taken over yet."));
            case ShiftCommand.HandOver hand:
                command = hand with { Open = OpenItemsNow(stationId!, openIncidents) };
                break;
            case ReviewCommand.Ask ask:
                if (QueueFor(ask.IncidentId, out var queue) is { } refusal)
                {
                    return new CommandOutcome(false, 0, refusal);
                }

                command = queue!;
                break;
        }

        var (after, refused) = Apply(before, command, actor, now, stationId);
        return new CommandOutcome(refused is null, (command.Opens ? after?.Id : after?.Version) ?? 0, refused);
    }

    /// <summary>Whose item a command opens: named by the caller, or by what the command is about, or the only one there is.</summary>
    private Refusal? StationFor(WorkCommand command, string? wanted, out string? stationId)
    {
        var about = command switch
        {
            VisitCommand.Plan plan => _core.Stations.OfVillage(plan.VillageId)?.Id,
            ReviewCommand.Ask ask => _core.Store.FindIncident(ask.IncidentId) is { } row ? _core.Stations.IdOf(row.Station) : null,
            _ => null,
        };
        stationId = about ?? wanted ?? (_core.Stations.IsOne ? _core.Stations.First.Id : null);
        return stationId is null ? new Refusal(WorkRefusals.StationNeeded, "This hub has several stations: say whose this is to be.")
            : command is not ReviewCommand.Ask && _core.Stations.Find(stationId) is null ? new Refusal(WorkRefusals.UnknownStation, $"The hub has no station \"{stationId}\".")
            : null;
    }

    /// <summary>As it is stored; what was stored before there were several stations is the first one's.</summary>
    private WorkItem Read(WorkRow row) =>
        WorkJson.ReadItem(row.Json) is { StationId.Length: 0 } old ? old with { StationId = _core.Stations.HomeId } : WorkJson.ReadItem(row.Json);

    /// <summary>A gateway's patrol key was turned: every point that it stands for is checked in, in the shift in which that happened.</summary>
    public void CheckIn(SignalFacts signal, HubTime now)
    {
        if (signal.Test || signal.Conflict)
        {
            return;
        }

        var device = signal.Identity.Device;
        var at = signal.OccurredAt ?? now.Utc;
        var taken = false;
        var station = _core.Stations.OfDevice(device);
        foreach (var point in PatrolRules.PointsOf(station, device))
        {
            foreach (var shift in Open.Values.OfType<PatrolShift>().Where(shift => shift.StationId == station.Id && shift.StartsAt <= at && at < shift.EndsAt).OrderBy(shift => shift.Id).ToList())
            {
                taken |= Apply(shift, new PatrolCommand.CheckIn(point, at), $"gw/{device}", now).Refusal is null;
            }
        }

        if (!taken && (!_strayKeysMs.TryGetValue(device, out var toldMs) || now.MonotonicMs - toldMs >= StrayKeyToldEveryMs))
        {
            _strayKeysMs[device] = now.MonotonicMs;
            _core.Store.AddDiary(device, now.Utc, "patrol", "a patrol key was turned where no running shift has a point");
        }
    }

    /// <summary>An incident changed, in this transaction: its row of the statistics and their counts go with it. What is weighed is left to the next tick: no call waits for it.</summary>
    public void IncidentKept(Incident? before, Incident after, HubTime now)
    {
        var store = _core.Store.Work;
        var device = after.FirstSignal.Identity.Device;
        var isVirtual = _core.Gateways.GetValueOrDefault(device)?.NewestBirth?.Virtual ?? false;
        var factBefore = before is null ? null : store.FindFact(after.Id) ?? _catchUp.Restore(after.Id, before.Version);
        var fact = IncidentFact.Of(factBefore, after, isVirtual) with { Station = _core.Stations.CodeOf(after.StationId) };
        if (fact == factBefore)
        {
            return;
        }

        store.SaveFact(fact);
        var code = _core.Stations.CodeOf(after.StationId);
        foreach (var (key, delta) in FactCounts.Change(factBefore, fact, _core.StationOf(after)))
        {
            store.AddCount(key with { Station = code }, delta);
        }

        _unweighed |= factBefore is null;
        if (before is { IsOpen: true } && !after.IsOpen && ReviewRules.Comes(after, fact.Virtual))
        {
            Apply(null, new ReviewCommand.Queue(after.Id, after.Kind, after.CallPointId, after.Disposition), IncidentDesk.ClockActor, now, after.StationId);
        }
    }

    /// <summary>Time has passed: overdue steps escalate, shifts begin and end, days are reviewed, new calls are weighed.</summary>
    public void Tick(HubTime now)
    {
        foreach (var (id, clock) in _timers.TakeDue(now))
        {
            if (Find(id) is { IsOpen: true } item)
            {
                // By the monotonic clock it is due, whatever the wall clock says meanwhile: the decision is taken no earlier than the deadline.
                var decideAt = now.Utc < clock.EscalatesAt ? clock.EscalatesAt : now.Utc;
                Apply(item, new WorkCommand.Escalate(clock.Step), IncidentDesk.ClockActor, now with { Utc = decideAt });
            }
        }

        if (_unweighed)
        {
            Weigh(now);
        }

        if (_calendarMs is null || now.MonotonicMs - _calendarMs >= CalendarEveryMs)
        {
            _calendarMs = now.MonotonicMs;
            TurnShifts(now);
            foreach (var station in _core.Stations.Stations)
            {
                TurnDay(station, now);
            }
        }

        CountAvailability(now);
        _catchUp.Tick();
    }

    private WorkItem? Find(long id) => Open.GetValueOrDefault(id) ?? (_core.Store.Work.FindWork(id) is { } row ? Read(row) : null);

    /// <param name="stationId">Whose item is opened; not asked for where one is there.</param>
    private (WorkItem? After, Refusal? Refusal) Apply(WorkItem? before, WorkCommand command, string actor, HubTime now, string? stationId = null)
    {
        var station = _core.Stations.Of(before?.StationId ?? stationId ?? "");
        var decision = WorkRules.Decide(before, command, new WorkContext(now.Utc, actor, station, _nextId));
        if (decision.Refusal is { } refusal)
        {
            return (before, refusal);
        }

        var after = before;
        foreach (var happened in decision.Events)
        {
            after = WorkRules.Evolve(after, happened);
            foreach (var (key, delta) in WorkCounts.Of(happened, after, station.UtcOffset))
            {
                _core.Store.Work.AddCount(key with { Station = _core.Stations.CodeOf(after.StationId) }, delta);
            }

            var json = WorkJson.Write(happened);
            var type = WorkJson.TypeOf(json);
            _core.Store.Work.AppendWorkEvent(new WorkEventRow(after.Id, after.Version, type, happened.At, happened.Actor, json));
            _core.Store.Audit(happened.At, happened.Actor, $"work.{type}", $"work/{after.Id}", json);
        }

        if (after is not null && !ReferenceEquals(after, before))
        {
            Keep(after, now);
        }

        return (after, null);
    }

    private void Keep(WorkItem item, HubTime now)
    {
        _nextId = Math.Max(_nextId, item.Id + 1);
        Open = item.IsOpen ? Open.SetItem(item.Id, item) : Open.Remove(item.Id);
        _timers.Set(item, now);
        _core.Store.Work.SaveWork(new WorkRow(
            item.Id, item.Version, WorkItem.KindOf(item), item.State(), item.PlaceId(), item.OpenedAt, WorkClocks.Next(item)?.DueAt, item.ClosedAt, WorkJson.Write(item))
        {
            Station = _core.Stations.CodeOf(item.StationId),
        });
        _core.Effects.Changes.Add(new HubChange(HubChangeKind.Work, item.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), item.Version, item.StationId));
    }

    private Refusal? QueueFor(long incidentId, out ReviewCommand.Queue? queue)
    {
        queue = null;
        if (_core.Store.FindIncident(incidentId) is not { } row)
        {
            return new Refusal(RefusalNames.NoIncident, $"There is no incident {incidentId}.");
        }

        var incident = IncidentJson.ReadIncident(row.Json);
        if (incident.IsOpen)
        {
            return new Refusal(WorkRefusals.IncidentOpen, $"Incident {incidentId} is open: what is closed is reviewed.");
        }

        if (Open.Values.OfType<LegalReview>().Any(review => review.IncidentId == incidentId))
        {
            return new Refusal(WorkRefusals.AlreadyAsked, $"A review of incident {incidentId} waits already.");
        }

        queue = new ReviewCommand.Queue(incidentId, incident.Kind, incident.CallPointId, incident.Disposition);
        return null;
    }

    private OpenItems OpenItemsNow(string stationId, ImmutableDictionary<long, Incident> openIncidents)
    {
        var incidents = Urgency.Order(openIncidents.Values.Where(incident => _core.StationOf(incident).Id == stationId)).Select(incident => incident.Id).ToList();
        var work = Open.Values.Where(item => item is not (Warning or Handover) && _core.Stations.Of(item.StationId).Id == stationId).OrderBy(item => WorkClocks.Next(item)?.DueAt ?? DateTimeOffset.MaxValue).ThenBy(item => item.Id).Select(item => item.Id).ToList();
        return new OpenItems(
            [.. incidents.Take(Handover.ListedMax)], [.. work.Take(Handover.ListedMax)], Math.Max(0, incidents.Count - Handover.ListedMax),
            Math.Max(0, work.Count - Handover.ListedMax),
            [.. _core.Gateways.Values.Where(gateway => gateway.Link == LinkState.Lost && _core.Stations.OfDevice(gateway.Device).Id == stationId).Select(gateway => gateway.Device).Order(StringComparer.Ordinal).Take(Handover.ListedMax)]);
    }

    /// <summary>New calls, one by one: does their call point reach a level? The row is marked in the same transaction, so that each is weighed once.</summary>
    private void Weigh(HubTime now)
    {
        var store = _core.Store.Work;
        var facts = store.UnweighedFacts(WeighedPerTickMax);
        _unweighed = facts.Count == WeighedPerTickMax;
        foreach (var fact in facts)
        {
            store.SaveFact(fact with { Weighed = true });
            if (!fact.CountsForWarning)
            {
                continue;
            }

            var stationId = _core.Stations.IdOf(fact.Station);
            var table = _core.Stations.Of(stationId).Warnings;

            // What a moving call point had under another station is that station's to know.
            var calls = WarningRules.Weigh(
                store.FactsOf(fact.CallPointId, now.Utc.AddDays(-table.WindowDays), WarningRules.CallsMax).Where(call => call.CountsForWarning && call.Station == fact.Station).Select(call => (call.Id, call.Kind, call.OpenedAt)),
                table, now.Utc);
            var open = Open.Values.OfType<Warning>().FirstOrDefault(warning => warning.CallPointId == fact.CallPointId && warning.StationId == stationId);
            Apply(open, open is null ? new WarningCommand.Raise(fact.CallPointId, calls) : new WarningCommand.AddCalls(calls), IncidentDesk.ClockActor, now, stationId);
        }
    }

    private void TurnShifts(HubTime now)
    {
        foreach (var shift in Open.Values.OfType<PatrolShift>().Where(shift => !shift.Ended && shift.EndsAt <= now.Utc).OrderBy(shift => shift.Id).ToList())
        {
            Apply(shift, new PatrolCommand.End(), IncidentDesk.ClockActor, now);
        }

        foreach (var station in _core.Stations.Stations.Where(station => !station.Patrol.Points.IsEmpty || !station.Patrol.Lines.IsEmpty))
        {
            foreach (var shift in station.Patrol.Shifts)
            {
                // A shift begins once: a wall clock that goes back begins none anew.
                if (shift.RunAt(now.Utc, station.UtcOffset) is { } run && (!_begun.TryGetValue((station.Id, shift.Id), out var last) || last < run.From))
                {
                    _begun[(station.Id, shift.Id)] = run.From;
                    Apply(null, new PatrolCommand.Begin(shift.Id, run.From, run.To, PatrolRules.TargetsOf(station.Patrol)), IncidentDesk.ClockActor, now, station.Id);
                }
            }
        }
    }

    /// <summary>The day before today is reviewed when anything happened in it; days in which the hub did not run are not made up for.</summary>
    private void TurnDay(Station station, HubTime now)
    {
        var today = DateOnly.FromDateTime(now.Utc.ToOffset(station.UtcOffset).Date);
        var day = today.AddDays(-1);
        var code = _core.Stations.CodeOf(station.Id);
        if (!_reviewedDay.TryGetValue(station.Id, out var reviewed))
        {
            reviewed = _core.Store.Work.LastReviewedDay(code);
        }

        _reviewedDay[station.Id] = reviewed >= day ? reviewed : day;
        if (reviewed >= day)
        {
            return;
        }

        var ended = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), station.UtcOffset);
        var incidents = _core.Store.Work.CountOpened(code, ended.AddDays(-1), ended);
        if (incidents > 0)
        {
            Apply(null, new ShiftCommand.OpenDay(day, ended, (int)incidents), IncidentDesk.ClockActor, now, station.Id);
        }
    }

    /// <summary>Seconds in which the hub ran, and of those the seconds in which each real gateway's link was up: a power cut loses at most one interval.</summary>
    private void CountAvailability(HubTime now)
    {
        var sinceMs = now.MonotonicMs - (_availabilityMs ??= now.MonotonicMs);
        if (sinceMs < AvailabilityEveryMs)
        {
            return;
        }

        _availabilityMs = now.MonotonicMs;
        foreach (var gateway in _core.Gateways.Values.Where(gateway => !gateway.Revoked && gateway.NewestBirth is { Virtual: false }))
        {
            var station = _core.Stations.OfDevice(gateway.Device);
            var (month, code) = (FactCounts.MonthOf(now.Utc, station.UtcOffset), _core.Stations.CodeOf(station.Id));
            _core.Store.Work.AddCount(new CountKey(month, WorkCounts.WatchedS, gateway.Device, code), sinceMs / 1_000);
            if (gateway.Link == LinkState.Up)
            {
                _core.Store.Work.AddCount(new CountKey(month, WorkCounts.UpS, gateway.Device, code), sinceMs / 1_000);
            }
        }
    }
}
