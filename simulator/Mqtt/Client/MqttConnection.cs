using System.Buffers;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Client;

/// <summary>
/// An MQTT 3.1.1 client on one stream, which may be a socket, TLS, or a simulated network. Sending blocks until the stream has taken the bytes and may
/// be done from any thread. Events come on the reading task, one at a time; a handler that blocks holds up reading, nothing else.
/// </summary>
public sealed partial class MqttConnection : IDisposable
{
    /// <summary>Bytes of the first read buffer; it grows to the largest packet that arrives, at most <see cref="maxPacketBytes"/>.</summary>
    private const int InitialBufferBytes = 4_096;

    private readonly Stream stream;
    private readonly ClientSession session;
    private readonly TimeProvider clock;
    private readonly int maxPacketBytes;
    private readonly Lock gate = new();
    private readonly ArrayBufferWriter<byte> output = new(256);
    private readonly TaskCompletionSource<Packet> connAck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TopicCache topics = new();
    private readonly CancellationTokenSource closing = new();
    private ITimer? pings;
    private TimeSpan keepAlive;
    private long lastSentTimestamp;
    private long lastReceivedTimestamp;
    private int isClosed;
    private bool isConnectSent;
    private volatile string closeReason = "";

    /// <param name="stream">Ordered, lossless, both ways [MQTT-7.1.2-1]. This connection disposes it. Reads must heed their cancellation token.</param>
    /// <param name="session">The session to start or resume; null for a new one.</param>
    /// <param name="clock">For keep-alive and time limits; null for the system's.</param>
    /// <param name="maxPacketBytes">Largest packet taken from the server. Larger: the connection closes.</param>
    public MqttConnection(Stream stream, ClientSession? session = null, TimeProvider? clock = null, int maxPacketBytes = 1_048_576)
    {
        this.stream = stream;
        this.session = session ?? new ClientSession();
        this.clock = clock ?? TimeProvider.System;
        this.maxPacketBytes = maxPacketBytes;
    }

    /// <summary>A message arrived: the message (with the QoS and RETAIN flag of the delivery) and the DUP flag. Acknowledged after the handlers return.</summary>
    public event Action<ApplicationMessage, bool>? MessageReceived;

    /// <summary>A QoS 1 or 2 publish is acknowledged to the end: its packet identifier.</summary>
    public event Action<ushort>? Published;

    /// <summary>SUBACK: packet identifier and one code for each filter.</summary>
    public event Action<ushort, byte[]>? Subscribed;

    /// <summary>UNSUBACK: packet identifier.</summary>
    public event Action<ushort>? Unsubscribed;

    /// <summary>PINGRESP.</summary>
    public event Action? PingAnswered;

    /// <summary>The connection is over, for whatever reason. Comes once, last of all events, if a CONNECT was sent.</summary>
    public event Action<string>? Closed;

    /// <summary>CONNACK 0 has come and the connection has not ended.</summary>
    public bool IsConnected => connAck.Task is { IsCompletedSuccessfully: true, Result.Code: 0 } && Volatile.Read(ref isClosed) == 0;

    /// <summary>What CONNACK said, section 3.2.2.2.</summary>
    public bool SessionPresent => IsConnected && connAck.Task.Result.SessionPresent;

    /// <summary>Publishes and subscribes that wait for an acknowledgement.</summary>
    public int InFlightCount
    {
        get
        {
            lock (gate)
                return session.InFlightCount;
        }
    }

    /// <summary>Sends CONNECT and waits for CONNACK.</summary>
    /// <param name="timeout">How long to wait for CONNACK.</param>
    /// <param name="sendPings">False when the caller keeps the connection alive itself with <see cref="Ping"/>.</param>
    /// <returns>The return code of table 3.1: 0 is connected; with any other the connection is closed.</returns>
    /// <exception cref="MqttConnectionException">No CONNACK came, or the options cannot be sent.</exception>
    public byte Connect(ConnectPacket options, TimeSpan timeout, bool sendPings = true) =>
        ConnectAsync(options, timeout, sendPings).GetAwaiter().GetResult();

    /// <inheritdoc cref="Connect"/>
    public async Task<byte> ConnectAsync(ConnectPacket options, TimeSpan timeout, bool sendPings = true)
    {
        Check(options);
        lock (gate)
        {
            if (isConnectSent)
                throw new MqttConnectionException("CONNECT is sent once on a connection."); // [MQTT-3.1.0-2]
            isConnectSent = true;
            if (options.CleanSession)
                session.Clear();
            Send(Packet.Connecting(options));
        }
        _ = ReadAsync();

        Packet answer;
        try
        {
            answer = await connAck.Task.WaitAsync(timeout, clock).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            Close("no CONNACK in time");
            throw new MqttConnectionException("No CONNACK came in time.", e);
        }
        if (answer.Code != 0)
        {
            Close($"refused with return code {answer.Code}");
            return answer.Code;
        }

        lock (gate)
        {
            foreach (Packet packet in session.Resume(answer.SessionPresent))
                Add(packet);
            Flush();
        }
        keepAlive = TimeSpan.FromSeconds(options.KeepAliveSeconds);
        if (sendPings && options.KeepAliveSeconds > 0)
            pings = clock.CreateTimer(_ => KeepAlive(), null, keepAlive / 4, keepAlive / 4);
        return 0;
    }

    /// <summary>Publishes.</summary>
    /// <returns>The packet identifier, which <see cref="Published"/> will name; 0 for QoS 0.</returns>
    /// <exception cref="MqttConnectionException">Not connected, or too many publishes are unacknowledged.</exception>
    public ushort Publish(ApplicationMessage message)
    {
        Check(message);
        lock (gate)
        {
            ushort id = AddPublish(message);
            Flush();
            return id;
        }
    }

    /// <summary>Publishes several in one write; the identifiers go into <paramref name="ids"/>.</summary>
    public void Publish(ReadOnlySpan<ApplicationMessage> messages, Span<ushort> ids)
    {
        foreach (ApplicationMessage message in messages)
            Check(message);
        lock (gate)
        {
            for (int i = 0; i < messages.Length; i++)
                ids[i] = AddPublish(messages[i]);
            Flush();
        }
    }

    /// <summary>Sends an unacknowledged publish (or PUBREL) again, with DUP. False when nothing waits under that identifier.</summary>
    public bool Resend(ushort id)
    {
        lock (gate)
        {
            RequireConnected();
            if (!session.TryResend(id, out Packet packet))
                return false;
            Send(packet);
            return true;
        }
    }

    /// <summary>Asks for subscriptions; <see cref="Subscribed"/> brings the answer.</summary>
    /// <returns>The packet identifier.</returns>
    public ushort Subscribe(params SubscribeRequest[] requests)
    {
        if (requests.Length == 0 || requests.Any(static request => request.Qos > 2))
            throw new ArgumentException("At least one filter, QoS 0 to 2 [MQTT-3.8.3-3].", nameof(requests));
        foreach (SubscribeRequest request in requests)
            Check(TopicRules.CheckFilter(request.Filter));
        lock (gate)
        {
            RequireConnected();
            if (!session.TrySubscribe(requests, out Packet packet))
                throw WindowFull();
            Send(packet);
            return packet.Id;
        }
    }

    /// <summary>Ends subscriptions; <see cref="Unsubscribed"/> brings the answer.</summary>
    /// <returns>The packet identifier.</returns>
    public ushort Unsubscribe(params string[] filters)
    {
        if (filters.Length == 0)
            throw new ArgumentException("At least one filter [MQTT-3.10.3-2].", nameof(filters));
        foreach (string filter in filters)
            Check(TopicRules.CheckFilter(filter));
        lock (gate)
        {
            RequireConnected();
            if (!session.TryUnsubscribe(filters, out Packet packet))
                throw WindowFull();
            Send(packet);
            return packet.Id;
        }
    }

    public void Ping()
    {
        lock (gate)
        {
            RequireConnected();
            Send(Packet.PingReq);
        }
    }

    /// <summary>Says goodbye, so that the will is not published, and closes; nothing is sent after it [MQTT-3.14.4-1], [MQTT-3.14.4-2].</summary>
    public void Disconnect()
    {
        lock (gate)
        {
            if (!IsConnected)
                return;
            Send(Packet.Disconnect);
        }
        Close("disconnected");
    }

    /// <summary>Closes the stream without DISCONNECT: to the server this is a lost connection.</summary>
    public void Dispose() => Close("disposed");

    private static void Check(ConnectPacket options)
    {
        if (options.ClientId.Length == 0 && !options.CleanSession)
            throw new ArgumentException("An empty client id needs a clean session [MQTT-3.1.3-7].", nameof(options));
        if (options.Password is not null && options.UserName is null)
            throw new ArgumentException("A password needs a user name [MQTT-3.1.2-22].", nameof(options));
        if (options.Will is { } will)
        {
            Check(will);
            if (will.Payload.Length > ushort.MaxValue)
                throw new ArgumentException("A will message has at most 65,535 bytes.", nameof(options));
        }
    }

    private static void Check(ApplicationMessage message)
    {
        Check(TopicRules.CheckName(message.Topic));
        if (message.Qos > 2)
            throw new ArgumentException("QoS is 0, 1 or 2 [MQTT-3.3.1-4].", nameof(message));
    }

    private static void Check(PacketFault fault)
    {
        if (fault.IsFault)
            throw new ArgumentException(fault.ToString());
    }

    private static MqttConnectionException WindowFull() => new("Too many packets are unacknowledged.");

    private void RequireConnected()
    {
        if (!IsConnected)
            throw new MqttConnectionException("Not connected.");
    }

    private ushort AddPublish(ApplicationMessage message)
    {
        RequireConnected();
        if (!session.TryPublish(message, out Packet packet))
            throw WindowFull();
        Add(packet);
        return packet.Id;
    }

    private void Send(in Packet packet)
    {
        Add(packet);
        Flush();
    }

    private void Add(in Packet packet) => PacketEncoder.Write(output, packet);

    /// <summary>Under the gate. A stream that fails here closes the connection; what was published stays in the session.</summary>
    private void Flush()
    {
        if (output.WrittenCount == 0)
            return;
        try
        {
            stream.Write(output.WrittenSpan);
            stream.Flush();
            lastSentTimestamp = clock.GetTimestamp();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Close($"sending failed ({e.GetType().Name})");
            throw new MqttConnectionException("The connection is lost.", e);
        }
        finally
        {
            output.ResetWrittenCount();
        }
    }

    /// <summary>A packet within each keep-alive period [MQTT-3.1.2-23]; a server silent for one and a half of them is gone.</summary>
    private void KeepAlive()
    {
        if (!IsConnected)
            return;
        if (clock.GetElapsedTime(Volatile.Read(ref lastReceivedTimestamp)) > 1.5 * keepAlive)
        {
            Close("the server is silent");
            return;
        }
        if (clock.GetElapsedTime(Volatile.Read(ref lastSentTimestamp)) < keepAlive / 2)
            return;
        try
        {
            Ping();
        }
        catch (MqttConnectionException)
        {
            // Already closed, with its reason told by Closed.
        }
    }

    private void Close(string reason)
    {
        if (Interlocked.Exchange(ref isClosed, 1) != 0)
            return;
        closeReason = reason;
        connAck.TrySetException(new MqttConnectionException($"The connection ended before CONNACK: {reason}."));
        _ = connAck.Task.Exception; // observed: nobody may be waiting any more
        pings?.Dispose();
        _ = closing.CancelAsync(); // ends the pending read, and with it the reading task, which tells Closed: never on this thread
        stream.Dispose();
    }
}
