using System.Collections.Concurrent;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Endpoint;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Host;

/// <summary>When the commit fails, nothing is acknowledged, told or shown; and the hub goes on from what is on the disk (I8).</summary>
public sealed class CommitFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly TestTime _time = new();
    private readonly ConcurrentQueue<OutgoingMessage> _sent = new();
    private readonly FailureSwitch _failure = new();
    private HubService _hub = null!;
    private TestBoard _board = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = HubService.Open(
            new HubOptions { DataFolder = _folder.Path, StationFile = "", TimeProvider = _time }, Seeds.Sumitu, NullLogger.Instance,
            database => new FailingStore(new SqliteHubStore(database), _failure));
        _hub.Attach(
            message =>
            {
                if (_failure.Telling)
                {
                    throw new InvalidOperationException("the broker is gone");
                }

                _sent.Enqueue(message);
            },
            (_, _) => { });
        _board = new TestBoard(await _hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken));
        Assert.Equal("accepted", await Publish("status", _board.Birth()));

        // The PUBACK comes before the birth's receipts; an answer of a later batch comes after them.
        Assert.False((await _hub.ExecuteAsync(424_242, new IncidentCommand.Accept(), "test", cancellation: TestContext.Current.CancellationToken)).Done);
        _sent.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_commit_that_fails_acknowledges_nothing_and_shows_nothing_I8()
    {
        _failure.Commits = true;
        var answer = await Publish("signal", _board.Signal(1));

        Assert.Equal("refused", answer);
        Assert.Empty(_hub.Current.OpenIncidents);
        Assert.Empty(_hub.Signals(new SignalQuery()));
        Assert.DoesNotContain(_sent, message => message.Topic.EndsWith("/receipt", StringComparison.Ordinal));
        Assert.False(_hub.IsHealthy);
    }

    [Fact]
    public async Task After_a_failed_commit_the_hub_asks_all_boards_for_a_birth_and_takes_the_same_signal_once_I8_GW29()
    {
        var runBefore = _hub.Current.Run;
        _failure.Commits = true;
        await Publish("signal", _board.Signal(1));
        _failure.Commits = false;

        Assert.Equal("accepted", await Publish("signal", _board.Signal(1)));

        Assert.NotEqual(runBefore, _hub.Current.Run);
        Assert.Contains(_sent, message => message is { Topic: "hub/status", Retain: true });
        Assert.Single(_hub.Signals(new SignalQuery()));
        Assert.Single(_hub.Current.OpenIncidents);
        Assert.True(_hub.IsHealthy);
    }

    [Fact]
    public async Task An_input_that_the_core_cannot_bear_harms_only_itself()
    {
        // The poisoned signal and two good ones wait together, so that they come in one batch.
        _failure.PoisonedSeq = 2;
        using var hold = new ManualResetEventSlim();
        var held = _hub.Subscribe(_ => hold.Wait(Patience));
        var first = Publish("signal", Patrol(1));
        var poisoned = Publish("signal", Patrol(2));
        var third = Publish("signal", Patrol(3));
        hold.Set();

        Assert.Equal(["accepted", "refused", "accepted"], await Task.WhenAll(first, poisoned, third));
        Assert.Equal([3u, 1u], _hub.Signals(new SignalQuery()).Select(signal => signal.Seq));
        held.Dispose();

        byte[] Patrol(uint seq) => _board.Signal(seq, kind: "patrol", zone: 0, state: "normal", lane: "event");
    }

    [Fact]
    public async Task A_birth_does_not_overtake_what_its_board_said_in_the_session_before()
    {
        // All wait together behind the first: a birth goes before a thousand boards' backlog, and not before its own board's heartbeat.
        using var hold = new ManualResetEventSlim();
        var held = _hub.Subscribe(_ => hold.Wait(Patience));
        var first = Publish("signal", _board.Signal(1, kind: "patrol", zone: 0, state: "normal", lane: "event"));
        var heartbeat = Publish("heartbeat", _board.Heartbeat());
        (_board.Session, _board.Boot) = ("b1b2c3d4e5f60718", _board.Boot + 1);
        var birth = Publish("status", _board.Birth());
        hold.Set();

        Assert.Equal(["accepted", "accepted", "accepted"], await Task.WhenAll(first, heartbeat, birth));
        held.Dispose();
        Assert.Empty(_hub.FindGateway("sumitu-01")!.Refusals);
    }

    [Fact]
    public async Task A_persons_command_fails_with_a_sentence_and_changes_nothing()
    {
        await Publish("signal", _board.Signal(1));
        var id = _hub.Current.OpenIncidents.Keys.Single();
        _failure.Commits = true;

        await Assert.ThrowsAsync<HubUnavailableException>(() => _hub.ExecuteAsync(id, new IncidentCommand.Accept(), "operator", cancellation: TestContext.Current.CancellationToken));

        _failure.Commits = false;
        Assert.True((await _hub.ExecuteAsync(id, new IncidentCommand.Accept(), "operator", cancellation: TestContext.Current.CancellationToken)).Done);
    }

    [Fact]
    public async Task A_fault_while_the_commit_is_told_neither_undoes_it_nor_does_it_twice_I8()
    {
        await Publish("signal", _board.Signal(1));
        var id = _hub.Current.OpenIncidents.Keys.Single();
        _failure.Telling = true;

        var outcome = await _hub.ExecuteAsync(id, new IncidentCommand.Accept(), "operator", cancellation: TestContext.Current.CancellationToken);

        Assert.True(outcome.Done);
        Assert.Equal("operator", _hub.Current.OpenIncidents[id].AcceptedBy);
        Assert.Single(_hub.FindIncident(id)!.Timeline, entry => entry.Event is IncidentEvent.Accepted);
        Assert.Equal("accepted", await Publish("signal", _board.Signal(2)));
        Assert.True(_hub.IsHealthy);
    }

    [Theory]
    [InlineData(13, "database or disk is full")]
    [InlineData(8, "attempt to write a readonly database")]
    [InlineData(10, "disk I/O error")]
    [InlineData(11, "database disk image is malformed")]
    public async Task A_full_disk_acknowledges_nothing_and_the_hub_recovers(int code, string error)
    {
        var patrol = _board.Signal(1, kind: "patrol", zone: 0, state: "normal", lane: "event");
        _failure.Sqlite = new SqliteException(error, code);
        Assert.Equal("refused", await Publish("signal", patrol));

        // Reading works on such a disk, and the clock goes on: the hub must not take itself for well because of that; nor read all open work each time that it tries.
        var reads = _failure.Reads;
        for (var tick = 0; tick < 10; tick++)
        {
            _time.Advance(0.25);
            await Assert.ThrowsAsync<HubUnavailableException>(() => _hub.AuditAsync("test", "test", "test", ""));
            Assert.False(_hub.IsHealthy);
        }

        Assert.Equal(reads, _failure.Reads);
        _failure.Sqlite = null;
        Assert.Equal("accepted", await Publish("signal", patrol));
        Assert.True(_hub.IsHealthy);
        Assert.Single(_hub.Signals(new SignalQuery()));
    }

    private async Task<string> Publish(string leaf, byte[] payload)
    {
        var receipt = new TestReceipt();
        var message = _hub.Gate.Judge(_board.Topic(leaf), payload).Message;
        Assert.NotNull(message);
        Assert.True(_hub.TryTake(message, receipt));
        return await receipt.Answer.Task.WaitAsync(Patience);
    }

    private sealed class TestReceipt : PublishReceipt
    {
        public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Accept() => Answer.SetResult("accepted");

        public override void Refuse(string reason) => Answer.SetResult("refused");
    }

    private sealed class FailureSwitch
    {
        public volatile bool Commits;
        public volatile SqliteException? Sqlite;
        public volatile bool Telling;
        public volatile uint PoisonedSeq;

        /// <summary>How often the open work was read.</summary>
        public int Reads;
    }

    /// <summary>The real store, which fails when told to.</summary>
    private sealed class FailingStore(SqliteHubStore store, FailureSwitch failure) : IHubStore
    {
        public Gateway.Hub.Work.IWorkStore Work => store.Work;

        public bool HasChanges => store.HasChanges;

        public bool CheckpointDue => store.CheckpointDue;

        public void Commit()
        {
            if (failure.Commits)
            {
                throw new SqliteException("disk I/O error", 10);
            }

            store.Commit();
        }

        public long AppendSignal(in SignalRow row)
        {
            if (failure.Sqlite is { } full)
            {
                throw full;
            }

            return row.Seq == failure.PoisonedSeq ? throw new InvalidOperationException("poisoned") : store.AppendSignal(row);
        }

        public void Checkpoint(IEnumerable<LaneCursor> changed) => store.Checkpoint(changed);

        public void MarkStart(DateTimeOffset at)
        {
            if (failure.Sqlite is { } full)
            {
                throw full;
            }

            store.MarkStart(at);
        }

        public IReadOnlyList<LaneCursor> LoadLanes() => store.LoadLanes();

        public IReadOnlyList<StoredGateway> LoadGateways() => store.LoadGateways();

        public IReadOnlyList<BootStart> LoadBoots() => store.LoadBoots();

        public IReadOnlyList<IncidentRow> LoadOpenIncidents()
        {
            Interlocked.Increment(ref failure.Reads);
            return store.LoadOpenIncidents();
        }

        public IncidentRow? FindIncident(long id) => store.FindIncident(id);

        public long NextIncidentId() => store.NextIncidentId();

        public IReadOnlyList<StoredCredentials> LoadCredentials() => store.LoadCredentials();

        public void SaveCredentials(StoredCredentials credentials, DateTimeOffset at) => store.SaveCredentials(credentials, at);

        public void SaveRevocation(string device, DateTimeOffset at) => store.SaveRevocation(device, at);

        public IReadOnlyList<PendingReset> LoadPendingResets() => store.LoadPendingResets();

        public long AddLane(string device, Lane lane, uint epoch, DateTimeOffset at) => store.AddLane(device, lane, epoch, at);

        public StoredMatch Find(long laneId, uint seq, ReadOnlySpan<byte> payload) => store.Find(laneId, seq, payload);

        public void AddMissing(long laneId, SeqRange range, DateTimeOffset at, string cause) => store.AddMissing(laneId, range, at, cause);

        public bool RemoveMissing(long laneId, uint seq) => store.RemoveMissing(laneId, seq);

        public long CountMissing(long laneId, uint above) => store.CountMissing(laneId, above);

        public void SaveBirth(string device, ReadOnlyMemory<byte> payload, DateTimeOffset at) => store.SaveBirth(device, payload, at);

        public void SaveConfigReported(string device, int version, string state, string reason, ReadOnlyMemory<byte> payload) => store.SaveConfigReported(device, version, state, reason, payload);

        public void SaveConfigInForce(string device, int version) => store.SaveConfigInForce(device, version);

        public void ForgetBirth(string device) => store.ForgetBirth(device);

        public void SaveDesired(string device, DesiredConfiguration desired) => store.SaveDesired(device, desired);

        public void SaveBoot(BootStart boot) => store.SaveBoot(boot);

        public void ForgetBoots(string device) => store.ForgetBoots(device);

        public void AddDiary(string device, DateTimeOffset at, string kind, string text) => store.AddDiary(device, at, kind, text);

        public void AppendIncidentEvent(IncidentEventRow row) => store.AppendIncidentEvent(row);

        public void SaveIncident(IncidentRow row) => store.SaveIncident(row);

        public void LinkSignal(long signalId, long incidentId, long laneId, uint call) => store.LinkSignal(signalId, incidentId, laneId, call);

        public StoredOutcome? FindOutcome(string idempotencyKey) => store.FindOutcome(idempotencyKey);

        public void SaveOutcome(string idempotencyKey, StoredOutcome outcome, DateTimeOffset at) => store.SaveOutcome(idempotencyKey, outcome, at);

        public void ForgetOutcomes(DateTimeOffset olderThan) => store.ForgetOutcomes(olderThan);

        public void ForgetCommands(DateTimeOffset olderThan) => store.ForgetCommands(olderThan);

        public void SaveCommand(string id, string device, string command, string actor, DateTimeOffset at) => store.SaveCommand(id, device, command, actor, at);

        public void SaveCommandResult(string device, string id, string result, string reason, DateTimeOffset at) => store.SaveCommandResult(device, id, result, reason, at);

        public IReadOnlyList<Gateway.Hub.Stations.MovedCallPoint> LoadMoved() => store.LoadMoved();

        public void SaveMoved(Gateway.Hub.Stations.MovedCallPoint moved) => store.SaveMoved(moved);

        public IReadOnlyList<Gateway.Hub.Dispatch.DutyEntry> LoadDuty() => store.LoadDuty();

        public void SaveDuty(Gateway.Hub.Dispatch.DutyEntry entry) => store.SaveDuty(entry);

        public void ForgetDuty(string responderId) => store.ForgetDuty(responderId);

        public long AddOutgoing(string target, string name, string body, DateTimeOffset at, long incidentId, string responderId) =>
            store.AddOutgoing(target, name, body, at, incidentId, responderId);

        public Gateway.Hub.Webhooks.Outgoing? EndOutgoing(long id, bool delivered, string reason, DateTimeOffset at) => store.EndOutgoing(id, delivered, reason, at);

        public int EraseWords(DateTimeOffset closedBefore, int max, string actor, DateTimeOffset at) => store.EraseWords(closedBefore, max, actor, at);

        public void EraseWordsOf(long incidentId, string actor, DateTimeOffset at) => store.EraseWordsOf(incidentId, actor, at);

        public void ForgetOutgoing(DateTimeOffset olderThan) => store.ForgetOutgoing(olderThan);

        public void Audit(DateTimeOffset at, string actor, string kind, string subject, string content) => store.Audit(at, actor, kind, subject, content);

        public void Dispose() => store.Dispose();
    }
}
