using Gateway.Hub.Operation;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Operation;

/// <summary>What the hub notices about itself, and who is told.</summary>
public sealed class HousekeepingTests : IAsyncLifetime
{
    private const long WarnBytes = 1L << 30;

    private readonly TempFolder _folder = new();
    private readonly TestTime _time = new();
    private HubConditions _conditions = null!;
    private HubService _hub = null!;
    private long _freeBytes = WarnBytes * 2;

    public ValueTask InitializeAsync()
    {
        _conditions = new HubConditions(_time, NullLogger.Instance);
        _hub = HubService.Open(Options, Seeds.Sumitu, NullLogger.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void A_disk_that_fills_is_a_condition_until_there_is_room_again()
    {
        var keeper = Keeper();
        keeper.Turn();
        Assert.Empty(_conditions.All);

        _freeBytes = WarnBytes - 1;
        keeper.Turn();
        keeper.Turn();
        Assert.Equal(Housekeeping.DiskCondition, Assert.Single(_conditions.All).Name);

        _freeBytes = WarnBytes;
        keeper.Turn();
        Assert.Empty(_conditions.All);
    }

    [Fact]
    public void Backups_are_made_by_the_clock_counted_from_the_newest_that_is_there_and_the_oldest_go()
    {
        var keeper = Keeper();
        for (var hour = 0; hour < 30; hour++)
        {
            keeper.Turn();
            _time.Advance(3_600);
        }

        // Every 6 hours from the start, 3 kept; another start makes none before its time.
        string[] expected = ["hub-20261122T130000Z.db", "hub-20261122T190000Z.db", "hub-20261123T010000Z.db"];
        Assert.Equal(expected, Names());
        _time.Advance(-1);
        Keeper().Turn();
        Assert.Equal(expected, Names());
    }

    [Fact]
    public void A_backup_that_fails_is_a_condition_and_is_tried_again()
    {
        File.WriteAllText(BackupFolder, "a file where the folder should be");
        var keeper = Keeper();
        keeper.Turn();
        Assert.Equal(Housekeeping.BackupCondition, Assert.Single(_conditions.All).Name);

        File.Delete(BackupFolder);
        _time.Advance(15 * 60);
        keeper.Turn();
        Assert.Empty(_conditions.All);
        Assert.Single(Names());
    }

    [Fact]
    public async Task A_condition_is_in_health_on_every_page_and_in_the_audit()
    {
        using var folder = new TempFolder();
        await using var app = HubHost.Build(new HubOptions { DataFolder = folder.Path, StationFile = "", DiskWarnBytes = long.MaxValue }, Seeds.Sumitu);
        var raised = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hub = app.Services.GetRequiredService<HubService>();
        var conditions = app.Services.GetRequiredService<HubConditions>();
        conditions.Changed += (_, _) => raised.TrySetResult();
        var addresses = await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        await raised.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        using var http = new HttpClient();
        Assert.Contains("\"disk-low\"", await http.GetStringAsync(new Uri(addresses.Console, "/health"), TestContext.Current.CancellationToken));

        // Behind it in the writer's one queue: when this is in the audit, the condition is.
        await hub.AuditAsync("test", "test", "test", "");
        using var connection = hub.Database.Connect();
        Assert.Equal(1, connection.Scalar("SELECT count(*) FROM audit WHERE kind = 'hub.condition' AND content = 'disk-low'"));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private string BackupFolder => Path.Combine(_folder.Path, "backups");

    private HubOptions Options => new()
    {
        DataFolder = Path.Combine(_folder.Path, "data"), StationFile = "", TimeProvider = _time, DiskWarnBytes = WarnBytes,
        Backup = new BackupOptions { Folder = BackupFolder, EveryHours = 6, Keep = 3 },
    };

    private Housekeeping Keeper() => new(Options, _conditions, _hub, NullLogger<Housekeeping>.Instance) { FreeBytes = _ => _freeBytes };

    private IEnumerable<string?> Names() => Directory.GetFiles(BackupFolder).Select(Path.GetFileName).Order();
}
