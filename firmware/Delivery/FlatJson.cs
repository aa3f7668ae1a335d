namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// Reads one flat JSON object within the bounds of [GW-5] and [GW-6], in place and without allocating. Anything else is refused
    /// whole. Values are then asked for by name, type and bounds.
    /// </summary>
    public sealed class FlatJson
    {
        public const int MembersMax = 48;
        public const int NameCharsMax = 24;
        public const int TextCharsMax = 64;
        public const long NumberMax = 9007199254740991;

        private const int TypeText = 1;
        private const int TypeNumber = 2;
        private const int TypeFlag = 3;

        private readonly int[] _nameAt = new int[MembersMax];
        private readonly int[] _nameLength = new int[MembersMax];
        private readonly int[] _type = new int[MembersMax];
        private readonly int[] _textAt = new int[MembersMax];
        private readonly int[] _textLength = new int[MembersMax];
        private readonly long[] _number = new long[MembersMax];

        private readonly JsonCursor _cursor = new JsonCursor();

        private byte[] _bytes;
        private int _count;

        public int Count
        {
            get { return _count; }
        }

        /// <summary>False when the bytes are anything but one flat object; then no member may be asked for. The bytes must stay as they are while it is used.</summary>
        public bool Parse(byte[] bytes, int count)
        {
            _bytes = bytes;
            _cursor.Begin(bytes, count);
            _count = 0;
            _cursor.SkipSpace();
            if (!_cursor.Take('{'))
            {
                return false;
            }

            _cursor.SkipSpace();
            if (!_cursor.Take('}') && !Members())
            {
                return false;
            }

            _cursor.SkipSpace();
            return _cursor.IsAtEnd;
        }

        public bool Has(string name)
        {
            return IndexOf(name) >= 0;
        }

        /// <summary>The name of a member by its place in the message; allocates.</summary>
        public string NameAt(int index)
        {
            return _cursor.TextAt(_nameAt[index], _nameLength[index]);
        }

        public bool TryNumber(string name, long min, long max, out long value)
        {
            int i = IndexOf(name);
            value = i >= 0 && _type[i] == TypeNumber ? _number[i] : 0;
            return i >= 0 && _type[i] == TypeNumber && value >= min && value <= max;
        }

        public bool TryFlag(string name, out bool value)
        {
            int i = IndexOf(name);
            value = i >= 0 && _type[i] == TypeFlag && _number[i] != 0;
            return i >= 0 && _type[i] == TypeFlag;
        }

        /// <summary>The text of a member; allocates. False when it is not a text of that length.</summary>
        public bool TryText(string name, int charsMin, int charsMax, out string value)
        {
            int i = IndexOf(name);
            if (i < 0 || _type[i] != TypeText || _textLength[i] < charsMin || _textLength[i] > charsMax)
            {
                value = null;
                return false;
            }

            value = _cursor.TextAt(_textAt[i], _textLength[i]);
            return true;
        }

        public bool IsText(string name)
        {
            int i = IndexOf(name);
            return i >= 0 && _type[i] == TypeText;
        }

        public bool IsNumber(string name)
        {
            int i = IndexOf(name);
            return i >= 0 && _type[i] == TypeNumber;
        }

        /// <summary>True when the member is this very text.</summary>
        public bool IsText(string name, string value)
        {
            int i = IndexOf(name);
            return i >= 0 && _type[i] == TypeText && Equal(_textAt[i], _textLength[i], value);
        }

        /// <summary>Exactly eight lower-case hex digits.</summary>
        public bool TryHex(string name, out uint value)
        {
            value = 0;
            int i = IndexOf(name);
            if (i < 0 || _type[i] != TypeText || _textLength[i] != 8)
            {
                return false;
            }

            for (int k = 0; k < 8; k++)
            {
                byte c = _bytes[_textAt[i] + k];
                int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
                if (digit < 0)
                {
                    return false;
                }

                value = (value << 4) | (uint)digit;
            }

            return true;
        }

        private bool Members()
        {
            while (true)
            {
                _cursor.SkipSpace();
                if (_count == MembersMax || !_cursor.Text(NameCharsMax, out int nameAt, out int nameLength) || nameLength == 0 || IsTaken(nameAt, nameLength))
                {
                    return false;
                }

                _nameAt[_count] = nameAt;
                _nameLength[_count] = nameLength;
                _cursor.SkipSpace();
                if (!_cursor.Take(':'))
                {
                    return false;
                }

                _cursor.SkipSpace();
                if (!Value())
                {
                    return false;
                }

                _count++;
                _cursor.SkipSpace();
                if (_cursor.Take('}'))
                {
                    return true;
                }

                if (!_cursor.Take(','))
                {
                    return false;
                }
            }
        }

        private bool Value()
        {
            char c = _cursor.Peek();
            if (c == '"')
            {
                _type[_count] = TypeText;
                return _cursor.Text(TextCharsMax, out _textAt[_count], out _textLength[_count]);
            }

            if (c == 't' || c == 'f')
            {
                _type[_count] = TypeFlag;
                _number[_count] = c == 't' ? 1 : 0;
                return _cursor.TakeWord(c == 't' ? "true" : "false");
            }

            _type[_count] = TypeNumber;
            return _cursor.Number(out _number[_count]);
        }

        private bool IsTaken(int at, int length)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_nameLength[i] == length)
                {
                    int k = 0;
                    while (k < length && _bytes[_nameAt[i] + k] == _bytes[at + k])
                    {
                        k++;
                    }

                    if (k == length)
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        private int IndexOf(string name)
        {
            for (int i = 0; i < _count; i++)
            {
                if (Equal(_nameAt[i], _nameLength[i], name))
                {
                    return i;
                }
            }

            return -1;
        }

        private bool Equal(int at, int length, string text)
        {
            if (length != text.Length)
            {
                return false;
            }

            for (int i = 0; i < length; i++)
            {
                if (_bytes[at + i] != text[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
