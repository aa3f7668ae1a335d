namespace Gateway.Firmware.Journal
{
    /// <summary>Numbers in a byte array, least significant byte first, without allocating.</summary>
    internal static class LittleEndian
    {
        public static void Put16(byte[] buffer, int at, int value)
        {
            buffer[at] = (byte)value;
            buffer[at + 1] = (byte)(value >> 8);
        }

        public static void Put32(byte[] buffer, int at, uint value)
        {
            buffer[at] = (byte)value;
            buffer[at + 1] = (byte)(value >> 8);
            buffer[at + 2] = (byte)(value >> 16);
            buffer[at + 3] = (byte)(value >> 24);
        }

        /// <summary>48 bits: milliseconds since 1970 fit until the year 10889.</summary>
        public static void Put48(byte[] buffer, int at, long value)
        {
            Put32(buffer, at, (uint)(value & 0xFFFFFFFF));
            Put16(buffer, at + 4, (int)((value >> 32) & 0xFFFF));
        }

        public static int Get16(byte[] buffer, int at)
        {
            return buffer[at] | (buffer[at + 1] << 8);
        }

        public static uint Get32(byte[] buffer, int at)
        {
            return (uint)buffer[at] | ((uint)buffer[at + 1] << 8) | ((uint)buffer[at + 2] << 16) | ((uint)buffer[at + 3] << 24);
        }

        public static long Get48(byte[] buffer, int at)
        {
            return (long)Get32(buffer, at) | ((long)Get16(buffer, at + 4) << 32);
        }
    }
}
