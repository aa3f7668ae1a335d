namespace Gateway.Hub.Ingest;

/// <summary>The numbers <see cref="First"/>..<see cref="Last"/> of a lane, both included.</summary>
public readonly record struct SeqRange(uint First, uint Last)
{
    public long Count => (long)Last - First + 1;
}

/// <summary>
/// Which numbers of one lane and epoch are accounted for, that is, committed or recorded as missing: all up to <see cref="Through"/>, and the
/// <see cref="Ahead"/> ranges above it. A board sends in ascending order, at most 16 unreceipted [GW-15], so there are few ranges;
/// <see cref="AheadRangesMax"/> bounds them in case of a board that does not.
/// </summary>
public sealed class LaneCursor
{
    /// <summary>64 times the board's window of 16 [GW-15]. Full policy: the lowest hole is recorded as missing, so nothing is refused.</summary>
    public const int AheadRangesMax = 1_024;

    /// <summary>Sorted, disjoint, not adjacent, all above <see cref="Through"/> + 1.</summary>
    private List<SeqRange> _ahead = Nothing;

    /// <summary>What nearly all lanes have ahead; never changed, so that all can share it.</summary>
    private static readonly List<SeqRange> Nothing = [];

    public LaneCursor(long id, string device, Lane lane, uint epoch)
    {
        Id = id;
        Device = device;
        Lane = lane;
        Epoch = epoch;
    }

    /// <summary>The lane's number in the store.</summary>
    public long Id { get; }

    public string Device { get; }

    public Lane Lane { get; }

    public uint Epoch { get; }

    /// <summary>Every number up to here is committed or recorded as missing; 0 at first.</summary>
    public uint Through { get; private set; }

    public IReadOnlyList<SeqRange> Ahead => _ahead;

    /// <summary>How many numbers above <see cref="Through"/> are accounted for.</summary>
    public long AheadCount => _ahead.Sum(range => range.Count);

    /// <summary>False for a number that was never committed nor given up: it needs no look-up in the store.</summary>
    public bool IsAccounted(uint seq) => seq <= Through || (_ahead.Count > 0 && RangeAtOrAfter(seq) is var i && i < _ahead.Count && _ahead[i].First <= seq);

    /// <summary>Accounts for one committed number.</summary>
    public void Commit(uint seq)
    {
        // The usual case first: the next number, nothing ahead.
        if (_ahead.Count == 0 && seq == Through + 1)
        {
            Through = seq;
            return;
        }

        Account(new SeqRange(seq, seq));
    }

    /// <summary>Accounts for a range. Returns the parts of it that were not accounted for before: for a gap, what is newly missing.</summary>
    public IReadOnlyList<SeqRange> Account(SeqRange range)
    {
        var added = new List<SeqRange>();
        if (range.Last <= Through)
        {
            return added;
        }

        long from = Math.Max((long)range.First, (long)Through + 1);
        var i = RangeAtOrAfter((uint)from);
        var merged = new SeqRange((uint)from, range.Last);
        var begin = i > 0 && _ahead[i - 1].Last + 1 == from ? i - 1 : i;
        var end = i;
        for (; end < _ahead.Count && _ahead[end].First <= (long)range.Last + 1; end++)
        {
            if (_ahead[end].First > from)
            {
                added.Add(new SeqRange((uint)from, _ahead[end].First - 1));
            }

            from = (long)_ahead[end].Last + 1;
        }

        if (from <= range.Last)
        {
            added.Add(new SeqRange((uint)from, range.Last));
        }

        for (var j = begin; j < end; j++)
        {
            merged = new SeqRange(Math.Min(merged.First, _ahead[j].First), Math.Max(merged.Last, _ahead[j].Last));
        }

        if (_ahead == Nothing)
        {
            _ahead = [];
        }

        _ahead.RemoveRange(begin, end - begin);
        _ahead.Insert(begin, merged);
        AbsorbFirst();
        return added;
    }

    /// <summary>The lowest hole, when the ranges have reached their bound: it must be given up (<see cref="Account"/>) so that the set stays small.</summary>
    public SeqRange? HoleToGiveUp => _ahead.Count > AheadRangesMax ? LowestHole : null;

    /// <summary>The numbers between <see cref="Through"/> and the first range ahead; null when nothing is ahead.</summary>
    public SeqRange? LowestHole => _ahead.Count > 0 ? new SeqRange(Through + 1, _ahead[0].First - 1) : null;

    /// <summary>Index of the first range whose end is at or after <paramref name="seq"/>.</summary>
    private int RangeAtOrAfter(uint seq)
    {
        int low = 0, high = _ahead.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ahead[middle].Last < seq)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void AbsorbFirst()
    {
        if (_ahead.Count > 0 && _ahead[0].First <= (long)Through + 1)
        {
            Through = Math.Max(Through, _ahead[0].Last);
            _ahead.RemoveAt(0);
            if (_ahead.Count == 0)
            {
                _ahead = Nothing;
            }
        }
    }
}
