using Gateway.Hub.Ingest;

namespace Gateway.Hub.Work;

/// <summary>
/// The deadlines of all open work on the monotonic clock, as for incidents (I9): converted once, when they first appear; a wall clock that jumps moves none.
/// </summary>
internal sealed class WorkTimers
{
    private readonly PriorityQueue<(long Id, WorkClock Clock, long DueMs), long> _queue = new();
    private readonly Dictionary<long, Dictionary<WorkClock, long>> _armed = [];

    public void Set(WorkItem item, HubTime now)
    {
        var before = _armed.GetValueOrDefault(item.Id);
        _armed.Remove(item.Id);
        var after = new Dictionary<WorkClock, long>();
        foreach (var clock in WorkClocks.All(item))
        {
            if (before is not null && before.TryGetValue(clock, out var armedMs))
            {
                after[clock] = armedMs;
                continue;
            }

            var dueMs = now.MonotonicMs + (long)(clock.EscalatesAt - now.Utc).TotalMilliseconds;
            after[clock] = dueMs;
            _queue.Enqueue((item.Id, clock, dueMs), dueMs);
        }

        if (after.Count > 0)
        {
            _armed.Add(item.Id, after);
        }
    }

    /// <summary>What has run out and is still a deadline of its item; each is handed out once.</summary>
    public IReadOnlyList<(long Id, WorkClock Clock)> TakeDue(HubTime now)
    {
        List<(long, WorkClock)>? due = null;
        while (_queue.TryPeek(out var next, out var dueMs) && dueMs <= now.MonotonicMs)
        {
            _queue.Dequeue();
            if (_armed.TryGetValue(next.Id, out var armed) && armed.TryGetValue(next.Clock, out var present) && present == next.DueMs)
            {
                (due ??= []).Add((next.Id, next.Clock));
            }
        }

        return due ?? (IReadOnlyList<(long, WorkClock)>)[];
    }
}
