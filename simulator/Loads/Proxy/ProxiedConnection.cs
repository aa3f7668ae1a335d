using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gateway.Loads.Proxy;

/// <summary>One connection through the proxy: a reader and a writer for each way, so that a delay delays and does not slow down.</summary>
internal sealed class ProxiedConnection(ImpairmentProxy proxy, Socket from)
{
    private const int ReadBytes = 16_384;

    /// <summary>Pieces on their way in one direction: a megabyte at most. Full: nothing more is read, as TCP would have it.</summary>
    private const int PiecesMax = 64;

    private static readonly TimeSpan TrickleGap = TimeSpan.FromMilliseconds(1);

    private readonly Socket _to = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _cut = new();
    private volatile bool _isDead;

    public async Task RunAsync(string host, int port, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, _cut.Token);
        var stop = either.Token;
        try
        {
            from.NoDelay = true;
            await _to.ConnectAsync(host, port, stop);
            Task[] ways = [MoveAsync(from, _to, stop), MoveAsync(_to, from, stop)];
            await Task.WhenAny(ways);
            Cut();
            await Task.WhenAll(ways);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side cannot be reached, or the proxy is being stopped: this side learns by the end of its connection.
        }

        Cut();
    }

    /// <summary>A reset to both ends.</summary>
    public void Cut()
    {
        _cut.Cancel();
        from.Close(0);
        _to.Close(0);
    }

    private async Task MoveAsync(Socket source, Socket target, CancellationToken stop)
    {
        var way = Channel.CreateBounded<(byte[] Bytes, long DueAt)>(PiecesMax);
        var writing = WriteAsync(way.Reader, target, stop);
        try
        {
            var buffer = new byte[ReadBytes];
            var last = 0L;
            while (await source.ReceiveAsync(buffer, stop) is > 0 and var read)
            {
                var path = proxy.Path;
                _isDead |= path.HalfOpen;
                if (_isDead)
                {
                    continue;
                }

                // What came first goes first, however late it is.
                last = Math.Max(last, Stopwatch.GetTimestamp() + (long)(proxy.Draw(path).TotalSeconds * Stopwatch.Frequency));
                await way.Writer.WriteAsync((buffer.AsSpan(0, read).ToArray(), last), stop);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            // One end is gone; what is under way is still written, then the other end goes too.
        }

        way.Writer.TryComplete();
        await writing;
        if (_isDead)
        {
            // A dead path carries no goodbye either: the other end waits until it gives up by itself, or the path is cut.
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long DueAt)> way, Socket target, CancellationToken stop)
    {
        try
        {
            await foreach (var (bytes, dueAt) in way.ReadAllAsync(stop))
            {
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), dueAt);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, stop);
                }

                if (!_isDead)
                {
                    await SendAsync(bytes, target, stop);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Cut();
        }
    }

    private async Task SendAsync(byte[] bytes, Socket target, CancellationToken stop)
    {
        if (!proxy.Path.Trickle)
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await target.SendAsync(bytes.AsMemory(sent), stop);
            }

            return;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            await target.SendAsync(bytes.AsMemory(i, 1), stop);
            await Task.Delay(TrickleGap, stop);
        }
    }
}
