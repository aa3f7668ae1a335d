using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Loads.Proxy;

/// <summary>
/// A bad path for real sockets: it listens, connects on, and treats the bytes as <see cref="Impairment"/> says, which may change while it runs. It knows nothing
/// of what the bytes mean. <see cref="Cut"/> ends all connections at once, as an unplugged router would after its reset.
/// </summary>
public sealed class ImpairmentProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly string _host;
    private readonly int _port;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly Task _accepting;
    private Impairment _path = Impairment.None;
    private bool _refuses;
    private long _accepted;
    private long _stalls;

    private ImpairmentProxy(TcpListener listener, string host, int port, int seed)
    {
        (_listener, _host, _port, _random) = (listener, host, port, new Random(seed));
        _accepting = AcceptAsync();
    }

    /// <summary>Starts on loopback; port 0 takes a free one.</summary>
    /// <exception cref="SocketException">The port cannot be opened.</exception>
    public static ImpairmentProxy Start(int port, string toHost, int toPort, int seed = 1)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return new ImpairmentProxy(listener, toHost, toPort, seed);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections.Count;

    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Reads that were held up as by a lost segment.</summary>
    public long Stalls => Volatile.Read(ref _stalls);

    /// <summary>What the path does from now on, to the connections that are there as well. One that was half-open stays dead: its bytes are gone.</summary>
    public Impairment Path
    {
        get => Volatile.Read(ref _path);
        set => Volatile.Write(ref _path, value);
    }

    /// <summary>New connections are closed at once while this is true.</summary>
    public bool RefusesNew
    {
        get => Volatile.Read(ref _refuses);
        set => Volatile.Write(ref _refuses, value);
    }

    /// <summary>Ends every connection now, by a reset to both ends.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Cut();
        }
    }

    /// <summary>A second time does nothing: whoever made it and whoever uses it may both end it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    /// <summary>How long the bytes of one read must wait.</summary>
    internal TimeSpan Draw(Impairment path)
    {
        lock (_gate)
        {
            var ms = path.DelayMs + (path.JitterMs > 0 ? _random.Next(path.JitterMs + 1) : 0);
            if (path.LossShare > 0 && _random.NextDouble() < path.LossShare)
            {
                _stalls++;
                ms += path.StallMs;
            }

            return TimeSpan.FromMilliseconds(ms);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var from = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                if (RefusesNew)
                {
                    from.Close(0);
                    continue;
                }

                var connection = new ProxiedConnection(this, from);
                _connections[connection] = RunAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is being stopped.
        }
    }

    private async Task RunAsync(ProxiedConnection connection)
    {
        await Task.Yield();
        await connection.RunAsync(_host, _port, _stop.Token);
        _connections.TryRemove(connection, out _);
    }
}
