using System.Text;
using System.Text.Json;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Webhooks;

namespace Gateway.Hub.Tests.Support;

/// <summary>
/// The sans-I/O core on a real SQLite file, with time in the test's hand: each call is a batch of its own, committed, and its effects collected.
/// </summary>
internal sealed class CoreHarness : IDisposable
{
    public const ulong HubId = 0x7d1f0c2a94b36e58;

    private readonly TempFolder _folder = new();
    private readonly HubDatabase _database;
    private readonly bool _allowVirtual;
    private readonly StationBook _stations;
    private readonly IReadOnlyList<WebhookTarget> _webhooks;
    private readonly MessageGate _gate;
    private SqliteHubStore _store;
    private uint _run = 0x4be19c07;

    public CoreHarness(bool allowVirtual = false, StationBook? station = null, IReadOnlyList<WebhookTarget>? webhooks = null)
    {
        _stations = station ?? (StationBook)Seeds.Sumitu;
        _webhooks = webhooks ?? [];
        _allowVirtual = allowVirtual;
        _database = HubDatabase.Open(_folder.Path);
        _gate = new MessageGate(Devices.KeyOf);
        _store = new SqliteHubStore(_database);
        Core = MakeCore();
        Board = Provision("sumitu-01");
    }

    public DeviceRegistry Devices { get; } = new();

    public IngestCounters Counters { get; private set; } = new();

    public HubCore Core { get; private set; }

    /// <summary>The board `sumitu-01` of the Sumitu station: zone 1 help, 2 silent, 3 door.</summary>
    public TestBoard Board { get; }

    public DateTimeOffset Now { get; set; } = TestTime.Start;

    public long MonotonicMs { get; set; }

    /// <summary>All messages that left, oldest first, since the last <see cref="TakeSent"/>.</summary>
    public List<(string Leaf, JsonElement Body)> Sent { get; } = [];

    public List<string> Disconnected { get; } = [];

    /// <summary>Consoles that can be heard; one, unless a test says otherwise.</summary>
    public int Audible { get; set; } = 1;

    /// <summary>The same of single stations, where a test says otherwise.</summary>
    public Dictionary<string, int> AudibleIn { get; } = new(StringComparer.Ordinal);

    public HubSnapshot Snapshot => Core.Snapshot;

    public GatewayState Gateway => Snapshot.Gateways[Board.Device];

    public HubQueries Queries => new(_database);

    public HubDatabase Database => _database;

    public TestBoard Provision(string device)
    {
        var (credentials, _) = DeviceCredentials.Draw(device);
        Batch(core => core.Provision(credentials, new StoredCredentials(device, [1], credentials.PasswordSalt, credentials.PasswordHash, false), "test", Time));
        Disconnected.Clear();
        return new TestBoard(device, HubId.ToString("x16"), credentials.Key.Bytes.ToArray());
    }

    /// <summary>Many boards at once, in one batch.</summary>
    public IReadOnlyList<TestBoard> ProvisionAll(IEnumerable<string> devices)
    {
        var drawn = devices.Select(device => DeviceCredentials.Draw(device).Credentials).ToList();
        Batch(core =>
        {
            foreach (var credentials in drawn)
            {
                core.Provision(credentials, new StoredCredentials(credentials.Device, [1], credentials.PasswordSalt, credentials.PasswordHash, false), "test", Time);
            }
        });
        Disconnected.Clear();
        return [.. drawn.Select(credentials => new TestBoard(credentials.Device, HubId.ToString("x16"), credentials.Key.Bytes.ToArray()))];
    }

    /// <summary>Takes publishes of many boards in one batch; the gate must let all of them through.</summary>
    public void ReceiveAll(IEnumerable<(string Topic, byte[] Payload)> publishes) => Batch(core =>
    {
        foreach (var (topic, payload) in publishes)
        {
            core.Take(_gate.Judge(topic, payload).Message ?? throw new InvalidOperationException("refused by the gate"), Time);
        }
    });

    /// <summary>What waits in the outbox for a webhook's target.</summary>
    public IReadOnlyList<Outgoing> Outgoing(string target)
    {
        using var connection = _database.Connect();
        return AlertTables.WaitingFor(connection, target, 100);
    }

    /// <summary>Takes a publish as the endpoint would. Returns the refusal of the gate, if there is one.</summary>
    public string? Receive(string leaf, byte[] payload, TestBoard? board = null) => ReceiveOn((board ?? Board).Topic(leaf), payload);

    public string? ReceiveOn(string topic, byte[] payload)
    {
        var result = _gate.Judge(topic, payload);
        if (result.Message is { } message)
        {
            Batch(core => core.Take(message, Time));
        }

        return result.Refusal;
    }

    /// <summary>Takes many publishes in one batch.</summary>
    public void ReceiveTogether(string leaf, IEnumerable<byte[]> payloads) => Batch(core =>
    {
        foreach (var payload in payloads)
        {
            core.Take(_gate.Judge(Board.Topic(leaf), payload).Message ?? throw new InvalidOperationException("refused by the gate"), Time);
        }
    });

    /// <summary>Takes a publish and a person's command in one batch.</summary>
    public void ReceiveWith(string leaf, byte[] payload, long id, IncidentCommand command) => Batch(core =>
    {
        core.Take(_gate.Judge(Board.Topic(leaf), payload).Message ?? throw new InvalidOperationException("refused by the gate"), Time);
        Assert.True(core.Execute(id, command, "operator", null, Time).Done);
    });

    public void Advance(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        MonotonicMs += (long)(seconds * 1_000);
        Tick();
    }

    public void Tick() => Batch(core => core.Tick(Time));

    public CommandOutcome Execute(long id, IncidentCommand command, string? key = null)
    {
        CommandOutcome? outcome = null;
        Batch(core => outcome = core.Execute(id, command, "operator", key, Time));
        return outcome!;
    }

    public void Batch(Action<HubCore> inputs)
    {
        inputs(Core);
        Core.EndBatch(Time);
        _store.Commit();
        foreach (var credentials in Core.Effects.Credentials)
        {
            Devices.Set(credentials);
        }

        foreach (var message in Core.Effects.Messages)
        {
            Sent.Add((message.Topic[(message.Topic.IndexOf('/', 3) + 1)..], JsonDocument.Parse(message.Payload).RootElement));
        }

        Disconnected.AddRange(Core.Effects.Disconnects.Select(disconnect => disconnect.Device));
        Core.Effects.Clear();
    }

    /// <summary>A power cut and a new start: everything in memory is gone.</summary>
    public void Restart()
    {
        _store.Dispose();
        Counters.Dispose();
        Counters = new IngestCounters();
        _store = new SqliteHubStore(_database);
        _run++;
        Core = MakeCore();
    }

    public IReadOnlyList<JsonElement> TakeSent(string leaf)
    {
        var taken = Sent.Where(sent => sent.Leaf == leaf).Select(sent => sent.Body).ToList();
        Sent.RemoveAll(sent => sent.Leaf == leaf);
        return taken;
    }

    /// <summary>`through` of the last receipt of a lane; null when none was sent.</summary>
    public long? LastReceipt(string lane = "call") =>
        TakeSent("receipt").Where(receipt => receipt.GetProperty("lane").GetString() == lane).Select(receipt => (long?)receipt.GetProperty("through").GetInt64()).LastOrDefault();

    public long Refusals(string name, string? device = null) => Counters.RefusalsOf(device ?? Board.Device).GetValueOrDefault(name);

    public GatewayDetail Detail() => Queries.Gateway(Gateway, Counters.RefusalsOf(Board.Device));

    public IReadOnlyList<SignalRecord> Signals() => Queries.Signals(new SignalQuery(Limit: 500));

    public void Dispose()
    {
        _store.Dispose();
        Counters.Dispose();
        _database.Close();
        _folder.Dispose();
    }

    private HubTime Time => new(Now, MonotonicMs);

    private HubCore MakeCore() => new(_store, _stations, new HubIdentity(HubId, _run), Devices, Counters, _allowVirtual, Time, _webhooks) { AudibleConsoles = station => AudibleIn.GetValueOrDefault(station, Audible) };
}
