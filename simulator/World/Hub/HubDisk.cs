using System.Globalization;
using Gateway.Hub.Audit;
using Gateway.Hub.Storage;
using Gateway.World.Kernel;
using Microsoft.Data.Sqlite;

namespace Gateway.World.Hub;

/// <summary>
/// The disk of the hub's machine: the real SQLite files in a folder of their own. When the process dies, the next one finds a copy of the files as they were
/// at that moment; when the power fails inside a commit, what that commit wrote to `-wal` is there only up to a byte that the dice name.
/// </summary>
public sealed class HubDisk : IDisposable
{
    private const string WalName = HubDatabase.FileName + "-wal";
    private const string RootPrefix = "gateway-world-";

    private readonly string _root;
    private readonly Dice _dice;
    private HubDatabase? _database;
    private byte[] _walBefore = [];
    private byte[] _databaseBefore = [];
    private long _generation;

    public HubDisk(Dice dice)
    {
        _dice = dice;

        // A file system in memory where there is one: the world decides itself what a power cut leaves, so real disks have nothing to add but time.
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        // Named by nobody's count: a world that was loaded a second time into the same process counts by itself, and would share its files.
        DeleteLeftBehind(parent);
        _root = Path.Combine(parent, $"{RootPrefix}{Environment.ProcessId}-{Guid.NewGuid():n}");
        Database = HubDatabase.Open(Folder);
        Ledger.Open(Database);
    }

    /// <summary>What the oracle has read of it.</summary>
    public DiskLedger Ledger { get; } = new();

    /// <summary>The files as the process that runs now has them open.</summary>
    public HubDatabase Database { get => _database!; private set => _database = value; }

    /// <summary>True when there is an older state to go back to.</summary>
    public bool HasBackup { get; private set; }

    private string Folder => Path.Combine(_root, "run-" + _generation);

    private string BackupPath => Path.Combine(_root, "backup.db");

    /// <summary>The power is about to fail inside the next commit: what the files are before it.</summary>
    public void BeforeCutCommit()
    {
        _walBefore = ReadShared(Path.Combine(Folder, WalName));
        _databaseBefore = ReadShared(Path.Combine(Folder, HubDatabase.FileName));
    }

    /// <summary>The process is gone, and its files stay as they are. Whatever it had not committed is not in them.</summary>
    public void LeaveFiles() => Move(ReadShared(Path.Combine(Folder, HubDatabase.FileName)), ReadShared(Path.Combine(Folder, WalName)));

    /// <summary>
    /// The power failed inside the commit that has just been done: of the bytes that it wrote to `-wal` the first few are there, as many as the dice say, and
    /// behind them what was there before. Only when all of them are there, the database file may have been written, too (a checkpoint comes after the sync).
    /// </summary>
    /// <returns>Bytes that the commit wrote, and bytes of those that are there.</returns>
    public (int Written, int Kept) CutCommit()
    {
        var wal = ReadShared(Path.Combine(Folder, WalName));
        var database = ReadShared(Path.Combine(Folder, HubDatabase.FileName));
        var first = 0;
        var shorter = Math.Min(wal.Length, _walBefore.Length);
        while (first < shorter && wal[first] == _walBefore[first])
        {
            first++;
        }

        var last = wal.Length;
        while (wal.Length == _walBefore.Length && last > first && wal[last - 1] == _walBefore[last - 1])
        {
            last--;
        }

        var cut = (int)_dice.Between(first, last);
        var left = new byte[_dice.OneIn(2) ? Math.Max(cut, _walBefore.Length) : wal.Length];
        _walBefore.AsSpan(0, Math.Min(left.Length, _walBefore.Length)).CopyTo(left);
        wal.AsSpan(0, cut).CopyTo(left);
        Move(cut == last && _dice.OneIn(2) ? database : _databaseBefore, left);
        return (last - first, cut - first);
    }

    /// <summary>Keeps the state of now as the backup.</summary>
    public void BackUp()
    {
        File.Delete(BackupPath);
        using var connection = Database.Connect();
        connection.Execute("VACUUM INTO $1", BackupPath);
        HasBackup = true;
    }

    /// <summary>The files are lost, and the last backup is put in their place. The process must be dead.</summary>
    public void Restore() => Move(File.ReadAllBytes(BackupPath), []);

    /// <summary>A process starts: opens what is there.</summary>
    public void Reopen()
    {
        Database = HubDatabase.Open(Folder);
        Ledger.Open(Database);
    }

    /// <summary>Walks the whole audit chain (I13).</summary>
    public AuditVerdict VerifyAudit()
    {
        using var connection = Database.Connect();
        return AuditChain.Verify(connection);
    }

    /// <summary>What processes left that were killed: it would hold memory for as long as the machine runs.</summary>
    private static void DeleteLeftBehind(string parent)
    {
        foreach (var folder in Directory.GetDirectories(parent, RootPrefix + "*"))
        {
            var owner = Path.GetFileName(folder)[RootPrefix.Length..].Split('-')[0];
            if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || Runs(id))
            {
                continue;
            }

            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another world that starts now deletes it too, or it is of another user.
            }
        }

        static bool Runs(int id)
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(id);
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        Ledger.Close();
        _database?.Close();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>To a folder of its own: whoever still has the old files open changes nothing any more.</summary>
    private void Move(byte[] database, byte[] wal)
    {
        Ledger.Close();
        var old = Folder;
        _generation++;
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, HubDatabase.FileName), database);
        if (wal.Length > 0)
        {
            File.WriteAllBytes(Path.Combine(Folder, WalName), wal);
        }

        _database?.Close();
        _database = null;
        Directory.Delete(old, recursive: true);
    }

    private static byte[] ReadShared(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
