namespace Gateway.Firmware.Service
{
    /// <summary>
    /// Gathers a line byte by byte. Too long, or with a byte that is no printable ASCII: the whole line is refused, up to its end. Nothing is echoed: a line
    /// may carry a secret.
    /// </summary>
    public sealed class ServiceLine
    {
        /// <summary>"set", the longest name and the longest text of a setting, with room.</summary>
        public const int CharsMax = 120;

        public const int More = 0;
        public const int Whole = 1;
        public const int Refused = 2;

        private readonly char[] _chars = new char[CharsMax];
        private int _count;
        private bool _isBad;

        /// <summary>Takes one byte. <see cref="Whole"/>: ask for <see cref="Text"/>. <see cref="Refused"/>: the line that ended was no line.</summary>
        public int Take(byte b)
        {
            if (b == '\r' || b == '\n')
            {
                int result = _isBad ? Refused : _count > 0 ? Whole : More;
                Text = result == Whole ? new string(_chars, 0, _count) : "";
                Clear();
                return result;
            }

            _isBad = _isBad || b < 0x20 || b > 0x7E || _count == CharsMax;
            if (!_isBad)
            {
                _chars[_count++] = (char)b;
            }

            return More;
        }

        public string Text { get; private set; } = "";

        /// <summary>No trace of a secret stays in RAM longer than its line.</summary>
        private void Clear()
        {
            for (int i = 0; i < _count; i++)
            {
                _chars[i] = '\0';
            }

            _count = 0;
            _isBad = false;
        }
    }
}
