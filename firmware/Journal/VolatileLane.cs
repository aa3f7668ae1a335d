namespace Gateway.Firmware.Journal
{
    /// <summary>
    /// Calls that the journal would not take ([GW-20]): in RAM, resent until receipted or until power is lost. Holds
    /// <see cref="RecordsMax"/>; when full, nothing more is taken and the caller tries again later, with what it has counted meanwhile.
    /// </summary>
    public sealed class VolatileLane : IRecordSource
    {
        public const int RecordsMax = 16;

        /// <summary>Places that repeated presses leave free: a count waits, and covers all presses when it goes; a new call or its end must not wait behind it.</summary>
        public const int ReservedForCalls = 4;

        private readonly SignalRecord[] _records = new SignalRecord[RecordsMax];
        private uint _next = 1;
        private uint _acknowledged;

        /// <param name="epoch">Drawn at each boot.</param>
        public VolatileLane(uint epoch)
        {
            Epoch = epoch;
            for (int i = 0; i < RecordsMax; i++)
            {
                _records[i] = new SignalRecord();
            }
        }

        public int Id
        {
            get { return LaneId.Volatile; }
        }

        public uint Epoch { get; private set; }

        public uint Next
        {
            get { return _next; }
        }

        public uint Acknowledged
        {
            get { return _acknowledged; }
        }

        public int Backlog
        {
            get { return (int)(_next - 1 - _acknowledged); }
        }

        public bool HasRoomForRepeat
        {
            get { return Backlog < RecordsMax - ReservedForCalls; }
        }

        /// <summary>False when it is full.</summary>
        public bool TryAdd(SignalRecord record, bool opensCall)
        {
            if (Backlog >= RecordsMax)
            {
                return false;
            }

            record.Seq = _next;
            if (opensCall)
            {
                record.Call = _next;
            }

            _records[_next % RecordsMax].CopyFrom(record);
            _next++;
            return true;
        }

        public bool TryRead(uint seq, SignalRecord record)
        {
            if (seq <= _acknowledged || seq >= _next)
            {
                return false;
            }

            record.CopyFrom(_records[seq % RecordsMax]);
            return true;
        }

        public uint FindReadable(uint from)
        {
            return from > _acknowledged ? from : _acknowledged + 1;
        }

        public void Acknowledge(uint through)
        {
            if (through > _acknowledged && through < _next)
            {
                _acknowledged = through;
            }
        }
    }
}
