using System.Globalization;
using Gateway.Hub.Audit;
using Gateway.Hub.Fleet;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Operation;

/// <summary>
/// Copies of the database while the hub runs, and the way back. A backup is one file, `hub-YYYYMMDDThhmmssZ.db`, whole and checked before it has that name.
/// The key file is never beside it: whoever has both has every device key.
/// </summary>
public static class Backups
{
    private const string Prefix = "hub-";
    private const string Suffix = ".db";
    /// <summary>What opens the device keys, and what signs the audit's heads. Without the second, a restored hub signs with a new key, and the old heads are another's.</summary>
    private static readonly string[] KeyFiles = [KeyVault.FileName, AuditSigner.FileName];

    private const string StampFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Copies the database of a data folder, running or not, by SQLite's online backup: as of one commit, without stopping the writer.</summary>
    /// <returns>The backup's path.</returns>
    /// <exception cref="BackupException">It cannot be made; nothing with a backup's name is left behind.</exception>
    public static string Make(string dataFolder, string backupFolder, DateTimeOffset now)
    {
        var backup = Copy(Path.Combine(dataFolder, HubDatabase.FileName), Path.Combine(backupFolder, $"{Prefix}{now.UtcDateTime.ToString(StampFormat, CultureInfo.InvariantCulture)}{Suffix}"));
        CopyStations(dataFolder, backup);
        return backup;
    }

    /// <summary>The imported station files lie beside a backup, under its name and theirs: <c>hub-STAMP.station.yaml</c>.</summary>
    private static void CopyStations(string dataFolder, string backup) => Guarded($"The imported station files cannot be copied beside {backup}", () =>
    {
        foreach (var path in Directory.GetFiles(dataFolder, StationFiles.ImportedPattern))
        {
            var copy = Companion(backup) + Path.GetFileName(path);
            File.Copy(path, copy + ".new", overwrite: true);
            Flush(copy + ".new");
            File.Move(copy + ".new", copy, overwrite: true);
        }

        return true;
    });

    /// <summary>The imported station files beside a backup come in the place of those of now, which are kept under another name. Beside a backup without any, those of now stay.</summary>
    private static void RestoreStations(string dataFolder, string backup, DateTimeOffset now)
    {
        if (StationsBeside(backup).Length == 0)
        {
            return;
        }

        foreach (var path in Directory.GetFiles(dataFolder, StationFiles.ImportedPattern))
        {
            File.Move(path, $"{path}.before-restore-{now.UtcDateTime.ToString(StampFormat, CultureInfo.InvariantCulture)}", overwrite: true);
        }

        foreach (var copy in StationsBeside(backup))
        {
            File.Copy(copy, Path.Combine(dataFolder, Path.GetFileName(copy)[Path.GetFileName(Companion(backup)).Length..]), overwrite: true);
        }
    }

    private static string[] StationsBeside(string backup) =>
        Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(backup))!, Path.GetFileName(Companion(backup)) + StationFiles.ImportedPattern);

    private static string Companion(string backup) => (backup.EndsWith(Suffix, StringComparison.Ordinal) ? backup[..^Suffix.Length] : backup) + ".";

    /// <summary>
    /// Copies the signed heads of the audit chain into the folder <c>audit-heads</c> of the backups. Files of heads only grow: a copy that is no beginning of the
    /// file here (a restore, or somebody's hand) is kept beside it under a name with the time, so that no proof is overwritten.
    /// </summary>
    /// <exception cref="BackupException">They cannot be copied.</exception>
    public static void CopyHeads(string headsFolder, string backupFolder, DateTimeOffset now)
    {
        var target = Path.Combine(backupFolder, HeadArchive.DefaultFolder);
        Guarded($"The heads of the audit chain cannot be copied to {target}", () =>
        {
            foreach (var path in new HeadArchive(headsFolder).Files())
            {
                PrepareFolder(target);
                var copy = Path.Combine(target, Path.GetFileName(path));
                var draft = copy + ".new";
                File.Copy(path, draft, overwrite: true);
                Flush(draft);
                if (File.Exists(copy) && !File.ReadAllBytes(draft).AsSpan().StartsWith(File.ReadAllBytes(copy)))
                {
                    File.Move(copy, $"{copy}.kept-{now.UtcDateTime.ToString(StampFormat, CultureInfo.InvariantCulture)}", overwrite: true);
                }

                File.Move(draft, copy, overwrite: true);
            }

            return true;
        });
    }

    /// <summary>Copies the key file, and that of the audit's signatures, into another folder than the backups'.</summary>
    /// <returns>The copy of the key file.</returns>
    /// <exception cref="BackupException">The folder holds backups, or cannot be written.</exception>
    public static string CopyKey(string dataFolder, string keyFolder)
    {
        if (Newest(keyFolder) is not null)
        {
            throw new BackupException($"{keyFolder} holds backups of the database: the key must lie elsewhere, or whoever takes the folder has every device key.");
        }

        return Guarded($"The key file cannot be copied to {keyFolder}", () =>
        {
            PrepareFolder(keyFolder);
            foreach (var name in KeyFiles.Where(name => name == KeyVault.FileName || File.Exists(Path.Combine(dataFolder, name))))
            {
                var draft = Path.Combine(keyFolder, name + ".new");
                File.Copy(Path.Combine(dataFolder, name), draft, overwrite: true);
                Flush(draft);
                File.Move(draft, Path.Combine(keyFolder, name), overwrite: true);
            }

            return Path.Combine(keyFolder, KeyVault.FileName);
        });
    }

    /// <summary>Deletes all but the newest copies.</summary>
    public static void Prune(string backupFolder, int keep)
    {
        foreach (var path in All(backupFolder).SkipLast(keep))
        {
            File.Delete(path);
            foreach (var station in StationsBeside(path))
            {
                File.Delete(station);
            }
        }
    }

    /// <summary>The newest backup of a folder; null when there is none.</summary>
    public static string? Newest(string backupFolder) => All(backupFolder).LastOrDefault();

    /// <summary>When a backup was made, by its name; null for another file.</summary>
    public static DateTimeOffset? MadeAt(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(name[Prefix.Length..^Suffix.Length], StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
    }

    /// <summary>
    /// Puts a backup in the place of a data folder's database, of a hub that does not run. What was there is kept beside it, under a name with the time. The audit
    /// chain says that it was restored. At its next start the hub has a new run, so every board publishes its birth and sends again what it holds.
    /// </summary>
    /// <param name="keyFile">The key file that belongs to the backup; null to keep the one that is there. An <c>audit.key</c> beside it comes along.</param>
    /// <param name="headsFolder">Where the hub keeps the heads of its audit chain; null for the data folder's own. Those beside the backup come there if it has none.</param>
    /// <returns>Where the database that was there is now; null when there was none.</returns>
    /// <exception cref="HubStartException">The hub runs, or the backup or the key cannot be used; then nothing was changed.</exception>
    public static string? Restore(string dataFolder, string backup, string? keyFile, DateTimeOffset now, string? headsFolder = null)
    {
        HubDatabase.PrepareFolder(dataFolder);
        using var folderLock = DataFolderLock.Take(dataFolder);
        Check(backup);
        var database = Path.Combine(dataFolder, HubDatabase.FileName);
        var draft = database + ".restoring";
        return Guarded($"The backup {backup} cannot be restored", () =>
        {
            File.Copy(backup, draft, overwrite: true);
            var (hub, end) = NoteRestore(draft, Path.GetFileName(backup), now);
            CheckKey(draft, keyFile ?? Path.Combine(dataFolder, KeyVault.FileName));

            Flush(draft);

            // The old log goes before the new database comes, because SQLite would play it into whatever has the name. A power cut in between: the folder has
            // the old database as of its last checkpoint, the copy has all of it: restore again.
            var kept = SetAside(database, now);
            if (keyFile is not null)
            {
                InstallKey(dataFolder, keyFile);
            }

            RestoreStations(dataFolder, backup, now);
            File.Move(draft, database, overwrite: true);
            File.Delete(Path.Combine(dataFolder, HubHost.SessionFile));

            // A power cut before this line: the restore is not signed, and heads of after the backup are told as cut. Restore again.
            SignRestore(dataFolder, headsFolder ?? Path.Combine(dataFolder, HeadArchive.DefaultFolder), Path.GetDirectoryName(backup)!, hub, end, now);
            return kept;
        });
    }

    /// <summary>A copy of a database file as of one commit, flushed and checked; then it gets its name.</summary>
    internal static string Copy(string database, string target) => Guarded($"The backup {target} cannot be made", () =>
    {
        PrepareFolder(Path.GetDirectoryName(target)!);
        var draft = target + ".new";
        File.Delete(draft);
        using (var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString()))
        using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = draft, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString()))
        {
            source.Open();
            copy.Open();
            source.BackupDatabase(copy);

            // One file, that can be copied about: no log beside it.
            copy.ScalarText("PRAGMA journal_mode = DELETE");
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Check(draft);
        Flush(draft);
        File.Move(draft, target, overwrite: true);
        return target;
    });

    /// <summary>Reads every page: it is a whole database of this program, of a version that it knows.</summary>
    /// <exception cref="BackupException">It is not.</exception>
    internal static void Check(string path)
    {
        if (!File.Exists(path))
        {
            throw new BackupException($"There is no file {path}.");
        }

        Guarded($"{path} is no usable backup", () =>
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            if (connection.Scalar("PRAGMA application_id") != Migrations.ApplicationId)
            {
                throw new BackupException($"{path} is no database of this program.");
            }

            if (connection.Scalar("PRAGMA user_version") is var version && version > Migrations.All.Count)
            {
                throw new BackupException($"{path} is of version {version}, and this program knows versions up to {Migrations.All.Count}: restore it with the newer program.");
            }

            if (connection.ScalarText("PRAGMA integrity_check(1)") is not "ok" and var damage)
            {
                throw new BackupException($"{path} is damaged ({damage}).");
            }

            return true;
        });
    }

    /// <summary>The entry that says so, signed as the chain's end: it explains the heads that were signed after the backup (<see cref="AuditCheck"/>).</summary>
    private static void SignRestore(string dataFolder, string headsFolder, string backupFolder, string hub, AuditPosition end, DateTimeOffset now)
    {
        var archive = new HeadArchive(headsFolder);
        if (!archive.Files().Any())
        {
            foreach (var path in new HeadArchive(Path.Combine(backupFolder, HeadArchive.DefaultFolder)).Files())
            {
                PrepareFolder(headsFolder);
                File.Copy(path, Path.Combine(headsFolder, Path.GetFileName(path)));
            }
        }

        using var signer = AuditSigner.Open(dataFolder);
        archive.Append(signer.Sign(hub, end, now));
    }

    private static (string Hub, AuditPosition End) NoteRestore(string database, string name, DateTimeOffset now)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        connection.Execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
        var chain = AuditChain.Continue(connection).Append(connection, now, "hub", AuditCheck.RestoredKind, "hub", name);
        connection.Execute("COMMIT");
        return (connection.ScalarText("SELECT value FROM meta WHERE name = 'hub'") ?? "", chain.Position);
    }

    /// <summary>A backup without its key is of no use, and a hub that finds out at its start is down.</summary>
    private static void CheckKey(string database, string keyFile)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        var keys = connection.Rows("SELECT device, wrapped_key FROM gateways LIMIT 1", r => (Device: r.GetString(0), Wrapped: r.GetFieldValue<byte[]>(1)));
        if (keys.Count == 0)
        {
            return;
        }

        if (!File.Exists(keyFile))
        {
            throw new BackupException($"There is no key file {keyFile}, and without it the device keys in the backup cannot be opened; give it with --key.");
        }

        KeyVault.Read(keyFile).Unwrap(keys[0].Device, keys[0].Wrapped);
    }

    private static string? SetAside(string database, DateTimeOffset now)
    {
        var kept = $"{database}.before-restore-{now.UtcDateTime.ToString(StampFormat, CultureInfo.InvariantCulture)}";
        if (!File.Exists(database))
        {
            return null;
        }

        File.Copy(database, kept, overwrite: true);
        foreach (var tail in (ReadOnlySpan<string>)["-wal", "-shm"])
        {
            if (File.Exists(database + tail))
            {
                File.Move(database + tail, kept + tail, overwrite: true);
            }
        }

        return kept;
    }

    private static void InstallKey(string dataFolder, string keyFile)
    {
        Install(keyFile, Path.Combine(dataFolder, KeyVault.FileName));
        var auditKey = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(keyFile))!, AuditSigner.FileName);
        if (File.Exists(auditKey))
        {
            Install(auditKey, Path.Combine(dataFolder, AuditSigner.FileName));
        }
    }

    private static void Install(string from, string target)
    {
        var draft = target + ".restoring";
        File.Copy(from, draft, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(draft, target, overwrite: true);
    }

    private static IReadOnlyList<string> All(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, $"{Prefix}*{Suffix}").Where(path => MadeAt(path) is not null).Order(StringComparer.Ordinal)] : [];

    private static void PrepareFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Flush(flushToDisk: true);
    }

    private static T Guarded<T>(string what, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new BackupException($"{what} ({e.Message.TrimEnd('.')}).", e);
        }
    }
}
