using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Journal
{
    /// <summary>Reads segment files of one lane: whole into the shared buffer for recovery and gap search, one slot for sending. What cannot be read is not sound.</summary>
    public sealed class SegmentReader
    {
        private readonly int _lane;
        private readonly IFlash _flash;
        private readonly RecordCodec _codec;
        private readonly byte[] _segment;
        private readonly byte[] _slot = new byte[RecordCodec.RecordBytes];
        private int _loaded;

        /// <param name="segment">A buffer of <see cref="Lane.SegmentBytes"/>, shared by the lanes: used only within one call.</param>
        public SegmentReader(int lane, IFlash flash, RecordCodec codec, byte[] segment)
        {
            _lane = lane;
            _flash = flash;
            _codec = codec;
            _segment = segment;
        }

        /// <summary>Loads at most <see cref="Lane.SegmentBytes"/> of the file. Returns the length of the file, or -1 when it cannot be read.</summary>
        public int Load(string name)
        {
            try
            {
                int length = _flash.Length(name);
                _loaded = _flash.Read(name, 0, _segment, 0, length < Lane.SegmentBytes ? length : Lane.SegmentBytes);
                return length;
            }
            catch (IOException)
            {
                _loaded = 0;
                return -1;
            }
        }

        /// <summary>The epoch that the header of the loaded segment states; 0 when it is not a sound header for that first number.</summary>
        public uint LoadedEpoch(uint first)
        {
            return _loaded >= RecordCodec.HeaderBytes ? _codec.DecodeHeader(_segment, 0, _lane, first) : 0;
        }

        /// <summary>Decodes a slot of the loaded segment.</summary>
        public bool TryDecode(uint first, uint seq, uint epoch, SignalRecord record)
        {
            int position = PositionOf((int)(seq - first));
            return position + RecordCodec.RecordBytes <= _loaded && _codec.TryDecode(_segment, position, _lane, epoch, seq, record);
        }

        /// <summary>Reads and decodes one slot of a file, past the shared buffer.</summary>
        public bool TryRead(string name, uint first, uint seq, uint epoch, SignalRecord record)
        {
            try
            {
                return _flash.Read(name, PositionOf((int)(seq - first)), _slot, 0, RecordCodec.RecordBytes) == RecordCodec.RecordBytes
                    && _codec.TryDecode(_slot, 0, _lane, epoch, seq, record);
            }
            catch (IOException)
            {
                return false;
            }
        }

        /// <summary>Where a slot begins in its file.</summary>
        public static int PositionOf(int slot)
        {
            return RecordCodec.HeaderBytes + (slot * RecordCodec.RecordBytes);
        }

        /// <summary>How many slots were begun in a file of that length (-1: unreadable, so perhaps all), at most <paramref name="room"/>.</summary>
        public static int SlotsIn(int length, int room)
        {
            int slots;
            if (length < 0)
            {
                slots = Lane.SlotsPerSegment;
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

            return slots < room ? slots : room;
        }
    }
}
