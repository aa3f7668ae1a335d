using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Journal
{
    /// <summary>Appends one record to a segment file, the header with the first one, and looks itself whether a refused append is there all the same.</summary>
    public sealed class SegmentWriter
    {
        private readonly int _lane;
        private readonly IFlash _flash;
        private readonly RecordCodec _codec;
        private readonly byte[] _entry = new byte[RecordCodec.HeaderBytes + RecordCodec.RecordBytes];
        private readonly byte[] _readBack = new byte[RecordCodec.HeaderBytes + RecordCodec.RecordBytes];

        public SegmentWriter(int lane, IFlash flash, RecordCodec codec)
        {
            _lane = lane;
            _flash = flash;
            _codec = codec;
        }

        /// <summary>Files that a failed append may have left behind, since boot.</summary>
        public int TornFiles { get; private set; }

        /// <summary>Appends as slot <paramref name="slot"/>; slot 0 makes the file. False: the record is not there whole, and nothing may follow it in this file.</summary>
        public bool TryAppend(string name, int slot, uint epoch, SignalRecord record)
        {
            bool opens = slot == 0;
            int offset = opens ? 0 : RecordCodec.HeaderBytes;
            int bytes = _entry.Length - offset;
            int position = opens ? 0 : SegmentReader.PositionOf(slot);
            if (opens)
            {
                _codec.EncodeHeader(_lane, epoch, record.Seq, _entry, 0);
            }

            _codec.Encode(record, _lane, epoch, _entry, RecordCodec.HeaderBytes);
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
                    if (opens)
                    {
                        DropTorn(name);
                    }

                    return false;
                }
            }

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
    }
}
