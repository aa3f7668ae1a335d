using Gateway.Hub.Fleet;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Storage;

/// <summary>What a person is told when the data folder is not as it should be, and the settings of every connection.</summary>
public sealed class HubDatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_connection_has_wal_full_sync_foreign_keys_and_a_busy_timeout()
    {
        var database = HubDatabase.Open(_folder.Path);
        using (var connection = database.Connect())
        {
            Assert.Equal("wal", connection.ScalarText("PRAGMA journal_mode"));
            Assert.Equal(2, connection.Scalar("PRAGMA synchronous"));
            Assert.Equal(1, connection.Scalar("PRAGMA foreign_keys"));
            Assert.Equal(HubDatabase.BusyTimeoutMs, connection.Scalar("PRAGMA busy_timeout"));
        }

        database.Close();
    }

    [Fact]
    public void A_diary_keeps_its_newest_lines_also_across_starts_and_one_board_takes_nothing_from_another()
    {
        var database = HubDatabase.Open(_folder.Path);
        for (var start = 0; start < 3; start++)
        {
            using var store = new SqliteHubStore(database);
            for (var line = 0; line < 700; line++)
            {
                store.AddDiary("noisy", TestTime.Start, "birth", $"{start} {line}");
            }

            store.AddDiary("quiet", TestTime.Start, "birth", $"{start}");
            store.Commit();
        }

        using (var connection = database.Connect())
        {
            Assert.InRange(connection.Scalar("SELECT count(*) FROM diary WHERE device = 'noisy'"), SqliteHubStore.DiaryLinesKept, SqliteHubStore.DiaryLinesKept + SqliteHubStore.DiaryLinesUncut);
            Assert.Equal("2 699", connection.ScalarText("SELECT text FROM diary WHERE device = 'noisy' ORDER BY id DESC LIMIT 1"));
            Assert.Equal(3, connection.Scalar("SELECT count(*) FROM diary WHERE device = 'quiet'"));
        }

        database.Close();
    }

    [Fact]
    public void Opening_twice_changes_nothing()
    {
        HubDatabase.Open(_folder.Path).Close();
        var again = HubDatabase.Open(_folder.Path);
        using (var connection = again.Connect())
        {
            Assert.True(connection.Scalar("PRAGMA user_version") >= 1);
        }

        again.Close();
    }

    [Fact]
    public void Data_of_a_newer_version_is_one_clear_sentence()
    {
        Tamper("PRAGMA user_version = 999");
        var e = Assert.Throws<DataVersionException>(() => HubDatabase.Open(_folder.Path));
        Assert.Contains("version 999", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Data_of_another_program_is_one_clear_sentence()
    {
        Tamper("PRAGMA application_id = 7");
        Assert.Contains("does not belong to this program", Assert.Throws<DataVersionException>(() => HubDatabase.Open(_folder.Path)).Message);
    }

    [Fact]
    public void A_file_that_is_no_database_is_one_clear_sentence()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, HubDatabase.FileName), [.. Enumerable.Repeat((byte)'x', 4_096)]);
        Assert.Contains("not a readable database", Assert.Throws<DataVersionException>(() => HubDatabase.Open(_folder.Path)).Message);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_one_clear_sentence()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        Assert.Contains("cannot be written", Assert.Throws<DataFolderException>(() => HubDatabase.Open(file)).Message);
    }

    [Fact]
    public async Task A_second_hub_in_the_same_folder_is_kept_out()
    {
        await using var first = OpenHub();
        Assert.Contains("another hub", Assert.Throws<DataFolderException>(OpenHub).Message);
    }

    [Fact]
    public async Task Data_that_lacks_a_table_is_one_clear_sentence()
    {
        await using (OpenHub())
        {
        }

        var database = HubDatabase.Open(_folder.Path);
        using (var connection = database.Connect())
        {
            connection.Execute("DROP TABLE diary; DROP TABLE boots");
        }

        database.Close();
        Assert.Contains("cannot be used", Assert.Throws<DataFolderException>(OpenHub).Message);
    }

    [Fact]
    public async Task A_lost_key_file_is_one_clear_sentence_and_no_new_key()
    {
        await using (var hub = OpenHub())
        {
            await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        }

        var key = Path.Combine(_folder.Path, KeyVault.FileName);
        File.Delete(key);
        Assert.Contains("is missing", Assert.Throws<DataVersionException>(OpenHub).Message);
        Assert.False(File.Exists(key));
    }

    [Fact]
    public async Task Neither_key_nor_password_of_a_device_is_in_the_database_in_the_clear()
    {
        ProvisioningFile file;
        await using (var hub = OpenHub())
        {
            file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        }

        foreach (var path in Directory.GetFiles(_folder.Path))
        {
            var content = Convert.ToHexStringLower(File.ReadAllBytes(path));
            Assert.DoesNotContain(file.Key, content);
            Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(file.Password)), content);
        }
    }

    [Fact]
    public void On_unix_the_data_is_readable_by_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are of Unix; on Windows the folder's access list decides");
            return;
        }

        var folder = Path.Combine(_folder.Path, "data");
        HubDatabase.Open(folder).Close();
        KeyVault.Open(folder, mayCreate: true);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        foreach (var path in new[] { folder, Path.Combine(folder, HubDatabase.FileName), Path.Combine(folder, KeyVault.FileName) })
        {
            Assert.True((File.GetUnixFileMode(path) & others) == 0, path);
        }
    }

    private HubService OpenHub() =>
        HubService.Open(new HubOptions { DataFolder = _folder.Path, StationFile = "" }, Seeds.Sumitu, NullLogger.Instance);

    private void Tamper(string sql)
    {
        var database = HubDatabase.Open(_folder.Path);
        using (var connection = database.Connect())
        {
            connection.Execute(sql);
        }

        database.Close();
    }
}
