using Gateway.Hub;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Hub.Webhooks;
using Gateway.Hub.Work;

namespace Gateway.World.Scenarios;

/// <summary>
/// The hub that a scenario runs against: the real core, batches and SQLite store, and a clock that only a scenario moves. It jumps from one thing that is due to
/// the next, so that months pass in seconds, and every deadline still meets its own tick (I9).
/// </summary>
internal sealed class ScenarioHub : ICommitSink, IDisposable
{
    private const ulong HubId = 0x7d1f0c2a94b36e58;

    /// <summary>Batches of nothing but heartbeats and clock in one commit: two hours of them.</summary>
    private const int QuietBatchesMax = 120;

    /// <summary>What survives a power cut is not looked at here, so the disk's own waiting is saved where there is memory to store in.</summary>
    private static readonly string Store = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Store, "gateway-scenario-" + Guid.NewGuid().ToString("n"))).FullName;
    private readonly HubDatabase _database;
    private readonly IngestCounters _counters = new();
    private readonly MessageGate _gate;
    private readonly HubBatch _batch;
    private readonly List<WriterInput> _uncommitted = [];
    private readonly DateTimeOffset _begins;
    private readonly StationBook _stations;
    private HubCore _core = null!;
    private DateTimeOffset _heartbeatAt;
    private int _quietBatches;
    private (object? Incidents, object? Work) _deadlinesOf;
    private List<DateTimeOffset> _deadlines = [];
    private uint _run = 1;

    public ScenarioHub(StationBook stations, IEnumerable<string> boards, DateTimeOffset begins)
    {
        _stations = stations;
        _begins = Now = begins;
        _heartbeatAt = begins.AddSeconds(ScenarioBoard.HeartbeatS);
        _database = HubDatabase.Open(_folder);
        _gate = new MessageGate(Devices.KeyOf);
        _batch = new HubBatch(() => new SqliteHubStore(_database), MakeCore, () => Time, _counters, this);
        _batch.Open();
        Boards = boards.ToDictionary(device => device, device => new ScenarioBoard(stations.All.FindBoard(device)!, begins), StringComparer.Ordinal);
        Ask((core, now) =>
        {
            foreach (var board in Boards.Values)
            {
                var credentials = board.Credentials;
                core.Provision(credentials, new StoredCredentials(board.Device, [1], credentials.PasswordSalt, credentials.PasswordHash, false), "scenario", now);
            }

            return new CommandOutcome(true, 0, null);
        });
        Send(Boards.Values.Select(board => (Topics.Of(board.Device, "status"), board.Birth(HubId, Now))));
    }

    /// <summary>As they are now: a call point that moves takes its boards along.</summary>
    public StationBook Stations => _core.Snapshot.Stations;

    /// <summary>What all of them list, in one; the only one, where there is one.</summary>
    public Station Station => Stations.All;

    public DateTimeOffset Now { get; private set; }

    public DeviceRegistry Devices { get; } = new();

    public IReadOnlyDictionary<string, ScenarioBoard> Boards { get; private set; } = new Dictionary<string, ScenarioBoard>();

    /// <summary>What the hub shows.</summary>
    public HubSnapshot Snapshot => _core.Snapshot;

    public HubQueries Queries => new(_database);

    public WorkQueries Work => new(_database);

    public HubDatabase Database => _database;

    /// <summary>What waits for one of the levels above.</summary>
    public IReadOnlyList<Outgoing> Waiting(string target)
    {
        using var connection = _database.Connect();
        return AlertTables.WaitingFor(connection, target, Outgoing.WaitingMax);
    }

    /// <summary>Consoles whose sound is unlocked.</summary>
    public int AudibleConsoles { get; set; } = 1;

    private HubTime Time => new(Now, (long)(Now - _begins).TotalMilliseconds);

    /// <summary>Publishes as the boards would; what the gate refuses is a defect of the scenario runner and throws.</summary>
    public void Send(IEnumerable<(string Topic, byte[] Payload)> publishes) => Run(
        [.. publishes.Select(publish => new WriterInput(
            _gate.Judge(publish.Topic, publish.Payload) is { Message: { } message } ? message : throw new InvalidOperationException($"refused by the gate: {publish.Topic}"), null, null))],
        mayWait: false);

    public CommandOutcome Ask(Func<HubCore, HubTime, CommandOutcome> decide)
    {
        var request = new WriterRequest(decide);
        Run([new WriterInput(null, null, request)], mayWait: false);
        return request.Outcome!;
    }

    /// <summary>The clock's tick, now.</summary>
    public void Tick() => Run([default], mayWait: false);

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan wait)
    {
        for (var end = Now + wait; Now < end;)
        {
            Now = Next(end);
            var inputs = new List<WriterInput>();
            if (Now >= _heartbeatAt)
            {
                _heartbeatAt = Now.AddSeconds(ScenarioBoard.HeartbeatS);
                inputs.AddRange(Boards.Values.Where(board => board.IsLinked).Select(board => new WriterInput(board.Heartbeat(Now), null, null)));
            }

            inputs.Add(default);
            Run(inputs, mayWait: Now < end);
        }
    }

    /// <summary>The machine loses its power and comes back at once: what was not committed is gone.</summary>
    public void Restart()
    {
        _uncommitted.Clear();
        _batch.Drop();
        _run++;
        _batch.Open();
        Send(Boards.Values.Where(board => board.IsLinked).Select(board => (Topics.Of(board.Device, "status"), board.Birth(HubId, Now.AddMilliseconds(_run)))));
    }

    public void Dispose()
    {
        _batch.Dispose();
        _counters.Dispose();
        _database.Close();
        Directory.Delete(_folder, recursive: true);
    }

    void ICommitSink.Restarted(HubCore core) => _core = core;

    void ICommitSink.Show(HubCore core)
    {
        foreach (var credentials in core.Effects.Credentials)
        {
            Devices.Set(credentials);
        }
    }

    void ICommitSink.Tell(HubCore core)
    {
        foreach (var message in core.Effects.Messages)
        {
            if (Topics.TrySplit(message.Topic, out var device, out var leaf) && Boards.TryGetValue(device, out var board) && board.IsLinked)
            {
                board.Take(leaf, message.Payload);
            }
        }
    }

    /// <summary>A batch, its commit, and what the boards answer to it. Batches in which nothing happened may wait for the next that has something.</summary>
    private void Run(List<WriterInput> inputs, bool mayWait)
    {
        while (inputs.Count > 0)
        {
            _batch.Decide(inputs);
            _uncommitted.AddRange(inputs);
            if (mayWait && !HasNews() && ++_quietBatches < QuietBatchesMax)
            {
                return;
            }

            _batch.Commit();
            _batch.Tell(_uncommitted);
            _uncommitted.Clear();
            _quietBatches = 0;
            inputs =
            [
                .. Boards.Values.SelectMany(board => board.TakeResults().Select(result => new WriterInput(_gate.Judge(Topics.Of(board.Device, "result"), result).Message, null, null))),
            ];
        }
    }

    private bool HasNews() => _core.Effects.Messages.Count > 0 || _core.Effects.Changes.Exists(change => change.Kind is HubChangeKind.Incident or HubChangeKind.Work);

    /// <summary>The nearest moment at which anything can happen: a heartbeat, a deadline, or a second more where a link has fallen silent.</summary>
    private DateTimeOffset Next(DateTimeOffset end)
    {
        var next = _heartbeatAt < end ? _heartbeatAt : end;
        var (incidents, work) = (Snapshot.OpenIncidents, Snapshot.OpenWork);
        if (_deadlinesOf != (incidents, work))
        {
            // Looked for again only when something has changed: most steps are heartbeats.
            _deadlinesOf = (incidents, work);
            _deadlines = [.. incidents.Values.SelectMany(incident => IncidentClocks.All(incident, Stations.Of(incident).Targets)).Select(clock => clock.DueAt)
                .Concat(work.Values.SelectMany(WorkClocks.All).Select(clock => clock.EscalatesAt)).Order()];
        }

        var following = _deadlines.BinarySearch(Now);
        for (following = following < 0 ? ~following : following; following < _deadlines.Count && _deadlines[following] <= Now; following++)
        {
        }

        next = following < _deadlines.Count && _deadlines[following] < next ? _deadlines[following] : next;
        var silent = Boards.Values.Any(board => !board.IsLinked && Snapshot.Gateways[board.Device].Link == Gateway.Hub.Fleet.LinkState.Up);
        return silent && Now.AddSeconds(1) < next ? Now.AddSeconds(1) : next;
    }

    private HubCore MakeCore(IHubStore store) =>
        new(store, _stations, new HubIdentity(HubId, _run), Devices, _counters, allowVirtualBoards: false, Time, Levels.Targets) { AudibleConsoles = _ => AudibleConsoles };
}

/// <summary>Who above the station hears of every call (S5): the levels, as receivers of the hub's webhooks.</summary>
internal static class Levels
{
    public static IReadOnlyList<WebhookTarget> Targets { get; } =
    [
        .. new[] { "county", "prefecture" }.Select(level => new WebhookTarget(
            level, new Uri($"https://{level}.example"), new byte[WebhookTarget.SecretBytesMin],
            [WebhookEvents.Opened, WebhookEvents.Changed, WebhookEvents.Escalated, WebhookEvents.Closed])),
    ];
}
