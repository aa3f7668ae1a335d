using System.Diagnostics;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

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
/// The one writer: a thread that takes what has come in as a batch, runs it through the core within one transaction, commits, and only then answers.
/// At rest a batch is one input and is committed at once; under load the batch grows while the commit before it runs. There is no artificial wait.
/// </summary>
internal sealed class HubWriter : IDisposable
{
    /// <summary>Inputs per transaction: beyond some hundreds the rate no longer rises, but the wait of the first input does.</summary>
    public const int BatchMax = 512;

    /// <summary>
    /// Inputs waiting: two seconds at 50,000 signals/s, about 50 MB. Full policy: the publish is not acknowledged and its connection is closed;
    /// the board sends again. A person's request is refused by name.
    /// </summary>
    public const int QueueMax = 100_000;

    private readonly Func<IHubStore> _openStore;
    private readonly Func<IHubStore, HubCore> _makeCore;
    private readonly Func<HubTime> _now;
    private readonly IngestCounters _counters;
    private readonly ICommitSink _sink;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _wake = new();
    private Queue<WriterInput> _waiting = new();
    private bool _tickWaits;
    private bool _stopping;
    private IHubStore? _store;
    private HubCore? _core;

    public HubWriter(
        Func<IHubStore> openStore, Func<IHubStore, HubCore> makeCore, Func<HubTime> now, IngestCounters counters, ICommitSink sink, ILogger log)
    {
        (_openStore, _makeCore, _now, _counters, _sink, _log) = (openStore, makeCore, now, counters, sink, log);
        OpenCore();
        _thread = new Thread(Run) { Name = "hub-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>False while the store cannot be opened or written: nothing is acknowledged then.</summary>
    public bool IsHealthy { get; private set; }

    /// <summary>Any thread; returns at once. False when the queue is full or the hub is stopping.</summary>
    public bool TryEnqueue(in WriterInput input)
    {
        lock (_gate)
        {
            var isTick = input is { Message: null, Request: null };
            if (_stopping || _waiting.Count >= QueueMax || (isTick && _tickWaits))
            {
                return false;
            }

            _tickWaits |= isTick;
            _waiting.Enqueue(input);
        }

        _wake.Set();
        return true;
    }

    /// <summary>Finishes what waits, then ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
        }

        _wake.Set();
        _thread.Join();
        _store?.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriterInput>(BatchMax);
        while (TakeBatch(batch))
        {
            Process(batch);
            batch.Clear();
        }
    }

    private bool TakeBatch(List<WriterInput> batch)
    {
        while (true)
        {
            lock (_gate)
            {
                while (batch.Count < BatchMax && _waiting.TryDequeue(out var input))
                {
                    _tickWaits &= input is not { Message: null, Request: null };
                    batch.Add(input);
                }

                if (batch.Count > 0 || _stopping)
                {
                    return batch.Count > 0;
                }

                _wake.Reset();
            }

            _wake.Wait();
        }
    }

    /// <summary>A batch that cannot be committed: counts, logs, and goes on with a core made anew from what is on the disk.</summary>
    private void Process(IReadOnlyList<WriterInput> batch)
    {
        HubCore core;
        try
        {
            core = Commit(batch);
        }
        catch (Exception e)
        {
            _counters.FailedCommits.Add(1);
            _log.LogError(e, "A batch of {Count} inputs was not committed; nothing of it is acknowledged", batch.Count);
            DropCore();
            if (batch.Count > 1 && e is not SqliteException)
            {
                // An input that the core cannot bear must harm only itself: one by one, the others go through.
                foreach (var input in batch)
                {
                    Process([input]);
                }

                return;
            }

            foreach (var input in batch)
            {
                input.Receipt?.Refuse("not committed");
                input.Request?.Fail(new HubUnavailableException("The hub could not store this; nothing was changed.", e));
            }

            return;
        }

        Tell(batch, core);
    }

    /// <summary>
    /// The batch is on the disk. A fault from here on is a defect that must not make the batch look undone, or do it twice: it is logged, and whoever
    /// misses an answer asks again (a board after 5 s without a receipt, or after its next connection).
    /// </summary>
    private void Tell(IReadOnlyList<WriterInput> batch, HubCore core)
    {
        try
        {
            _sink.Show(core);
            foreach (var input in batch)
            {
                input.Receipt?.Accept();
            }

            _sink.Tell(core);
        }
        catch (Exception e)
        {
            _log.LogError(e, "A batch of {Count} inputs is stored, but not everybody was told", batch.Count);
        }

        core.Effects.Clear();
        foreach (var input in batch)
        {
            input.Request?.Complete();
        }
    }

    private HubCore Commit(IReadOnlyList<WriterInput> batch)
    {
        if (_core is null)
        {
            OpenCore();
        }

        var started = Stopwatch.GetTimestamp();
        var core = _core!;
        foreach (var input in batch)
        {
            var now = _now();
            if (input.Message is { } message)
            {
                core.Take(message, now);
            }
            else if (input.Request is { } request)
            {
                request.Outcome = request.Decide(core, now);
            }
            else
            {
                core.Tick(now);
            }
        }

        core.EndBatch(_now());
        if (_store!.HasChanges)
        {
            // A power cut before this returns: nobody was told anything, the boards and the persons ask again. After it: the batch is there for good,
            // and a board that missed its receipt sends again and is told again (duplicate).
            _store.Commit();
            _counters.Commits.Add(1);
            _counters.CommitTime.Record(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        _counters.BatchSize.Record(batch.Count);
        return core;
    }

    private void OpenCore()
    {
        _store = _openStore();
        _core = _makeCore(_store);
        IsHealthy = true;
        _sink.Restarted(_core);
    }

    private void DropCore()
    {
        IsHealthy = false;
        _core = null;
        _store?.Dispose();
        _store = null;
    }
}

/// <summary>The hub cannot store anything at present (disk full, database locked or damaged).</summary>
public sealed class HubUnavailableException(string sentence, Exception? cause = null) : Exception(sentence, cause);
