namespace Gateway.Firmware.Journal
{
    /// <summary>What an outbox sends from: a lane on flash, or the volatile lane in RAM.</summary>
    public interface IRecordSource
    {
        int Id { get; }

        uint Epoch { get; }

        /// <summary>The sequence number that the next record will have.</summary>
        uint Next { get; }

        /// <summary>Everything up to here is receipted by the hub.</summary>
        uint Acknowledged { get; }

        /// <summary>Reads one record; false when it is not held or damaged.</summary>
        bool TryRead(uint seq, SignalRecord record);

        /// <summary>
        /// The first readable record at or above <paramref name="from"/>; when there is none, the number after the last that is
        /// known on flash to have been used. What lies between is lost and is reported as a gap ([GW-18]).
        /// </summary>
        uint FindReadable(uint from);

        /// <summary>Moves the cursor forward; a lower or unknown number is ignored.</summary>
        void Acknowledge(uint through);
    }
}
