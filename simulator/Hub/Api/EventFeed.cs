namespace Gateway.Hub.Api;

/// <summary>
/// What one listener has not been told yet. The hub's writer adds and never waits: changes of the same thing become one, and above <see cref="PendingMax"/> things
/// the listener is told to read everything anew (<c>resync</c>). So a slow listener costs a bounded amount of memory and sees the newest state, not an old queue.
/// </summary>
public sealed class EventFeed
{
    public const int PendingMax = 512;

    private readonly Lock gate = new();
    private readonly List<HubChange> order = [];
    private readonly Dictionary<(HubChangeKind, string), int> places = [];
    private readonly SemaphoreSlim news = new(0, 1);
    private bool overflowed;

    /// <summary>Called on the hub's writer thread: returns at once.</summary>
    public void Add(HubChange change)
    {
        lock (gate)
        {
            // All signals are one thing here: their numbers are in the lists.
            var key = (change.Kind, change.Kind == HubChangeKind.Signal ? "" : change.Id);
            if (overflowed)
            {
                return;
            }

            if (places.TryGetValue(key, out var place))
            {
                order[place] = change;
            }
            else if (order.Count < PendingMax)
            {
                places[key] = order.Count;
                order.Add(change);
            }
            else
            {
                overflowed = true;
            }

            if (news.CurrentCount == 0)
            {
                news.Release();
            }
        }
    }

    /// <summary>Waits for news at most so long; false when there is none.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellation) => news.WaitAsync(atMost, cancellation);

    /// <summary>Takes what there is; <paramref name="resync"/> when it was too much.</summary>
    public IReadOnlyList<HubChange> Take(out bool resync)
    {
        lock (gate)
        {
            resync = overflowed;
            IReadOnlyList<HubChange> taken = overflowed ? [] : [.. order];
            order.Clear();
            places.Clear();
            overflowed = false;
            return taken;
        }
    }
}
