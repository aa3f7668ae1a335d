namespace Gateway.Mqtt.Sessions;

/// <summary>What the broker counts. Written by the one thread that drives it; read by anybody, each value on its own.</summary>
public sealed class BrokerCounters
{
    private readonly Dictionary<string, long> refusedByReason = [];

    public long Connections { get; internal set; }

    public long Sessions { get; internal set; }

    public long Subscriptions { get; internal set; }

    public long RetainedMessages { get; internal set; }

    /// <summary>Messages and bytes waiting in all sessions.</summary>
    public long QueuedMessages { get; internal set; }

    public long QueuedBytes { get; internal set; }

    public long PublishesIn { get; internal set; }

    public long PublishesOut { get; internal set; }

    public long Malformed { get; internal set; }

    /// <summary>QoS 0 messages that a slow reader's connection could not take.</summary>
    public long DroppedSlowReader { get; internal set; }

    /// <summary>Messages that found the queue of a session full.</summary>
    public long DroppedQueueFull { get; internal set; }

    /// <summary>Retained messages that found the store full.</summary>
    public long DroppedRetainedFull { get; internal set; }

    /// <summary>Messages of the owner that found the backlog full.</summary>
    public long DroppedOwnerBacklog;

    /// <summary>Connections and CONNECTs refused, by reason.</summary>
    public KeyValuePair<string, long>[] RefusedByReason()
    {
        lock (refusedByReason)
            return [.. refusedByReason];
    }

    internal void Refused(string reason)
    {
        lock (refusedByReason)
            refusedByReason[reason] = refusedByReason.GetValueOrDefault(reason) + 1;
    }
}
