using Gateway.Hub.Incidents;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>I9: every step has a clock, and what is overdue escalates, whatever the hub's wall clock does.</content>
public sealed partial class Watcher
{
    /// <summary>An overdue step escalates within 1 s (I9), once the commit is through.</summary>
    private const long EscalateUs = VirtualTime.Second;

    /// <summary>After a start or a slow disk the hub may take this long to work off what has become due meanwhile.</summary>
    private const long SteadyUs = 3 * VirtualTime.Second;

    /// <summary>Deadlines that were seen, with the true time at which each is due.</summary>
    private readonly Dictionary<(long Incident, ClockName Clock, DateTimeOffset DueAt), long> _armed = [];
    private readonly PriorityQueue<(long Incident, ClockName Clock, DateTimeOffset DueAt), long> _due = new();
    private readonly Dictionary<long, long> _openedUs = [];

    /// <summary>
    /// A new core has read the disk. A clock that runs right makes no deadline later; one that lost its time may, but is never believed to be earlier than the
    /// newest moment that is written down.
    /// </summary>
    internal void HubStarted(IReadOnlyCollection<Incident> open)
    {
        _hubUnsteadyUs = world.Queue.NowUs;
        _inSession.Clear();
        ForgetMessages();
        ForgetSounds();
        ForgetHeard();
        ForgetFacts();
        CheckLoaded(open);
        var known = open.SelectMany(static incident => incident.Escalations.Select(static escalation => escalation.At).Append(incident.StageSince).Append(incident.LastSignalAt))
            .Append(world.Hub.Now.Utc).Max();
        foreach (var incident in open)
        {
            foreach (var clock in IncidentClocks.Timed(incident, world.Hub.Station.Targets))
            {
                var dueUs = world.Queue.NowUs + (long)(clock.DueAt - known).TotalMicroseconds;
                if (dueUs > _armed.GetValueOrDefault((incident.Id, clock.Clock, clock.DueAt), long.MinValue))
                {
                    Arm(incident, clock, dueUs);
                }
            }
        }
    }

    /// <summary>Notes each deadline when it first appears, in true time: a wall clock that jumps later moves none.</summary>
    private void Arm(Incident incident)
    {
        foreach (var clock in IncidentClocks.Timed(incident, world.Hub.Station.Targets))
        {
            // Only once: by the clock that the batch was decided by, whatever became of it since.
            if (!_armed.ContainsKey((incident.Id, clock.Clock, clock.DueAt)))
            {
                // A step that comes back (its responder was released, another is asked still) may be overdue when it does: then it escalates now.
                Arm(incident, clock, Math.Max(world.Queue.NowUs, ((clock.DueAt.ToUnixTimeMilliseconds() - world.Hub.DecidedClockErrorMs - world.UtcMs) * VirtualTime.Ms) + world.Queue.NowUs));
            }
        }
    }

    private void Arm(Incident incident, ClockDue clock, long dueUs)
    {
        if (clock.Level != EscalationLevel.None)
        {
            var key = (incident.Id, clock.Clock, clock.DueAt);
            _armed[key] = dueUs;
            _due.Enqueue(key, dueUs);
        }
    }

    /// <summary>I9: what is due has escalated.</summary>
    private void CheckDeadlines(Gateway.Hub.HubSnapshot snapshot)
    {
        var now = world.Queue.NowUs;
        while (_due.TryPeek(out var key, out var dueUs) && dueUs + EscalateUs + VirtualTime.Second < now)
        {
            _due.Dequeue();
            if (!_armed.TryGetValue(key, out var newest) || newest > dueUs)
            {
                continue;
            }

            if (_stories.GetValueOrDefault(key.Incident) is { } story && story.StageSeenUs > dueUs && now - story.StageSeenUs <= EscalateUs + VirtualTime.Second)
            {
                // It was done when it was due, and has just come back: whoever was there was called off.
                _armed[key] = story.StageSeenUs;
                _due.Enqueue(key, story.StageSeenUs);
                continue;
            }

            _armed.Remove(key);
            Check("I9 escalated");
            if (snapshot.OpenIncidents.GetValueOrDefault(key.Incident) is { } incident
                && IncidentClocks.All(incident, world.Hub.Station.Targets).Any(clock => clock.Clock == key.Clock && clock.DueAt == key.DueAt && clock.Level != EscalationLevel.None))
            {
                Fail("I9", null, $"incident {key.Incident}: {key.Clock} was due at {key.DueAt:O} and has not escalated");
            }
        }
    }

    /// <summary>I9, without asking the hub's own clocks: a call that nobody has taken in its time has escalated.</summary>
    private void CheckTaken(Incident incident, long steadyUs)
    {
        // What was merged, and is no longer, waits anew.
        var isAnew = _stories.GetValueOrDefault(incident.Id) is not { } story || story.StageSince != story.OpenedAt;
        if (isAnew || !(incident is { IsOpen: true, AcceptedAt: null, MergedInto: null }) || incident.Kind is not (IncidentKind.Help or IncidentKind.Silent) || !_openedUs.TryGetValue(incident.Id, out var openedUs))
        {
            return;
        }

        var sinceUs = Math.Max(openedUs, steadyUs);
        var waitedUs = world.Queue.NowUs - sinceUs;
        if (incident.Stage == Stage.Received && IsOver(sinceUs, (world.Hub.Station.Targets.AcceptS * VirtualTime.Second) + EscalateUs + VirtualTime.Second))
        {
            Check("I9 taken");
            if (incident.EscalatedTo == EscalationLevel.None)
            {
                Fail("I9", null, $"call {incident.Id} waits for {waitedUs / VirtualTime.Second} s, and has not escalated");
            }
        }
    }
}
