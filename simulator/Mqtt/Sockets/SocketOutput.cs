using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Mqtt.Sockets;

/// <summary>
/// The bytes that go out. A flush gives them to the socket at once; what the socket does not take is sent as it takes it, and only then the flush completes.
/// So nothing grows here: the writer keeps what it has not written. One writer at a time.
/// </summary>
internal sealed class SocketOutput(Socket socket) : PipeWriter
{
    /// <summary>A buffer at first: a receipt or some acknowledgements.</summary>
    private const int BufferBytes = 4_096;

    private byte[]? buffer;
    private int start;
    private int end;
    private volatile bool isOver;

    /// <summary>The flush that is going on.</summary>
    private Departure? departure;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => end - start;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (buffer?.Length ?? 0) - end);
        end += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (Volatile.Read(ref departure) is not null)
            throw new InvalidOperationException("What was flushed is still being sent.");
        MakeRoom(Math.Max(sizeHint, 1));
        return buffer.AsMemory(end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Completes when the socket has taken everything; <see cref="FlushResult.IsCompleted"/> when the connection takes no more.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref departure) is not null)
            throw new InvalidOperationException("A flush is going on already.");
        if (TrySend())
            return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: isOver));
        var rest = new Departure(this);
        Volatile.Write(ref departure, rest);
        SendRest(rest);
        return new ValueTask<FlushResult>(rest.Flushed);
    }

    /// <summary>A flush ends with the connection only: what is half sent cannot be taken back.</summary>
    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
        isOver = true;
        if (Volatile.Read(ref departure) is null)
            ReturnBuffer();
    }

    /// <summary>Waits for a flush that is going on. One that takes longer is left: the caller cuts it off.</summary>
    public async ValueTask FinishAsync(TimeSpan patience)
    {
        if (Volatile.Read(ref departure) is { } rest)
            await ((Task)rest.Flushed).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void MakeRoom(int bytes)
    {
        buffer ??= ArrayPool<byte>.Shared.Rent(Math.Max(bytes, BufferBytes));
        if (buffer.Length - end >= bytes)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(end - start + bytes, 2 * buffer.Length));
        buffer.AsSpan(start, end - start).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end) = (larger, 0, end - start);
    }

    private void ReturnBuffer()
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end) = (null, 0, 0);
    }

    /// <summary>False when the socket is full. A connection that has failed takes no more; its reader hears why.</summary>
    private bool TrySend()
    {
        try
        {
            while (start < end && !isOver)
            {
                int sent = socket.Send(buffer.AsSpan(start, end - start), SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock)
                    return false;
                isOver |= error != SocketError.Success;
                start += sent;
            }
        }
        catch (ObjectDisposedException)
        {
            isOver = true;
        }
        ReturnBuffer();
        return true;
    }

    private void SendRest(Departure rest)
    {
        try
        {
            rest.SetBuffer(buffer, start, end - start);
            if (socket.SendAsync(rest))
                return;
        }
        catch (ObjectDisposedException)
        {
            isOver = true;
        }
        Departed(rest);
    }

    private void Departed(Departure rest)
    {
        isOver |= rest.SocketError != SocketError.Success;
        start += rest.BytesTransferred;
        if (!isOver && start < end)
        {
            SendRest(rest); // .NET sends all before it says so; were that to change, this would go on
            return;
        }
        rest.Dispose();
        ReturnBuffer();
        Volatile.Write(ref departure, null);
        rest.Complete(new FlushResult(isCanceled: false, isCompleted: isOver));
    }

    /// <summary>The slow end of one flush: most connections never need one.</summary>
    private sealed class Departure(SocketOutput output) : SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true)
    {
        private readonly TaskCompletionSource<FlushResult> flushed = new();

        public Task<FlushResult> Flushed => flushed.Task;

        public void Complete(FlushResult result) => flushed.SetResult(result);

        protected override void OnCompleted(SocketAsyncEventArgs e) => output.Departed(this);
    }
}
