using System;
using System.IO;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// The two copies of the stored configuration on flash, each with a generation and a CRC (CONFIGURATION.md). A copy is written whole; a cut
    /// or a torn write costs at most the copy that was being written.
    /// </summary>
    public sealed class ConfigurationFile
    {
        public const string NameA = "config-a";
        public const string NameB = "config-b";
        public const int HeaderBytes = 32;
        public const int ChecksumBytes = 4;
        public const int BytesMax = HeaderBytes + SettingsBounds.FileBytesMax + ChecksumBytes;

        private const int FormatVersion = 1;
        private const int Salt = 0x43;

        /// <summary>In the flags: the sum is the one that the hub is told. A copy of before has another, and the hub must not take that for another configuration.</summary>
        private const int PlainSum = 4;

        private readonly IFlash _flash;
        private readonly RecordCodec _codec = new RecordCodec();

        public ConfigurationFile(IFlash flash)
        {
            _flash = flash;
        }

        /// <summary>Null when there is no sound copy under that name.</summary>
        public StoredConfiguration Load(string name)
        {
            byte[] bytes = Read(name);
            if (bytes == null || bytes[0] != (byte)'G' || bytes[1] != (byte)'C' || bytes[2] != FormatVersion)
            {
                return null;
            }

            int checkedBytes = bytes.Length - ChecksumBytes;
            int contentBytes = LittleEndian.Get16(bytes, 24);
            if (contentBytes != checkedBytes - HeaderBytes || LittleEndian.Get32(bytes, checkedBytes) != _codec.Checksum(Salt, 0, bytes, 0, checkedBytes))
            {
                return null;
            }

            StoredConfiguration stored = new StoredConfiguration();
            stored.IsTrial = (bytes[3] & 1) != 0;
            stored.IsLocal = (bytes[3] & 2) != 0;
            stored.Generation = LittleEndian.Get32(bytes, 4);
            stored.Version = (int)LittleEndian.Get32(bytes, 8);
            stored.Judged = (int)LittleEndian.Get32(bytes, 12);
            stored.Sum = (bytes[3] & PlainSum) != 0 ? LittleEndian.Get32(bytes, 16) : 0;
            stored.Outcome = bytes[20];
            stored.Reason = bytes[21];
            stored.TrialBoots = bytes[22];
            stored.Content = new byte[contentBytes];
            Array.Copy(bytes, HeaderBytes, stored.Content, 0, contentBytes);
            return stored;
        }

        /// <summary>Writes one copy. A cut leaves the other one, and this one as it was or broken. False when the flash refused.</summary>
        public bool Save(string name, StoredConfiguration stored)
        {
            byte[] bytes = new byte[HeaderBytes + stored.Content.Length + ChecksumBytes];
            bytes[0] = (byte)'G';
            bytes[1] = (byte)'C';
            bytes[2] = FormatVersion;
            bytes[3] = (byte)((stored.IsTrial ? 1 : 0) | (stored.IsLocal ? 2 : 0) | PlainSum);
            LittleEndian.Put32(bytes, 4, stored.Generation);
            LittleEndian.Put32(bytes, 8, (uint)stored.Version);
            LittleEndian.Put32(bytes, 12, (uint)stored.Judged);
            LittleEndian.Put32(bytes, 16, stored.Sum);
            bytes[20] = (byte)stored.Outcome;
            bytes[21] = (byte)stored.Reason;
            bytes[22] = (byte)stored.TrialBoots;
            LittleEndian.Put16(bytes, 24, stored.Content.Length);
            Array.Copy(stored.Content, 0, bytes, HeaderBytes, stored.Content.Length);
            int checkedBytes = bytes.Length - ChecksumBytes;
            LittleEndian.Put32(bytes, checkedBytes, _codec.Checksum(Salt, 0, bytes, 0, checkedBytes));
            try
            {
                _flash.Write(name, bytes, 0, bytes.Length);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }

        /// <summary>CRC-32 of a payload, to know it again.</summary>
        public uint SumOf(byte[] bytes, int count)
        {
            return _codec.Checksum(bytes, count);
        }

        private byte[] Read(string name)
        {
            try
            {
                int length = _flash.Exists(name) ? _flash.Length(name) : 0;
                if (length < HeaderBytes + ChecksumBytes || length > BytesMax)
                {
                    return null;
                }

                byte[] bytes = new byte[length];
                return _flash.Read(name, 0, bytes, 0, length) == length ? bytes : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
