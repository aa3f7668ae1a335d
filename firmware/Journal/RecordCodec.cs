using System;
using System.IO.Hashing;

namespace Gateway.Firmware.Journal
{
    /// <summary>
    /// A record as 40 bytes, a segment header as 16 (JOURNAL.md). The checksum of a record also covers its lane and epoch, which are not
    /// stored with it: a record that strayed in from another lane or life of the journal is damaged, not believed.
    /// </summary>
    public sealed class RecordCodec
    {
        public const int RecordBytes = 40;
        public const int HeaderBytes = 16;
        public const int Version = 1;

        private const int ChecksumAt = RecordBytes - 4;
        private const int HeaderChecksumAt = HeaderBytes - 4;

        private readonly Crc32 _crc = new Crc32();
        private readonly byte[] _salt = new byte[5];

        public void Encode(SignalRecord record, int lane, uint epoch, byte[] buffer, int at)
        {
            LittleEndian.Put32(buffer, at, record.Seq);
            LittleEndian.Put32(buffer, at + 4, record.Call);
            LittleEndian.Put32(buffer, at + 8, (uint)record.Value);
            LittleEndian.Put32(buffer, at + 12, record.Boot);
            LittleEndian.Put48(buffer, at + 16, record.UpMs);
            LittleEndian.Put48(buffer, at + 22, record.AtMs);
            LittleEndian.Put16(buffer, at + 28, record.Count);
            buffer[at + 30] = (byte)record.Kind;
            buffer[at + 31] = (byte)record.Zone;
            buffer[at + 32] = (byte)(record.State | (record.Clock << 4) | (record.Test ? 0x40 : 0));
            buffer[at + 33] = (byte)record.Detail;
            buffer[at + 34] = 0;
            buffer[at + 35] = 0;
            LittleEndian.Put32(buffer, at + ChecksumAt, Checksum(lane, epoch, buffer, at, ChecksumAt));
        }

        /// <summary>False when the bytes are not this very record of this lane and epoch; then <paramref name="record"/> is not to be used.</summary>
        public bool TryDecode(byte[] buffer, int at, int lane, uint epoch, uint expectedSeq, SignalRecord record)
        {
            if (LittleEndian.Get32(buffer, at) != expectedSeq
                || LittleEndian.Get32(buffer, at + ChecksumAt) != Checksum(lane, epoch, buffer, at, ChecksumAt))
            {
                return false;
            }

            record.Seq = expectedSeq;
            record.Call = LittleEndian.Get32(buffer, at + 4);
            record.Value = (int)LittleEndian.Get32(buffer, at + 8);
            record.Boot = LittleEndian.Get32(buffer, at + 12);
            record.UpMs = LittleEndian.Get48(buffer, at + 16);
            record.AtMs = LittleEndian.Get48(buffer, at + 22);
            record.Count = LittleEndian.Get16(buffer, at + 28);
            record.Kind = buffer[at + 30];
            record.Zone = buffer[at + 31];
            record.State = buffer[at + 32] & 0x0F;
            record.Clock = (buffer[at + 32] >> 4) & 0x03;
            record.Test = (buffer[at + 32] & 0x40) != 0;
            record.Detail = buffer[at + 33];
            return record.Kind >= 1 && record.Kind <= SignalKind.Max && record.State >= 1 && record.State <= SignalState.Max;
        }

        public void EncodeHeader(int lane, uint epoch, uint firstSeq, byte[] buffer, int at)
        {
            buffer[at] = (byte)'G';
            buffer[at + 1] = (byte)'J';
            buffer[at + 2] = Version;
            buffer[at + 3] = (byte)lane;
            LittleEndian.Put32(buffer, at + 4, epoch);
            LittleEndian.Put32(buffer, at + 8, firstSeq);
            LittleEndian.Put32(buffer, at + HeaderChecksumAt, Checksum(lane, epoch, buffer, at, HeaderChecksumAt));
        }

        /// <summary>The epoch of a sound header of this lane that begins with this sequence number; 0 when it is not one.</summary>
        public uint DecodeHeader(byte[] buffer, int at, int lane, uint firstSeq)
        {
            uint epoch = LittleEndian.Get32(buffer, at + 4);
            bool sound = buffer[at] == (byte)'G'
                && buffer[at + 1] == (byte)'J'
                && buffer[at + 2] == Version
                && buffer[at + 3] == lane
                && LittleEndian.Get32(buffer, at + 8) == firstSeq
                && LittleEndian.Get32(buffer, at + HeaderChecksumAt) == Checksum(lane, epoch, buffer, at, HeaderChecksumAt);
            return sound ? epoch : 0;
        }

        /// <summary>CRC-32 over lane, epoch and the bytes, by the runtime's native class.</summary>
        public uint Checksum(int lane, uint epoch, byte[] buffer, int at, int count)
        {
            _salt[0] = (byte)lane;
            LittleEndian.Put32(_salt, 1, epoch);
            _crc.Reset();
            _crc.Append(_salt);
            _crc.Append(new SpanByte(buffer, at, count));
            return _crc.GetCurrentHashAsUInt32();
        }

        /// <summary>CRC-32 of the bytes alone (IEEE 802.3).</summary>
        public uint Checksum(byte[] buffer, int count)
        {
            _crc.Reset();
            _crc.Append(new SpanByte(buffer, 0, count));
            return _crc.GetCurrentHashAsUInt32();
        }
    }
}
