namespace Gateway.Hub.Ingest;

/// <summary>
/// What boards and strangers do that the audit chain must know (I13): numbers that are missing or came after all, conflicts, lost journals, messages that were refused
/// because they are forged, foreign or replayed. Written in the transaction of the batch that met it, and bounded, because whoever floods the hub must not write its
/// chain full: per gateway and reason the first is an entry at once; what follows within <see cref="WindowMs"/> is counted, and one entry says how many it was. One
/// thread at a time.
/// </summary>
/// <param name="audit">Appends to the chain: when, who, kind, subject, content.</param>
internal sealed class FactBook(Action<DateTimeOffset, string, string, string, string> audit)
{
    public const string Missing = "gateway.missing";
    public const string Found = "gateway.found";
    public const string JournalLost = "gateway.journalLost";
    public const string Conflict = "signal.conflict";
    public const string Refused = "gateway.refused";

    /// <summary>One entry an hour for each gateway and reason: 9,000 a year for a board that is attacked without end.</summary>
    public const int WindowMs = 3_600_000;

    /// <summary>Entries that the clock writes in one batch, about 2 ms of the writer's time; the others come with the next tick.</summary>
    public const int EntriesPerTickMax = 64;

    private readonly Dictionary<(string Device, string Kind, string Reason), Window> _windows = [];

    /// <summary>All windows are equally long, so they end in the order in which they began.</summary>
    private readonly Queue<((string Device, string Kind, string Reason) Key, long EndMs)> _ends = new();

    /// <summary>Something happened, <paramref name="times"/> times since the last note. <paramref name="device"/> is a provisioned one, or empty for all that the hub does not know.</summary>
    /// <param name="reason">Tells apart what has the same kind; of a fixed list, so that there are few windows.</param>
    public void Note(string device, string kind, string text, HubTime now, string reason = "", long times = 1)
    {
        var key = (device, kind, reason);
        if (_windows.TryGetValue(key, out var open))
        {
            open.More += times;
            open.Last = text;
            return;
        }

        Open(key, now);
        Write(key, text, now);
    }

    /// <summary>Writes the counts of the windows that are over. One that counted something is followed by another, so that a flood is one entry a window.</summary>
    public void Tick(HubTime now)
    {
        for (var written = 0; written < EntriesPerTickMax && _ends.TryPeek(out var end) && end.EndMs <= now.MonotonicMs;)
        {
            _ends.Dequeue();
            _windows.Remove(end.Key, out var window);
            if (window!.More > 0)
            {
                Open(end.Key, now);
                Write(end.Key, window.Count, now);
                written++;
            }
        }
    }

    /// <summary>Writes every count that is still open: the hub stops.</summary>
    public void Close(HubTime now)
    {
        foreach (var (key, window) in _windows)
        {
            if (window.More > 0)
            {
                Write(key, window.Count, now);
                window.More = 0;
            }
        }
    }

    private void Open((string Device, string Kind, string Reason) key, HubTime now)
    {
        _windows.Add(key, new Window());
        _ends.Enqueue((key, now.MonotonicMs + WindowMs));
    }

    /// <summary>What is refused has no proven sender: it is the hub that says so.</summary>
    private void Write((string Device, string Kind, string Reason) key, string content, HubTime now) =>
        audit(now.Utc, key.Kind == Refused ? "hub" : $"gw/{key.Device}", key.Kind, $"gateway/{(key.Device.Length == 0 ? "unknown" : key.Device)}", content);

    private sealed class Window
    {
        /// <summary>How often it happened since the entry that stands.</summary>
        public long More { get; set; }

        public string Last { get; set; } = "";

        public string Count => FormattableString.Invariant($"{More} more within the hour, the last: {Last}");
    }
}
