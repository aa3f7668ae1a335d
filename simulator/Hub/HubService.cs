using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Gateway.Hub.Audit;
using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Hub.Webhooks;
using Gateway.Hub.Work;
using Gateway.Mqtt.Endpoint;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub;

/// <summary>
/// The hub as its rooms see it: one writer inside, an immutable snapshot outside. Every method may be called on any thread.
/// </summary>
public sealed class HubService : IAsyncDisposable, IDisposable, ICommitSink
{
    /// <summary>How often the clock looks at deadlines and links: four times within the second that I9 allows.</summary>
    public const int TickMs = 250;

    private readonly HubDatabase _database;
    private readonly HubQueries _queries;
    private readonly WorkQueries _work;
    private readonly KeyVault _vault;
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly StationBook _stations;
    private readonly bool _allowVirtualBoards;
    private readonly int _wordsKeptDays;
    private readonly ulong _hub;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<object, Action<HubChange>> _subscribers = new();
    private readonly HubWriter _writer;
    private readonly ITimer _ticks;
    private HubSnapshot? _current;
    private Action<OutgoingMessage>? _publish;
    private Action<string, string>? _disconnect;
    private byte[] _online = [];
    private DataFolderLock? _lock;
    private string _mqttHost = "";
    private int _mqttPort;
    private readonly ConcurrentDictionary<object, IReadOnlySet<string>?> _audible = new();
    private Func<string?> _boardAuthority = static () => null;

    private HubService(HubDatabase database, KeyVault vault, StationBook stations, HubOptions options, ILogger log, Func<HubDatabase, IHubStore> openStore)
    {
        (_database, _vault, _time, _log) = (database, vault, options.TimeProvider, log);
        _stations = new StationBook(stations.Stations, HubIdentityTable.HomeOf(database, stations));
        _allowVirtualBoards = options.AllowVirtualBoards;
        _wordsKeptDays = options.WordsKeptDays;
        _queries = new HubQueries(database);
        Webhooks = WebhookFile.Load(options.DataFolder);
        _work = new WorkQueries(database);
        _startTimestamp = _time.GetTimestamp();
        _hub = HubIdentityTable.HubIdOf(database);
        Gate = new MessageGate(Devices.KeyOf);
        using (var store = new SqliteHubStore(database))
        {
            Devices.Load(store.LoadCredentials(), vault);
        }

        _writer = new HubWriter(() => openStore(database), MakeCore, Now, Counters, this, log);
        var period = TimeSpan.FromMilliseconds(TickMs);
        _ticks = _time.CreateTimer(_ => _writer.TryEnqueue(default), null, period, period);
        _writer.TryEnqueue(default);
    }

    /// <summary>Opens the data folder and starts the writer.</summary>
    /// <param name="openStore">The tests' way to a store that fails; null for the database's own.</param>
    /// <exception cref="HubStartException">The folder or its data forbid it.</exception>
    internal static HubService Open(HubOptions options, StationBook stations, ILogger log, Func<HubDatabase, IHubStore>? openStore = null)
    {
        HubDatabase.PrepareFolder(options.DataFolder);
        var folderLock = DataFolderLock.Take(options.DataFolder);
        HubDatabase? database = null;
        HubService? hub = null;
        try
        {
            database = HubDatabase.Open(options.DataFolder, options.DatabaseConnected);
            var vault = KeyVault.Open(options.DataFolder, mayCreate: !database.HoldsKeys());
            return hub = new HubService(database, vault, stations, options, log, openStore ?? (opened => new SqliteHubStore(opened))) { _lock = folderLock };
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new DataVersionException($"The data in {options.DataFolder} holds an incident that this version cannot read ({e.Message}); start the version that wrote it.", e);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            throw new DataFolderException($"The data in {options.DataFolder} cannot be used ({e.Message}).", e);
        }
        finally
        {
            if (hub is null)
            {
                database?.Close();
                folderLock.Dispose();
            }
        }
    }

    /// <summary>What is the case now.</summary>
    public HubSnapshot Current => Volatile.Read(ref _current)!;

    /// <summary>False while nothing can be stored, and so nothing is acknowledged.</summary>
    public bool IsHealthy => _writer.IsHealthy;

    /// <summary>What ingest counts; the same figures as the meter "Gateway.Hub".</summary>
    public IngestCounters Counters { get; } = new();

    /// <summary>For the rooms that keep tables of their own.</summary>
    internal HubDatabase Database => _database;

    /// <summary>Wraps secrets for the database.</summary>
    internal KeyVault Vault => _vault;

    internal DeviceRegistry Devices { get; } = new();

    internal MessageGate Gate { get; }

    /// <summary>
    /// Decides and stores a command on an incident. With an idempotency key (1..64 characters, unique to the wish) a second call gives the first one's answer.
    /// </summary>
    /// <exception cref="HubUnavailableException">Nothing can be stored now; nothing was changed.</exception>
    public Task<CommandOutcome> ExecuteAsync(
        long incidentId, IncidentCommand command, string actor, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        Ask((core, now) => core.Execute(incidentId, command, actor, idempotencyKey, now), cancellation);

    /// <summary>
    /// Decides and stores a command on the work beside incidents. <paramref name="itemId"/> is 0 for one that opens an item; the outcome's version is then the new item's number.
    /// </summary>
    /// <exception cref="HubUnavailableException">Nothing can be stored now; nothing was changed.</exception>
    /// <param name="stationId">Of an item that is opened: whose it is to be; null in a hub of one station.</param>
    public Task<CommandOutcome> ExecuteAsync(
        long itemId, WorkCommand command, string actor, string? idempotencyKey = null, string? stationId = null, CancellationToken cancellation = default) =>
        Ask((core, now) => core.Execute(itemId, command, actor, idempotencyKey, now, stationId), cancellation);

    /// <summary>A piece of work with its timeline; null when there is none of that number.</summary>
    public WorkDetail? FindWork(long id) => _work.Find(id);

    public IReadOnlyList<WorkItem> Work(WorkQuery query) => _work.List(query);

    /// <summary>For statistics and the daily review.</summary>
    internal WorkQueries WorkQueries => _work;

    /// <summary>Asks something of a gateway. Done means sent; the result comes later, into the gateway's diary.</summary>
    public Task<CommandOutcome> SendCommandAsync(
        string device, GatewayCommand command, string actor, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        Ask((core, now) => core.Send(device, command, actor, idempotencyKey, now), cancellation);

    /// <summary>Gives a device its identity, key and password; for a known device, new ones. The file is shown once. Host and port are those of this hub's endpoint, and empty before it listens.</summary>
    /// <exception cref="ArgumentException">The device id is not 3..32 of `a-z 0-9 -`.</exception>
    public async Task<ProvisioningFile> ProvisionAsync(string device, string actor, CancellationToken cancellation = default)
    {
        if (!Topics.IsDevice(device))
        {
            throw new ArgumentException($"A device id is {Topics.DeviceCharsMin} to {Topics.DeviceCharsMax} of a-z, 0-9 and hyphen; \"{device}\" is not.", nameof(device));
        }

        return await DrawCredentialsAsync(device, CredentialChange.NewBoard, actor, cancellation);
    }

    /// <summary>Draws key and password, and stores them; the file is the only copy.</summary>
    internal async Task<ProvisioningFile> DrawCredentialsAsync(string device, CredentialChange change, string actor, CancellationToken cancellation)
    {
        var (credentials, password) = DeviceCredentials.Draw(device);
        var stored = new StoredCredentials(device, _vault.Wrap(device, credentials.Key.Bytes), credentials.PasswordSalt, credentials.PasswordHash, false);
        await Ask(
            (core, now) =>
            {
                core.Provision(credentials, stored, actor, now, change);
                return new CommandOutcome(true, 0, null);
            },
            cancellation);
        return new ProvisioningFile(device, _hub.ToString("x16"), Convert.ToHexStringLower(credentials.Key.Bytes), password, _mqttHost, _mqttPort) { Tls = BoardAuthority is null ? null : true };
    }

    /// <summary>Takes a device's credentials away and closes its connection. What it sent stays.</summary>
    public Task<CommandOutcome> RevokeAsync(string device, string actor, CancellationToken cancellation = default) =>
        Ask((core, now) => core.Revoke(device, actor, now), cancellation);

    /// <summary>Where events go; read at the start.</summary>
    public ImmutableArray<WebhookTarget> Webhooks { get; }

    /// <summary>Consoles that can be heard now for the calls of a station.</summary>
    public int AudibleConsoles(string stationId) => _audible.Values.Count(stations => stations?.Contains(stationId) != false);

    /// <summary>A console with unlocked sound is open; dispose when it is gone.</summary>
    /// <param name="stations">Whose calls it sounds for; null for all.</param>
    public IDisposable HearConsole(IReadOnlySet<string>? stations = null)
    {
        var key = new object();
        _audible[key] = stations;
        return new Subscription(() => _audible.TryRemove(key, out _));
    }

    /// <summary>Says of a responder, until the running shift is over, whether on duty (null: as the roster says) and where (null: at home).</summary>
    public Task<CommandOutcome> SetDutyAsync(string responderId, bool? onDuty, string? villageId, string actor, CancellationToken cancellation = default) =>
        Ask((core, now) => core.SetDuty(responderId, onDuty, villageId, actor, now), cancellation);

    /// <summary>Says where a moving call point stands now.</summary>
    public Task<CommandOutcome> MoveCallPointAsync(string callPointId, string villageId, string actor, CancellationToken cancellation = default) =>
        Ask((core, now) => core.MoveCallPoint(callPointId, villageId, actor, now), cancellation);

    /// <summary>The oldest deliveries that wait for a target.</summary>
    internal IReadOnlyList<Outgoing> OutgoingFor(string target, int max)
    {
        using var connection = _database.Connect();
        return AlertTables.WaitingFor(connection, target, max);
    }

    internal Task<CommandOutcome> EraseWordsAsync(long incidentId, string actor, CancellationToken cancellation) =>
        Ask((core, now) => core.EraseWords(incidentId, actor, now), cancellation);

    internal Task<CommandOutcome> EndOutgoingAsync(long id, bool delivered, string reason, CancellationToken cancellation) =>
        Ask((core, now) => core.EndOutgoing(id, delivered, reason, now), cancellation);

    /// <summary>An incident with its timeline and its newest 500 signals; null when there is none of that number.</summary>
    public IncidentDetail? FindIncident(long id) => _queries.FindIncident(id);

    /// <summary>The newest entries of an incident's story, oldest first: what a screen shows beside the work.</summary>
    public IReadOnlyList<IncidentTimelineEntry> TimelineOf(long id, int max) => _queries.Timeline(id, max);

    public IReadOnlyList<IncidentSummary> Incidents(IncidentQuery query) => _queries.Incidents(query);

    public IReadOnlyList<SignalRecord> Signals(SignalQuery query) => _queries.Signals(query);

    /// <summary>Everything for a gateway's page; null when no such device is provisioned.</summary>
    public GatewayDetail? FindGateway(string device)
    {
        if (!Current.Gateways.TryGetValue(device, out var state))
        {
            return null;
        }

        var detail = _queries.Gateway(state, Counters.RefusalsOf(device));
        return detail;
    }

    /// <summary>Checks the audit chain from its first entry (I13).</summary>
    public AuditVerdict VerifyAudit()
    {
        using var connection = _database.Connect();
        return AuditChain.Verify(connection);
    }

    /// <summary>Calls back after each commit, on the writer's thread: it must return at once. What it throws is logged. Dispose to end.</summary>
    public IDisposable Subscribe(Action<HubChange> onChange)
    {
        var key = new object();
        _subscribers[key] = onChange;
        return new Subscription(() => _subscribers.TryRemove(key, out _));
    }

    /// <summary>Who may speak at this hub's endpoint, and about what.</summary>
    internal IEndpointPolicy EndpointPolicy() => new HubEndpointPolicy(Devices, Gate, Counters, TryTake);

    /// <summary>Takes an authentic message; its receipt is answered after the commit. False when the writer's queue is full: nothing will be answered.</summary>
    internal bool TryTake(UplinkMessage message, PublishReceipt receipt) => _writer.TryEnqueue(new WriterInput(message, receipt, null));

    /// <summary>Gives the hub its broker, and the broker the hub's retained status.</summary>
    internal void Attach(Action<OutgoingMessage> publish, Action<string, string> disconnect)
    {
        _disconnect = disconnect;
        _publish = publish;
        publish(new OutgoingMessage(Topics.HubStatus, _online, true));
    }

    /// <summary>Where the endpoint listens, for provisioning.</summary>
    /// <param name="authority">PEM of what boards must trust there; null for plain TCP.</param>
    internal void SetMqttAddress(string host, int port, Func<string?> authority) => (_mqttHost, _mqttPort, _boardAuthority) = (host, port, authority);

    /// <summary>PEM of the authority that boards must trust (`ca.pem` beside their settings); null when they speak plain TCP, empty when the hub was not told of it.</summary>
    internal string? BoardAuthority => _boardAuthority();

    /// <summary>Where boards reach this hub, as far as it knows: what a provisioning form begins with.</summary>
    internal (string Host, int Port) BoardAddress => (_mqttHost, _mqttPort);

    /// <summary>Says goodbye on `hub/status`; the connections are still there.</summary>
    internal void SayOffline() => _publish?.Invoke(new OutgoingMessage(Topics.HubStatus, OfflineStatus(), true));

    /// <summary>What `hub/status` says when this hub is gone without a word.</summary>
    internal byte[] OfflineStatus() => HubStatus.Of(_hub, Current.Run, "offline", _time.GetUtcNow());

    /// <summary>Commits what waits, then ends the writer and closes the database.</summary>
    public void Dispose()
    {
        _ticks.Dispose();
        _writer.Dispose();
        Counters.Dispose();
        _database.Close();
        _lock?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    void ICommitSink.Restarted(HubCore core)
    {
        Volatile.Write(ref _current, core.Snapshot);
        _online = HubStatus.Of(_hub, core.Snapshot.Run, "online", _time.GetUtcNow());

        // A new run asks every board for a birth [GW-29]: sessions are in memory only.
        _publish?.Invoke(new OutgoingMessage(Topics.HubStatus, _online, true));
        Notify(new HubChange(HubChangeKind.Hub, core.Snapshot.HubId, 0));
    }

    void ICommitSink.Show(HubCore core)
    {
        foreach (var credentials in core.Effects.Credentials)
        {
            Devices.Set(credentials);
        }

        Volatile.Write(ref _current, core.Snapshot);
    }

    void ICommitSink.Tell(HubCore core)
    {
        foreach (var message in core.Effects.Messages)
        {
            _publish?.Invoke(message);
        }

        foreach (var (device, reason) in core.Effects.Disconnects)
        {
            _disconnect?.Invoke(device, reason);
        }

        foreach (var change in core.Effects.Changes)
        {
            Notify(change);
        }
    }

    private void Notify(HubChange change)
    {
        foreach (var subscriber in _subscribers.Values)
        {
            try
            {
                subscriber(change);
            }
            catch (Exception e)
            {
                _log.LogError(e, "A subscriber failed at {Change}", change);
            }
        }
    }

    /// <summary>Appends to the audit chain what another room is about to change (I13); returns when it is committed.</summary>
    internal Task AuditAsync(string actor, string kind, string subject, string content) => Ask(
        (core, now) =>
        {
            core.Audit(actor, kind, subject, content, now);
            return new CommandOutcome(true, 0, null);
        },
        CancellationToken.None);

    /// <summary>Takes what was only counted until now to the audit chain; returns when it is committed.</summary>
    internal Task CloseFactsAsync() => Ask(
        (core, now) =>
        {
            core.CloseFacts(now);
            return new CommandOutcome(true, 0, null);
        },
        CancellationToken.None);

    /// <summary>Lets the writer decide something, and answers once it is committed.</summary>
    internal async Task<CommandOutcome> Ask(Func<HubCore, HubTime, CommandOutcome> decide, CancellationToken cancellation)
    {
        var request = new WriterRequest(decide);
        return _writer.TryEnqueue(new WriterInput(null, null, request))
            ? await request.Answer.WaitAsync(cancellation)
            : throw new HubUnavailableException("The hub is stopping, or has more to do than it can; nothing was changed.");
    }

    private HubTime Now() => new(_time.GetUtcNow(), (long)_time.GetElapsedTime(_startTimestamp).TotalMilliseconds);

    private HubCore MakeCore(IHubStore store)
    {
        uint run;
        do
        {
            run = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
        }
        while (run == 0);

        return new HubCore(store, _stations, new HubIdentity(_hub, run), Devices, Counters, _allowVirtualBoards, Now(), Webhooks) { WordsKeptDays = _wordsKeptDays, AudibleConsoles = AudibleConsoles };
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
