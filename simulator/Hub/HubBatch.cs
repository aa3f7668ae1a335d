using System.Diagnostics;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Hub;

/// <summary>What waits for the writer: a message with its promise, or a request, or (both null) the clock.</summary>
internal readonly record struct WriterInput(UplinkMessage? Message, PublishReceipt? Receipt, WriterRequest? Request);

/// <summary>Something a person asked; answered once the commit has returned.</summary>
internal sealed class WriterRequest(Func<HubCore, HubTime, CommandOutcome> decide)
{
    private readonly TaskCompletionSource<CommandOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CommandOutcome> Answer => _answer.Task;

    public CommandOutcome? Outcome { get; set; }

    public CommandOutcome Decide(HubCore core, HubTime now) => decide(core, now);

    public void Complete() => _answer.TrySetResult(Outcome!);

    public void Fail(Exception cause) => _answer.TrySetException(cause);
}

/// <summary>What the writer does once a batch is committed.</summary>
internal interface ICommitSink
{
    /// <summary>A new core, at the start or after a failed commit: its snapshot is the case now, and its run is told to the boards.</summary>
    void Restarted(HubCore core);

    /// <summary>The batch is on the disk: it is the case now for whoever looks. Before anybody is told, so that whoever was told finds it.</summary>
    void Show(HubCore core);

    /// <summary>The effects leave the hub.</summary>
    void Tell(HubCore core);
}

/// <summary>
/// The life of a batch without thread, queue or clock: <see cref="Decide"/>, <see cref="Commit"/>, <see cref="Tell"/>; or <see cref="Drop"/> after either of the
/// first two has thrown. <see cref="HubWriter"/> drives it by a thread; a simulation may let time pass, or the process die, between any two of the steps.
/// </summary>
internal sealed class HubBatch(Func<IHubStore> openStore, Func<IHubStore, HubCore> makeCore, Func<HubTime> now, IngestCounters counters, ICommitSink sink) : IDisposable
{
    /// <summary>Inputs per transaction: beyond some hundreds the rate no longer rises, but the wait of the first input does.</summary>
    public const int InputsMax = 512;

    private IHubStore? _store;
    private HubCore? _core;
    private long _started;

    /// <summary>False from a failed batch until something could be stored again: nothing is acknowledged then.</summary>
    public bool IsHealthy { get; private set; }

    /// <summary>Makes the core from what is on the disk, if there is none: at the start, and after a batch that failed.</summary>
    public void Open()
    {
        if (_core is not null)
        {
            return;
        }

        var store = openStore();
        HubCore core;
        try
        {
            // Reading is no proof: on a full or read-only disk it works. Only a commit shows that this store can promise anything. Before all the open work is read: on a disk
            // that stays full each batch tries this again.
            store.MarkStart(now().Utc);
            store.Commit();
            core = makeCore(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        (_store, _core) = (store, core);
        IsHealthy = true;
        sink.Restarted(core);
    }

    /// <summary>Runs all inputs through the core, within one transaction that is still open.</summary>
    public void Decide(IReadOnlyList<WriterInput> batch)
    {
        Open();
        _started = Stopwatch.GetTimestamp();
        var core = _core!;
        foreach (var input in batch)
        {
            var time = now();
            if (input.Message is { } message)
            {
                core.Take(message, time);
            }
            else if (input.Request is { } request)
            {
                request.Outcome = request.Decide(core, time);
            }
            else
            {
                core.Tick(time);
            }
        }

        core.EndBatch(now());
        counters.BatchSize.Record(batch.Count);
    }

    /// <summary>True when <see cref="Commit"/> has something to do.</summary>
    public bool HasChanges => _store?.HasChanges ?? false;

    /// <summary>Makes the batch durable.</summary>
    public void Commit()
    {
        if (!HasChanges)
        {
            return;
        }

        // A power cut before this returns: nobody was told anything, the boards and the persons ask again. After it: the batch is there for good,
        // and a board that missed its receipt sends again and is told again (duplicate).
        _store!.Commit();
        counters.Commits.Add(1);
        counters.CommitTime.Record(Stopwatch.GetElapsedTime(_started).TotalMilliseconds);
    }

    /// <summary>The batch is on the disk: now it is shown, acknowledged and told, in that order, and only now (I8).</summary>
    public void Tell(IReadOnlyList<WriterInput> batch)
    {
        var core = _core!;
        try
        {
            sink.Show(core);
            foreach (var input in batch)
            {
                input.Receipt?.Accept();
            }

            sink.Tell(core);
        }
        finally
        {
            core.Effects.Clear();
            foreach (var input in batch)
            {
                input.Request?.Complete();
            }
        }
    }

    /// <summary>Forgets everything since the last commit; the next <see cref="Decide"/> begins with what is on the disk.</summary>
    public void Drop()
    {
        IsHealthy = false;
        _core = null;
        _store?.Dispose();
        _store = null;
    }

    public void Dispose() => _store?.Dispose();
}
