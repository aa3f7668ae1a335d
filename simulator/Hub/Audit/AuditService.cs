using Gateway.Hub.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub.Audit;

/// <summary>
/// The audit chain for its readers: search, check, and the signed heads that are exported at the start, every half hour, and at the stop, so that no change is
/// without an exported head for an hour.
/// </summary>
public sealed class AuditService : IHostedService, IDisposable
{
    /// <summary>Twice within the hour that I13 allows: one failed export is made good in time.</summary>
    public static readonly TimeSpan ExportEvery = TimeSpan.FromMinutes(30);

    private const int LimitMax = 200;

    private readonly HubService _hub;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditService> _log;
    private readonly AuditSigner _signer;
    private readonly Lock _exporting = new();
    private ITimer? _timer;

    public AuditService(HubService hub, HubOptions options, ILogger<AuditService> log)
    {
        (_hub, _time, _log) = (hub, options.TimeProvider, log);
        _signer = AuditSigner.Open(options.DataFolder);
        Archive = new HeadArchive(options.AuditHeadsFolder ?? Path.Combine(options.DataFolder, HeadArchive.DefaultFolder));
        Newest = Archive.Newest();
    }

    public HeadArchive Archive { get; }

    /// <summary>Of the key that signs now: compare it with what stands beside the kept heads.</summary>
    public string Fingerprint => _signer.Fingerprint;

    /// <summary>The newest exported head; null before the first.</summary>
    public AuditHead? Newest { get; private set; }

    /// <summary>Why the last export failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Signs how the chain stands and appends it to the archive. A failure is logged, shown and tried again with the next.</summary>
    public AuditHead? Export()
    {
        lock (_exporting)
        {
            try
            {
                using var connection = _hub.Database.Connect();
                var head = _signer.Sign(_hub.Current.HubId, AuditChain.Continue(connection).Position, _time.GetUtcNow());
                Archive.Append(head);
                (Newest, Failure) = (head, null);
                return head;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
            {
                Failure = e.Message;
                _log.LogError(e, "The head of the audit chain was not exported to {Folder}; the next try is in {Minutes} minutes", Archive.Folder, ExportEvery.TotalMinutes);
                return null;
            }
        }
    }

    /// <summary>Checks the chain against all heads in the archive. Takes about a second per 300,000 entries.</summary>
    public AuditReport Check()
    {
        using var connection = _hub.Database.Connect();
        var heads = Archive.Files().SelectMany(path => HeadArchive.ReadLines(path).Select((line, index) => ($"{Path.GetFileName(path)}:{index + 1}", line)));
        return AuditCheck.Run(connection, heads, _hub.Current.HubId, _signer.PublicKey);
    }

    /// <summary>Looks through the chain, newest first; at most <see cref="AuditSearch.WalkMax"/> entries at once, the rest from <see cref="AuditFound.Next"/> on.</summary>
    public AuditFound Search(AuditQuery query)
    {
        using var connection = _hub.Database.Connect();
        return AuditSearch.Run(connection, query with { Limit = Math.Clamp(query.Limit, 1, LimitMax) });
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Export();
        _timer = _time.CreateTimer(_ => Export(), null, ExportEvery, ExportEvery);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        try
        {
            await _hub.CloseFactsAsync().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is HubUnavailableException or OperationCanceledException)
        {
            _log.LogWarning("The counts of the last hour are not in the audit: {Error}", e.Message);
        }

        Export();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _signer.Dispose();
    }
}
