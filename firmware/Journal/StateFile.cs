using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Journal
{
    /// <summary>
    /// What must outlive a boot and is not a record: boot count, epochs, cursors, the latch as of some record, the restart marker. Two
    /// files, written in turn, each with a generation and a CRC (JOURNAL.md): a cut or a torn write costs at most the newest of the two.
    /// </summary>
    public sealed class StateFile
    {
        public const string NameA = "state-a";
        public const string NameB = "state-b";
        public const int Bytes = 64;

        private const int ChecksumAt = Bytes - 4;
        private const int Salt = 0x53;

        private readonly IFlash _flash;
        private readonly RecordCodec _codec;
        private readonly byte[] _buffer = new byte[Bytes];
        private uint _generation;
        private bool _newestIsA;

        public StateFile(IFlash flash, RecordCodec codec)
        {
            _flash = flash;
            _codec = codec;
        }

        /// <summary>Reads the newer sound file into <paramref name="state"/>; false when neither is sound.</summary>
        public bool TryLoad(JournalState state)
        {
            uint a = Generation(NameA);
            uint b = Generation(NameB);
            if (a == 0 && b == 0)
            {
                return false;
            }

            _newestIsA = a > b;
            _generation = _newestIsA ? a : b;
            Generation(_newestIsA ? NameA : NameB);
            Decode(state);
            return true;
        }

        /// <summary>Writes the older of the two files. A cut before the close leaves the state of before; after it, this one.</summary>
        /// <returns>False when the flash refused; the newest sound file is then as it was.</returns>
        public bool Save(JournalState state)
        {
            _buffer[0] = (byte)'G';
            _buffer[1] = (byte)'S';
            _buffer[2] = RecordCodec.Version;
            _buffer[3] = 0;
            LittleEndian.Put32(_buffer, 4, _generation + 1);
            Encode(state);
            LittleEndian.Put32(_buffer, ChecksumAt, _codec.Checksum(Salt, 0, _buffer, 0, ChecksumAt));
            try
            {
                _flash.Write(_newestIsA ? NameB : NameA, _buffer, 0, Bytes);
            }
            catch (IOException)
            {
                return false;
            }

            _generation++;
            _newestIsA = !_newestIsA;
            return true;
        }

        private uint Generation(string name)
        {
            try
            {
                if (!_flash.Exists(name) || _flash.Read(name, 0, _buffer, 0, Bytes) != Bytes)
                {
                    return 0;
                }
            }
            catch (IOException)
            {
                return 0;
            }

            bool sound = _buffer[0] == (byte)'G'
                && _buffer[1] == (byte)'S'
                && _buffer[2] == RecordCodec.Version
                && LittleEndian.Get32(_buffer, ChecksumAt) == _codec.Checksum(Salt, 0, _buffer, 0, ChecksumAt);
            return sound ? LittleEndian.Get32(_buffer, 4) : 0;
        }

        private void Encode(JournalState state)
        {
            LittleEndian.Put32(_buffer, 8, state.Boot);
            LittleEndian.Put32(_buffer, 12, state.CallEpoch);
            LittleEndian.Put32(_buffer, 16, state.EventEpoch);
            LittleEndian.Put32(_buffer, 20, state.CallAcknowledged);
            LittleEndian.Put32(_buffer, 24, state.EventAcknowledged);
            LittleEndian.Put32(_buffer, 28, state.CallNext);
            LittleEndian.Put32(_buffer, 32, state.EventNext);
            LittleEndian.Put32(_buffer, 36, state.Help.Call);
            LittleEndian.Put32(_buffer, 40, state.Silent.Call);
            LittleEndian.Put16(_buffer, 44, state.Help.Count);
            LittleEndian.Put16(_buffer, 46, state.Silent.Count);
            _buffer[48] = (byte)((state.Help.Finished ? 1 : 0) | (state.Help.Test ? 2 : 0) | (state.Silent.Finished ? 4 : 0) | (state.Silent.Test ? 8 : 0)
                | (state.Help.Received ? 16 : 0));
            _buffer[49] = (byte)state.Marker;
            _buffer[50] = (byte)state.ShortBoots;
            _buffer[51] = 0;
            LittleEndian.Put32(_buffer, 52, state.Help.VolatileEpoch);
            LittleEndian.Put32(_buffer, 56, state.Silent.VolatileEpoch);
        }

        private void Decode(JournalState state)
        {
            state.Boot = LittleEndian.Get32(_buffer, 8);
            state.CallEpoch = LittleEndian.Get32(_buffer, 12);
            state.EventEpoch = LittleEndian.Get32(_buffer, 16);
            state.CallAcknowledged = LittleEndian.Get32(_buffer, 20);
            state.EventAcknowledged = LittleEndian.Get32(_buffer, 24);
            state.CallNext = LittleEndian.Get32(_buffer, 28);
            state.EventNext = LittleEndian.Get32(_buffer, 32);
            state.Help.Call = LittleEndian.Get32(_buffer, 36);
            state.Silent.Call = LittleEndian.Get32(_buffer, 40);
            state.Help.Count = LittleEndian.Get16(_buffer, 44);
            state.Silent.Count = LittleEndian.Get16(_buffer, 46);
            state.Help.Finished = (_buffer[48] & 1) != 0;
            state.Help.Test = (_buffer[48] & 2) != 0;
            state.Silent.Finished = (_buffer[48] & 4) != 0;
            state.Silent.Test = (_buffer[48] & 8) != 0;
            state.Help.Received = (_buffer[48] & 16) != 0;
            state.Help.VolatileEpoch = LittleEndian.Get32(_buffer, 52);
            state.Silent.VolatileEpoch = LittleEndian.Get32(_buffer, 56);
            state.Marker = _buffer[49];
            state.ShortBoots = _buffer[50];
        }
    }
}
