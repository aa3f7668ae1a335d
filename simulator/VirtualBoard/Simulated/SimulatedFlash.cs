using Gateway.Firmware.Ports;

namespace Gateway.VirtualBoard.Simulated;

/// <summary>
/// Flash in memory with the guarantees of littlefs on the board: an operation is atomic and durable when it returns, except that opening a new file makes it exist, empty,
/// before its first content: a cut in between leaves an empty file. It survives the board's power cuts.
/// </summary>
public sealed class SimulatedFlash : IFlash
{
    readonly Dictionary<string, byte[]> files = [];

    /// <summary>Bytes that all files together may have.</summary>
    public int CapacityBytes { get; init; } = DirectoryFlash.CapacityBytes;

    /// <summary>Operations that change something, since the beginning.</summary>
    public int WriteCount { get; private set; }

    /// <summary>Called before (false) and after (true) each operation that changes something; what it throws is a power cut at that moment.</summary>
    public Action<bool>? OnWrite { get; set; }

    public string[] List() => [.. files.Keys.Order(StringComparer.Ordinal)];

    public bool Exists(string name) => files.ContainsKey(name);

    public int Length(string name) => Existing(name).Length;

    public int Read(string name, int position, byte[] buffer, int offset, int count)
    {
        var content = Existing(name);
        var length = Math.Clamp(content.Length - position, 0, count);
        Array.Copy(content, Math.Min(position, content.Length), buffer, offset, length);
        return length;
    }

    public void Append(string name, byte[] buffer, int offset, int count)
    {
        Create(name);
        Change(() => Put(name, [.. files[name], .. buffer.AsSpan(offset, count)]));
    }

    public void Write(string name, byte[] buffer, int offset, int count)
    {
        Create(name);
        Change(() => Put(name, buffer.AsSpan(offset, count).ToArray()));
    }

    public void Delete(string name) => Change(() => files.Remove(name));

    /// <summary>True after a power cut in an operation: everything throws until <see cref="PowerOn"/>, so that the firmware's own catches cannot carry it on.</summary>
    public bool IsDead { get; private set; }

    public void PowerOn() => IsDead = false;

    void Change(Action change)
    {
        Check();
        Announce(false);
        change();
        WriteCount++;
        Announce(true);
    }

    void Announce(bool isDone)
    {
        try
        {
            OnWrite?.Invoke(isDone);
        }
        catch (SimulatedPowerCut)
        {
            IsDead = true;
            throw;
        }
    }

    void Check()
    {
        if (IsDead) throw new SimulatedPowerCut();
    }

    void Create(string name)
    {
        if (!files.ContainsKey(name)) Change(() => Put(name, []));
    }

    void Put(string name, byte[] content)
    {
        if (files.Where(file => file.Key != name).Sum(file => file.Value.Length) + content.Length > CapacityBytes) throw new IOException("The flash is full.");
        files[name] = content;
    }

    byte[] Existing(string name)
    {
        Check();
        return files.TryGetValue(name, out var content) ? content : throw new IOException($"There is no file '{name}'.");
    }
}
