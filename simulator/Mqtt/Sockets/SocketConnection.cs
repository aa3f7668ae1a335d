using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt.Endpoint;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Mqtt.Sockets;

/// <summary>
/// One TCP connection below the endpoint, or below TLS below the endpoint. It has no pipes and no tasks of its own: the reader's call waits for the socket
/// and then takes the bytes, the writer's call gives them to it. Ten thousand of them lie idle in a hub; Kestrel's own would each take some 3 KB more, and
/// one in four of those would hold a buffer of 4 KB as well (README.md, "Idle connections").
/// </summary>
internal sealed class SocketConnection : ConnectionContext, IDuplexPipe
{
    private static long connections;
    private static int live;

    private readonly Socket socket;
    private readonly EndpointLimits limits;
    private readonly SocketInput input;
    private readonly SocketOutput output;
    private CancellationTokenSource? closed;
    private volatile bool isClosed;

    public SocketConnection(Socket socket, EndpointLimits limits)
    {
        this.socket = socket;
        this.limits = limits;
        socket.NoDelay = true;
        socket.Blocking = false; // what is asked for synchronously is answered at once, with WouldBlock if need be
        input = new SocketInput(socket, limits.MaxPacketBytes);
        output = new SocketOutput(socket);
        Transport = this;
        ConnectionId = Interlocked.Increment(ref connections).ToString("x", CultureInfo.InvariantCulture);
        RemoteEndPoint = PeerOf(socket);
        Interlocked.Increment(ref live);
    }

    /// <summary>Open ones of the whole process.</summary>
    public static int Live => Volatile.Read(ref live);

    public PipeReader Input => input;

    public PipeWriter Output => output;

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new ConnectionFeatures();

    public override IDictionary<object, object?> Items
    {
        get => field ??= new ConnectionItems();
        set;
    }

    public override EndPoint? RemoteEndPoint { get; set; }

    /// <summary>Made when somebody asks for it: most connections are never asked.</summary>
    public override CancellationToken ConnectionClosed
    {
        get
        {
            CancellationTokenSource made = new();
            CancellationTokenSource source = Interlocked.CompareExchange(ref closed, made, null) ?? made;
            if (isClosed)
                source.Cancel(); // it may have been closed before there was somebody to tell
            return source.Token;
        }
        set => throw new NotSupportedException("The connection itself knows when it is closed.");
    }

    /// <summary>Cuts the connection: what was not sent is lost, the peer sees a reset.</summary>
    public override void Abort(ConnectionAbortedException abortReason) => socket.Close(timeout: 0);

    /// <summary>Sends what a flush has begun to send, at most for <see cref="EndpointLimits.CloseTimeoutMs"/>, and closes.</summary>
    public override async ValueTask DisposeAsync()
    {
        await input.CompleteAsync();
        await output.FinishAsync(TimeSpan.FromMilliseconds(limits.CloseTimeoutMs));
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster, or it was cut: closed is closed.
        }
        socket.Dispose();
        Interlocked.Decrement(ref live);
        input.Dispose();
        isClosed = true;
        Interlocked.CompareExchange(ref closed, null, null)?.Cancel(); // a full fence before the look: whoever made one after it sees isClosed
    }

    private static EndPoint? PeerOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null; // gone already; the first read will say so
        }
    }
}
