using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Accounts;

/// <summary>Time-based one-time passwords, RFC 6238 with HMAC-SHA1, 6 digits and steps of 30 s: what every authenticator app knows. Pure.</summary>
public static class Totp
{
    public const int SecretBytes = 20;
    public const int Digits = 6;
    public const int StepS = 30;

    /// <summary>Steps before and after the present one that still count: clocks of telephones are a little off (RFC 6238 section 5.2).</summary>
    private const int DriftSteps = 1;

    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepS;

    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238 as the apps implement it; HMAC-SHA1 is not broken as a MAC.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xF)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code this is, above <paramref name="lastStep"/>, so that no code works twice; null when it is none.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now, long lastStep)
    {
        long? found = null;
        var present = StepOf(now);
        for (var step = present - DriftSteps; step <= present + DriftSteps; step++)
        {
            var matches = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(secret, step)), Encoding.UTF8.GetBytes(code));
            found = matches && step > lastStep ? step : found;
        }

        return found;
    }

    /// <summary>What an app reads from the QR code.</summary>
    public static string Uri(string issuer, string account, ReadOnlySpan<byte> secret) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(account)}?secret={Base32(secret)}&issuer={System.Uri.EscapeDataString(issuer)}&digits={Digits}&period={StepS}";

    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        int bits = 0, value = 0;
        foreach (var b in bytes)
        {
            value = (value << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                text.Append(Base32Alphabet[(value >> (bits - 5)) & 31]);
                bits -= 5;
            }

            value &= (1 << bits) - 1;
        }

        return bits == 0 ? text.ToString() : text.Append(Base32Alphabet[(value << (5 - bits)) & 31]).ToString();
    }
}
