using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Hub;
using Gateway.Hub.Fleet;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Cli.Prove;

/// <summary>One database through many lives of its hub, flooded by one board that behaves as [GW-15] asks: what has no answer is sent again, the same bytes.</summary>
internal sealed class KillRound : IDisposable
{
    /// <summary>The hub dies after 1 to so many acknowledgements: a few commits, or many.</summary>
    public const int AcknowledgedMax = 1_500;

    /// <summary>Every so many signals one is a call.</summary>
    private const uint CallEvery = 20;

    private const int Window = 50;
    private const int ViolationsKept = 20;

    /// <summary>How long the board waits for an answer of a hub that runs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-kills-").FullName;
    private readonly ConcurrentDictionary<uint, bool> _acknowledged = new();
    private readonly string _stationFile;
    private readonly string _device;
    private ProvisioningFile _file = null!;
    private long _receipted;
    private bool _keepsFolder;

    private KillRound(string stationFile, string device)
    {
        _stationFile = stationFile;
        _device = device;
    }

    public int Kills { get; private set; }

    public int Acknowledged => _acknowledged.Count;

    public static async Task<KillRound> OpenAsync(string stationFile, string device)
    {
        var round = new KillRound(stationFile, device);
        await using var app = HubHost.Build(round.Options);
        round._file = await app.Services.GetRequiredService<HubService>().ProvisionAsync(device, "proof", CancellationToken.None);
        return round;
    }

    public void Dispose()
    {
        if (!_keepsFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Starts the hub, floods it, and kills it after so many acknowledgements.</summary>
    /// <exception cref="HubStartException">It did not start.</exception>
    /// <exception cref="MqttConnectionException">It ended the connection before it was killed.</exception>
    public async Task LiveOnceAsync(int killAfter, CancellationToken cancellation)
    {
        using var hub = await HubProcess.StartAsync(_folder, _stationFile, cancellation);
        await FloodAsync(hub, Kills + 1, killAfter, cancellation);
        Kills++;
    }

    /// <summary>One life of the hub: from the first signal without an answer on, as a board does.</summary>
    private async Task FloodAsync(HubProcess hub, int life, int killAfter, CancellationToken cancellation)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, hub.MqttPort, cancellation);
        using var mqtt = new MqttConnection(tcp.GetStream());
        using var window = new SemaphoreSlim(Window);
        var waiting = new Dictionary<ushort, uint>();
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        mqtt.Published += id =>
        {
            uint seq;
            lock (waiting)
            {
                waiting.Remove(id, out seq);
            }

            if (seq > 0)
            {
                _acknowledged[seq] = true;
                if (++count == killAfter)
                {
                    // Here and now: what follows on this thread is already after its death.
                    hub.Kill();
                    ended.TrySetResult("");
                }
            }

            window.Release();
        };
        mqtt.MessageReceived += (message, _) => TakeReceipt(message);
        mqtt.Closed += reason => ended.TrySetResult(reason.Length > 0 ? reason : "closed");
        var code = await mqtt.ConnectAsync(
            new ConnectPacket { ClientId = _device, UserName = _device, Password = Encoding.ASCII.GetBytes(_file.Password) }, Patience);
        if (code != 0)
        {
            throw new MqttConnectionException($"The hub refused its own board with return code {code}.");
        }

        mqtt.Subscribe([new SubscribeRequest($"gw/{_device}/receipt", 1)]);
        mqtt.Publish(new ApplicationMessage($"gw/{_device}/status", Birth(life), 1, true));
        var seq = 1u;
        while (_acknowledged.ContainsKey(seq))
        {
            seq++;
        }

        while (!ended.Task.IsCompleted)
        {
            if (!await window.WaitAsync(TimeSpan.FromMilliseconds(50), cancellation))
            {
                continue;
            }

            try
            {
                lock (waiting)
                {
                    waiting[mqtt.Publish(new ApplicationMessage($"gw/{_device}/signal", Signal(seq), 1, false))] = seq;
                }

                seq++;
            }
            catch (MqttConnectionException)
            {
                // It is dead: that was the purpose, and why is judged below.
                break;
            }
        }

        if (await ended.Task.WaitAsync(Patience, cancellation) is { Length: > 0 } reason)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new MqttConnectionException($"The hub ended the connection before it was killed, after {count} acknowledgements: {reason}.");
        }
    }

    private void TakeReceipt(ApplicationMessage message)
    {
        using var receipt = JsonDocument.Parse(message.Payload);
        if (receipt.RootElement.GetProperty("lane").GetString() == "call")
        {
            _receipted = Math.Max(_receipted, receipt.RootElement.GetProperty("through").GetInt64());
        }
    }

    /// <summary>Opens the database as the next hub would, and compares.</summary>
    public async Task<KillProofResult> JudgeAsync()
    {
        await using var app = HubHost.Build(Options);
        var hub = app.Services.GetRequiredService<HubService>();
        var violations = new List<string>();
        var stored = Stored(hub, Note);
        foreach (var seq in _acknowledged.Keys.Where(seq => !stored.ContainsKey(seq)))
        {
            Note($"signal {seq} was acknowledged and is not stored");
        }

        for (uint seq = 1; seq <= _receipted; seq++)
        {
            if (!stored.ContainsKey(seq))
            {
                Note($"signal {seq} was receipted and is not stored");
            }
        }

        foreach (var incident in stored.Values.OfType<long>().Distinct().Where(id => hub.FindIncident(id) is null))
        {
            Note($"incident {incident} is named by a call and is not there");
        }

        if (!hub.VerifyAudit().Whole)
        {
            Note("the audit chain is broken");
        }

        return new KillProofResult(Kills, _acknowledged.Count, _receipted, stored.Count, stored.Count(signal => signal.Value is not null), 0, violations, null);

        void Note(string violation)
        {
            _keepsFolder = true;
            if (violations.Count < ViolationsKept)
            {
                violations.Add(violations.Count == 0 ? $"{violation} (the database is kept in {_folder})" : violation);
            }
        }
    }

    /// <summary>Every stored signal by its sequence number, with its incident.</summary>
    private static Dictionary<uint, long?> Stored(HubService hub, Action<string> note)
    {
        var stored = new Dictionary<uint, long?>();
        long? before = null;
        while (hub.Signals(new SignalQuery(null, before, 500)) is { Count: > 0 } page)
        {
            foreach (var signal in page)
            {
                if (!stored.TryAdd(signal.Seq, signal.IncidentId))
                {
                    note($"signal {signal.Seq} is stored twice");
                }

                if (signal.Kind != KindOf(signal.Seq))
                {
                    note($"signal {signal.Seq} was sent as {KindOf(signal.Seq)} and is stored as {signal.Kind}");
                }

                if (IsCall(signal.Seq) != signal.IncidentId is not null)
                {
                    note(IsCall(signal.Seq) ? $"call {signal.Seq} is in no incident" : $"signal {signal.Seq} is no call and is in incident {signal.IncidentId}");
                }
            }

            before = page[^1].Id;
        }

        return stored;
    }

    private HubOptions Options => new() { DataFolder = Path.Combine(_folder, "data"), StationFile = _stationFile };

    private static bool IsCall(uint seq) => seq % CallEvery == 1;

    private static string KindOf(uint seq) => IsCall(seq) ? "help" : "door";

    private byte[] Birth(int boot) => Sign(
        "status",
        $"{{\"v\":1,\"state\":\"online\",\"session\":\"{boot:x16}\",\"will\":\"{boot:x16}\",\"hub\":\"{_file.Hub}\",\"boot\":{boot},\"up\":1000,\"at\":0,\"clock\":\"none\",\"fw\":\"0.1.0\","
        + "\"callEpoch\":\"00000001\",\"callOldest\":1,\"callNext\":1,\"eventEpoch\":\"00000002\",\"eventOldest\":1,\"eventNext\":1,\"volatileEpoch\":\"00000003\",\"config\":0,\"heartbeatS\":5,"
        + "\"restart\":\"power\",\"virtual\":false");

    private byte[] Signal(uint seq) => Sign(
        "signal",
        $"{{\"v\":1,\"lane\":\"call\",\"epoch\":\"00000001\",\"seq\":{seq},\"kind\":\"{KindOf(seq)}\",\"zone\":{(IsCall(seq) ? 1 : 3)},\"state\":\"{(IsCall(seq) ? "alarm" : "normal")}\","
        + $"\"call\":{(IsCall(seq) ? seq : 0)},\"count\":1,\"value\":0,\"detail\":\"\",\"boot\":1,\"up\":{seq},\"at\":0,\"clock\":\"none\",\"test\":false");

    /// <summary>The tail of [GW-9]; composed here and not by the code under proof.</summary>
    private byte[] Sign(string leaf, string body)
    {
        byte[] input = [.. Encoding.ASCII.GetBytes($"gw/{_device}/{leaf}"), 0, .. Encoding.ASCII.GetBytes(body)];
        return Encoding.ASCII.GetBytes($"{body},\"mac\":\"{Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(_file.Key), input))}\"}}");
    }
}
