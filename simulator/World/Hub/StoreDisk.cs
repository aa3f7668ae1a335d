using Gateway.Hub.Ingest;
using Gateway.Hub.Statistics;
using Gateway.Hub.Work;

namespace Gateway.World.Hub;

/// <summary>A stored signal with the incident it belongs to.</summary>
public sealed record StoredSignal(long Id, SignalRow Row)
{
    /// <summary>Every incident it was put into; the oracle wants to see at most one.</summary>
    public List<long> Incidents { get; } = [];
}

/// <summary>A stored lane: one journal of one board.</summary>
public sealed record StoredLane(long Id, string Device, Lane Lane, uint Epoch)
{
    /// <summary>The first row of each number.</summary>
    public SortedDictionary<uint, StoredSignal> Signals { get; } = [];

    public List<SeqRange> Missing { get; } = [];

    public bool IsMissing(uint seq) => Missing.Exists(range => range.First <= seq && seq <= range.Last);

    public bool Accounts(uint seq) => Signals.ContainsKey(seq) || IsMissing(seq);

    /// <summary>As above, and the commit is through.</summary>
    public bool AccountsDurably(uint seq, long durableSignals) => Signals.TryGetValue(seq, out var stored) ? stored.Id <= durableSignals : IsMissing(seq);
}

/// <summary>
/// The hub's disk: what is here when the hub's process is gone. Every change of a transaction is noted with its undoing, so that a commit that never came
/// leaves nothing. The oracle reads it, never the hub's memory.
/// </summary>
public sealed class StoreDisk
{
    private readonly List<Action> _undo = [];

    public Dictionary<long, StoredLane> Lanes { get; } = [];

    public List<StoredSignal> Signals { get; } = [];

    public Dictionary<string, StoredGateway> Gateways { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Device, uint Boot), BootStart> Boots { get; } = [];

    public SortedDictionary<long, IncidentRow> Incidents { get; } = [];

    public List<IncidentEventRow> IncidentEvents { get; } = [];

    public Dictionary<string, StoredOutcome> Outcomes { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, (PendingReset Reset, bool Answered)> Resets { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<long, WorkRow> Work { get; } = [];

    public List<WorkEventRow> WorkEvents { get; } = [];

    public SortedDictionary<long, IncidentFact> Facts { get; } = [];

    /// <summary>The incidents that the early warning has not looked at.</summary>
    public SortedDictionary<long, bool> Unweighed { get; } = [];

    public Dictionary<CountKey, long> Counts { get; } = [];

    public long DiaryEntries { get; private set; }

    public long AuditEntries { get; private set; }

    public bool IsChanging => _undo.Count > 0;

    public Dictionary<(string Device, Lane Lane, uint Epoch), StoredLane> LanesByName { get; } = [];

    public StoredLane? FindLane(string device, Lane lane, uint epoch) => LanesByName.GetValueOrDefault((device, lane, epoch));

    /// <summary>Signals up to this number are on the disk for good.</summary>
    public long DurableSignals { get; private set; }

    public void Keep()
    {
        _undo.Clear();
        DurableSignals = Signals.Count;
    }

    public void Forget()
    {
        for (var i = _undo.Count - 1; i >= 0; i--)
        {
            _undo[i]();
        }

        _undo.Clear();
    }

    public void Change(Action change, Action undo)
    {
        change();
        _undo.Add(undo);
    }

    public void Add<T>(List<T> list, T item) => Change(() => list.Add(item), () => list.RemoveAt(list.Count - 1));

    public void Set<TKey, TValue>(IDictionary<TKey, TValue> table, TKey key, TValue value)
    {
        var had = table.TryGetValue(key, out var old);
        Change(() => table[key] = value, () =>
        {
            if (had)
            {
                table[key] = old!;
            }
            else
            {
                table.Remove(key);
            }
        });
    }

    public void Remove<TKey, TValue>(IDictionary<TKey, TValue> table, TKey key)
    {
        var old = table[key];
        Change(() => table.Remove(key), () => table[key] = old);
    }

    public void NoteDiary() => Change(() => DiaryEntries++, () => DiaryEntries--);

    public void NoteAudit() => Change(() => AuditEntries++, () => AuditEntries--);
}
