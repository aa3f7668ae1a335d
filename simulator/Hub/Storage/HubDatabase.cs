using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Storage;

/// <summary>
/// The hub's one SQLite file: opening, settings of every connection, migrations. WAL with synchronous=FULL: a commit that has returned survives a power cut.
/// Calls are synchronous; SQLite's asynchronous ones would block a thread all the same.
/// </summary>
public sealed class HubDatabase
{
    public const string FileName = "hub.db";

    /// <summary>How long a connection waits for another's lock before it fails. One writer and WAL: only a foreign tool makes us wait.</summary>
    public const int BusyTimeoutMs = 5_000;

    private readonly string _connectionString;
    private readonly Action<SqliteConnection>? _connected;

    private HubDatabase(string path, Action<SqliteConnection>? connected)
    {
        (Path, _connected) = (path, connected);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true, DefaultTimeout = BusyTimeoutMs / 1_000 }.ToString();
    }

    public string Path { get; }

    /// <summary>Opens or makes the database in <paramref name="folder"/> and brings it to this program's version.</summary>
    /// <exception cref="DataFolderException">The folder cannot be made or written.</exception>
    /// <exception cref="DataVersionException">The data is of another version or another program, or is damaged.</exception>
    /// <exception cref="BackupException">The data is of an older version, and the copy that is made before it is changed cannot be made.</exception>
    /// <param name="connected">Sees each connection when it is taken: the tests' way to every statement.</param>
    public static HubDatabase Open(string folder, Action<SqliteConnection>? connected = null)
    {
        PrepareFolder(folder);
        var database = new HubDatabase(System.IO.Path.Combine(folder, FileName), connected);
        var isOpen = false;
        try
        {
            using var connection = database.Connect();
            database.Migrate(connection);
            isOpen = true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 26 or 11)
        {
            throw new DataVersionException($"The data file {database.Path} is not a readable database ({e.Message}); restore it from a backup or choose another data folder.", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 14 or 8 or 10 or 13)
        {
            throw new DataFolderException($"The data file {database.Path} cannot be written ({e.Message}).", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            throw new DataFolderException($"The data file {database.Path} is in use by another program.", e);
        }
        finally
        {
            if (!isOpen)
            {
                // A connection in the pool would go on reading this file after another was put in its place.
                database.Close();
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(database.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return database;
    }

    /// <summary>A connection that can only read, to data that a hub may be using; nothing is migrated.</summary>
    /// <exception cref="HubStartException">There is no data of this program and version in the folder.</exception>
    public static SqliteConnection ConnectForReading(string folder)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new DataFolderException($"There is no data of a hub in {folder}.");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {BusyTimeoutMs};");
            var version = connection.Scalar("PRAGMA user_version");
            return connection.Scalar("PRAGMA application_id") == Migrations.ApplicationId && version == Migrations.All.Count
                ? connection
                : throw new DataVersionException($"The data in {path} is of version {version}, and this program reads version {Migrations.All.Count}; use the program that wrote it.");
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new DataFolderException($"The data file {path} cannot be read ({e.Message}).", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>True when there are device keys that only the present master key can open.</summary>
    public bool HoldsKeys()
    {
        using var connection = Connect();
        return connection.Scalar("SELECT count(*) FROM gateways") > 0;
    }

    /// <summary>Closes the idle pooled connections, so that the files can be moved or deleted.</summary>
    public void Close() => SqliteConnection.ClearPool(new SqliteConnection(_connectionString));

    /// <summary>A connection with the settings that every connection must have.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            connection.Execute(
                $"PRAGMA busy_timeout = {BusyTimeoutMs}; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;");
            _connected?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the folder if it is absent, for its owner only, and tries whether it can be written.</summary>
    /// <exception cref="DataFolderException">It cannot.</exception>
    public static void PrepareFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var probe = System.IO.Path.Combine(folder, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new DataFolderException($"The data folder {folder} cannot be written ({e.Message}).", e);
        }
    }

    private void Migrate(SqliteConnection connection)
    {
        var application = connection.Scalar("PRAGMA application_id");
        var version = connection.Scalar("PRAGMA user_version");
        var tables = connection.Scalar("SELECT count(*) FROM sqlite_schema");
        if (application != Migrations.ApplicationId && (application != 0 || tables != 0))
        {
            throw new DataVersionException($"The data file {Path} does not belong to this program; choose another data folder.");
        }

        if (version > Migrations.All.Count)
        {
            throw new DataVersionException(
                $"The data in {Path} is of version {version}, and this program knows versions up to {Migrations.All.Count}; start the newer program, or choose another data folder.");
        }

        if (version > 0 && version < Migrations.All.Count)
        {
            // The way back, should the newer program turn out to be of no use: restore this file with the older program.
            Operation.Backups.Copy(Path, $"{Path}.before-version-{Migrations.All.Count}");
        }

        for (var next = (int)version; next < Migrations.All.Count; next++)
        {
            // One transaction per version: after a power cut here the file is of the version before or of this one, never between.
            connection.Execute($"BEGIN IMMEDIATE; {Migrations.All[next]} PRAGMA application_id = {Migrations.ApplicationId}; PRAGMA user_version = {next + 1}; COMMIT;");
        }
    }
}
