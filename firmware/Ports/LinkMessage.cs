namespace Gateway.Firmware.Ports
{
    /// <summary>A received message, copied into a buffer that the core owns and reuses.</summary>
    public sealed class LinkMessage
    {
        /// <summary>The largest payload that comes down (configuration); PROTOCOL.md. A longer one is refused by the adapter and counted.</summary>
        public const int PayloadBytesMax = 4096;

        public string Topic;
        public readonly byte[] Payload = new byte[PayloadBytesMax];
        public int Count;
    }
}
