using System.Runtime.InteropServices;
using Gateway.Hub.Ingest;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub;

/// <summary>
/// The one writer: a thread that takes what has come in as a batch, runs it through the core within one transaction, commits, and only then answers.
/// At rest a batch is one input and is committed at once; under load the batch grows while the commit before it runs. There is no artificial wait.
/// </summary>
internal sealed class HubWriter : IDisposable
{
    /// <summary>
    /// Inputs waiting: two seconds at 50,000 signals/s, about 50 MB. Full policy: the publish is not acknowledged and its connection is closed;
    /// the board sends again. A person's request is refused by name.
    /// </summary>
    public const int QueueMax = 100_000;

    /// <summary>
    /// Of a batch at most so many are calls while something else waits. A call does not wait behind what a thousand boards have saved up of patrols and contacts in an
    /// outage; and a flood of calls stops nothing. Lanes are independent, so the order that counts, that of a lane, is kept.
    /// </summary>
    private const int CallsMax = HubBatch.InputsMax * 3 / 4;

    private readonly HubBatch _batch;
    private readonly IngestCounters _counters;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly Queue<WriterInput> _calls = new();
    private readonly Queue<WriterInput> _waiting = new();

    /// <summary>Of each board, how many messages of a session wait behind the calls.</summary>
    private readonly Dictionary<string, int> _sessionWaits = new(StringComparer.Ordinal);
    private bool _tickWaits;
    private bool _stopping;

    public HubWriter(
        Func<IHubStore> openStore, Func<IHubStore, HubCore> makeCore, Func<HubTime> now, IngestCounters counters, ICommitSink sink, ILogger log)
    {
        (_counters, _log) = (counters, log);
        _batch = new HubBatch(openStore, makeCore, now, counters, sink);
        _batch.Open();
        _thread = new Thread(Run) { Name = "hub-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>False while the store cannot be opened or written: nothing is acknowledged then.</summary>
    public bool IsHealthy => _batch.IsHealthy;

    /// <summary>Any thread; returns at once. False when the queue is full or the hub is stopping.</summary>
    public bool TryEnqueue(in WriterInput input)
    {
        lock (_gate)
        {
            var isTick = input is { Message: null, Request: null };
            if (_stopping || _waiting.Count + _calls.Count >= QueueMax || (isTick && _tickWaits))
            {
                return false;
            }

            _tickWaits |= isTick;
            (IsUrgent(input.Message) ? _calls : _waiting).Enqueue(input);
            if (IsOfSession(input.Message))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_sessionWaits, input.Message!.Device, out _)++;
            }
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
        _batch.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriterInput>(HubBatch.InputsMax);
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
                Take(_calls, CallsMax, batch);
                Take(_waiting, HubBatch.InputsMax, batch);
                Take(_calls, HubBatch.InputsMax, batch);

                if (batch.Count > 0 || _stopping)
                {
                    return batch.Count > 0;
                }

                _wake.Reset();
            }

            _wake.Wait();
        }
    }

    /// <summary>
    /// What carries calls, and the birth before it, which says whether the board may be believed at all. A birth that follows messages of the board's last session waits
    /// behind them: overtaken by it they would be refused as stale.
    /// </summary>
    private bool IsUrgent(UplinkMessage? message) =>
        message is SignalMessage { Lane: not Lane.Event } or GapMessage { Lane: not Lane.Event } || (message is BirthMessage && !_sessionWaits.ContainsKey(message.Device));

    private static bool IsOfSession(UplinkMessage? message) => message is HeartbeatMessage or ResultMessage or ConfigReportedMessage or OfflineMessage;

    private void Take(Queue<WriterInput> from, int max, List<WriterInput> batch)
    {
        while (batch.Count < max && from.TryDequeue(out var input))
        {
            _tickWaits &= input is not { Message: null, Request: null };
            if (IsOfSession(input.Message) && --CollectionsMarshal.GetValueRefOrAddDefault(_sessionWaits, input.Message!.Device, out _) == 0)
            {
                _sessionWaits.Remove(input.Message.Device);
            }

            batch.Add(input);
        }
    }

    /// <summary>A batch that cannot be committed: counts, logs, and goes on with a core made anew from what is on the disk.</summary>
    private void Process(IReadOnlyList<WriterInput> batch)
    {
        var wasHealthy = IsHealthy;
        try
        {
            _batch.Decide(batch);
            _batch.Commit();
        }
        catch (Exception e)
        {
            _counters.FailedCommits.Add(1);
            if (wasHealthy || e is not SqliteException)
            {
                // Once, and not four times a second until the disk has room again; the counter goes on.
                _log.LogError(e, "A batch of {Count} inputs was not committed; nothing of it is acknowledged", batch.Count);
            }

            _batch.Drop();
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

        try
        {
            _batch.Tell(batch);
        }
        catch (Exception e)
        {
            // The batch is on the disk. A fault from here on is a defect that must not make the batch look undone, or do it twice: whoever misses an answer
            // asks again (a board after 5 s without a receipt, or after its next connection).
            _log.LogError(e, "A batch of {Count} inputs is stored, but not everybody was told", batch.Count);
        }
    }
}

/// <summary>The hub cannot store anything at present (disk full, database locked or damaged).</summary>
public sealed class HubUnavailableException(string sentence, Exception? cause = null) : Exception(sentence, cause);
