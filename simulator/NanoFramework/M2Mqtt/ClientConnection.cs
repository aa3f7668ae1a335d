using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.NanoFramework.Board;
using nanoFramework.M2Mqtt.Exceptions;
using nanoFramework.M2Mqtt.Messages;

namespace nanoFramework.M2Mqtt;

/// <summary>One connection of an <see cref="MqttClient"/>: the work of the library's receive, dispatch, in-flight and keep-alive threads.</summary>
/// <remarks>These are tasks here, not threads, so that a thousand boards do not need five thousand threads. They end with the connection and with the power.</remarks>
sealed class ClientConnection
{
    /// <summary>Larger packets end the connection. M2Mqtt has no bound of its own; the board's memory is the bound.</summary>
    const int PacketBytesMax = 64 * 1024;

    /// <summary>Enough for what comes down most: receipts and notices. It grows for a configuration.</summary>
    const int BufferBytesAtFirst = 1024;

    readonly Incarnation incarnation;
    readonly Stream stream;
    readonly Action<EventArgs> dispatch;
    readonly CancellationTokenSource ended;
    readonly SemaphoreSlim sending = new(1, 1);
    readonly SemaphoreSlim inflightWork = new(0);
    readonly LinkedList<InflightMessage> inflight = new();
    readonly Channel<EventArgs> events = Channel.CreateUnbounded<EventArgs>(new UnboundedChannelOptions { SingleReader = true });
    readonly TaskCompletionSource<byte> connAck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    TaskCompletionSource? pong;
    long lastSentAt;
    bool isOpen;

    ClientConnection(Incarnation incarnation, Stream stream, Action<EventArgs> dispatch)
    {
        this.incarnation = incarnation;
        this.stream = stream;
        this.dispatch = dispatch;
        ended = CancellationTokenSource.CreateLinkedTokenSource(incarnation.PowerLost);
    }

    public bool IsOpen => Volatile.Read(ref isOpen);

    /// <exception cref="MqttConnectionException">TCP or TLS failed.</exception>
    public static ClientConnection Open(Incarnation incarnation, BrokerRoute route, Action<EventArgs> dispatch)
    {
        try
        {
            var stream = Task.Run(() => route.Connect(incarnation)).GetAwaiter().GetResult();
            var connection = new ClientConnection(incarnation, stream, dispatch);
            if (route.Secure) incarnation.Stall(incarnation.Hardware.Costs.TlsHandshakeMs);
            return connection;
        }
        catch (Exception) when (!incarnation.IsAlive)
        {
            throw new PowerLostException();
        }
        catch (SocketException e)
        {
            throw new MqttConnectionException($"Socket exception connecting to the broker: {e.ErrorCode}", e);
        }
        catch (Exception e)
        {
            throw new MqttConnectionException("Exception connecting to the broker", e);
        }
    }

    public static ConnectPacket ConnectPacketOf(string clientId, string? user, string? password, bool willRetain, MqttQoSLevel willQos, bool willFlag, string? willTopic, string? willMessage, bool cleanSession, ushort keepAliveS) =>
        new()
        {
            ClientId = clientId,
            UserName = user,
            Password = password is null ? null : Encoding.UTF8.GetBytes(password),
            CleanSession = cleanSession,
            KeepAliveSeconds = keepAliveS,
            Will = willFlag ? new ApplicationMessage(willTopic!, Encoding.UTF8.GetBytes(willMessage!), (byte)willQos, willRetain) : null,
        };

    /// <summary>CONNECT, and waits for CONNACK.</summary>
    /// <exception cref="MqttCommunicationException">The connection broke, or no CONNACK came in time.</exception>
    public MqttReasonCode Handshake(ConnectPacket connect)
    {
        _ = Guard(Receive);
        try
        {
            return (MqttReasonCode)Task.Run(async () =>
            {
                await Send(Packet.Connecting(connect)).ConfigureAwait(false);
                return await connAck.Task.WaitAsync(TimeSpan.FromMilliseconds(MqttSettings.DefaultTimeout), ended.Token).ConfigureAwait(false);
            }).GetAwaiter().GetResult();
        }
        catch (Exception) when (!incarnation.IsAlive)
        {
            throw new PowerLostException();
        }
        catch (Exception e)
        {
            throw new MqttCommunicationException(e);
        }
    }

    /// <summary>The connection was accepted.</summary>
    public void Run(int keepAliveMs)
    {
        Volatile.Write(ref isOpen, true);
        _ = Guard(Dispatch);
        _ = Guard(WorkInflight);
        if (keepAliveMs > 0) _ = Guard(() => KeepAlive(keepAliveMs));
    }

    public bool Enqueue(InflightMessage message)
    {
        lock (inflight)
        {
            if (inflight.Count >= MqttSettings.Instance.InflightQueueSize) return false;
            inflight.AddLast(message);
        }
        inflightWork.Release();
        return true;
    }

    public void SayGoodbye()
    {
        try
        {
            Task.Run(() => Send(Packet.Disconnect)).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            throw new MqttCommunicationException(e);
        }
        End();
    }

    /// <summary>Ends the connection at the wish of the caller, who gets no event for it.</summary>
    public void Close() => End(tell: false);

    /// <summary>Ends the connection: whatever is queued is lost; ConnectionClosed comes last, once, and only if the connection had been accepted.</summary>
    void End(bool tell = true)
    {
        var wasOpen = Interlocked.Exchange(ref isOpen, false);
        lock (inflight) inflight.Clear();
        events.Writer.TryComplete();
        connAck.TrySetException(new MqttCommunicationException());
        ended.Cancel();
        stream.Dispose();
        if (wasOpen && tell && incarnation.IsAlive) ThreadPool.UnsafeQueueUserWorkItem(static c => c.Call(EventArgs.Empty), this, preferLocal: false);
    }

    async Task Guard(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Broken socket, malformed packet, closed by us or power lost: each is the end of this connection.
            End();
        }
    }

    async Task Receive()
    {
        var buffer = new byte[BufferBytesAtFirst];
        var filled = 0;
        var start = 0;
        while (true)
        {
            var bytes = new ReadOnlySequence<byte>(buffer, start, filled - start);
            switch (FrameReader.TryRead(bytes, PacketBytesMax, out var first, out var header, out var body, out var fault))
            {
                case FrameStatus.Faulty: throw new InvalidDataException(fault.ToString());
                case FrameStatus.Complete:
                    if (!PacketDecoder.TryDecode(first, buffer.AsSpan(start + header, body), null, out var packet, out fault)) throw new InvalidDataException(fault.ToString());
                    start += header + body;
                    await Take(packet).ConfigureAwait(false);
                    continue;
            }
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            start = 0;
            if (filled == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, PacketBytesMax));
            var count = await stream.ReadAsync(buffer.AsMemory(filled), ended.Token).ConfigureAwait(false);
            if (count == 0) throw new EndOfStreamException();
            filled += count;
        }
    }

    async Task Take(Packet packet)
    {
        await AfterStall().ConfigureAwait(false);
        switch (packet.Type)
        {
            case PacketType.ConnAck: connAck.TrySetResult(packet.Code); break;
            case PacketType.PingResp: pong?.TrySetResult(); break;
            case PacketType.Publish:
                if (packet.Qos == 1) await Send(Packet.PubAck(packet.Id)).ConfigureAwait(false);
                var message = packet.Message;
                Post(new MqttMsgPublishEventArgs(message.Topic, message.Payload.ToArray(), packet.Dup, (MqttQoSLevel)packet.Qos, packet.Retain));
                break;
            case PacketType.PubAck when Answered(packet.Id): Post(new MqttMsgPublishedEventArgs(packet.Id, true)); break;
            case PacketType.SubAck when Answered(packet.Id): Post(new MqttMsgSubscribedEventArgs(packet.Id, packet.Codes.Select(code => (MqttQoSLevel)code).ToArray())); break;
            case PacketType.UnsubAck when Answered(packet.Id): Post(new MqttMsgUnsubscribedEventArgs(packet.Id)); break;
        }
    }

    bool Answered(ushort id)
    {
        lock (inflight)
        {
            for (var node = inflight.First; node is not null; node = node.Next)
            {
                if (node.Value.Id != id) continue;
                inflight.Remove(node);
                return true;
            }
        }
        return false;
    }

    /// <summary>Sends what is new, sends again what had no answer for a second, gives up after the third attempt.</summary>
    async Task WorkInflight()
    {
        while (true)
        {
            await inflightWork.WaitAsync(NextRetryInMs(), ended.Token).ConfigureAwait(false);
            await AfterStall().ConfigureAwait(false);
            while (TakeDue() is { } due)
            {
                if (due.Attempts > MqttSettings.MaximumAttemptsRetry) Post(due.IsPublish ? new MqttMsgPublishedEventArgs(due.Id, false) : null);
                else await Send(due.ToPacket()).ConfigureAwait(false);
            }
        }
    }

    int NextRetryInMs()
    {
        lock (inflight)
        {
            if (inflight.Count == 0) return Timeout.Infinite;
            return (int)Math.Clamp(inflight.Min(m => m.SentAt + MqttSettings.DefaultDelayRetry) - Environment.TickCount64, 0, MqttSettings.DefaultDelayRetry);
        }
    }

    InflightMessage? TakeDue()
    {
        lock (inflight)
        {
            for (var node = inflight.First; node is not null; node = node.Next)
            {
                var message = node.Value;
                if (message.Attempts > 0 && Environment.TickCount64 - message.SentAt < MqttSettings.DefaultDelayRetry) continue;
                message.Attempts++;
                message.SentAt = Environment.TickCount64;
                if (!message.NeedsAnswer || message.Attempts > MqttSettings.MaximumAttemptsRetry) inflight.Remove(node);
                return message;
            }
        }
        return null;
    }

    async Task KeepAlive(int keepAliveMs)
    {
        while (true)
        {
            var idleMs = Environment.TickCount64 - Volatile.Read(ref lastSentAt);
            if (idleMs < keepAliveMs)
            {
                await Task.Delay((int)(keepAliveMs - idleMs), ended.Token).ConfigureAwait(false);
                continue;
            }
            pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // While the cable is pulled the write waits; the library waits for the answer at most the keep-alive time, whatever holds it up.
            var answered = Task.WhenAll(Send(Packet.PingReq), pong.Task);
            await answered.WaitAsync(TimeSpan.FromMilliseconds(keepAliveMs), ended.Token).ConfigureAwait(false);
        }
    }

    async Task Dispatch()
    {
        await foreach (var e in events.Reader.ReadAllAsync(ended.Token).ConfigureAwait(false))
        {
            await AfterStall().ConfigureAwait(false);
            Call(e);
        }
    }

    void Post(EventArgs? e)
    {
        if (e is not null) events.Writer.TryWrite(e);
    }

    void Call(EventArgs e)
    {
        using var scope = incarnation.FirmwareScope();
        try
        {
            dispatch(e);
        }
        catch (Exception failure)
        {
            // The library swallows what a callback throws and flags the connection as closing; the last callback has nothing left to close.
            if (incarnation.IsAlive && e != EventArgs.Empty) throw new MqttCommunicationException(failure);
        }
    }

    async Task Send(Packet packet)
    {
        await sending.WaitAsync(ended.Token).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(PacketEncoder.ToArray(packet), ended.Token).ConfigureAwait(false);
            Volatile.Write(ref lastSentAt, Environment.TickCount64);
        }
        finally
        {
            sending.Release();
        }
    }

    Task AfterStall() => incarnation.StallRemainingMs is > 0 and var ms ? Task.Delay(ms, ended.Token) : Task.CompletedTask;
}
