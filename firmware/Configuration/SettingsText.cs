namespace Gateway.Firmware.Configuration
{
    /// <summary>What settings are made of: names, hex digits, printable text.</summary>
    public static class SettingsText
    {
        public static bool IsName(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
                {
                    return false;
                }
            }

            return true;
        }

        public static bool IsLowerHex(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (Digit(text[i]) < 0)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>0x20..0x7E without the quote and the backslash: what a payload may hold ([GW-6]).</summary>
        public static bool IsPrintable(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
                if (c < ' ' || c > '~' || c == '"' || c == '\\')
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>The bytes of lower-case hex digits; the caller has checked them.</summary>
        public static byte[] FromHex(string text)
        {
            byte[] bytes = new byte[text.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)((Digit(text[2 * i]) << 4) | Digit(text[(2 * i) + 1]));
            }

            return bytes;
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
