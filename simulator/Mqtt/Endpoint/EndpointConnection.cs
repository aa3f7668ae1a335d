using System.Threading.Tasks.Sources;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Mqtt.Endpoint;

/// <summary>
/// A connection with its bytes. Its reader (a task of its own) owns the input pipe and hands over one <see cref="PacketBatch"/> at a time; the
/// endpoint's pump owns everything else.
/// </summary>
internal sealed class EndpointConnection(ConnectionContext transport) : ServerConnection, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> taken = new() { RunContinuationsAsynchronously = true };

    public ConnectionContext Transport => transport;

    /// <summary>Allocated with the first packet.</summary>
    public TopicCache? Topics { get; set; }

    /// <summary>Reader only: a CONNECT was seen and judged.</summary>
    public bool IsJudged { get; set; }

    /// <summary>Reader only: the pump has something of it, and <see cref="Taken"/> is to be awaited.</summary>
    public bool IsHandedOver { get; set; }

    /// <summary>Pump only: something is to be written in this round.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Pump only: the socket has not taken the last bytes; it will say so.</summary>
    public bool IsFlushing { get; set; }

    /// <summary>Pump only: the reader waits for <see cref="Continue"/>.</summary>
    public bool IsReaderWaiting { get; set; }

    /// <summary>Pump only: the handler has returned or is about to; the pipes are no longer ours.</summary>
    public bool IsReleased { get; set; }

    /// <summary>Pump only: when it ended, for the close timeout.</summary>
    public long EndedMs { get; set; }

    /// <summary>Reader: call before handing something over, then await <see cref="Taken"/>.</summary>
    public void PrepareWait() => taken.Reset();

    /// <summary>Completes when the pump has taken what was handed over and the client may send more.</summary>
    public ValueTask Taken() => new(this, taken.Version);

    /// <summary>Pump: lets the reader go on.</summary>
    public void Continue()
    {
        IsReaderWaiting = false;
        taken.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => taken.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => taken.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        taken.OnCompleted(continuation, state, token, flags);
}
