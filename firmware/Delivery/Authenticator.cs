using System;
using System.Security.Cryptography;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// HMAC-SHA256 over topic, one zero byte and payload ([GW-9]). The runtime's native class takes whole arrays only, so each message
    /// costs one array of its length and one of 32 bytes; nothing else is allocated.
    /// </summary>
    public sealed class Authenticator
    {
        public const int MacBytes = 32;

        /// <summary>Length of <c>,"mac":"</c> + 64 digits + <c>"}</c>.</summary>
        public const int TailBytes = 74;

        private const int TailPrefixBytes = 8;

        private readonly HMACSHA256 _hmac;

        public Authenticator(byte[] key)
        {
            _hmac = new HMACSHA256(key);
        }

        /// <summary>The MAC of the first <paramref name="count"/> bytes: all of the payload before the comma that precedes "mac".</summary>
        public byte[] Compute(Topic topic, byte[] payload, int count)
        {
            byte[] message = new byte[topic.Ascii.Length + 1 + count];
            Array.Copy(topic.Ascii, message, topic.Ascii.Length);
            Array.Copy(payload, 0, message, topic.Ascii.Length + 1, count);
            return _hmac.ComputeHash(message);
        }

        /// <summary>True when the payload ends with exactly the tail of [GW-9] and the MAC is right; compared in constant time.</summary>
        public bool IsAuthentic(Topic topic, byte[] payload, int count)
        {
            int body = count - TailBytes;
            if (body < 1 || !HasTail(payload, body, count))
            {
                return false;
            }

            byte[] mac = Compute(topic, payload, body);
            int difference = 0;
            for (int i = 0; i < MacBytes; i++)
            {
                int at = body + TailPrefixBytes + (2 * i);
                difference |= payload[at] ^ HexDigit(mac[i] >> 4);
                difference |= payload[at + 1] ^ HexDigit(mac[i] & 15);
            }

            return difference == 0;
        }

        /// <summary>The ASCII code of a lower-case hex digit, 0..15.</summary>
        public static byte HexDigit(int value)
        {
            return (byte)(value < 10 ? '0' + value : 'a' + value - 10);
        }

        private static bool HasTail(byte[] payload, int body, int count)
        {
            const string prefix = ",\"mac\":\"";
            for (int i = 0; i < TailPrefixBytes; i++)
            {
                if (payload[body + i] != prefix[i])
                {
                    return false;
                }
            }

            return payload[count - 2] == '"' && payload[count - 1] == '}';
        }
    }
}
