using Gateway.Hub.Fleet;
using Gateway.Hub.Operation;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Endpoint;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Operation;

/// <summary>A damaged page anywhere in the database: a sentence at the start or a hub that says that it cannot store; never a receipt for what is not stored; and the way back.</summary>
public sealed class DamageTests : IDisposable
{
    private const int PageBytes = 4_096;

    /// <summary>Every so many pages one is damaged, each in a copy of its own.</summary>
    private const int Stride = 7;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_damaged_page_gives_no_false_receipt_and_the_backup_brings_everything_back_I8()
    {
        var options = new HubOptions { DataFolder = Path.Combine(_folder.Path, "data"), StationFile = "", AllowVirtualBoards = true };
        ProvisioningFile file;
        await using (var hub = HubService.Open(options, Seeds.Sumitu, NullLogger.Instance))
        {
            file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
            for (uint seq = 1; seq <= 200; seq++)
            {
                Assert.True(await TakeAsync(hub, file, seq));
            }
        }

        var backup = Backups.Make(options.DataFolder, Path.Combine(_folder.Path, "backups"), TestTime.Start);
        var database = Path.Combine(options.DataFolder, HubDatabase.FileName);
        var good = await File.ReadAllBytesAsync(backup, TestContext.Current.CancellationToken);
        var (refused, unhealthy, well) = (0, 0, 0);
        for (var page = 0; page * PageBytes < good.Length; page += Stride)
        {
            var bad = good.ToArray();
            bad.AsSpan((page * PageBytes) + 100, PageBytes - 200).Fill(0xA5);
            await File.WriteAllBytesAsync(database, bad, TestContext.Current.CancellationToken);
            try
            {
                await using var hub = HubService.Open(options, Seeds.Sumitu, NullLogger.Instance);
                var accepted = await TakeAsync(hub, file, 201);
                if (accepted)
                {
                    // What is read by its number is there, whatever page was hit.
                    using var connection = hub.Database.Connect();
                    Assert.True(connection.Scalar("SELECT count(*) FROM signals WHERE id = (SELECT max(id) FROM signals) AND seq = 201") == 1, $"page {page}: accepted and not stored");
                    well++;
                }
                else
                {
                    unhealthy++;
                }
            }
            catch (HubStartException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }

            foreach (var tail in new[] { "-wal", "-shm" })
            {
                File.Delete(database + tail);
            }
        }

        Assert.True(refused > 0, $"{refused} refused, {unhealthy} unhealthy, {well} well: no damage was met, so nothing is proved");
        Backups.Restore(options.DataFolder, backup, null, TestTime.Start);
        await using var restored = HubService.Open(options, Seeds.Sumitu, NullLogger.Instance);
        Assert.Equal(200, restored.Signals(new SignalQuery(Limit: 500)).Count);
        Assert.True(await TakeAsync(restored, file, 201));
    }

    private static async Task<bool> TakeAsync(HubService hub, ProvisioningFile file, uint seq)
    {
        var board = new TestBoard(file);
        var answer = new Answer();
        Assert.True(hub.TryTake(hub.Gate.Judge(board.Topic("signal"), board.Signal(seq)).Message!, answer));
        return await answer.Accepted.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private sealed class Answer : PublishReceipt
    {
        private readonly TaskCompletionSource<bool> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> Accepted => _accepted.Task;

        public override void Accept() => _accepted.TrySetResult(true);

        public override void Refuse(string reason) => _accepted.TrySetResult(false);
    }
}
