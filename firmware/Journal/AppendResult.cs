namespace Gateway.Firmware.Journal
{
    /// <summary>How an append ended.</summary>
    public enum AppendResult
    {
        /// <summary>Durable: a power cut from here on cannot take it away.</summary>
        Durable = 0,

        /// <summary>No room without dropping a call that the hub has not committed. Nothing was written.</summary>
        Full = 1,

        /// <summary>The flash refused. Nothing is known to be durable, and the sequence number is not used again.</summary>
        Failed = 2
    }
}
