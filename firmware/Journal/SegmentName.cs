namespace Gateway.Firmware.Journal
{
    /// <summary>Names of segment files: the lane's letter, a dash, and the first sequence number as 8 hex digits.</summary>
    internal static class SegmentName
    {
        private const int Chars = 10;

        public static string Of(int lane, uint first)
        {
            char[] name = new char[Chars];
            name[0] = Letter(lane);
            name[1] = '-';
            for (int i = Chars - 1; i > 1; i--)
            {
                name[i] = "0123456789abcdef"[(int)(first & 15)];
                first >>= 4;
            }

            return new string(name);
        }

        /// <summary>The lane of a segment file, or -1 for any other file.</summary>
        public static int LaneOf(string name)
        {
            if (name.Length != Chars || name[1] != '-')
            {
                return -1;
            }

            for (int i = 2; i < Chars; i++)
            {
                if (Digit(name[i]) < 0)
                {
                    return -1;
                }
            }

            if (FirstSeq(name) == 0)
            {
                return -1;
            }

            return name[0] == Letter(LaneId.Call) ? LaneId.Call : name[0] == Letter(LaneId.Event) ? LaneId.Event : -1;
        }

        public static uint FirstSeq(string name)
        {
            uint first = 0;
            for (int i = 2; i < Chars; i++)
            {
                first = (first << 4) | (uint)Digit(name[i]);
            }

            return first;
        }

        private static char Letter(int lane)
        {
            return lane == LaneId.Call ? 'c' : 'e';
        }

        private static int Digit(char c)
        {
            if (c >= '0' && c <= '9')
            {
                return c - '0';
            }

            return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        }
    }
}
