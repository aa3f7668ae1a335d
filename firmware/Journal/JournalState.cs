namespace Gateway.Firmware.Journal
{
    /// <summary>The content of the state file. <see cref="Help"/> and <see cref="Silent"/> are as of the record before <see cref="CallNext"/>.</summary>
    public sealed class JournalState
    {
        public uint Boot;
        public uint CallEpoch;
        public uint EventEpoch;
        public uint CallAcknowledged;
        public uint EventAcknowledged;
        public uint CallNext;
        public uint EventNext;
        public readonly LatchedCall Help = new LatchedCall();
        public readonly LatchedCall Silent = new LatchedCall();

        /// <summary>A <see cref="Supervision.RestartReason"/> left by a restart of our own making; 0 when the end came unannounced.</summary>
        public int Marker;

        /// <summary>Boots in a row that ended before the board had run for a while; 0..255.</summary>
        public int ShortBoots;

        /// <summary>A record of the call lane from before the state was saved.</summary>
        public void Recall(SignalRecord record)
        {
            Help.Recall(record, SignalKind.Help);
            Silent.Recall(record, SignalKind.Silent);
        }

        /// <summary>Leads the latches on by a record of the call lane that is durable.</summary>
        public void Follow(SignalRecord record)
        {
            Help.Follow(record, SignalKind.Help);
            Silent.Follow(record, SignalKind.Silent);
        }
    }
}
