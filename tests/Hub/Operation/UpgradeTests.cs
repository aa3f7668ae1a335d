using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Tests.Operation;

/// <summary>A newer program on the data of every older version: what was there is there, and the way back is kept.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<int> OlderVersions => [.. Enumerable.Range(1, Migrations.All.Count - 1)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(OlderVersions))]
    public void Data_of_an_older_version_is_brought_up_after_a_copy_was_made(int version)
    {
        MakeOld(version);

        var database = HubDatabase.Open(_folder.Path);
        using (var connection = database.Connect())
        {
            Assert.Equal(Migrations.All.Count, connection.Scalar("PRAGMA user_version"));
            Assert.Equal("0123456789abcdef", connection.ScalarText("SELECT value FROM meta WHERE name = 'hub'"));
            Assert.Equal(2, connection.Scalar("SELECT count(*) FROM signals"));
            Assert.Equal("ok", connection.ScalarText("PRAGMA integrity_check"));
        }

        // The store of this version reads what the older one wrote.
        using (var store = new SqliteHubStore(database))
        {
            Assert.Equal(2u, Assert.Single(store.LoadLanes()).Through);
        }

        database.Close();
        using var copy = new SqliteConnection($"Data Source={CopyPath};Mode=ReadOnly;Pooling=false");
        copy.Open();
        Assert.Equal(version, copy.Scalar("PRAGMA user_version"));
        Assert.Equal(2, copy.Scalar("SELECT count(*) FROM signals"));
    }

    [Fact]
    public void New_data_and_data_of_this_version_are_not_copied()
    {
        HubDatabase.Open(_folder.Path).Close();
        HubDatabase.Open(_folder.Path).Close();
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), path => path.Contains("before-version"));
    }

    [Fact]
    public void Without_the_copy_nothing_is_changed()
    {
        MakeOld(1);

        // A folder in the place of the copy's draft: it cannot be made.
        Directory.CreateDirectory(CopyPath + ".new");
        Assert.Throws<BackupException>(() => HubDatabase.Open(_folder.Path));
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, HubDatabase.FileName)};Pooling=false");
        connection.Open();
        Assert.Equal(1, connection.Scalar("PRAGMA user_version"));
    }

    private string CopyPath => Path.Combine(_folder.Path, $"{HubDatabase.FileName}.before-version-{Migrations.All.Count}");

    private void MakeOld(int version)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, HubDatabase.FileName)};Pooling=false");
        connection.Open();
        foreach (var migration in Migrations.All.Take(version))
        {
            connection.Execute(migration);
        }

        connection.Execute(
            $"""
            PRAGMA journal_mode = WAL; PRAGMA application_id = {Migrations.ApplicationId}; PRAGMA user_version = {version};
            INSERT INTO meta (name, value) VALUES ('hub', '0123456789abcdef');
            INSERT INTO lanes (id, device, lane, epoch, first_ms) VALUES (1, 'sumitu-01', 0, 7, 0);
            INSERT INTO signals (lane_id, seq, received_ms, quality, flags, payload) VALUES (1, 1, 0, 0, 0, x'7b7d'), (1, 2, 0, 0, 0, x'7b7d');
            """);
    }
}
