using System.Net.Sockets;

namespace Gateway.NanoFramework.Board;

/// <summary>
/// One TCP connection of a virtual board. Bytes pass only while the cable is plugged in and the board has power.
/// Closing it says goodbye to the peer only if the goodbye can travel; otherwise the connection stays half-open until the peer gives up or
/// <see cref="VirtualNetwork.HalfOpenMs"/> have passed.
/// </summary>
sealed class CableStream(VirtualNetwork network, Socket socket, CancellationToken powerLost) : Stream
{
    readonly NetworkStream stream = new(socket, ownsSocket: true);
    int closed;

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        // The pull may come while the read waits: what arrived meanwhile is held back until the cable is plugged in again.
        await network.WhenPlugged(cancel).ConfigureAwait(false);
        var count = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false);
        await network.WhenPlugged(cancel).ConfigureAwait(false);
        powerLost.ThrowIfCancellationRequested();
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancel = default)
    {
        powerLost.ThrowIfCancellationRequested();
        await network.WhenPlugged(cancel).ConfigureAwait(false);
        powerLost.ThrowIfCancellationRequested();
        await stream.WriteAsync(buffer, cancel).ConfigureAwait(false);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancel) => ReadAsync(buffer.AsMemory(offset, count), cancel).AsTask();
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancel) => WriteAsync(buffer.AsMemory(offset, count), cancel).AsTask();
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancel) => Task.CompletedTask;
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref closed, 1) == 0)
        {
            if (network.IsPlugged && !powerLost.IsCancellationRequested) stream.Dispose();
            else _ = StayHalfOpen();
        }
        base.Dispose(disposing);
    }

    /// <summary>Keeps the socket open and mute. Arriving bytes are thrown away, so that the peer's end is noticed and the socket freed.</summary>
    async Task StayHalfOpen()
    {
        using var limit = new CancellationTokenSource(VirtualNetwork.HalfOpenMs);
        var nowhere = new byte[512];
        try
        {
            while (await stream.ReadAsync(nowhere, limit.Token).ConfigureAwait(false) > 0) { }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer gave up, or the limit has passed: either way the socket is freed below.
        }
        finally
        {
            stream.Dispose();
        }
    }
}
