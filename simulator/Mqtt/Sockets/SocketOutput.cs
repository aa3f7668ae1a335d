using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Gateway.Mqtt.Sockets;

/// <summary>
/// The bytes that go out. A flush gives them to the socket at once; what the socket does not take is sent as it takes it, and only then the flush completes.
/// So nothing grows here: the writer keeps what it has not written. One writer at a time.
/// </summary>
internal sealed class SocketOutput(Socket socket) : PipeWriter, IValueTaskSource<FlushResult>
{
    /// <summary>A buffer at first: a receipt or some acknowledgements.</summary>
    private const int BufferBytes = 4_096;

    private ManualResetValueTaskSourceCore<FlushResult> flushed;
    private TaskCompletionSource? finished;
    private Departure? departure;
    private byte[]? buffer;
    private int start;
    private int end;
    private int isFlushing;
    private bool isOver;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => end - start;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (buffer?.Length ?? 0) - end);
        end += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (Volatile.Read(ref isFlushing) != 0)
            throw new InvalidOperationException("What was flushed is still being sent.");
        MakeRoom(Math.Max(sizeHint, 1));
        return buffer.AsMemory(end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Completes when the socket has taken everything; <see cref="FlushResult.IsCompleted"/> when the connection takes no more.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref isFlushing) != 0)
            throw new InvalidOperationException("A flush is going on already.");
        if (TrySend())
            return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: isOver));
        flushed.Reset();
        short version = flushed.Version;
        Volatile.Write(ref isFlushing, 1);
        SendRest();
        return new ValueTask<FlushResult>(this, version);
    }

    /// <summary>A flush ends with the connection only: what is half sent cannot be taken back.</summary>
    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
        isOver = true;
        if (Volatile.Read(ref isFlushing) == 0)
            ReturnBuffer();
    }

    /// <summary>Waits for a flush that is going on.</summary>
    public async ValueTask FinishAsync(TimeSpan patience)
    {
        if (Volatile.Read(ref isFlushing) == 0)
            return;
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref finished, waiting); // a full fence: whoever ends the flush sees this, or it is seen ended here
        if (Volatile.Read(ref isFlushing) == 0)
            return;
        await waiting.Task.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // late: it is cut off
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => flushed.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => flushed.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        flushed.OnCompleted(continuation, state, token, flags);

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
                isOver = error != SocketError.Success;
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

    private void SendRest()
    {
        departure ??= new Departure(this);
        try
        {
            departure.SetBuffer(buffer, start, end - start);
            if (socket.SendAsync(departure))
                return;
        }
        catch (ObjectDisposedException)
        {
            isOver = true;
        }
        Departed();
    }

    private void Departed()
    {
        isOver |= departure!.SocketError != SocketError.Success;
        start += departure.BytesTransferred;
        if (!isOver && start < end)
        {
            SendRest(); // no socket that .NET knows sends a part only; were there one, this would go on
            return;
        }
        departure.Dispose();
        departure = null;
        ReturnBuffer();
        Interlocked.Exchange(ref isFlushing, 0);
        flushed.SetResult(new FlushResult(isCanceled: false, isCompleted: isOver));
        Volatile.Read(ref finished)?.TrySetResult();
    }

    private sealed class Departure(SocketOutput output) : SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true)
    {
        protected override void OnCompleted(SocketAsyncEventArgs e) => output.Departed();
    }
}
