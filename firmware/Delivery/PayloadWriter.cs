using System.Text;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// Writes one flat JSON object into a buffer that is reused. Bounded by the largest payload a board sends; text is from our own
    /// tables or checked settings and needs no escape ([GW-5]).
    /// </summary>
    public sealed class PayloadWriter
    {
        /// <summary>PROTOCOL.md, section 1: the reported configuration; all others stay below 1,024.</summary>
        public const int BytesMax = 2048;

        private readonly byte[] _digits = new byte[20];
        private readonly Authenticator _authenticator;
        private int _count;

        public PayloadWriter(Authenticator authenticator)
        {
            _authenticator = authenticator;
        }

        public byte[] Buffer { get; } = new byte[BytesMax];

        public int Count
        {
            get { return _count; }
        }

        /// <summary>Starts a payload with its version.</summary>
        public void Begin()
        {
            _count = 0;
            Put('{');
            Name("v", true);
            Put('1');
        }

        public void Text(string name, string value)
        {
            Name(name, false);
            Put('"');
            Ascii(value);
            Put('"');
        }

        public void Flag(string name, bool value)
        {
            Name(name, false);
            Ascii(value ? "true" : "false");
        }

        public void Number(string name, long value)
        {
            Name(name, false);
            if (value < 0)
            {
                Put('-');
                value = -value;
            }

            int digits = 0;
            do
            {
                long rest = value / 10;
                _digits[digits++] = (byte)('0' + (int)(value - (rest * 10)));
                value = rest;
            }
            while (value != 0);
            while (digits > 0)
            {
                Buffer[_count++] = _digits[--digits];
            }
        }

        /// <summary>Eight lower-case hex digits.</summary>
        public void Hex(string name, uint value)
        {
            Name(name, false);
            Put('"');
            for (int shift = 28; shift >= 0; shift -= 4)
            {
                Buffer[_count++] = Authenticator.HexDigit((int)((value >> shift) & 15));
            }

            Put('"');
        }

        /// <summary>Ends the payload with the MAC over the topic and all that was written.</summary>
        public void End(Topic topic)
        {
            byte[] mac = _authenticator.Compute(topic, Buffer, _count);
            Name("mac", false);
            Put('"');
            for (int i = 0; i < Authenticator.MacBytes; i++)
            {
                Buffer[_count++] = Authenticator.HexDigit(mac[i] >> 4);
                Buffer[_count++] = Authenticator.HexDigit(mac[i] & 15);
            }

            Put('"');
            Put('}');
        }

        /// <summary>What was written, as text; allocates.</summary>
        public string Written()
        {
            return Encoding.UTF8.GetString(Buffer, 0, _count);
        }

        private void Name(string name, bool isFirst)
        {
            if (!isFirst)
            {
                Put(',');
            }

            Put('"');
            Ascii(name);
            Put('"');
            Put(':');
        }

        private void Ascii(string text)
        {
            _count += Encoding.UTF8.GetBytes(text, 0, text.Length, Buffer, _count);
        }

        private void Put(char c)
        {
            Buffer[_count++] = (byte)c;
        }
    }
}
