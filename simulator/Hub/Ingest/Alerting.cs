using System.Collections.Immutable;
using Gateway.Hub.Delivery;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Webhooks;

namespace Gateway.Hub.Ingest;

/// <summary>
/// Brings what the rules decided to the people: the boxes of those who are sent, the neighbours, the wardens, the station's annunciator, the webhooks. Works at
/// the end of a batch, in its transaction: what it asks of anybody leaves after the commit, at the same moment as the station hears of it.
/// </summary>
internal sealed class Alerting(CoreState core, IncidentDesk desk)
{
    /// <summary>How long a box calls a responder; a further alert begins anew.</summary>
    public const int CallS = 60;

    /// <summary>A board has as long as a command lives, and a little for the way back.</summary>
    private const int AnswerMs = Downlink.CommandLifeMs + 5_000;

    /// <summary>PROTOCOL.md section 9: the pattern of "you are called". Differs from those of the annunciator.</summary>
    private const int CallPattern = 1;

    private readonly List<(Incident? Before, Incident After)> _changed = [];
    private readonly Dictionary<string, Asked> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Annunciator> _annunciators = new(StringComparer.Ordinal);
    private readonly OutgoingEvents _outgoing = new(core);
    private readonly Ringing _ringing = new();
    private readonly HashSet<string> _silenced = new(StringComparer.Ordinal);
    private bool _isLoaded;

    /// <summary>What a box was asked for whom; no responder for a neighbour's box.</summary>
    private readonly record struct Asked(long IncidentId, string Device, string ResponderId, bool MayAlert, long UntilMs);

    /// <summary>After a restart: what the boxes were asked and have not answered.</summary>
    public void Load(IEnumerable<Incident> open, HubTime now)
    {
        foreach (var incident in open)
        {
            foreach (var reach in incident.Reaches.Where(reach => reach is { Channel: ReachChannel.Box, State: ReachState.Sent, Detail.Length: > 0 }))
            {
                _asked[reach.Detail] = new Asked(incident.Id, "", reach.ResponderId, false, now.MonotonicMs + AnswerMs);
            }

            foreach (var reach in incident.Reaches.Where(reach => reach is { Channel: ReachChannel.Box, State: ReachState.Delivered, Detail.Length: > 0 }))
            {
                _ringing.Add(reach.Detail, new Ringing.Ring(incident.Id, reach.ResponderId, reach.At, reach.At.AddSeconds(CallS)));
            }

            if (incident.Watch is { StoppedAt: null } watch)
            {
                foreach (var device in watch.Boards.Except(watch.Answered))
                {
                    _ringing.Add(device, new Ringing.Ring(incident.Id, "", watch.At, watch.At.AddSeconds(AlertPlan.WatchS)));
                }
            }
        }
    }

    /// <summary>An incident changed; looked at when the batch ends.</summary>
    public void Note(Incident? before, Incident after) => _changed.Add((before, after));

    public void Tick(HubTime now)
    {
        if (_asked.Count == 0)
        {
            return;
        }

        foreach (var (command, asked) in _asked.Where(entry => entry.Value.UntilMs <= now.MonotonicMs).ToList())
        {
            _asked.Remove(command);
            Tell(asked, ReachState.Failed, "no-result", now);
        }
    }

    /// <summary>A board answered a command: was it one of ours?</summary>
    public void Answered(string device, string commandId, string result, string reason, HubTime now)
    {
        if (!_asked.Remove(commandId, out var asked))
        {
            _ = _annunciators.Values.Any(annunciator => annunciator.Answered(device, commandId, result));
            return;
        }

        asked = asked with { Device = device };
        if (result == "done")
        {
            Tell(asked, ReachState.Delivered, device, now);
            return;
        }

        // Not every box is set up to annunciate; every box knows the neighbours' call.
        if (asked.MayAlert && result == "refused" && desk.SendToBoard(device, new GatewayCommand.WatchAlert(Math.Max(CallS, AlertPlan.BoxLeftS(desk.Open.Values, device, now.Utc))), now) is { } id)
        {
            _asked[id] = asked with { MayAlert = false, UntilMs = now.MonotonicMs + AnswerMs };
            return;
        }

        Tell(asked, ReachState.Failed, reason.Length > 0 ? reason : result, now);
    }

    /// <summary>
    /// A key was turned at a box that sounds [GW-46]: whoever it calls has been reached. Where it calls one person, that is their answer, and their clock ends; where
    /// it calls several, nobody knows whose hand it was, and each still has to say so. Nobody has accepted anything by it.
    /// </summary>
    public void KeyTurned(SignalFacts signal, HubTime now)
    {
        if (signal.Test || signal.Conflict || (signal.OccurredAt is null && signal.Late))
        {
            return;
        }

        var device = signal.Identity.Device;
        foreach (var call in _ringing.Answer(device, signal.OccurredAt ?? signal.ReceivedAt).GroupBy(ring => ring.IncidentId))
        {
            var called = call.Where(ring => ring.ResponderId.Length > 0).ToList();
            foreach (var ring in call)
            {
                Apply(call.Key, ring.ResponderId.Length > 0
                    ? new IncidentCommand.ReachBy(ring.ResponderId, ReachChannel.Box, ReachState.Answered, device)
                    : new IncidentCommand.WatchAnswers(device), "gw/" + device, now);
            }

            if (called.Count == 1)
            {
                Apply(call.Key, new IncidentCommand.Answer(called[0].ResponderId), "gw/" + device, now);
            }
        }
    }

    /// <summary>What the clock of an answer comes to: the next, if there is one.</summary>
    public IncidentCommand.NoAnswer NextAfter(Incident incident, HubTime now)
    {
        var station = core.AidOf(incident);
        var next = AlertPlan.NextAfter(incident, SuggestionRules.Suggest(station, incident, States(now)), station);
        return new IncidentCommand.NoAnswer(next?.Responder.Id, next?.EtaMinutes);
    }

    /// <summary>Works off what changed in this batch, and what that changes in turn.</summary>
    public void EndBatch(IReadOnlyCollection<string> born, HubTime now)
    {
        var changed = _changed.Count > 0 || !_isLoaded;
        _isLoaded = true;

        // Bounded: what is done here changes no stage, and each of the things done is done once per incident or person.
        for (var next = 0; next < _changed.Count; next++)
        {
            var (before, after) = _changed[next];
            Work(before, after, now);
        }

        _outgoing.Write(_changed, now);
        _changed.Clear();

        // A box that neighbours no longer need may be the station's own.
        var retold = _silenced.Count == 0 ? born : [.. born, .. _silenced];
        foreach (var station in core.Stations.Stations)
        {
            if (!_annunciators.TryGetValue(station.Id, out var annunciator))
            {
                _annunciators.Add(station.Id, annunciator = new Annunciator());
            }

            annunciator.EndBatch(station, desk.Open.Values.Where(incident => core.StationOf(incident).Id == station.Id), retold, changed, desk, now);
        }

        _silenced.Clear();
    }

    /// <summary>A delivery to the message gateway is over.</summary>
    public void MessageOver(Outgoing over, bool delivered, string reason, HubTime now)
    {
        if (over.Event == WebhookEvents.Message && desk.Open.TryGetValue(over.IncidentId, out var incident))
        {
            Record(incident.Id, over.ResponderId, ReachChannel.Message, delivered ? ReachState.Delivered : ReachState.Failed, reason, now);
        }
    }

    private void Work(Incident? before, Incident after, HubTime now)
    {
        if (!desk.Open.TryGetValue(after.Id, out var present))
        {
            if (after is { IsOpen: false, Watch.StoppedAt: null })
            {
                Silence(after.Watch, now);
            }

            return;
        }

        if (before is null && after.SplitFrom is null)
        {
            Open(present, now);
        }

        foreach (var assignment in after.Assignments.Where(assignment => assignment.IsActive && !WasSent(before, assignment)))
        {
            Reach(desk.Open[after.Id], assignment.ResponderId, now);
        }

        present = desk.Open[after.Id];
        if (present.Watch is { StoppedAt: null } && !IncidentRules.WatchShouldSound(present))
        {
            Silence(present.Watch, now);
            desk.Apply(present.Id, present, new IncidentCommand.StopWatch(), IncidentDesk.ClockActor, now);
        }
    }

    private static bool WasSent(Incident? before, Assignment assignment) =>
        before?.Assignments.Any(known => known.IsActive && known.ResponderId == assignment.ResponderId && known.DispatchedAt == assignment.DispatchedAt) == true;

    /// <summary>A new incident: the warden first, then the neighbours.</summary>
    private void Open(Incident incident, HubTime now)
    {
        var wardens = AlertPlan.WardensFor(core.StationOf(incident), incident);
        if (!wardens.IsEmpty)
        {
            Inform(incident.Id, wardens, InformReason.Warden, now);
        }

        if (AlertPlan.WatchFor(core.StationOf(incident), incident, States(now)) is not { } watch)
        {
            return;
        }

        desk.Apply(incident.Id, desk.Open[incident.Id], new IncidentCommand.StartWatch(watch.GroupId, watch.Boards, watch.Loudspeakers), IncidentDesk.ClockActor, now);
        foreach (var device in watch.Boards)
        {
            Ask(incident.Id, device, "", new GatewayCommand.WatchAlert(AlertPlan.WatchS), false, now);
        }

        foreach (var device in watch.Loudspeakers)
        {
            Ask(incident.Id, device, "", new GatewayCommand.Siren(AlertPlan.WatchS), false, now);
        }

        if (!watch.Volunteers.IsEmpty)
        {
            Inform(incident.Id, watch.Volunteers, InformReason.Watch, now);
        }
    }

    private void Silence(Incidents.WatchAlert watch, HubTime now)
    {
        foreach (var device in watch.Boards)
        {
            desk.SendToBoard(device, new GatewayCommand.WatchAlert(AlertPlan.BoxLeftS(desk.Open.Values, device, now.Utc)), now);
            _silenced.Add(device);
        }

        foreach (var device in watch.Loudspeakers)
        {
            desk.SendToBoard(device, new GatewayCommand.Siren(AlertPlan.LoudspeakerLeftS(desk.Open.Values, device, now.Utc)), now);
        }
    }

    private void Inform(long incidentId, ImmutableArray<string> responderIds, InformReason why, HubTime now)
    {
        desk.Apply(incidentId, desk.Open[incidentId], new IncidentCommand.Inform(responderIds, why), IncidentDesk.ClockActor, now);
        foreach (var id in responderIds)
        {
            Reach(desk.Open[incidentId], id, now);
        }
    }

    /// <summary>In order: the box nearest to them, the message gateway. The telephone is the operator's.</summary>
    private void Reach(Incident incident, string responderId, HubTime now)
    {
        if (core.Stations.All.FindResponder(responderId) is not { } responder)
        {
            return;
        }

        if (AlertPlan.BoxOf(core.Stations.All, incident, responder, States(now)[responderId]) is { Length: > 0 } device)
        {
            Ask(incident.Id, device, responderId, new GatewayCommand.Annunciate(CallS, CallPattern), true, now);
        }

        if (_outgoing.Message(incident, responder, now) is { } isWaiting)
        {
            Record(incident.Id, responderId, ReachChannel.Message, isWaiting ? ReachState.Sent : ReachState.Failed, isWaiting ? "" : "outbox-full", now);
        }
    }

    private void Ask(long incidentId, string device, string responderId, GatewayCommand command, bool mayAlert, HubTime now)
    {
        var id = desk.SendToBoard(device, command, now);
        var asked = new Asked(incidentId, device, responderId, mayAlert, now.MonotonicMs + AnswerMs);
        if (id is null)
        {
            Tell(asked, ReachState.Failed, "not-connected", now);
            return;
        }

        _asked[id] = asked;
        _ringing.Add(device, new Ringing.Ring(
            incidentId, responderId, now.Utc, now.Utc.AddMilliseconds(Downlink.CommandLifeMs).AddSeconds(responderId.Length > 0 ? CallS : AlertPlan.WatchS)));
        if (responderId.Length > 0)
        {
            Record(incidentId, responderId, ReachChannel.Box, ReachState.Sent, id, now);
        }
    }

    private void Tell(Asked asked, ReachState state, string detail, HubTime now)
    {
        if (asked.ResponderId.Length > 0)
        {
            Record(asked.IncidentId, asked.ResponderId, ReachChannel.Box, state, detail, now);
        }
        else if (state == ReachState.Delivered)
        {
            Apply(asked.IncidentId, new IncidentCommand.WatchSounds(asked.Device), "gw/" + asked.Device, now);
        }
    }

    private void Record(long incidentId, string responderId, ReachChannel channel, ReachState state, string detail, HubTime now) =>
        Apply(incidentId, new IncidentCommand.ReachBy(responderId, channel, state, detail), IncidentDesk.ClockActor, now);

    /// <summary>On an incident that is still open; whatever it comes to, the rules decide.</summary>
    private void Apply(long incidentId, IncidentCommand command, string actor, HubTime now)
    {
        if (desk.Open.TryGetValue(incidentId, out var incident))
        {
            desk.Apply(incidentId, incident, command, actor, now);
        }
    }

    private ImmutableDictionary<string, ResponderState> States(HubTime now) => ResponderStates.Of(core.Stations, desk.Open.Values, core.Duty, now.Utc);
}
