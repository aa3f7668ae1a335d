using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sockets;
using Gateway.Mqtt.Tests.Endpoint;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Mqtt.Tests.Sockets;

/// <summary>One connection over loopback, without an endpoint above it. The bytes of a test are the numbers of their places, so that a lost, doubled or moved one shows.</summary>
public sealed class SocketConnectionTests
{
    private static readonly EndpointLimits Limits = new() { CloseTimeoutMs = 200 };

    [Fact]
    public async Task A_read_gives_what_has_come_and_while_nothing_comes_no_buffer_is_held()
    {
        var (connection, peer) = await PairAsync();
        using var one = peer;
        await using var other = connection;
        var input = (SocketInput)connection.Input;
        ValueTask<ReadResult> waiting = input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        Assert.False(input.HoldsBuffer);

        peer.Send([1, 2, 3]);
        ReadResult read = await waiting.AsTask().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], read.Buffer.ToArray());
        input.AdvanceTo(read.Buffer.End);
        Assert.False(input.HoldsBuffer);
    }

    [Fact]
    public async Task A_packet_larger_than_a_buffer_is_kept_whole_until_it_is_taken()
    {
        var (connection, peer) = await PairAsync();
        using var one = peer;
        await using var other = connection;
        byte[] packet = Numbered(100_000);
        Task sending = peer.SendAsync(packet);
        ReadResult read;
        do
        {
            read = await ReadAsync(connection.Input);
            connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        while (read.Buffer.Length < packet.Length);
        await sending;

        // What was examined is still there; more must come before it is shown again.
        peer.Send([7]);
        read = await ReadAsync(connection.Input);
        Assert.Equal([.. packet, 7], read.Buffer.ToArray());
        connection.Input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task A_cancelled_read_ends_and_what_comes_later_is_there_for_the_next()
    {
        var (connection, peer) = await PairAsync();
        using var one = peer;
        await using var other = connection;
        Task<ReadResult> waiting = ReadAsync(connection.Input);
        connection.Input.CancelPendingRead();
        Assert.True((await waiting).IsCanceled);
        connection.Input.CancelPendingRead();
        Assert.True((await ReadAsync(connection.Input)).IsCanceled);

        using var token = new CancellationTokenSource();
        waiting = connection.Input.ReadAsync(token.Token).AsTask();
        await token.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken));

        peer.Send([9]);
        ReadResult read = await ReadAsync(connection.Input);
        Assert.Equal([9], read.Buffer.ToArray());
        connection.Input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task The_end_of_the_peers_bytes_completes_the_read_and_a_reset_fails_it()
    {
        var (connection, peer) = await PairAsync();
        await using (connection)
        {
            peer.Send([5]);
            peer.Shutdown(SocketShutdown.Send);
            ReadResult read = await ReadAsync(connection.Input);
            connection.Input.AdvanceTo(read.Buffer.End);
            Assert.True((await ReadAsync(connection.Input)).IsCompleted);
            peer.Dispose();
        }

        (connection, peer) = await PairAsync();
        await using (connection)
        {
            Task<ReadResult> waiting = ReadAsync(connection.Input);
            peer.Close(timeout: 0);
            await Assert.ThrowsAnyAsync<IOException>(() => waiting);
        }
    }

    [Fact]
    public async Task A_cut_ends_the_wait_of_the_reader()
    {
        var (connection, peer) = await PairAsync();
        using var one = peer;
        Task<ReadResult> waiting = ReadAsync(connection.Input);
        connection.Abort(new ConnectionAbortedException("test"));
        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_flush_into_a_full_socket_completes_when_the_peer_has_read_and_every_byte_is_there_in_order()
    {
        var (connection, peer) = await PairAsync();
        using var one = peer;
        await using var other = connection;
        byte[] sent = Numbered(8_000_000);
        sent.CopyTo(connection.Output.GetSpan(sent.Length));
        connection.Output.Advance(sent.Length);
        ValueTask<FlushResult> flush = connection.Output.FlushAsync(TestContext.Current.CancellationToken);
        Assert.False(flush.IsCompleted, "8 MB fit into the socket: the test needs more");
        Assert.Throws<InvalidOperationException>(() => connection.Output.GetSpan(1));

        var got = new byte[sent.Length];
        for (int at = 0; at < got.Length;)
            at += await peer.ReceiveAsync(got.AsMemory(at), TestContext.Current.CancellationToken).AsTask().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        Assert.False((await flush).IsCompleted);
        Assert.True(got.AsSpan().SequenceEqual(sent), "the bytes differ");

        connection.Output.GetSpan(1)[0] = 1;
        connection.Output.Advance(1);
        Assert.False((await connection.Output.FlushAsync(TestContext.Current.CancellationToken)).IsCompleted);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_delays_the_close_by_its_bound_only()
    {
        var (connection, peer) = await PairAsync();
        using var one = peer;
        connection.Output.Advance(connection.Output.GetSpan(8_000_000).Length);
        Task<FlushResult> flush = connection.Output.FlushAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(flush.IsCompleted, "8 MB fit into the socket: the test needs more");
        CancellationToken closed = connection.ConnectionClosed;
        await connection.DisposeAsync().AsTask().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
        Assert.True(closed.IsCancellationRequested);
        Assert.True((await flush.WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken)).IsCompleted);
    }

    private static byte[] Numbered(int count) => [.. Enumerable.Range(0, count).Select(static place => (byte)(place % 251))];

    private static Task<ReadResult> ReadAsync(PipeReader input) =>
        input.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);

    private static async Task<(SocketConnection Connection, Socket Peer)> PairAsync()
    {
        IConnectionListener listener = await new MqttListenerFactory(Limits, NullLogger<MqttListener>.Instance).BindAsync(new MqttAddress(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        await using (listener)
        {
            var peer = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await peer.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken);
            return ((SocketConnection)(await listener.AcceptAsync(TestContext.Current.CancellationToken))!, peer);
        }
    }
}

/// <summary>What an idle connection holds, by the heap of this process.</summary>
[Collection(AloneCollection.Name)]
public sealed class IdleConnectionTests
{
    /// <summary>Measured: 3.7 KB, with the client's own socket in the same heap (a bound of 1 makes the test say it).</summary>
    private const int BytesPerConnectionMax = 5_000;

    private const int Connections = 1_000;

    [Fact]
    public async Task A_thousand_idle_clients_hold_a_few_KB_each()
    {
        await using LiveEndpoint live = await LiveEndpoint.StartAsync();
        var clients = new List<Socket>();
        byte[] answer = new byte[4];
        try
        {
            void Connect(int number)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                clients.Add(socket);
                socket.Connect(IPAddress.Loopback, live.Port);
                socket.Send(PacketEncoder.ToArray(Packet.Connecting(new ConnectPacket { ClientId = $"idle-{number}" })));
                Assert.Equal(4, socket.Receive(answer));
            }

            for (int warm = 0; warm < 50; warm++)
                Connect(warm);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int number = 50; number < 50 + Connections; number++)
                Connect(number);
            long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
            Assert.True(each < BytesPerConnectionMax, $"{each} bytes each");
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }
}
