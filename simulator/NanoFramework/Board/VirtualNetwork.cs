using System.Net;
using System.Net.Sockets;

namespace Gateway.NanoFramework.Board;

/// <summary>
/// The network cable of a virtual board, over real sockets. Pulled, packets vanish: nothing is read or written, no FIN or RST leaves, the peer sees silence (a half-open
/// connection). Plugged in again before somebody gave up, the connection goes on where it stood, as TCP would.
/// </summary>
public sealed class VirtualNetwork
{
    /// <summary>How long an attempt to connect waits for a pulled cable before it fails, ms: the order of lwIP's SYN retries.</summary>
    public const int ConnectTimeoutMs = 20_000;

    /// <summary>How long a connection whose board is gone stays half-open here before its socket is freed, ms. Longer than any keep-alive of the project (1.5 x 60 s).</summary>
    public const int HalfOpenMs = 120_000;

    readonly Lock gate = new();
    volatile TaskCompletionSource plugged = Completed();

    public bool IsPlugged => plugged.Task.IsCompleted;

    /// <summary>What lies behind the plug: the endpoint that a socket really goes to. By default the one that the board asked for.</summary>
    public Func<IPEndPoint, IPEndPoint> Route { get; set; } = static to => to;

    /// <summary>Raised after the cable was pulled (false) or plugged in (true).</summary>
    public event Action<bool>? Changed;

    public void Pull()
    {
        lock (gate)
        {
            if (!IsPlugged) return;
            plugged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        Changed?.Invoke(false);
    }

    public void Plug()
    {
        lock (gate)
        {
            if (IsPlugged) return;
            plugged.TrySetResult();
        }
        Changed?.Invoke(true);
    }

    /// <summary>Completes when the cable is plugged in.</summary>
    internal Task WhenPlugged(CancellationToken cancel) => plugged.Task.IsCompleted ? Task.CompletedTask : plugged.Task.WaitAsync(cancel);

    /// <summary>Name to address. A literal needs no network; a name with the cable pulled fails, as DNS does.</summary>
    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    internal IPAddress Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var literal)) return literal;
        if (!IsPlugged) throw new SocketException((int)SocketError.TryAgain);
        return Dns.GetHostAddresses(host, AddressFamily.InterNetwork).FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Opens a TCP connection through the cable.</summary>
    /// <exception cref="SocketException">Refused, unreachable, or not answered in time.</exception>
    internal async Task<CableStream> Connect(IPAddress address, int port, CancellationToken powerLost)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(powerLost);
        timeout.CancelAfter(ConnectTimeoutMs);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await WhenPlugged(timeout.Token).ConfigureAwait(false);
            await socket.ConnectAsync(Route(new IPEndPoint(address, port)), timeout.Token).ConfigureAwait(false);
            return new CableStream(this, socket, powerLost);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException && !powerLost.IsCancellationRequested) throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }

    static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
