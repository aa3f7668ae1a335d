namespace Gateway.Firmware.Ports
{
    /// <summary>
    /// One MQTT connection to the hub, as the core needs it: nothing blocks, everything is polled from Step, and it is treated as lossy
    /// (the journal and the receipts are the truth). The adapter does the blocking work (DNS, TCP, TLS, CONNECT, SUBSCRIBE) on its own thread.
    /// </summary>
    public interface ILink
    {
        /// <summary>Down, Connecting or Up. Up means: connected and all subscriptions of the request are granted.</summary>
        LinkState State { get; }

        /// <summary>Starts connecting; returns at once. Allowed only when <see cref="State"/> is Down; otherwise it is ignored and counted by the adapter.</summary>
        void Open(LinkRequest request);

        /// <summary>Ends the connection, or the attempt, as soon as possible. State becomes Down.</summary>
        void Close();

        /// <summary>Hands one message to the client. The buffer is copied before the call returns.</summary>
        /// <returns>False when the link is not Up or the client's bounded queue is full: the caller tries again later.</returns>
        bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain);

        /// <summary>Takes the oldest received message, or returns false. The receive queue is bounded; when full, the newest is dropped and counted.</summary>
        bool TryReceive(LinkMessage message);

        /// <summary>Received messages that were dropped since the start. It never goes down.</summary>
        int DroppedCount { get; }
    }

    /// <summary>State of the link as the adapter sees it.</summary>
    public enum LinkState
    {
        Down = 0,
        Connecting = 1,
        Up = 2
    }
}
