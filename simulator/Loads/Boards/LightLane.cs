namespace Gateway.Loads.Boards;

/// <summary>A record that waits for its receipt.</summary>
/// <param name="Payload">A pure function of the record: sent again, it is the same [GW-14].</param>
/// <param name="At">Timestamp of the press or event.</param>
/// <param name="IsCall">A person waits for the answer: its times are measured.</param>
internal sealed record LightRecord(uint Seq, byte[] Payload, long At, bool IsCall);

/// <summary>One journal lane of a light board, in memory: what is not receipted yet, and how far it has been sent. No lock: the board has one.</summary>
internal sealed class LightLane(string name, uint epoch)
{
    /// <summary>Unreceipted records under way [GW-15].</summary>
    public const int WindowMax = 16;

    /// <summary>Records waiting: a hundred times the backlog of the storm. Full: a new record is not taken, and counted.</summary>
    public const int RecordsMax = 10_000;

    private readonly Queue<LightRecord> _waiting = new();
    private int _underWay;

    public string Name { get; } = name;

    public uint Epoch { get; } = epoch;

    public uint Next { get; private set; } = 1;

    public uint Oldest => _waiting.TryPeek(out var oldest) ? oldest.Seq : Next;

    public int Backlog => _waiting.Count;

    public bool IsFull => _waiting.Count >= RecordsMax;

    public bool HasUnderWay => _underWay > 0;

    public void Append(byte[] payload, long at, bool isCall) => _waiting.Enqueue(new LightRecord(Next++, payload, at, isCall));

    /// <summary>What may be sent now, in order.</summary>
    public IReadOnlyList<LightRecord> TakeDue()
    {
        var due = _waiting.Skip(_underWay).Take(WindowMax - _underWay).ToList();
        _underWay += due.Count;
        return due;
    }

    /// <summary>From the last receipt on, once more [GW-15].</summary>
    public void Rewind() => _underWay = 0;

    /// <summary>Everything up to <paramref name="through"/> is committed. False for a receipt that cannot be of this lane [GW-35].</summary>
    public bool TryReceipt(uint through, List<LightRecord> receipted)
    {
        if (through >= Next)
        {
            return false;
        }

        while (_waiting.TryPeek(out var oldest) && oldest.Seq <= through)
        {
            receipted.Add(_waiting.Dequeue());
            _underWay = Math.Max(0, _underWay - 1);
        }

        return true;
    }
}
