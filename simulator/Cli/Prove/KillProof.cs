using System.Collections.Concurrent;
using System.Diagnostics;
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

/// <summary>What a proof by kills found. Empty <paramref name="Violations"/> is the proof.</summary>
internal sealed record KillProofResult(int Kills, int Acknowledged, long Receipted, int Stored, int Calls, int Seed, IReadOnlyList<string> Violations);

/// <summary>
/// kill -9 of the hub's own process in the middle of a flood, again and again: every signal that was PUBACKed or receipted is in the database once, and every call in
/// one incident (I2, I8). The hub is the real command with a real configuration file. A kill is no power cut: what the kernel had taken is written all the same; that
/// a commit also waits for the disk is SQLite's synchronous=FULL.
/// </summary>
internal sealed class KillProof(int kills, int seed, string stationFile, string device) : IDisposable
{
    /// <summary>The hub dies after 1 to so many acknowledgements: a few commits, or many.</summary>
    private const int AcknowledgedMax = 1_500;

    /// <summary>Every so many signals one is a call.</summary>
    private const uint CallEvery = 20;

    private const int Window = 50;
    private const int ViolationsKept = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-kills-").FullName;
    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<uint, bool> _acknowledged = new();
    private ProvisioningFile _file = null!;
    private long _receipted;
    private int _killed;

    public async Task<KillProofResult> RunAsync(CancellationToken cancellation)
    {
        var port = FreePort();
        var config = Path.Combine(_folder, "hub.yaml");
        await File.WriteAllTextAsync(
            config, $"format: 1\ndata: data\nstation: {stationFile}\nconsole:\n  port: {FreePort()}\nmqtt:\n  port: {port}\n", cancellation);
        _file = await ProvisionAsync(cancellation);
        try
        {
            while (_killed < kills)
            {
                await LiveOnceAsync(config, port, cancellation);
                _killed++;
            }
        }
        catch (OperationCanceledException) when (_killed > 0)
        {
            // Stopped by a person or a time limit: what was done until now is judged all the same.
        }

        return await JudgeAsync();
    }

    private async Task LiveOnceAsync(string config, int port, CancellationToken cancellation)
    {
        using var hub = await StartAsync(config, cancellation);
        try
        {
            await FloodAsync(hub, port, _killed, _random.Next(1, AcknowledgedMax), cancellation);
        }
        finally
        {
            if (!hub.HasExited)
            {
                hub.Kill();
                await hub.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private HubOptions Options => new() { DataFolder = Path.Combine(_folder, "data"), StationFile = stationFile };

    private async Task<ProvisioningFile> ProvisionAsync(CancellationToken cancellation)
    {
        await using var app = HubHost.Build(Options);
        return await app.Services.GetRequiredService<HubService>().ProvisionAsync(device, "proof", cancellation);
    }

    private static async Task<Process> StartAsync(string config, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (ReadOnlySpan<string>)[typeof(KillProof).Assembly.Location, "hub", "--config", config])
        {
            start.ArgumentList.Add(argument);
        }

        var hub = Process.Start(start)!;
        try
        {
            while (await hub.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(Patience, cancellation) is { } line)
            {
                if (line.StartsWith("Data", StringComparison.Ordinal))
                {
                    return hub;
                }
            }
        }
        catch
        {
            hub.Kill();
            await hub.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        throw new HubStartException("The hub that was to be killed did not start.");
    }

    /// <summary>One life of the hub: as a board does, from the first signal without an answer on, the same bytes as before; killed after so many acknowledgements.</summary>
    private async Task FloodAsync(Process hub, int port, int life, int killAfter, CancellationToken cancellation)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, port, cancellation);
        using var mqtt = new MqttConnection(tcp.GetStream());
        using var window = new SemaphoreSlim(Window);
        var waiting = new Dictionary<ushort, uint>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
                    reached.TrySetResult();
                }
            }

            window.Release();
        };
        mqtt.MessageReceived += (message, _) => TakeReceipt(message);
        mqtt.Closed += _ => reached.TrySetResult();
        var code = await mqtt.ConnectAsync(
            new ConnectPacket { ClientId = device, UserName = device, Password = Encoding.ASCII.GetBytes(_file.Password) }, Patience);
        if (code != 0)
        {
            throw new MqttConnectionException($"refused with return code {code}");
        }

        mqtt.Subscribe([new SubscribeRequest($"gw/{device}/receipt", 1)]);
        mqtt.Publish(new ApplicationMessage($"gw/{device}/status", Birth(life + 1), 1, true));
        var seq = 1u;
        while (_acknowledged.ContainsKey(seq))
        {
            seq++;
        }

        while (!reached.Task.IsCompleted)
        {
            if (!await window.WaitAsync(TimeSpan.FromMilliseconds(50), cancellation))
            {
                continue;
            }

            try
            {
                lock (waiting)
                {
                    waiting[mqtt.Publish(new ApplicationMessage($"gw/{device}/signal", Signal(seq), 1, false))] = seq;
                }

                seq++;
            }
            catch (MqttConnectionException)
            {
                // It is dead: that was the purpose.
                break;
            }
        }

        await reached.Task.WaitAsync(Patience, cancellation);
    }

    private void TakeReceipt(ApplicationMessage message)
    {
        using var receipt = JsonDocument.Parse(message.Payload);
        if (receipt.RootElement.GetProperty("lane").GetString() == "call")
        {
            _receipted = Math.Max(_receipted, receipt.RootElement.GetProperty("through").GetInt64());
        }
    }

    private async Task<KillProofResult> JudgeAsync()
    {
        await using var app = HubHost.Build(Options);
        var hub = app.Services.GetRequiredService<HubService>();
        var violations = new List<string>();
        var stored = new Dictionary<uint, long?>();
        long? before = null;
        while (hub.Signals(new SignalQuery(null, before, 500)) is { Count: > 0 } page)
        {
            foreach (var signal in page)
            {
                if (!stored.TryAdd(signal.Seq, signal.IncidentId))
                {
                    Note($"signal {signal.Seq} is stored twice");
                }

                if (signal.Kind == "help" && signal.IncidentId is null)
                {
                    Note($"call {signal.Seq} is in no incident");
                }
            }

            before = page[^1].Id;
        }

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

        if (!hub.VerifyAudit().Whole)
        {
            Note("the audit chain is broken");
        }

        return new KillProofResult(_killed, _acknowledged.Count, _receipted, stored.Count, stored.Count(signal => signal.Value is not null), seed, violations);

        void Note(string violation)
        {
            if (violations.Count < ViolationsKept)
            {
                violations.Add(violation);
            }
        }
    }

    private byte[] Birth(int boot) => Sign(
        "status",
        $"{{\"v\":1,\"state\":\"online\",\"session\":\"{boot:x16}\",\"will\":\"{boot:x16}\",\"hub\":\"{_file.Hub}\",\"boot\":{boot},\"up\":1000,\"at\":0,\"clock\":\"none\",\"fw\":\"0.1.0\","
        + "\"callEpoch\":\"00000001\",\"callOldest\":1,\"callNext\":1,\"eventEpoch\":\"00000002\",\"eventOldest\":1,\"eventNext\":1,\"volatileEpoch\":\"00000003\",\"config\":0,\"heartbeatS\":5,"
        + "\"restart\":\"power\",\"virtual\":false");

    private byte[] Signal(uint seq)
    {
        var isCall = seq % CallEvery == 1;
        return Sign(
            "signal",
            $"{{\"v\":1,\"lane\":\"call\",\"epoch\":\"00000001\",\"seq\":{seq},\"kind\":\"{(isCall ? "help" : "door")}\",\"zone\":{(isCall ? 1 : 3)},\"state\":\"{(isCall ? "alarm" : "normal")}\","
            + $"\"call\":{(isCall ? seq : 0)},\"count\":1,\"value\":0,\"detail\":\"\",\"boot\":1,\"up\":{seq},\"at\":0,\"clock\":\"none\",\"test\":false");
    }

    /// <summary>The tail of [GW-9]; composed here and not by the code under proof.</summary>
    private byte[] Sign(string leaf, string body)
    {
        byte[] input = [.. Encoding.ASCII.GetBytes($"gw/{device}/{leaf}"), 0, .. Encoding.ASCII.GetBytes(body)];
        return Encoding.ASCII.GetBytes($"{body},\"mac\":\"{Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(_file.Key), input))}\"}}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
