using Gateway.Firmware.Ports;

namespace Gateway.VirtualBoard.Simulated;

/// <summary>A message on its way up.</summary>
public sealed record Uplink(string Topic, byte[] Payload, bool AtLeastOnce, bool Retain);

/// <summary>
/// The link of a simulated board, moved by a script: whoever plays the network decides when an attempt comes up, what arrives and when it breaks. Without a script it
/// stays as it is: nothing happens by itself.
/// </summary>
public sealed class SimulatedLink : ILink
{
    /// <summary>Messages that wait in either direction; more are refused (up) or dropped and counted (down), as on the board.</summary>
    public const int QueueMax = 64;

    readonly Queue<Uplink> up = new();
    readonly Queue<(string Topic, byte[] Payload)> down = new();

    public LinkState State { get; private set; }

    /// <summary>What the board asked for when it last opened the link.</summary>
    public LinkRequest? Request { get; private set; }

    public int DroppedCount { get; private set; }

    public void Open(LinkRequest request)
    {
        if (State != LinkState.Down) return;
        Request = request;
        State = LinkState.Connecting;
    }

    public void Close() => Break();

    public bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
    {
        if (State != LinkState.Up || up.Count == QueueMax) return false;
        up.Enqueue(new Uplink(topic, payload.AsSpan(0, count).ToArray(), atLeastOnce, retain));
        return true;
    }

    public bool TryReceive(LinkMessage message)
    {
        if (!down.TryDequeue(out var next)) return false;
        message.Topic = next.Topic;
        next.Payload.CopyTo(message.Payload, 0);
        message.Count = next.Payload.Length;
        return true;
    }

    /// <summary>The attempt succeeds: connected and subscribed. No effect unless the board is connecting.</summary>
    public void Accept()
    {
        if (State == LinkState.Connecting) State = LinkState.Up;
    }

    /// <summary>The connection or the attempt ends; whatever was on its way in either direction is lost.</summary>
    public void Break()
    {
        State = LinkState.Down;
        up.Clear();
        down.Clear();
    }

    /// <summary>Takes the oldest message that the board sent.</summary>
    public bool TryTake(out Uplink message) => up.TryDequeue(out message!);

    /// <summary>Puts a message before the board.</summary>
    public void Deliver(string topic, byte[] payload)
    {
        if (State != LinkState.Up) return;
        if (down.Count == QueueMax || payload.Length > LinkMessage.PayloadBytesMax) DroppedCount++;
        else down.Enqueue((topic, payload));
    }
}
