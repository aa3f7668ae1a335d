using Gateway.Firmware.Ports;

namespace Gateway.World.Journal;

/// <summary>What a write leaves behind when the power goes in the middle of it.</summary>
public enum Tear
{
    /// <summary>littlefs: all or nothing at the close.</summary>
    Atomic,
    None0,
    One,
    Half,
    AllButOne,
}

/// <summary>
/// littlefs on ESP32 as the journal sees it, worse where it may be worse: what is written is durable at the close; making a file, or emptying
/// it before it is written anew, is a step of its own that a power cut can separate from the close; names are never moved. Steps are counted;
/// the power can be cut before any of them, a step can be torn, a write can fail, the disk can be full, a file can be unreadable.
/// </summary>
public sealed class FlashModel : IFlash
{
    readonly Dictionary<string, byte[]> files;

    public FlashModel() => files = [];

    FlashModel(Dictionary<string, byte[]> files) => this.files = files;

    /// <summary>Steps that changed something since this model was made.</summary>
    public int Steps { get; private set; }

    public int Reads { get; private set; }

    /// <summary>The power is cut before this step; -1 never.</summary>
    public int CutBefore { get; set; } = -1;

    /// <summary>How the step that <see cref="CutBefore"/> names is left behind.</summary>
    public Tear Tear { get; set; }

    /// <summary>This step throws an IOException instead; -1 none. <see cref="Tear"/> says what it leaves behind.</summary>
    public int FailAt { get; set; } = -1;

    /// <summary>From <see cref="FailAt"/> on, how many steps fail.</summary>
    public int FailCount { get; set; } = 1;

    /// <summary>The failing step does its work and reports failure all the same.</summary>
    public bool FailsAfterTheFact { get; set; }

    public int BytesMax { get; set; } = int.MaxValue;

    /// <summary>A file whose blocks cannot be read.</summary>
    public string? BadFile { get; set; }

    public bool IsDead { get; private set; }

    public int Bytes => files.Values.Sum(content => content.Length);

    public IEnumerable<string> Names => files.Keys.Order(StringComparer.Ordinal);

    /// <summary>What a new incarnation finds: the same files, no faults.</summary>
    public FlashModel Remount() => new(new Dictionary<string, byte[]>(files));

    /// <summary>The image with one bit flipped.</summary>
    public FlashModel Flipped(string name, int bit)
    {
        var copy = Remount();
        var content = (byte[])files[name].Clone();
        content[bit / 8] ^= (byte)(1 << (bit % 8));
        copy.files[name] = content;
        return copy;
    }

    public int LengthOf(string name) => files[name].Length;

    public string[] List()
    {
        Alive();
        return [.. files.Keys];
    }

    public bool Exists(string name)
    {
        Alive();
        return files.ContainsKey(name);
    }

    public int Length(string name)
    {
        Alive();
        return Readable(name).Length;
    }

    public int Read(string name, int position, byte[] buffer, int offset, int count)
    {
        Alive();
        Reads++;
        var content = Readable(name);
        var n = Math.Max(0, Math.Min(count, content.Length - position));
        Array.Copy(content, Math.Min(position, content.Length), buffer, offset, n);
        return n;
    }

    public void Append(string name, byte[] buffer, int offset, int count)
    {
        Alive();
        if (!files.ContainsKey(name)) Step(() => files[name] = [], _ => { });
        Close(name, files[name], buffer, offset, count);
    }

    public void Write(string name, byte[] buffer, int offset, int count)
    {
        Alive();
        Step(() => files[name] = [], _ => { });
        Close(name, [], buffer, offset, count);
    }

    public void Delete(string name)
    {
        Alive();
        Step(() => files.Remove(name), _ => { });
    }

    void Close(string name, byte[] old, byte[] buffer, int offset, int count)
    {
        if (Bytes + count > BytesMax) throw new IOException("disk full");
        Step(() => files[name] = Joined(old, buffer, offset, count), torn => files[name] = Joined(old, buffer, offset, torn(count)));
    }

    void Step(Action whole, Action<Func<int, int>> torn)
    {
        if (Steps == CutBefore)
        {
            IsDead = true;
            Leave(torn);
            throw new PowerCutException();
        }

        var fails = FailAt >= 0 && Steps >= FailAt && Steps < FailAt + FailCount;
        Steps++;
        if (!fails || FailsAfterTheFact) whole();
        else Leave(torn);
        if (fails) throw new IOException("write failed");
    }

    void Leave(Action<Func<int, int>> torn)
    {
        if (Tear != Tear.Atomic) torn(count => Tear switch { Tear.None0 => 0, Tear.One => Math.Min(1, count), Tear.Half => count / 2, _ => Math.Max(0, count - 1) });
    }

    byte[] Readable(string name)
    {
        if (name == BadFile) throw new IOException("bad block: " + name);
        return files.TryGetValue(name, out var content) ? content : throw new IOException("no such file: " + name);
    }

    void Alive()
    {
        if (IsDead) throw new PowerCutException();
    }

    static byte[] Joined(byte[] old, byte[] buffer, int offset, int count)
    {
        var content = new byte[old.Length + count];
        Array.Copy(old, content, old.Length);
        Array.Copy(buffer, offset, content, old.Length, count);
        return content;
    }
}

/// <summary>The power is gone: nothing of this incarnation may run on.</summary>
public sealed class PowerCutException() : Exception("power cut");
