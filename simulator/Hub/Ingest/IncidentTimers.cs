using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Ingest;

/// <summary>A clock of an incident that has run out.</summary>
internal readonly record struct DueTimer(long IncidentId, ClockName Clock, DateTimeOffset DueAt);

/// <summary>
/// The deadlines of all open incidents on the monotonic clock (I9). A deadline is converted once, when it first appears, and kept as long as the rules
/// name the same one: a wall clock that jumps moves no deadline. After a restart the wall clock is all there is.
/// </summary>
internal sealed class IncidentTimers
{
    private readonly PriorityQueue<(DueTimer Timer, long DueMs), long> _queue = new();
    private readonly Dictionary<long, Dictionary<(ClockName Clock, DateTimeOffset DueAt), long>> _armed = [];

    public void Set(Incident incident, StationTargets targets, HubTime now)
    {
        var before = _armed.GetValueOrDefault(incident.Id);
        _armed.Remove(incident.Id);
        if (!incident.IsOpen)
        {
            return;
        }

        var after = new Dictionary<(ClockName Clock, DateTimeOffset DueAt), long>();
        foreach (var clock in IncidentClocks.Timed(incident, targets))
        {
            var key = (clock.Clock, clock.DueAt);
            if (clock.Level == EscalationLevel.None || after.ContainsKey(key))
            {
                continue;
            }

            if (before is not null && before.TryGetValue(key, out var sameMs))
            {
                after.Add(key, sameMs);
                continue;
            }

            // A step may count from before the wall clock was set back: nobody waits for it longer than its whole time from now.
            var whole = clock.Level == EscalationLevel.ShiftLeader ? clock.Deadline - clock.StartedAt : TimeSpan.FromSeconds(targets.EscalateAgainS);
            var left = clock.DueAt - now.Utc;
            var dueMs = now.MonotonicMs + (long)(left < whole ? left : whole).TotalMilliseconds;
            after.Add(key, dueMs);
            _queue.Enqueue((new DueTimer(incident.Id, clock.Clock, clock.DueAt), dueMs), dueMs);
        }

        _armed.Add(incident.Id, after);
    }

    /// <summary>What has run out and is still the incident's deadline; each is handed out once.</summary>
    public IReadOnlyList<DueTimer> TakeDue(HubTime now)
    {
        List<DueTimer>? due = null;
        while (_queue.TryPeek(out var next, out var dueMs) && dueMs <= now.MonotonicMs)
        {
            _queue.Dequeue();
            if (_armed.TryGetValue(next.Timer.IncidentId, out var armed) && armed.TryGetValue((next.Timer.Clock, next.Timer.DueAt), out var armedMs)
                && armedMs == next.DueMs)
            {
                (due ??= []).Add(next.Timer);
            }
        }

        return due ?? (IReadOnlyList<DueTimer>)[];
    }
}
