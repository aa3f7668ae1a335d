using Gateway.Firmware.Journal;

namespace Gateway.Firmware.Supervision
{
    /// <summary>
    /// Routine records on their way into the event lane. They wait here while a press is being qualified and while the flash refuses. When
    /// full, the oldest is dropped and counted: the fault "event-overflow" tells the hub.
    /// </summary>
    public sealed class EventQueue
    {
        public const int RecordsMax = 32;

        /// <summary>After a failed append, ms.</summary>
        public const int RetryMs = 5000;

        private readonly SignalJournal _journal;
        private readonly WallTime _time;
        private readonly SignalRecord[] _records = new SignalRecord[RecordsMax];
        private int _first;
        private int _count;
        private long _retryMs;

        public EventQueue(SignalJournal journal, WallTime time)
        {
            _journal = journal;
            _time = time;
            for (int i = 0; i < RecordsMax; i++)
            {
                _records[i] = new SignalRecord();
            }
        }

        public int Count
        {
            get { return _count; }
        }

        /// <summary>Records dropped because the queue was full, since boot.</summary>
        public int Dropped { get; private set; }

        /// <summary>The last append failed.</summary>
        public bool IsFailing { get; private set; }

        public void Post(int kind, int zone, int state, int value, int detail, bool test, long occurredMs, long nowMs)
        {
            if (_count == RecordsMax)
            {
                _first = (_first + 1) % RecordsMax;
                _count--;
                Dropped++;
            }

            SignalRecord record = _records[(_first + _count) % RecordsMax];
            record.Clear();
            record.Kind = kind;
            record.Zone = zone;
            record.State = state;
            record.Value = value;
            record.Detail = detail;
            record.Test = test;
            record.Boot = _journal.Boot;
            record.UpMs = occurredMs;
            record.AtMs = _time.At(occurredMs, nowMs);
            record.Clock = _time.Quality;
            _count++;
        }

        /// <summary>Appends the oldest, if any: at most one flash append per step.</summary>
        /// <returns>True when it tried to append.</returns>
        public bool Flush(long nowMs)
        {
            if (_count == 0 || nowMs < _retryMs)
            {
                return false;
            }

            // A cut before the append returns loses this one record, which nobody has been told of; after it, it is durable.
            AppendResult result = _journal.AppendEvent(_records[_first]);
            IsFailing = result != AppendResult.Durable;
            if (IsFailing)
            {
                _retryMs = nowMs + RetryMs;
                return true;
            }

            _first = (_first + 1) % RecordsMax;
            _count--;
            return true;
        }
    }
}
