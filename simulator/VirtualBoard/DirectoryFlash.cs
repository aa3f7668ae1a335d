using Gateway.Firmware.Ports;
using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <summary>
/// The flash of a real-time virtual board: a folder of the host, one file per name, with the guarantees of littlefs on the board. A change becomes visible by one rename, so
/// killing the host process at any moment equals a power cut of the board: the file has its old content or its new one.
/// </summary>
/// <remarks>
/// <para>The handle belongs to one incarnation. Its power cut revokes it: a write that had not reached its rename never does.</para>
/// <para>Kinder than littlefs in one thing: there, a cut in the first write to a new name can leave an empty file (the name is durable at the open, the content at the
/// close). Here one rename does both. The journal's proof goes through that cut with its own model, simulator/World/Journal/FlashModel.cs, and so do the boards of the world.</para>
/// </remarks>
public sealed class DirectoryFlash : IFlash
{
    /// <summary>What a 256 KB littlefs partition holds beside its own metadata and the runtime's network settings.</summary>
    public const int CapacityBytes = 224 * 1024;

    /// <summary>The erase unit.</summary>
    public const int BlockBytes = 4096;

    public const int NameCharsMax = 24;

    const string TemporaryName = "~new";

    readonly string folder;
    readonly Incarnation incarnation;
    readonly Lock gate;

    /// <param name="gate">One per folder, shared by the handles of all incarnations: the cut waits here for a rename in progress.</param>
    public DirectoryFlash(string folder, Incarnation incarnation, Lock gate)
    {
        this.folder = folder;
        this.incarnation = incarnation;
        this.gate = gate;
        Directory.CreateDirectory(folder);
        File.Delete(PathOf(TemporaryName));
    }

    /// <summary>Blocks erased by this handle, by the cost model: one per changed block.</summary>
    public int EraseCount { get; private set; }

    public string[] List()
    {
        lock (gate)
        {
            incarnation.Enter();
            return Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Where(name => name != TemporaryName).ToArray();
        }
    }

    public bool Exists(string name)
    {
        lock (gate)
        {
            incarnation.Enter();
            return File.Exists(PathOf(name));
        }
    }

    public int Length(string name)
    {
        lock (gate)
        {
            incarnation.Enter();
            return (int)new FileInfo(PathOf(name)).Length;
        }
    }

    public int Read(string name, int position, byte[] buffer, int offset, int count)
    {
        lock (gate)
        {
            incarnation.Enter();
            using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read);
            file.Seek(position, SeekOrigin.Begin);
            return file.ReadAtLeast(buffer.AsSpan(offset, count), count, throwOnEndOfStream: false);
        }
    }

    public void Append(string name, byte[] buffer, int offset, int count)
    {
        incarnation.Enter();
        var old = ReadAllOrNothing(name);
        var erases = Blocks(old.Length + count) - old.Length / BlockBytes;
        var content = new byte[old.Length + count];
        old.CopyTo(content, 0);
        Array.Copy(buffer, offset, content, old.Length, count);
        Replace(name, content, erases);
    }

    public void Write(string name, byte[] buffer, int offset, int count)
    {
        incarnation.Enter();
        Replace(name, buffer.AsSpan(offset, count).ToArray(), Blocks(count));
    }

    public void Delete(string name)
    {
        lock (gate)
        {
            incarnation.Enter();
            File.Delete(PathOf(name));
        }
    }

    void Replace(string name, byte[] content, int erases)
    {
        EraseCount += erases;
        incarnation.Stall(erases * incarnation.Hardware.Costs.EraseMs);
        lock (gate)
        {
            incarnation.Enter();
            var path = PathOf(name);
            var usedBytes = Directory.GetFiles(folder).Where(file => file != path).Sum(file => RoundedUp(new FileInfo(file).Length));
            if (usedBytes + RoundedUp(content.Length) > CapacityBytes) throw new IOException("The flash is full.");
            File.WriteAllBytes(PathOf(TemporaryName), content);
            // A kill before this line leaves the old content, after it the new one.
            File.Move(PathOf(TemporaryName), path, overwrite: true);
        }
    }

    byte[] ReadAllOrNothing(string name)
    {
        lock (gate) return File.Exists(PathOf(name)) ? File.ReadAllBytes(PathOf(name)) : [];
    }

    string PathOf(string name)
    {
        var isName = name == TemporaryName || (name.Length is > 0 and <= NameCharsMax && name.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-' or '.'));
        return isName ? Path.Combine(folder, name) : throw new IOException($"'{name}' is not a name that the port allows.");
    }

    static int Blocks(int bytes) => (bytes + BlockBytes - 1) / BlockBytes;

    static long RoundedUp(long bytes) => (bytes + BlockBytes - 1) / BlockBytes * BlockBytes;
}
