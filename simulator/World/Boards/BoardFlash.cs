using Gateway.Firmware.Ports;
using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <summary>
/// A board's file store with the guarantees of littlefs and no more: a close is atomic, so a power cut at an operation leaves the old content or the new;
/// but making a file, or emptying it to write it anew, is a step of its own, so the file may also be left empty. It outlives the board's boots. Operations
/// cost the board time, and the store can be full. (<see cref="Journal.FlashModel"/> is its harsher sister: it tears, and it goes through every cut there is.)
/// </summary>
public sealed class BoardFlash(Dice dice) : IFlash
{
    /// <summary>256 KB partition in blocks of 4 KB, less two for the file system itself.</summary>
    public const int Blocks = 62;

    private const int BlockBytes = 4_096;

    /// <summary>Entries that a pair of metadata blocks holds, at least: half a block of names, sizes and places, 64 bytes each at most.</summary>
    private const int EntriesPerPair = 32;

    private const long ReadUs = 300;
    private const long WriteUs = 4 * VirtualTime.Ms;
    private const long EraseUs = 50 * VirtualTime.Ms;
    private const long EraseWorstUs = 400 * VirtualTime.Ms;

    /// <summary>More than a chip has ever held in this world.</summary>
    private const int RecordsOnAChip = 1_000_000;

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private int _operationsUntilCut;
    private int _operationsUntilFault;
    private long _failsUntilUs;

    /// <summary>The board that runs on it now; it pays for the time and may lose its power here.</summary>
    public SimulatedBoard? Board { get; set; }

    /// <summary>Operations that change the store, over all boots.</summary>
    public long Operations { get; private set; }

    /// <summary>Changes that failed as a bad block does, or that a cut left half done: each may cost one number of a journal, and no call.</summary>
    public long Damages { get; private set; }

    /// <summary>When a change last failed, for whatever reason: the board may try again a while later what it could not write then.</summary>
    public long RefusedUs { get; private set; } = long.MinValue / 2;

    /// <summary>When it last took a change, whatever it said of it.</summary>
    public long WrittenUs { get; private set; } = long.MinValue / 2;

    /// <summary>The incarnations of the board in which it refused something.</summary>
    public HashSet<int> RefusedIn { get; } = [];

    /// <summary>When an erase last took its worst time.</summary>
    public long SlowUs { get; private set; } = long.MinValue / 2;

    /// <summary>Bits that turned in the cells, and all that a replaced chip held: each may cost one record, and no more (I5).</summary>
    public long Flips { get; private set; }

    /// <summary>When the last of them did.</summary>
    public long FlippedUs { get; private set; } = long.MinValue / 2;

    public long BytesHeld => _files.Values.Sum(static file => (long)file.Length);

    /// <summary>The power fails at the n-th change from now: before it, or after it, as the dice fall.</summary>
    public void CutAt(int operations) => _operationsUntilCut = operations;

    /// <summary>The n-th change from now fails as a bad block does.</summary>
    public void FailAt(int operations) => _operationsUntilFault = operations;

    /// <summary>Every change fails for so long, as while the supply is too low to write.</summary>
    public void FailFor(long us) => _failsUntilUs = (Board?.World.Queue.NowUs ?? 0) + us;

    public string[] List()
    {
        Spend(ReadUs);
        return [.. _files.Keys];
    }

    public bool Exists(string name)
    {
        Spend(0);
        return _files.ContainsKey(name);
    }

    public int Length(string name)
    {
        Spend(0);
        return Open(name).Length;
    }

    public int Read(string name, int position, byte[] buffer, int offset, int count)
    {
        Spend(ReadUs);
        var file = Open(name);
        var taken = Math.Clamp(file.Length - position, 0, count);
        Array.Copy(file, Math.Min(position, file.Length), buffer, offset, taken);
        return taken;
    }

    public void Append(string name, byte[] buffer, int offset, int count)
    {
        var isNew = !_files.TryGetValue(name, out var found);
        var old = found ?? [];
        var whole = new byte[old.Length + count];
        old.CopyTo(whole, 0);
        Array.Copy(buffer, offset, whole, old.Length, count);
        var copiesBlock = old.Length % BlockBytes != 0;
        Change(name, whole, WriteUs + (copiesBlock ? DrawEraseUs() : 0), isNew);
    }

    public void Write(string name, byte[] buffer, int offset, int count) =>
        Change(name, buffer.AsSpan(offset, count).ToArray(), WriteUs + DrawEraseUs(), emptiesFirst: true);

    public void Delete(string name) => Change(name, null, WriteUs, emptiesFirst: false);

    /// <summary>Puts a file there as a technician does, at no time and no risk.</summary>
    public void Provision(string name, byte[] content) => _files[name] = content;

    /// <summary>Turns one bit somewhere in the journal's files. Returns the name, or null when there is nothing to damage.</summary>
    public string? FlipBit()
    {
        var names = _files.Where(static file => file.Key != "gateway.json" && file.Value.Length > 0).Select(static file => file.Key).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        var name = names[(int)dice.Between(0, names.Count - 1)];
        var file = (byte[])_files[name].Clone();
        file[dice.Between(0, file.Length - 1)] ^= (byte)(1 << (int)dice.Between(0, 7));
        _files[name] = file;
        Flips++;
        FlippedUs = Board?.World.Queue.NowUs ?? FlippedUs;
        return name;
    }

    /// <summary>The chip was replaced, and nothing is on it but what a technician puts there.</summary>
    public void Replace()
    {
        foreach (var name in _files.Keys.Where(static name => name != "gateway.json").ToList())
        {
            _files.Remove(name);
        }

        // Whatever was on it and nowhere else is gone.
        Flips += RecordsOnAChip;
        FlippedUs = Board?.World.Queue.NowUs ?? FlippedUs;
    }

    private byte[] Open(string name) => _files.TryGetValue(name, out var file) ? file : throw new IOException("no such file: " + name);

    private long DrawEraseUs()
    {
        if (!dice.OneIn(200))
        {
            return EraseUs;
        }

        SlowUs = Board?.World.Queue.NowUs ?? SlowUs;
        return EraseWorstUs;
    }

    private void Spend(long us) => Board?.Spend(us);

    private void Change(string name, byte[]? content, long costUs, bool emptiesFirst)
    {
        Spend(costUs);
        Operations++;
        var fails = (_operationsUntilFault > 0 && --_operationsUntilFault == 0) || (Board is not null && Board.World.Queue.NowUs < _failsUntilUs);
        if (fails)
        {
            Damages++;
        }

        var isCut = _operationsUntilCut > 0 && --_operationsUntilCut == 0;
        if (isCut && dice.OneIn(2))
        {
            if (emptiesFirst && dice.OneIn(2))
            {
                Damages++;
                _files[name] = [];
            }

            Board!.LosePower("cut before the flash operation on " + name);
        }

        // A write may report failure although it is done.
        if (!fails || dice.OneIn(3))
        {
            try
            {
                Apply(name, content);
            }
            catch (IOException)
            {
                NoteRefused();
                throw;
            }
        }

        if (isCut)
        {
            Board!.LosePower("cut after the flash operation on " + name);
        }

        if (fails)
        {
            NoteRefused();
            throw new IOException("bad block");
        }
    }

    private void Apply(string name, byte[]? content)
    {
        if (content is null)
        {
            _files.Remove(name);
        }
        else if (BlocksWith(name, content.Length) > Blocks)
        {
            throw new IOException("disk full");
        }
        else
        {
            _files[name] = content;
        }

        WrittenUs = Board?.World.Queue.NowUs ?? WrittenUs;
    }

    private int BlocksWith(string name, int length)
    {
        var (files, blocks) = (1, BlocksOf(length));
        foreach (var file in _files)
        {
            if (file.Key != name)
            {
                files++;
                blocks += BlocksOf(file.Value.Length);
            }
        }

        return blocks + (2 * ((files + EntriesPerPair - 1) / EntriesPerPair));
    }

    /// <summary>The content; a short file may lie with its entry, and is given a block of its own all the same.</summary>
    private static int BlocksOf(int length) => Math.Max(1, (length + BlockBytes - 1) / BlockBytes);

    private void NoteRefused()
    {
        if (Board is not null)
        {
            RefusedUs = Board.World.Queue.NowUs;
            RefusedIn.Add(Board.Incarnation);
            Board.World.Oracle.FlashRefuses(Board);
        }
    }
}
