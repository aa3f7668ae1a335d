namespace Gateway.Firmware.Delivery
{
    /// <summary>A place in received bytes, and the few words of JSON that [GW-5] and [GW-6] allow there. It never reads past the end and never allocates.</summary>
    public sealed class JsonCursor
    {
        private byte[] _bytes;
        private int _end;
        private int _at;

        public void Begin(byte[] bytes, int count)
        {
            _bytes = bytes;
            _end = count;
            _at = 0;
        }

        public bool IsAtEnd
        {
            get { return _at == _end; }
        }

        /// <summary>The next character; 0 at the end.</summary>
        public char Peek()
        {
            return _at == _end ? '\0' : (char)_bytes[_at];
        }

        /// <summary>A whole number within the safe range, no leading zero, no fraction, no exponent.</summary>
        public bool Number(out long value)
        {
            value = 0;
            bool negative = Take('-');
            int first = _at;
            while (_at < _end && _bytes[_at] >= '0' && _bytes[_at] <= '9')
            {
                value = (value * 10) + (_bytes[_at] - '0');
                if (value > FlatJson.NumberMax)
                {
                    return false;
                }

                _at++;
            }

            int digits = _at - first;
            bool leadingZero = digits > 1 && _bytes[first] == '0';
            bool minusZero = negative && value == 0;
            if (negative)
            {
                value = -value;
            }

            return digits > 0 && !leadingZero && !minusZero;
        }

        /// <summary>A text of printable ASCII without escapes; says where it lies.</summary>
        public bool Text(int charsMax, out int at, out int length)
        {
            at = _at + 1;
            length = 0;
            if (!Take('"'))
            {
                return false;
            }

            while (_at < _end && _bytes[_at] != '"')
            {
                byte c = _bytes[_at];
                if (c < 0x20 || c > 0x7E || c == '\\' || length == charsMax)
                {
                    // The MAC is the one text that is as long as any may be; its bound is the same 64.
                    return false;
                }

                length++;
                _at++;
            }

            return Take('"');
        }

        public void SkipSpace()
        {
            while (_at < _end && (_bytes[_at] == ' ' || _bytes[_at] == '\t' || _bytes[_at] == '\r' || _bytes[_at] == '\n'))
            {
                _at++;
            }
        }

        public bool Take(char c)
        {
            if (_at == _end || _bytes[_at] != c)
            {
                return false;
            }

            _at++;
            return true;
        }

        public bool TakeWord(string word)
        {
            for (int i = 0; i < word.Length; i++)
            {
                if (!Take(word[i]))
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>That place as a string; allocates.</summary>
        public string TextAt(int at, int length)
        {
            char[] chars = new char[length];
            for (int i = 0; i < length; i++)
            {
                chars[i] = (char)_bytes[at + i];
            }

            return new string(chars);
        }
    }
}
