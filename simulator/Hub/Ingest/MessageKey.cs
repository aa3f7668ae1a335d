using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Ingest;

/// <summary>A device key and the MAC of PROTOCOL.md section 3: HMAC-SHA256 over topic, one zero byte and the payload before its tail [GW-9].</summary>
public sealed class MessageKey
{
    public const int KeyBytes = 32;
    public const int MacBytes = 32;

    /// <summary>Bytes of `,"mac":"` + 64 digits + `"}`.</summary>
    public const int TailBytes = 74;

    /// <summary>The longest topic plus the longest payload of PROTOCOL.md section 1, with room.</summary>
    private const int InputBytesMax = 5_120;

    private readonly byte[] _key;

    public MessageKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"a device key has {KeyBytes} bytes, not {key.Length}", nameof(key));
        }

        _key = key.ToArray();
    }

    /// <summary>The key's bytes; for storing and provisioning only.</summary>
    public ReadOnlySpan<byte> Bytes => _key;

    /// <summary>Computes the MAC of a payload that does not have its tail yet.</summary>
    public void Compute(string topic, ReadOnlySpan<byte> beforeTail, Span<byte> mac)
    {
        Span<byte> input = stackalloc byte[InputBytesMax];
        var length = Encoding.ASCII.GetBytes(topic, input);
        input[length++] = 0;
        beforeTail.CopyTo(input[length..]);
        HMACSHA256.HashData(_key, input[..(length + beforeTail.Length)], mac);
    }

    /// <summary>Checks the tail's form and, in constant time, its digits, over the bytes as received [GW-9] [GW-10].</summary>
    public bool Verifies(string topic, ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= TailBytes || topic.Length + 1 + payload.Length > InputBytesMax)
        {
            return false;
        }

        var tail = payload[^TailBytes..];
        if (!tail.StartsWith(",\"mac\":\""u8) || !tail.EndsWith("\"}"u8))
        {
            return false;
        }

        Span<byte> claimed = stackalloc byte[MacBytes];
        var digits = tail.Slice(8, MacBytes * 2);
        var wellFormed = true;
        for (var i = 0; i < MacBytes; i++)
        {
            var high = MemberReader.HexDigit(digits[2 * i]);
            var low = MemberReader.HexDigit(digits[(2 * i) + 1]);
            wellFormed &= high >= 0 && low >= 0;
            claimed[i] = (byte)((high << 4) | (low & 0xF));
        }

        Span<byte> actual = stackalloc byte[MacBytes];
        Compute(topic, payload[..^TailBytes], actual);
        return CryptographicOperations.FixedTimeEquals(claimed, actual) && wellFormed;
    }
}
