using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Packets;

namespace Gateway.Loads.Bench;

/// <summary>
/// One publisher of the generator: it keeps at most <paramref name="window"/> publishes unacknowledged, and all that one read of the socket sets free leave in one
/// write. It costs so little that the server is what is measured, and it treats every server alike.
/// </summary>
internal sealed class FloodConnection(FloodFrames frames, int window, LatencyHistogram latencies) : IDisposable
{
    private const int ConnAckBytes = 4;
    private const int PubAckBytes = 4;
    private const byte PubAckFirstByte = 0x40;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Lock _gate = new();
    private readonly Stack<ushort> _freeIds = new(Enumerable.Range(1, window).Select(id => (ushort)id));
    private readonly long[] _sentAt = new long[window + 1];
    private readonly Queue<long> _due = new();
    private readonly byte[] _received = new byte[4_096];
    private TaskCompletionSource _done = new();
    private int _next;
    private int _until;
    private int _acknowledged;
    private bool _isPaced;

    /// <summary>Connects and waits for CONNACK 0.</summary>
    public async Task ConnectAsync(IPEndPoint endpoint, ConnectPacket connect, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        await _socket.ConnectAsync(endpoint, limit.Token);
        await _socket.SendAsync(PacketEncoder.ToArray(Packet.Connecting(connect)), limit.Token);
        var filled = 0;
        while (filled < ConnAckBytes)
        {
            var read = await _socket.ReceiveAsync(_received.AsMemory(filled, ConnAckBytes - filled), limit.Token);
            filled += read > 0 ? read : throw new IOException($"{connect.ClientId}: closed before CONNACK");
        }

        if (_received[3] != 0)
        {
            throw new IOException($"{connect.ClientId}: refused with return code {_received[3]}");
        }

        _ = ReadAsync();
    }

    /// <summary>Publishes the next <paramref name="count"/> packets as fast as the window lets it; ends when all are acknowledged.</summary>
    public Task RunAsync(int count)
    {
        lock (_gate)
        {
            _isPaced = false;
            Begin(count);
            Send();
        }

        return _done.Task;
    }

    /// <summary>Makes ready for <paramref name="count"/> packets that <see cref="Offer"/> will release one by one.</summary>
    public Task BeginPaced(int count)
    {
        lock (_gate)
        {
            _isPaced = true;
            Begin(count);
        }

        return _done.Task;
    }

    /// <summary>One packet is due at this timestamp. With the window full it waits, and its waiting counts: the time runs from when it was due.</summary>
    public void Offer(long dueAt)
    {
        lock (_gate)
        {
            _due.Enqueue(dueAt);
            Send();
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Begin(int count)
    {
        _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _until = _next + count;
        if (_until > frames.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"only {frames.Count - _next} packets are left");
        }
    }

    private void Send()
    {
        var from = _next;
        var now = Stopwatch.GetTimestamp();
        while (_next < _until && (!_isPaced || _due.Count > 0) && _freeIds.TryPop(out var id))
        {
            frames.SetId(_next++, id);
            _sentAt[id] = _isPaced ? _due.Dequeue() : now;
        }

        var bytes = frames.Range(from, _next);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var filled = 0;
            while (await _socket.ReceiveAsync(_received.AsMemory(filled)) is > 0 and var read)
            {
                filled = Take(filled + read);
            }

            _done.TrySetException(new IOException($"{frames.Device}: closed by the server"));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            _done.TrySetException(new IOException($"{frames.Device}: {e.Message}", e));
        }
    }

    /// <summary>Takes all whole PUBACKs; returns the bytes of one that is not whole yet.</summary>
    private int Take(int filled)
    {
        var now = Stopwatch.GetTimestamp();
        var at = 0;
        lock (_gate)
        {
            for (; filled - at >= PubAckBytes; at += PubAckBytes)
            {
                var id = BinaryPrimitives.ReadUInt16BigEndian(_received.AsSpan(at + 2));
                if (_received[at] != PubAckFirstByte || id == 0 || id > window)
                {
                    throw new IOException($"a packet that starts with {_received[at]:x2}, id {id}, where PUBACK was due");
                }

                latencies.Record(Stopwatch.GetElapsedTime(_sentAt[id], now));
                _freeIds.Push(id);
                _acknowledged++;
            }

            Send();
            if (_acknowledged == _until)
            {
                _done.TrySetResult();
            }
        }

        _received.AsSpan(at, filled - at).CopyTo(_received);
        return filled - at;
    }
}
