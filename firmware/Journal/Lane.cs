using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Journal
{
    /// <summary>
    /// One lane: a row of segment files, each one flash block of 102 records, named by their first sequence number. Records are found by
    /// their number alone, so a damaged one costs itself and nothing else. Only the newest segment is appended to; the oldest is deleted
    /// when the row is full: an acknowledged one in either lane, an unacknowledged one in the event lane only.
    /// </summary>
    public sealed class Lane : IRecordSource
    {
        /// <summary>(4,096 - 16) / 40: one segment fills one littlefs block exactly.</summary>
        public const int SlotsPerSegment = 102;

        public const int SegmentBytes = RecordCodec.HeaderBytes + (SlotsPerSegment * RecordCodec.RecordBytes);

        /// <summary>Room in the table for files beyond the budget, which a failed delete can leave.</summary>
        public const int SpareSegments = 4;

        private readonly int _id;
        private readonly SegmentRow _row;
        private readonly SegmentBudget _budget;
        private readonly SegmentReader _reader;
        private readonly SegmentWriter _writer;
        private readonly SignalRecord _last = new SignalRecord();
        private readonly SignalRecord _found = new SignalRecord();

        private bool _tailClosed;
        private uint _next = 1;
        private uint _settled = 1;
        private uint _acknowledged;

        /// <param name="segmentsMax">The lane's budget on flash, in segments of one block.</param>
        /// <param name="reserveSegments">Of these, how many only a person's call may open (see <see cref="Append"/>).</param>
        /// <param name="mayEvict">When full, drop the oldest unacknowledged segment (event lane) or refuse (call lane, I1).</param>
        /// <param name="segment">A buffer of <see cref="SegmentBytes"/>, shared by the lanes: used only within one call.</param>
        public Lane(int id, int segmentsMax, int reserveSegments, bool mayEvict, IFlash flash, RecordCodec codec, byte[] segment)
        {
            _id = id;
            _row = new SegmentRow(segmentsMax + SpareSegments);
            _budget = new SegmentBudget(_row, flash, segmentsMax, reserveSegments, mayEvict);
            _reader = new SegmentReader(id, flash, codec, segment);
            _writer = new SegmentWriter(id, flash, codec);
        }

        public int Id
        {
            get { return _id; }
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

        /// <summary>The oldest number still held; when none is, the first that the flash does not know as used: <see cref="Next"/>, or a burnt one.</summary>
        public uint Oldest
        {
            get { return _row.Count == 0 ? _settled : _row.FirstOf(0); }
        }

        /// <summary>Below it nothing will be sent any more: it was receipted, or is no longer held.</summary>
        public uint FirstToSend
        {
            get { return Oldest > _acknowledged + 1 ? Oldest : _acknowledged + 1; }
        }

        /// <summary>Numbers after the cursor: what the hub has not receipted, lost ones included until their gap is receipted.</summary>
        public uint Backlog
        {
            get { return _next - 1 - _acknowledged; }
        }

        public int SegmentCount
        {
            get { return _row.Count; }
        }

        /// <summary>Segments deleted with records that the hub had not receipted, since boot.</summary>
        public int EvictedSegments
        {
            get { return _budget.Evicted; }
        }

        /// <summary>Files that a failed append may have left behind, since boot.</summary>
        public int TornFiles
        {
            get { return _writer.TornFiles; }
        }

        /// <summary>True when the next append has to open a segment and the row has no room for it.</summary>
        public bool NeedsRoom
        {
            get { return MustOpen && _budget.IsSpent; }
        }

        private bool MustOpen
        {
            get { return _row.Count == 0 || _tailClosed || _row.SlotsOf(_row.Count - 1) >= SlotsPerSegment; }
        }

        /// <summary>
        /// Appends one record and gives it its number (and, with <paramref name="opensCall"/>, makes it the first press of its own call).
        /// </summary>
        /// <param name="isPersonsCall">May open a reserved segment: a first press, a cancel or a reset.</param>
        public AppendResult Append(SignalRecord record, bool opensCall, bool isPersonsCall)
        {
            if (MustOpen && !_budget.MakeRoom(isPersonsCall, _acknowledged))
            {
                return AppendResult.Full;
            }

            record.Seq = _next;
            if (opensCall)
            {
                record.Call = _next;
            }

            _next++;
            return Store(record) ? AppendResult.Durable : AppendResult.Failed;
        }

        public bool TryRead(uint seq, SignalRecord record)
        {
            if (seq == _last.Seq && seq != 0)
            {
                record.CopyFrom(_last);
                return true;
            }

            for (int i = _row.Count - 1; i >= 0; i--)
            {
                if (seq >= _row.FirstOf(i))
                {
                    return seq < _row.EndOf(i) && _reader.TryRead(_row.NameOf(i), _row.FirstOf(i), seq, Epoch, record);
                }
            }

            return false;
        }

        public uint FindReadable(uint from)
        {
            for (int i = 0; i < _row.Count; i++)
            {
                uint end = _row.EndOf(i);
                if (end <= from)
                {
                    continue;
                }

                _reader.Load(_row.NameOf(i));
                for (uint seq = from > _row.FirstOf(i) ? from : _row.FirstOf(i); seq < end; seq++)
                {
                    if (DecodeLoaded(i, seq, _found))
                    {
                        return seq;
                    }
                }
            }

            return _settled > from ? _settled : from;
        }

        public void Acknowledge(uint through)
        {
            if (through > _acknowledged && through < _next)
            {
                _acknowledged = through;
            }
        }

        /// <summary>
        /// The state file now has <see cref="Next"/>: all below it stays used through any power cut, so a burnt number at the end of the lane may be
        /// told to the hub as a gap. Before that the next boot could give it to a record, and the hub's receipt for the gap would cover that record.
        /// </summary>
        public void Settle()
        {
            _settled = _next;
        }

        /// <summary>Deletes the oldest segment if the hub has receipted all of it and the row is within one of its budget: done when idle, so that a press need not.</summary>
        public bool TidyOne()
        {
            return _budget.TidyOne(_acknowledged);
        }

        private bool Store(SignalRecord record)
        {
            bool opens = MustOpen;
            string name = opens ? SegmentName.Of(_id, record.Seq) : _row.NameOf(_row.Count - 1);
            int slot = opens ? 0 : _row.SlotsOf(_row.Count - 1);
            if (!_writer.TryAppend(name, slot, Epoch, record))
            {
                _tailClosed = true;
                return false;
            }

            if (opens)
            {
                _row.Add(name, record.Seq, 1);
                _tailClosed = false;
            }
            else
            {
                _row.SetSlots(_row.Count - 1, slot + 1);
            }

            _last.CopyFrom(record);
            _settled = _next;
            return true;
        }

        // Recovery. Called once, in this order: Found for each name, then Epoch, then Scan, then Resume.

        /// <summary>Notes a segment file that exists. The row stays sorted; beyond its room the oldest are left out (and never deleted).</summary>
        public void Found(string name)
        {
            _row.Insert(name, SegmentName.FirstSeq(name));
        }

        /// <summary>The epoch that a sound header of the newest possible segment states; 0 when no header is sound.</summary>
        public uint EpochOnFlash()
        {
            for (int i = _row.Count - 1; i >= 0; i--)
            {
                _reader.Load(_row.NameOf(i));
                uint epoch = _reader.LoadedEpoch(_row.FirstOf(i));
                if (epoch != 0)
                {
                    return epoch;
                }
            }

            return 0;
        }

        /// <summary>Sets the epoch, and the numbers that the state file knows of: at least these have been used.</summary>
        public void Begin(uint epoch, uint nextAtLeast)
        {
            Epoch = epoch;
            _next = nextAtLeast == 0 ? 1 : nextAtLeast;
            _settled = _next;
        }

        /// <summary>
        /// Reads segment <paramref name="i"/> into the shared buffer and counts its slots. A slot that was begun counts, even when nothing
        /// sound is in it: its number may have been used and must not be used again.
        /// </summary>
        /// <returns>How many slots it has; each is then asked for by <see cref="DecodeLoaded"/>.</returns>
        public int Scan(int i, RecoveryReport report)
        {
            int length = _reader.Load(_row.NameOf(i));
            bool isLast = i == _row.Count - 1;
            int slots = SegmentReader.SlotsIn(length, RoomOf(i));
            bool soundHeader = _reader.LoadedEpoch(_row.FirstOf(i)) == Epoch;
            bool whole = length >= 0 && length == SegmentReader.PositionOf(slots);
            if (!soundHeader)
            {
                report.DamagedSegments++;
            }

            _row.SetSlots(i, slots);
            if (isLast)
            {
                _tailClosed = !soundHeader || !whole;
                uint end = _row.EndOf(i);
                if (end > _next)
                {
                    _next = end;
                }
                else if (end < _next)
                {
                    // Numbers above the last slot were used once (the state file says so): the segment cannot go on without a hole in it.
                    _tailClosed = true;
                }
            }

            return slots;
        }

        /// <summary>Decodes a slot of the segment that <see cref="Scan"/> loaded last.</summary>
        public bool DecodeLoaded(int i, uint seq, SignalRecord record)
        {
            return _reader.TryDecode(_row.FirstOf(i), seq, Epoch, record);
        }

        public uint FirstOf(int i)
        {
            return _row.FirstOf(i);
        }

        /// <summary>Goes on so many numbers further: those between may have been used, and nothing is left that knows of it. They are told as a gap when <see cref="Settle"/> has come.</summary>
        public void Skip(int numbers)
        {
            _next += (uint)numbers;
            _tailClosed = true;
        }

        /// <summary>Sets the cursor as the state file knew it, or below the oldest record when it is not known.</summary>
        public void Resume(bool known, uint acknowledged)
        {
            _acknowledged = known ? acknowledged : Oldest - 1;
            if (_acknowledged > _next - 1)
            {
                _acknowledged = _next - 1;
            }
        }

        /// <summary>Slots that segment <paramref name="i"/> may have: up to the next segment's first number.</summary>
        private int RoomOf(int i)
        {
            bool isShort = i + 1 < _row.Count && _row.FirstOf(i + 1) - _row.FirstOf(i) < SlotsPerSegment;
            return isShort ? (int)(_row.FirstOf(i + 1) - _row.FirstOf(i)) : SlotsPerSegment;
        }
    }
}
