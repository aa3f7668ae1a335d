using Gateway.Hub.Audit;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Operation;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Operation;

/// <summary>Copies of a running hub, and what a board and a person find after the way back.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_restore_from_an_older_backup_no_call_that_a_board_holds_is_lost_none_is_doubled_and_the_hole_is_recorded_I1_I2()
    {
        ProvisioningFile file;
        string runBefore;
        await using (var app = await StartAsync())
        {
            var hub = app.Services.GetRequiredService<HubService>();
            runBefore = hub.Current.Run;
            file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
            using var board = await ConnectAsync(app, file);
            board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
            await PressAsync(board, 1, 2);
            Backups.Make(Data, BackupFolder, Now);

            // Receipted after the backup: the board forgets these. And two more that it still holds when the disk of the hub dies.
            await PressAsync(board, 3, 4);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        var kept = Backups.Restore(Data, Backups.Newest(BackupFolder)!, null, Now);
        Assert.True(File.Exists(kept));

        await using var restored = await StartAsync();
        var again = restored.Services.GetRequiredService<HubService>();
        Assert.NotEqual(runBefore, again.Current.Run);
        using (var board = await ConnectAsync(restored, file))
        {
            board.Board.UpMs += 60_000;
            board.Publish("status", board.Board.Birth(callOldest: 5, callNext: 7, isVirtual: true), retain: true);
            await PressAsync(board, 5, 6);
            await PressAsync(board, 5, 6);
            Assert.Equal(6, (await board.NextAsync("receipt", m => Through(m) == 6)).GetProperty("through").GetInt64());
        }

        Assert.Equal([6u, 5u, 2u, 1u], again.Signals(new SignalQuery("sumitu-01")).Select(signal => signal.Seq));
        Assert.All(again.Signals(new SignalQuery("sumitu-01")), signal => Assert.NotNull(signal.IncidentId));
        var missing = Assert.Single(again.FindGateway("sumitu-01")!.Missing);
        Assert.Equal((3u, 4u, "oldest"), (missing.First, missing.Last, missing.Cause));
        Assert.True(again.VerifyAudit().Whole);
        using var connection = again.Database.Connect();
        Assert.Equal(1, connection.Scalar("SELECT count(*) FROM audit WHERE kind = 'hub.restored'"));
        await restored.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_backup_in_the_middle_of_a_flood_is_whole_and_of_one_commit()
    {
        await using var app = await StartAsync();
        var hub = app.Services.GetRequiredService<HubService>();
        using var board = await ConnectAsync(app, await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken));
        board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
        var flood = PressAsync(board, 1, 60);
        for (var copy = 0; copy < 5; copy++)
        {
            var path = Backups.Make(Data, BackupFolder, Now.AddSeconds(copy));
            Backups.Check(path);
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
            connection.Open();

            // I2 in the copy: no signal without its incident, nor the reverse.
            Assert.Equal(connection.Scalar("SELECT count(*) FROM signals"), connection.Scalar("SELECT count(*) FROM incident_signals"));
        }

        await flood;
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_running_hub_is_not_restored_over()
    {
        await using var app = await StartAsync();
        var backup = Backups.Make(Data, BackupFolder, Now);
        Assert.Contains("in use by another hub", Assert.Throws<DataFolderException>(() => Backups.Restore(Data, backup, null, Now)).Message);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("no database")]
    [InlineData("flipped page")]
    [InlineData("newer version")]
    [InlineData("other program")]
    public void A_backup_that_is_none_is_refused_and_changes_nothing(string fault)
    {
        HubDatabase.Open(Data).Close();
        var backup = Backups.Make(Data, BackupFolder, Now);
        switch (fault)
        {
            case "no database":
                File.WriteAllText(backup, new string('x', 8_192));
                break;
            case "flipped page":
                var bytes = File.ReadAllBytes(backup);
                bytes.AsSpan(8_192, 2_048).Fill(0xA5);
                File.WriteAllBytes(backup, bytes);
                break;
            default:
                using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={backup};Pooling=false"))
                {
                    connection.Open();
                    connection.Execute(fault == "newer version" ? "PRAGMA user_version = 999" : "PRAGMA application_id = 7");
                }

                break;
        }

        var before = File.ReadAllBytes(Path.Combine(Data, HubDatabase.FileName));
        Assert.Throws<BackupException>(() => Backups.Restore(Data, backup, null, Now));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Data, HubDatabase.FileName)));
        HubDatabase.Open(Data).Close();
    }

    [Fact]
    public async Task The_key_lies_apart_and_a_backup_is_not_restored_without_the_one_that_opens_it()
    {
        await using (var app = await StartAsync())
        {
            await app.Services.GetRequiredService<HubService>().ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        var backup = Backups.Make(Data, BackupFolder, Now);
        Assert.Contains("must lie elsewhere", Assert.Throws<BackupException>(() => Backups.CopyKey(Data, BackupFolder)).Message);
        var key = Backups.CopyKey(Data, Path.Combine(_folder.Path, "keys"));

        var other = Path.Combine(_folder.Path, "new-machine");
        Assert.Contains("--key", Assert.Throws<BackupException>(() => Backups.Restore(other, backup, null, Now)).Message);
        File.WriteAllBytes(Path.Combine(_folder.Path, "wrong.key"), new byte[32]);
        Assert.Contains("does not open", Assert.Throws<DataVersionException>(() => Backups.Restore(other, backup, Path.Combine(_folder.Path, "wrong.key"), Now)).Message);

        Assert.Null(Backups.Restore(other, backup, key, Now));
        await using var hub = HubService.Open(new HubOptions { DataFolder = other, StationFile = "" }, Seeds.Sumitu, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Assert.Contains("sumitu-01", hub.Current.Gateways.Keys);
    }

    [Fact]
    public async Task Heads_and_their_key_come_along_to_a_new_machine_and_a_restore_explains_the_heads_that_it_left_behind_I13()
    {
        string hubKey;
        await using (var app = await StartAsync())
        {
            var hub = app.Services.GetRequiredService<HubService>();
            var audit = app.Services.GetRequiredService<AuditService>();
            await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
            Backups.Make(Data, BackupFolder, Now);

            // After the copy of the database: a change, and a head that proves it.
            await hub.ProvisionAsync("sumitu-02", "test", TestContext.Current.CancellationToken);
            audit.Export();
            hubKey = audit.Fingerprint;
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        Backups.CopyHeads(Path.Combine(Data, HeadArchive.DefaultFolder), BackupFolder, Now);
        var key = Backups.CopyKey(Data, Path.Combine(_folder.Path, "keys"));
        var other = Path.Combine(_folder.Path, "new-machine");
        Backups.Restore(other, Backups.Newest(BackupFolder)!, key, DateTimeOffset.UtcNow);

        Assert.Equal(hubKey, AuditHead.FingerprintOf(AuditSigner.PublicKeyOf(other)!));
        var told = new StringWriter();
        Assert.True(AuditVerification.Run(other, null, told) == AuditVerification.Holds, told.ToString());
        Assert.Contains("RESTORED at ", told.ToString());
        Assert.Contains("no longer fit", told.ToString());

        // Without the signature of the restore the same heads are what they look like.
        var heads = new HeadArchive(Path.Combine(other, HeadArchive.DefaultFolder)).Files().Single();
        File.WriteAllLines(heads, File.ReadAllLines(heads).SkipLast(1));
        told = new StringWriter();
        Assert.Equal(AuditVerification.Broken, AuditVerification.Run(other, null, told));
        Assert.Contains("REWRITTEN", told.ToString());
    }

    [Fact]
    public void Heads_in_the_backup_that_the_hub_no_longer_has_are_kept_beside_the_copy()
    {
        var heads = Path.Combine(_folder.Path, "heads");
        Directory.CreateDirectory(heads);
        File.WriteAllText(Path.Combine(heads, "audit-heads-2026.jsonl"), "first\n");
        Backups.CopyHeads(heads, BackupFolder, Now);
        File.WriteAllText(Path.Combine(heads, "audit-heads-2026.jsonl"), "first\nsecond\n");
        Backups.CopyHeads(heads, BackupFolder, Now);
        File.WriteAllText(Path.Combine(heads, "audit-heads-2026.jsonl"), "other\n");
        Backups.CopyHeads(heads, BackupFolder, Now);

        var copies = Directory.GetFiles(Path.Combine(BackupFolder, HeadArchive.DefaultFolder)).Order().ToList();
        Assert.Equal(["other\n", "first\nsecond\n"], copies.Select(File.ReadAllText));
        Assert.EndsWith(".kept-20261122T030000Z", copies[1]);
    }

    [Fact]
    public void Only_the_newest_copies_are_kept_and_other_files_are_left_alone()
    {
        HubDatabase.Open(Data).Close();
        for (var hour = 0; hour < 5; hour++)
        {
            Backups.Make(Data, BackupFolder, Now.AddHours(hour));
        }

        File.WriteAllText(Path.Combine(BackupFolder, "hub-mine.db"), "a person's own");
        Backups.Prune(BackupFolder, 2);

        Assert.Equal(["hub-20261122T060000Z.db", "hub-20261122T070000Z.db", "hub-mine.db"], Directory.GetFiles(BackupFolder).Select(Path.GetFileName).Order());
    }

    private string Data => Path.Combine(_folder.Path, "data");

    private string BackupFolder => Path.Combine(_folder.Path, "backups");

    private async Task<WebApplication> StartAsync()
    {
        var app = HubHost.Build(new HubOptions { DataFolder = Data, StationFile = "", AllowVirtualBoards = true }, Seeds.Sumitu);
        await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        return app;
    }

    private static Task<SocketBoard> ConnectAsync(WebApplication app, ProvisioningFile file) => SocketBoard.ConnectAsync(HubHost.AddressesOf(app).MqttPort, file);

    private static async Task PressAsync(SocketBoard board, uint first, uint last)
    {
        for (var seq = first; seq <= last; seq++)
        {
            await board.PublishAckedAsync("signal", board.Board.Signal(seq));
        }
    }

    private static long Through(System.Text.Json.JsonElement receipt) => receipt.GetProperty("lane").GetString() == "call" ? receipt.GetProperty("through").GetInt64() : -1;
}
