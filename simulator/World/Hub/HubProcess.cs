using System.Globalization;
using Gateway.Hub;
using Gateway.Hub.Delivery;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Kernel;
using Microsoft.Data.Sqlite;

namespace Gateway.World.Hub;

/// <content>The writer on virtual time: its real batches (<see cref="HubBatch"/>), with a queue in front and a commit that takes as long as the disk needs.</content>
public sealed partial class SimulatedHub : ICommitSink
{
    /// <summary>The store asks for a checkpoint each 16,384 signals, which a small world never sees: here in one of so many batches that write.</summary>
    private const long EarlyCheckpointOneIn = 40;

    /// <summary>From an input to the writer's look at it.</summary>
    private const long WakeUs = 50;

    private readonly Queue<WriterInput> _waiting = new();
    private readonly List<WriterInput> _inputs = [];
    private readonly List<(WriterRequest Request, Action<CommandOutcome?> Answer)> _asked = [];
    private IngestCounters? _counters;
    private HubBatch? _batch;
    private bool _isWriting;
    private bool _tickWaits;
    private bool _tellsHalf;

    void ICommitSink.Restarted(HubCore core)
    {
        Snapshot = core.Snapshot;
        _world.Oracle.HubStarted([.. Snapshot.OpenIncidents.Values]);
        Publish(new OutgoingMessage(Topics.HubStatus, HubStatus.Of(_hubId, core.Snapshot.Run, "online", Now.Utc), true));
        Settle();
    }

    void ICommitSink.Show(HubCore core) => Snapshot = core.Snapshot;

    void ICommitSink.Tell(HubCore core)
    {
        Settle();
        foreach (var message in core.Effects.Messages)
        {
            if (_tellsHalf && _dice.OneIn(2))
            {
                return;
            }

            _world.Oracle.Sends(message);
            Publish(message);
        }

        _world.Oracle.ToldAll();

        foreach (var (device, reason) in core.Effects.Disconnects)
        {
            _world.Oracle.EndsByHub(device);
            _broker!.Disconnect(device, reason, Now.MonotonicMs);
        }

        foreach (var change in core.Effects.Changes)
        {
            if (change.Kind == HubChangeKind.Incident)
            {
                var id = long.Parse(change.Id, CultureInfo.InvariantCulture);
                _world.Oracle.IncidentChanged(id);
                _world.Operators.IncidentChanged(id);
            }
        }
    }

    private void OpenWriter()
    {
        _batch = new HubBatch(OpenStore, MakeCore, () => Now, _counters!, this);
        try
        {
            _batch.Open();
        }
        catch (SqliteException e) when (IsDiskFull)
        {
            // The real process ends here and is started again by its keeper; so it is here, by the next batch.
            _world.Trace.Add(Trace.HubParty, "cannot open its store", text: e.Message);
            _batch.Drop();
        }
    }

    private void CloseWriter(bool cutsCommit)
    {
        var isCut = cutsCommit && _batch!.HasChanges;
        if (isCut)
        {
            isCut = TryCommitToCut();
        }

        _waiting.Clear();
        _inputs.Clear();
        _asked.Clear();
        _isWriting = false;
        _tickWaits = false;
        _batch!.Dispose();
        _batch = null;
        if (isCut)
        {
            var (written, kept) = Disk.CutCommit();
            _world.Faults.Count("commit cut at a byte");
            _world.Trace.Add(Trace.HubParty, "commit cut", written, kept);
        }
        else
        {
            Disk.LeaveFiles();
        }
    }

    private bool TryCommitToCut()
    {
        Disk.BeforeCutCommit();
        try
        {
            _batch!.Commit();
            return true;
        }
        catch (SqliteException)
        {
            // The disk is full as well: nothing was written that could be cut.
            return false;
        }
    }

    private IHubStore OpenStore()
    {
        IHubStore store = new FullDisk(new EarlyCheckpoints(new SqliteHubStore(Disk.Database), () => _dice.OneIn(EarlyCheckpointOneIn)), () => IsDiskFull, () => _dice.OneIn(4));
        return _world.Wrappers.Store?.Invoke(store) ?? store;
    }

    private HubCore MakeCore(IHubStore store) =>
        new(store, _station, new HubIdentity(_hubId, (uint)_dice.Between(1, uint.MaxValue)), _world.Devices, _counters!, allowVirtualBoards: true, Now)
        {
            AudibleConsoles = _ => IsHeard ? 1 : 0,
        };

    private bool Take(UplinkMessage message, PublishReceipt receipt)
    {
        if (_waiting.Count >= HubWriter.QueueMax)
        {
            return false;
        }

        Enqueue(new WriterInput(message, receipt, null));
        return true;
    }

    private void Ask(Func<HubCore, HubTime, CommandOutcome> decide, Action<CommandOutcome?> answer)
    {
        if (!IsUp)
        {
            answer(null);
            return;
        }

        var request = new WriterRequest(decide);
        _asked.Add((request, answer));
        Enqueue(new WriterInput(null, null, request));
    }

    private void Enqueue(in WriterInput input)
    {
        _waiting.Enqueue(input);
        if (!_isWriting)
        {
            _isWriting = true;
            _world.Queue.In(WakeUs, this, WriteCode, _generation);
        }
    }

    private void WriteBatch()
    {
        _inputs.Clear();
        while (_inputs.Count < HubBatch.InputsMax && _waiting.TryDequeue(out var input))
        {
            _tickWaits &= input is not { Message: null, Request: null };
            _inputs.Add(input);
        }

        DecidedClockErrorMs = ClockErrorMs;
        try
        {
            _batch!.Decide(_inputs);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(e);
            return;
        }

        if (!_batch.HasChanges)
        {
            Complete();
            return;
        }

        var takesUs = _dice.Between(CommitMaxUs / 6, CommitMaxUs);
        _slowUntilUs = takesUs < SlowCommitUs ? _slowUntilUs : _world.Queue.NowUs + takesUs;
        _world.Queue.In(takesUs, this, CommitCode, _generation);
    }

    private void CommitBatch()
    {
        var kill = NextKill;
        NextKill = KillPoint.None;
        if (kill is KillPoint.BeforeCommit or KillPoint.InsideCommit)
        {
            _world.Faults.HubKilled(kill);
            return;
        }

        try
        {
            _batch!.Commit();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(e);
            return;
        }

        _world.Oracle.Committed();
        _world.Trace.Add(Trace.HubParty, "commit", _inputs.Count, Disk.Ledger.Signals);
        if (kill == KillPoint.AfterCommit)
        {
            _world.Faults.HubKilled(kill);
            return;
        }

        _tellsHalf = kill == KillPoint.BetweenEffects;
        Complete();
        _tellsHalf = false;
        if (kill == KillPoint.BetweenEffects)
        {
            _world.Faults.HubKilled(kill);
        }
    }

    /// <summary>The batch is on the disk: now, and only now, it may be acknowledged, told and shown (I8).</summary>
    private void Complete()
    {
        _batch!.Tell(_inputs);
        Settle();
        Next();
    }

    /// <summary>Nothing of the batch is acknowledged; a new core begins with what is on the disk.</summary>
    private void Fail(Exception e)
    {
        _world.Trace.Add(Trace.HubParty, "batch failed", text: e.Message);
        if (!IsDiskFull)
        {
            _world.Oracle.HubThrew(e);
        }

        _batch!.Drop();
        _world.Oracle.BatchFailed();
        foreach (var input in _inputs)
        {
            input.Receipt?.Refuse("not committed");
            input.Request?.Fail(e);
        }

        Settle();
        Next();
    }

    private void Next()
    {
        _inputs.Clear();
        Answer();
        _isWriting = _waiting.Count > 0;
        if (_isWriting)
        {
            _world.Queue.In(WakeUs, this, WriteCode, _generation);
        }
    }

    /// <summary>Tells those who asked what became of it. What an answer asks in turn waits for the next batch.</summary>
    private void Answer()
    {
        for (var i = 0; i < _asked.Count; i++)
        {
            var (request, answer) = _asked[i];
            if (request.Answer.IsCompleted)
            {
                _asked.RemoveAt(i--);
                answer(request.Answer.IsCompletedSuccessfully ? request.Answer.Result : null);
            }
        }
    }
}
