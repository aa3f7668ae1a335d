using System;
using System.IO;
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
        private readonly int _segmentsMax;
        private readonly int _reserveSegments;
        private readonly bool _mayEvict;
        private readonly IFlash _flash;
        private readonly RecordCodec _codec;
        private readonly byte[] _segment;
        private readonly byte[] _entry = new byte[RecordCodec.HeaderBytes + RecordCodec.RecordBytes];
        private readonly byte[] _readBack = new byte[RecordCodec.HeaderBytes + RecordCodec.RecordBytes];
        private readonly SignalRecord _last = new SignalRecord();
        private readonly SignalRecord _found = new SignalRecord();

        private readonly string[] _names;
        private readonly uint[] _first;
        private readonly int[] _slots;
        private int _count;
        private bool _tailClosed;
        private uint _next = 1;
        private uint _settled = 1;
        private uint _acknowledged;

        /// <summary>How many bytes of the shared buffer <see cref="LoadSegment"/> filled.</summary>
        private int _loaded;

        /// <param name="segmentsMax">The lane's budget on flash, in segments of one block.</param>
        /// <param name="reserveSegments">Of these, how many only a person's call may open (see <see cref="Append"/>).</param>
        /// <param name="mayEvict">When full, drop the oldest unacknowledged segment (event lane) or refuse (call lane, I1).</param>
        /// <param name="segment">A buffer of <see cref="SegmentBytes"/>, shared by the lanes: used only within one call.</param>
        public Lane(int id, int segmentsMax, int reserveSegments, bool mayEvict, IFlash flash, RecordCodec codec, byte[] segment)
        {
            _id = id;
            _segmentsMax = segmentsMax;
            _reserveSegments = reserveSegments;
            _mayEvict = mayEvict;
            _flash = flash;
            _codec = codec;
            _segment = segment;
            _names = new string[segmentsMax + SpareSegments];
            _first = new uint[segmentsMax + SpareSegments];
            _slots = new int[segmentsMax + SpareSegments];
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
            get { return _count == 0 ? _settled : _first[0]; }
        }

        /// <summary>Numbers after the cursor: what the hub has not receipted, lost ones included until their gap is receipted.</summary>
        public uint Backlog
        {
            get { return _next - 1 - _acknowledged; }
        }

        public int SegmentCount
        {
            get { return _count; }
        }

        /// <summary>Segments deleted with records that the hub had not receipted, since boot.</summary>
        public int EvictedSegments { get; private set; }

        /// <summary>Files that a failed append may have left behind, since boot.</summary>
        public int TornFiles { get; private set; }

        /// <summary>True when the next append has to open a segment and the row has no room for it.</summary>
        public bool NeedsRoom
        {
            get { return MustOpen && _count >= _segmentsMax - _reserveSegments; }
        }

        /// <summary>True when the oldest segment holds nothing that the hub has not receipted.</summary>
        public bool OldestIsAcknowledged
        {
            get { return _count > 0 && _first[0] + (uint)_slots[0] - 1 <= _acknowledged; }
        }

        private bool MustOpen
        {
            get { return _count == 0 || _tailClosed || _slots[_count - 1] >= SlotsPerSegment; }
        }

        /// <summary>
        /// Appends one record and gives it its number (and, with <paramref name="opensCall"/>, makes it the first press of its own call).
        /// </summary>
        /// <param name="isPersonsCall">May open a reserved segment: a first press, a cancel or a reset.</param>
        public AppendResult Append(SignalRecord record, bool opensCall, bool isPersonsCall)
        {
            if (MustOpen && !MakeRoom(isPersonsCall ? _segmentsMax : _segmentsMax - _reserveSegments))
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

            for (int i = _count - 1; i >= 0; i--)
            {
                if (seq >= _first[i])
                {
                    return seq < _first[i] + (uint)_slots[i] && TryReadSlot(i, seq, record);
                }
            }

            return false;
        }

        public uint FindReadable(uint from)
        {
            for (int i = 0; i < _count; i++)
            {
                uint end = _first[i] + (uint)_slots[i];
                if (end <= from)
                {
                    continue;
                }

                LoadSegment(i);
                for (uint seq = from > _first[i] ? from : _first[i]; seq < end; seq++)
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
            return _count >= _segmentsMax - 1 - _reserveSegments && _count > 1 && OldestIsAcknowledged && DeleteOldest();
        }

        private bool MakeRoom(int limit)
        {
            while (_count >= limit)
            {
                if (!OldestIsAcknowledged)
                {
                    if (!_mayEvict)
                    {
                        return false;
                    }

                    EvictedSegments++;
                }

                if (!DeleteOldest())
                {
                    // The spare rows bound how far a flash that refuses to delete can push us over the budget.
                    return _count < _names.Length;
                }
            }

            return true;
        }

        /// <summary>A power cut before the delete leaves one acknowledged (or doomed) segment more; after it, the row is as it is in RAM.</summary>
        private bool DeleteOldest()
        {
            try
            {
                _flash.Delete(_names[0]);
            }
            catch (IOException)
            {
                return false;
            }

            _count--;
            Array.Copy(_names, 1, _names, 0, _count);
            Array.Copy(_first, 1, _first, 0, _count);
            Array.Copy(_slots, 1, _slots, 0, _count);
            _names[_count] = null;
            return true;
        }

        private bool Store(SignalRecord record)
        {
            bool opens = MustOpen;
            int offset = opens ? 0 : RecordCodec.HeaderBytes;
            int bytes = _entry.Length - offset;
            string name = opens ? NameOf(record.Seq) : _names[_count - 1];
            int position = opens ? 0 : RecordCodec.HeaderBytes + (_slots[_count - 1] * RecordCodec.RecordBytes);
            if (opens)
            {
                _codec.EncodeHeader(_id, Epoch, record.Seq, _entry, 0);
            }

            _codec.Encode(record, _id, Epoch, _entry, RecordCodec.HeaderBytes);
            try
            {
                // A cut during the call leaves the segment without this record: it was never said to be durable. After it: with it.
                _flash.Append(name, _entry, offset, bytes);
            }
            catch (IOException)
            {
                // What the flash says and what it holds may differ. If the record is there whole, it counts; if not, its number is burnt
                // and the segment is left alone, for nothing may follow a torn record in it.
                if (!IsThere(name, position, offset, bytes))
                {
                    _tailClosed = true;
                    if (opens)
                    {
                        DropTorn(name);
                    }

                    return false;
                }
            }

            if (opens)
            {
                Add(name, record.Seq, 1);
                _tailClosed = false;
            }
            else
            {
                _slots[_count - 1]++;
            }

            _last.CopyFrom(record);
            _settled = _next;
            return true;
        }

        /// <summary>A segment file that never got its first record whole. If it cannot be removed, the next recovery counts its slot as damaged.</summary>
        private void DropTorn(string name)
        {
            try
            {
                _flash.Delete(name);
            }
            catch (IOException)
            {
                TornFiles++;
            }
        }

        private bool IsThere(string name, int position, int offset, int bytes)
        {
            try
            {
                if (!_flash.Exists(name) || _flash.Length(name) != position + bytes || _flash.Read(name, position, _readBack, 0, bytes) != bytes)
                {
                    return false;
                }
            }
            catch (IOException)
            {
                return false;
            }

            for (int i = 0; i < bytes; i++)
            {
                if (_readBack[i] != _entry[offset + i])
                {
                    return false;
                }
            }

            return true;
        }

        private bool TryReadSlot(int segment, uint seq, SignalRecord record)
        {
            int position = RecordCodec.HeaderBytes + ((int)(seq - _first[segment]) * RecordCodec.RecordBytes);
            try
            {
                return _flash.Read(_names[segment], position, _readBack, 0, RecordCodec.RecordBytes) == RecordCodec.RecordBytes
                    && _codec.TryDecode(_readBack, 0, _id, Epoch, seq, record);
            }
            catch (IOException)
            {
                return false;
            }
        }

        private void Add(string name, uint first, int slots)
        {
            _names[_count] = name;
            _first[_count] = first;
            _slots[_count] = slots;
            _count++;
        }

        private string NameOf(uint first)
        {
            return SegmentName.Of(_id, first);
        }

        // Recovery. Called once, in this order: Found for each name, then Epoch, then Scan, then Resume.

        /// <summary>Notes a segment file that exists. The row stays sorted; beyond its room the oldest are left out (and never deleted).</summary>
        public void Found(string name)
        {
            uint first = SegmentName.FirstSeq(name);
            if (_count == _names.Length)
            {
                if (first < _first[0])
                {
                    return;
                }

                _count--;
                Array.Copy(_names, 1, _names, 0, _count);
                Array.Copy(_first, 1, _first, 0, _count);
            }

            int at = _count;
            while (at > 0 && _first[at - 1] > first)
            {
                _names[at] = _names[at - 1];
                _first[at] = _first[at - 1];
                at--;
            }

            _names[at] = name;
            _first[at] = first;
            _count++;
        }

        /// <summary>The epoch that a sound header of the newest possible segment states; 0 when no header is sound.</summary>
        public uint EpochOnFlash()
        {
            for (int i = _count - 1; i >= 0; i--)
            {
                if (LoadSegment(i) >= RecordCodec.HeaderBytes)
                {
                    uint epoch = _codec.DecodeHeader(_segment, 0, _id, _first[i]);
                    if (epoch != 0)
                    {
                        return epoch;
                    }
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
            int length = LoadSegment(i);
            bool isLast = i == _count - 1;
            int slots = SlotsOf(length, i);
            bool soundHeader = length >= RecordCodec.HeaderBytes && _codec.DecodeHeader(_segment, 0, _id, _first[i]) == Epoch;
            bool whole = length >= 0 && length == RecordCodec.HeaderBytes + (slots * RecordCodec.RecordBytes);
            if (!soundHeader)
            {
                report.DamagedSegments++;
            }

            _slots[i] = slots;
            if (isLast)
            {
                _tailClosed = !soundHeader || !whole;
                uint end = _first[i] + (uint)slots;
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
            int position = RecordCodec.HeaderBytes + ((int)(seq - _first[i]) * RecordCodec.RecordBytes);
            return position + RecordCodec.RecordBytes <= _loaded && _codec.TryDecode(_segment, position, _id, Epoch, seq, record);
        }

        public uint FirstOf(int i)
        {
            return _first[i];
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

        /// <summary>Length of the file, or -1 when it cannot be read. At most <see cref="SegmentBytes"/> are loaded.</summary>
        private int LoadSegment(int i)
        {
            try
            {
                int length = _flash.Length(_names[i]);
                _loaded = _flash.Read(_names[i], 0, _segment, 0, length < SegmentBytes ? length : SegmentBytes);
                return length;
            }
            catch (IOException)
            {
                _loaded = 0;
                return -1;
            }
        }

        private int SlotsOf(int length, int i)
        {
            int slots;
            if (length < 0)
            {
                slots = SlotsPerSegment;
            }
            else if (length <= RecordCodec.HeaderBytes)
            {
                // The file was begun and its first record never arrived whole.
                slots = 1;
            }
            else
            {
                slots = (length - RecordCodec.HeaderBytes + RecordCodec.RecordBytes - 1) / RecordCodec.RecordBytes;
            }

            int room = i + 1 < _count && _first[i + 1] - _first[i] < SlotsPerSegment ? (int)(_first[i + 1] - _first[i]) : SlotsPerSegment;
            return slots < room ? slots : room;
        }
    }
}
