namespace Gateway.Firmware
{
    /// <summary>What heartbeats and births say about the board, gathered by the app, sent by Delivery.</summary>
    public sealed class BoardFacts
    {
        public const string FirmwareVersion = "0.1.0";

        public uint Boot;
        public string RestartReason = "unknown";
        public bool MainsPresent = true;

        /// <summary>0 when it is not measured.</summary>
        public int BatteryMv;

        public int HeapFreeBytes;

        /// <summary>Steps that came later than they asked for by more than the bound of GatewayApp.</summary>
        public int Overruns;
    }
}
