using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub.Operation;

/// <summary>What the hub does for itself beside the calls: looks at the room on its disk, and makes backups by the clock. One loop; a failure is a condition and the next turn tries again.</summary>
internal sealed class Housekeeping(HubOptions options, HubConditions conditions, HubService hub, ILogger<Housekeeping> log) : BackgroundService
{
    public const string DiskCondition = "disk-low";
    public const string BackupCondition = "backup-failed";
    public const string StorageCondition = "storage-failed";

    private const int TurnMs = 10_000;

    /// <summary>A backup that failed is tried again after this, not with every turn.</summary>
    private const int BackupRetryMinutes = 15;

    private DateTimeOffset? _nextBackup;

    /// <summary>Free bytes of the disk that holds the folder.</summary>
    internal Func<string, long> FreeBytes { get; init; } = static folder => new DriveInfo(folder).AvailableFreeSpace;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(TurnMs), options.TimeProvider);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Turn();
            }
            catch (Exception e)
            {
                log.LogError(e, "A turn of the housekeeping failed");
            }

            await timer.WaitForNextTickAsync(stoppingToken);
        }
    }

    /// <summary>One look at everything.</summary>
    internal void Turn()
    {
        LookAtStorage();
        LookAtDisk();
        BackUpIfDue();
    }

    private void LookAtStorage()
    {
        if (hub.IsHealthy)
        {
            conditions.End(StorageCondition);
        }
        else
        {
            conditions.Raise(StorageCondition, "Nothing can be stored, and so nothing is acknowledged: look at the disk of the data folder.");
        }
    }

    private void LookAtDisk()
    {
        var free = FreeBytes(options.DataFolder);
        if (free < options.DiskWarnBytes)
        {
            conditions.Raise(DiskCondition, $"The disk of the hub has {free >> 20} MB left; below {options.DiskWarnBytes >> 20} MB it is time to make room.");
        }
        else
        {
            conditions.End(DiskCondition);
        }
    }

    private void BackUpIfDue()
    {
        if (options.Backup is not { } backup)
        {
            return;
        }

        var now = options.TimeProvider.GetUtcNow();
        var period = TimeSpan.FromHours(backup.EveryHours);

        // By the newest copy that is there, so that a hub which is started often does not make one at each start, and one that was down makes up for it.
        _nextBackup ??= Backups.Newest(backup.Folder) is { } newest && Backups.MadeAt(newest) is { } at && at <= now ? at + period : now;
        if (now < _nextBackup && _nextBackup - now <= period)
        {
            return;
        }

        try
        {
            Backups.Make(options.DataFolder, backup.Folder, now);
            Backups.CopyHeads(options.AuditHeadsFolder ?? Path.Combine(options.DataFolder, Audit.HeadArchive.DefaultFolder), backup.Folder, now);
            Backups.Prune(backup.Folder, backup.Keep);
            _nextBackup = now + period;
            conditions.End(BackupCondition);
        }
        catch (Exception e) when (e is BackupException or IOException or UnauthorizedAccessException)
        {
            _nextBackup = now + TimeSpan.FromMinutes(BackupRetryMinutes);
            conditions.Raise(BackupCondition, e.Message);
        }
    }
}
