using System.Collections.Concurrent;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;
using Gateway.Mqtt.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Mqtt.Endpoint;

/// <summary>
/// The MQTT server on Kestrel's connections: <see cref="MqttHosting.ListenMqtt"/> on any port, with TLS from the same listen options; TCP and TLS are ordered and
/// lossless [MQTT-7.1.1-1], and nothing but MQTT 3.1.1 is asked of a client [MQTT-7.0.0-2]. Readers decode in parallel; one pump, never two at once, drives the
/// <see cref="Broker"/> and writes. So the session logic needs no lock, the
/// policy hears one call at a time in one order, and what a round produces for a connection leaves in one flush.
/// </summary>
public sealed partial class MqttEndpoint : ConnectionHandler, IBrokerHost, IThreadPoolWorkItem, IHostedLifecycleService, IDisposable
{
    private readonly EndpointLimits limits;
    private readonly ISessionStore? store;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Broker broker;
    private readonly EndpointMetrics metrics;
    private readonly ITimer heartbeat;
    private readonly long startTimestamp;

    private readonly ConcurrentQueue<Input> inputs = new();
    private readonly List<EndpointConnection> dirty = [];
    private readonly List<EndpointConnection> ending = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int pumpIsScheduled;
    private int heartbeatIsQueued;
    private int ownerBacklog;
    private long lastHeartbeatMs;
    private bool isStopping;
    private int unreleased;

    /// <param name="store">Keeps sessions and retained messages over an orderly restart; null forgets them.</param>
    public MqttEndpoint(
        IEndpointPolicy policy, EndpointLimits limits, TimeProvider clock, ILogger<MqttEndpoint> logger, ISessionStore? store = null)
    {
        limits = limits with { MaxConnections = OpenFiles.Bound(limits.MaxConnections) };
        this.limits = limits;
        this.store = store;
        this.clock = clock;
        this.logger = logger;
        broker = new Broker(limits, policy, this, static () => $"auto-{Guid.NewGuid():N}");
        metrics = new EndpointMetrics(broker.Counters);
        startTimestamp = clock.GetTimestamp();
        if (store?.Take() is { } state)
            broker.Import(state, NowMs);
        var period = TimeSpan.FromMilliseconds(limits.HeartbeatMs);
        heartbeat = clock.CreateTimer(static state => ((MqttEndpoint)state!).QueueHeartbeat(), this, period, period);
    }

    private enum InputKind : byte
    {
        Opened,
        Batch,
        Lost,
        Flushed,
        Answered,
        Heartbeat,
        OwnerPublish,
        OwnerDisconnect,
        Stop,
    }

    /// <summary>What the endpoint counts; the same figures as the meter Gateway.Mqtt.</summary>
    public BrokerCounters Counters => broker.Counters;

    /// <summary>Exceptions that the pump caught: each is a defect.</summary>
    public long Errors => Interlocked.Read(ref metrics.Errors);

    /// <summary>Milliseconds since this endpoint was made.</summary>
    private long NowMs => (long)clock.GetElapsedTime(startTimestamp).TotalMilliseconds;

    /// <summary>
    /// Publishes to subscribers and, with its retain flag, to the retained store. Any thread; returns at once, before anything is sent.
    /// </summary>
    /// <returns>False when <see cref="EndpointLimits.MaxOwnerBacklog"/> messages wait already: the message is dropped and counted.</returns>
    /// <exception cref="ArgumentException">
    /// The topic cannot be a topic name, the QoS is over 2, or the payload is larger than <see cref="EndpointLimits.MaxPacketBytes"/>.
    /// </exception>
    public bool Publish(ApplicationMessage message)
    {
        PacketFault fault = TopicRules.CheckName(message.Topic);
        if (fault.IsFault || message.Qos > 2 || message.Payload.Length > limits.MaxPacketBytes)
            throw new ArgumentException(fault.IsFault ? fault.ToString() : "QoS is over 2, or the payload over the packet limit.", nameof(message));
        if (Interlocked.Increment(ref ownerBacklog) > limits.MaxOwnerBacklog)
        {
            Interlocked.Decrement(ref ownerBacklog);
            Interlocked.Increment(ref broker.Counters.DroppedOwnerBacklog);
            return false;
        }
        Post(new Input(InputKind.OwnerPublish, null, message));
        return true;
    }

    /// <summary>Ends the connection of this client, if it has one, as if the network had failed: its will is published. Any thread; returns at once.</summary>
    public void Disconnect(string clientId, string reason) => Post(new Input(InputKind.OwnerDisconnect, null, (clientId, reason)));

    /// <summary>
    /// Ends all connections, takes no more, and saves the sessions if there is a store. Wills are published, as at any end without DISCONNECT
    /// [MQTT-3.1.2-8]: the policy hears them. Completes when all are gone, at the latest after <see cref="EndpointLimits.CloseTimeoutMs"/> and a
    /// heartbeat, when slow ones are cut off.
    /// </summary>
    public Task StopAsync()
    {
        Post(new Input(InputKind.Stop, null, null));
        return stopped.Task;
    }

    /// <summary>Kestrel calls this for each connection; the task's end is the connection's end.</summary>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var client = new EndpointConnection(connection);
        Post(new Input(InputKind.Opened, client, null));
        string reason = "closed by the client";
        try
        {
            bool goesOn;
            do
            {
                // One state machine per connection: what a read needs is not kept over the waits.
                goesOn = HandOver(client, await connection.Transport.Input.ReadAsync());
                if (client.IsHandedOver)
                    await client.Taken();
            }
            while (goesOn && client.State != Sessions.ConnectionState.Ended);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException or ObjectDisposedException)
        {
            reason = $"connection lost ({e.GetType().Name})";
        }
        catch (Exception e)
        {
            reason = "internal error";
            Interlocked.Increment(ref metrics.Errors);
            LogReaderFailed(e);
        }
        client.PrepareWait();
        Post(new Input(InputKind.Lost, client, reason));
        await client.Taken();
    }

    void IBrokerHost.Answered(InboundPublish publish) => Post(new Input(InputKind.Answered, null, publish));

    void IBrokerHost.OutputReady(ServerConnection connection) => MarkDirty((EndpointConnection)connection);

    void IBrokerHost.Ended(ServerConnection connection)
    {
        var client = (EndpointConnection)connection;
        client.EndedMs = NowMs;
        LogEnded(client.Identity?.ClientId ?? "(none)", client.EndReason);
        ending.Add(client);
        MarkDirty(client);
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before Kestrel stops: it would wait for connections that have no reason to end.</summary>
    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => StopAsync().WaitAsync(cancellationToken);

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        heartbeat.Dispose();
        metrics.Dispose();
    }

    private readonly record struct Input(InputKind Kind, EndpointConnection? Connection, object? Value);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Client {ClientId}: {Reason}")]
    private partial void LogEnded(string clientId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The endpoint stood still for {StalledMs} ms; clients are given that time")]
    private partial void LogStalled(long stalledMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection's reader failed")]
    private partial void LogReaderFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sessions could not be saved")]
    private partial void LogSaveFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pump failed at {Kind}")]
    private partial void LogPumpFailed(InputKind kind, Exception exception);
}
