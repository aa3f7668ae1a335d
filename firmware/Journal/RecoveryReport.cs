namespace Gateway.Firmware.Journal
{
    /// <summary>What a boot found on flash. Losses are reported to the hub, never passed over (I5).</summary>
    public sealed class RecoveryReport
    {
        /// <summary>Neither a state file nor a segment: a new board, or one whose flash came back empty. The new epochs tell the hub ([GW-23]).</summary>
        public bool StartedEmpty;

        /// <summary>There are segments, but no readable state file: the cursor, the boot count and an old latch come from the records.</summary>
        public bool StateLost;

        /// <summary>Records that could be read.</summary>
        public int Records;

        /// <summary>Slots that hold no sound record. Each is reported by a gap when the outbox reaches it.</summary>
        public int DamagedRecords;

        /// <summary>Segments whose header is not sound or which cannot be read.</summary>
        public int DamagedSegments;

        /// <summary>The state file could not be written: boot count and cursor of this boot may come back old.</summary>
        public bool StateNotSaved;

        public bool HasDamage
        {
            get { return StateLost || StateNotSaved || DamagedRecords > 0 || DamagedSegments > 0; }
        }
    }
}
