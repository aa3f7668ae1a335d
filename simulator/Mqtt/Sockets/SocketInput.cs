using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Mqtt.Sockets;

/// <summary>
/// The bytes that come in. An idle one holds no buffer: it waits for the socket to become readable and only then takes a buffer and the bytes, without
/// waiting; a socket that woke for nothing is waited for again. One reader at a time.
/// </summary>
/// <param name="maxUnreadBytes">The largest packet: the reader judges longer ones, so that more is never kept for it.</param>
internal sealed class SocketInput(Socket socket, int maxUnreadBytes) : PipeReader, IValueTaskSource<ReadResult>, IDisposable
{
    /// <summary>A read of this many bytes takes dozens of signals; the same as Kestrel's blocks.</summary>
    private const int BufferBytes = 4_096;

    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> wait;
    private CancellationTokenRegistration cancellation;
    private Arrival? arrival;
    private byte[]? buffer;
    private int start;
    private int end;
    private bool isExamined = true;

    // What the socket and the reader are doing; changed under the gate only.
    private bool isReaderWaiting;
    private bool isSocketWaiting;
    private bool isReadable;
    private bool isCanceled;
    private bool isOver;
    private Exception? fault;

    /// <summary>True while bytes are here that the reader has not consumed.</summary>
    public bool HoldsBuffer => buffer is not null;

    public override bool TryRead(out ReadResult result)
    {
        lock (gate)
            return TryAnswer(out result);
    }

    /// <exception cref="ConnectionResetException">The peer has reset the connection.</exception>
    /// <exception cref="ConnectionAbortedException">It was cut or closed on this side.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (isReaderWaiting)
                throw new InvalidOperationException("A read is waiting already.");
            if (TryAnswer(out ReadResult result))
                return ValueTask.FromResult(result);
            if (TryReceive())
                return ValueTask.FromResult(Answer());
            wait.Reset();
            isReaderWaiting = true;
        }
        if (cancellationToken.CanBeCanceled)
            cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((SocketInput)state!).CancelWait(new OperationCanceledException(token)), this);
        return new ValueTask<ReadResult>(this, wait.Version);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (buffer is null || !ReferenceEquals(consumed.GetObject(), buffer))
            return; // nothing was there to consume
        start = consumed.GetInteger();
        isExamined = examined.GetInteger() == end;
        if (start == end)
            ReturnBuffer();
    }

    public override void CancelPendingRead() => CancelWait(null);

    public override void Complete(Exception? exception = null)
    {
        lock (gate)
        {
            isOver = true;
            if (!isReaderWaiting)
                ReturnBuffer();
        }
    }

    public void Dispose() => arrival?.Dispose();

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        cancellation.Dispose();
        cancellation = default;
        wait.GetResult(token);
        lock (gate)
            return Answer();
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => wait.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Under the gate: what is known without asking the socket.</summary>
    private bool TryAnswer(out ReadResult result)
    {
        if (isCanceled || isOver || fault is not null || !isExamined)
        {
            result = Answer();
            return true;
        }
        result = default;
        return false;
    }

    private ReadResult Answer()
    {
        bool wasCanceled = isCanceled;
        isCanceled = false;
        if (!wasCanceled && fault is not null)
            throw fault;
        ReadOnlySequence<byte> unread = buffer is null ? ReadOnlySequence<byte>.Empty : new(buffer, start, end - start);
        return new ReadResult(unread, wasCanceled, isOver);
    }

    /// <summary>Under the gate, with a reader that looks at nothing: takes what is there. False when the socket has nothing; it will call <see cref="Arrived"/>.</summary>
    private bool TryReceive()
    {
        if (isSocketWaiting)
            return false;
        try
        {
            while (true)
            {
                if (!isReadable && IsWaitingForSocket())
                    return false;
                isReadable = false;
                if (arrival!.SocketError != SocketError.Success)
                {
                    fault = FaultOf(arrival.SocketError);
                    return true;
                }
                MakeRoom();
                int received = socket.Receive(buffer.AsSpan(end), SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock)
                {
                    if (start == end)
                        ReturnBuffer();
                    continue;
                }
                Take(received, error);
                return true;
            }
        }
        catch (ObjectDisposedException e)
        {
            fault = new ConnectionAbortedException("The connection was cut on this side.", e);
            return true;
        }
    }

    /// <summary>Zero bytes are asked for: the answer is that there are some.</summary>
    private bool IsWaitingForSocket()
    {
        arrival ??= new Arrival(this);
        isSocketWaiting = true;
        if (socket.ReceiveAsync(arrival))
            return true;
        isSocketWaiting = false;
        return false;
    }

    private void Take(int received, SocketError error)
    {
        isExamined = false;
        if (error != SocketError.Success)
            fault = FaultOf(error);
        else if (received == 0)
            isOver = true;
        end += received;
        if (start == end)
            ReturnBuffer();
    }

    private void MakeRoom()
    {
        buffer ??= ArrayPool<byte>.Shared.Rent(BufferBytes);
        if (end < buffer.Length)
            return;
        int unread = end - start;
        if (unread > maxUnreadBytes + BufferBytes)
            throw new InvalidOperationException($"The reader leaves {unread} bytes unread, more than the largest packet.");
        byte[] larger = ArrayPool<byte>.Shared.Rent(unread < buffer.Length / 2 ? buffer.Length : 2 * buffer.Length);
        buffer.AsSpan(start, unread).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end) = (larger, 0, unread);
    }

    private void ReturnBuffer()
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end, isExamined) = (null, 0, 0, true);
    }

    /// <summary>The socket is readable, or it has failed.</summary>
    private void Arrived()
    {
        lock (gate)
        {
            isSocketWaiting = false;
            isReadable = true;
            if (!isReaderWaiting || !TryReceive())
                return;
            isReaderWaiting = false;
        }
        wait.RunContinuationsAsynchronously = false;
        wait.SetResult(true);
    }

    /// <summary>Ends the wait of the reader, or the next one it begins; the socket goes on waiting.</summary>
    private void CancelWait(OperationCanceledException? error)
    {
        lock (gate)
        {
            isCanceled |= error is null;
            if (!isReaderWaiting)
                return;
            isReaderWaiting = false;
        }
        wait.RunContinuationsAsynchronously = true; // the canceller is not to do the reader's work
        if (error is null)
            wait.SetResult(true);
        else
            wait.SetException(error);
    }

    private static IOException FaultOf(SocketError error) => error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
        ? new ConnectionResetException("The peer has reset the connection.", new SocketException((int)error))
        : new IOException($"The connection failed: {error}.", new SocketException((int)error));

    private sealed class Arrival(SocketInput input) : SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true)
    {
        protected override void OnCompleted(SocketAsyncEventArgs e) => input.Arrived();
    }
}
