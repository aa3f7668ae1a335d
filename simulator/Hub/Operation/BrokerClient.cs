using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.Extensions.Hosting;

namespace Gateway.Hub.Operation;

/// <summary>
/// The same ingest as a client of a broker outside. The broker's PUBACK says that the broker has a message, ours to the broker that this process has it: only the
/// hub's receipt, sent after the commit, tells a board that its signal is safe (I8), and what gets no receipt the board sends again. Who may speak on which topic is
/// the broker's to enforce; a signature decides what is believed, whoever published it.
/// </summary>
internal sealed class BrokerClient(HubOptions options, HubService hub, HubConditions conditions) : BackgroundService
{
    public const string LostCondition = "broker-lost";

    /// <summary>Messages that wait while the broker is away: ten for each of 10,000 boards. Full policy: the newest is dropped and counted; the board's next birth repeats what matters.</summary>
    private const int OutboxMax = 100_000;

    /// <summary>Unacknowledged publishes at the broker; half of what the session can hold, so that a resumed one has room.</summary>
    private const int InFlightMax = ClientSession.DefaultMaxInFlight / 2;

    private const int KeepAliveS = 10;
    private const int ConnectTimeoutMs = 10_000;
    private const int BackoffMinMs = 500;
    private const int BackoffMaxMs = 30_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(ConnectTimeoutMs);

    private readonly ExternalBrokerOptions _broker = options.Broker!;

    private readonly Channel<OutgoingMessage> _outbox = Channel.CreateBounded<OutgoingMessage>(new BoundedChannelOptions(OutboxMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Outlives the connections, with the broker's half (clean session 0): what was not acknowledged goes out again.</summary>
    private readonly ClientSession _session = new();

    private OutgoingMessage? _held;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // A device that is revoked cannot be cut off at somebody else's broker: what it says is refused here, by name.
        hub.Attach(Send, static (_, _) => { });
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(() => failures = 0, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                conditions.Raise(LostCondition, $"The broker {_broker.Host}:{_broker.Port} cannot be reached ({e.GetBaseException().Message.TrimEnd('.')}).");
                await Task.Delay(TimeSpan.FromMilliseconds(BackoffMs(failures++)), options.TimeProvider, stoppingToken);
            }
        }
    }

    /// <summary>One connection, until it ends. Always ends by an exception.</summary>
    private async Task ServeAsync(Action onConnected, CancellationToken stopping)
    {
        using var tcp = new TcpClient { NoDelay = true };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        await tcp.ConnectAsync(_broker.Host, _broker.Port, patience.Token);
        var ended = new CancellationTokenSource();
        await using var link = stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), ended);
        using var mqtt = new MqttConnection(await SecureAsync(tcp.GetStream(), patience.Token), _session, options.TimeProvider);
        var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var subscribed = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var acknowledged = new SemaphoreSlim(0);
        mqtt.MessageReceived += (message, _) => Take(message);
        mqtt.Subscribed += (_, codes) => subscribed.TrySetResult(codes);
        mqtt.Published += _ => acknowledged.Release();
        mqtt.Closed += reason =>
        {
            closed.TrySetResult(reason);
            ended.Cancel();
        };
        var code = await mqtt.ConnectAsync(ConnectPacketOf(), Patience);
        if (code != 0)
        {
            throw new MqttConnectionException($"refused with return code {code}");
        }

        mqtt.Subscribe([.. Topics.Uplink.Select(static leaf => new SubscribeRequest($"gw/+/{leaf}", 1))]);
        if ((await subscribed.Task.WaitAsync(Patience, options.TimeProvider, stopping)).Contains((byte)0x80))
        {
            throw new MqttConnectionException("the broker does not let the hub subscribe gw/+/...");
        }

        conditions.End(LostCondition);
        onConnected();
        try
        {
            await SendAllAsync(mqtt, acknowledged, ended.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new MqttConnectionException(await closed.Task);
        }
        finally
        {
            if (stopping.IsCancellationRequested && mqtt.IsConnected)
            {
                hub.SayOffline();
                while (_outbox.Reader.TryRead(out var last))
                {
                    mqtt.Publish(MessageOf(last));
                }

                mqtt.Disconnect();
            }
        }
    }

    private async Task SendAllAsync(MqttConnection mqtt, SemaphoreSlim acknowledged, CancellationToken ended)
    {
        while (true)
        {
            // Held until it is in the session: one that was taken out as the connection died goes out on the next.
            _held ??= await _outbox.Reader.ReadAsync(ended);
            while (mqtt.InFlightCount >= InFlightMax)
            {
                await acknowledged.WaitAsync(ended);
            }

            mqtt.Publish(MessageOf(_held.Value));
            _held = null;
        }
    }

    private void Send(OutgoingMessage message)
    {
        if (!_outbox.Writer.TryWrite(message))
        {
            hub.Counters.Dropped.Add(1);
        }
    }

    /// <summary>On the connection's reading task. What is refused is counted by name as at the endpoint inside, and nothing else happens.</summary>
    private void Take(ApplicationMessage message)
    {
        var judged = hub.Gate.Judge(message.Topic, message.Payload);
        var device = Topics.TrySplit(message.Topic, out var named, out _) && hub.Devices.Find(named) is not null ? named : IngestCounters.UnknownDevices;
        if (judged.Message is not { } good)
        {
            hub.Counters.Refuse(device, judged.Refusal!);
        }
        else if (!hub.TryTake(good, NobodyWaits.Instance))
        {
            hub.Counters.Refuse(device, MessageRefusals.QueueFull);
        }
    }

    private ConnectPacket ConnectPacketOf() => new()
    {
        ClientId = _broker.ClientId,
        UserName = _broker.User,
        Password = _broker.PasswordFile is { } file ? Encoding.UTF8.GetBytes(File.ReadLines(file).FirstOrDefault() ?? "") : default,
        CleanSession = false,
        KeepAliveSeconds = KeepAliveS,
        Will = new ApplicationMessage(Topics.HubStatus, hub.OfflineStatus(), 1, true),
    };

    private async Task<Stream> SecureAsync(NetworkStream stream, CancellationToken cancellation)
    {
        if (_broker.AuthorityFile is not { } file)
        {
            return stream;
        }

        var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trusted.CustomTrustStore.ImportFromPemFile(file);
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = _broker.Host, CertificateChainPolicy = trusted, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            },
            cancellation);
        return tls;
    }

    private static ApplicationMessage MessageOf(in OutgoingMessage message) => new(message.Topic, message.Payload, 1, message.Retain);

    /// <summary>Doubles from half a second to thirty, and is drawn from its upper half, so that hubs and boards do not come back in step.</summary>
    private static int BackoffMs(int failures)
    {
        var full = Math.Min(BackoffMaxMs, BackoffMinMs << Math.Min(failures, 8));
        return RandomNumberGenerator.GetInt32(full / 2, full + 1);
    }

    /// <summary>The broker has its acknowledgement already; the board waits for the receipt.</summary>
    private sealed class NobodyWaits : PublishReceipt
    {
        public static readonly NobodyWaits Instance = new();

        public override void Accept()
        {
            // The receipt is an effect of the commit.
        }

        public override void Refuse(string reason)
        {
            // The board gets no receipt and sends again.
        }
    }
}
