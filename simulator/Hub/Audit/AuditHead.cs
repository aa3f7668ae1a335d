using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Hub.Audit;

/// <summary>
/// How the chain stood at one moment, signed: kept away from the database it proves that these entries were there, in this order. One line of JSON.
/// </summary>
/// <param name="Hub">Id of the hub, 16 hex digits.</param>
/// <param name="Entries">Entries of the chain.</param>
/// <param name="Hash">Hash of the last of them, 64 hex digits.</param>
/// <param name="At">When it was signed, by the hub's clock.</param>
/// <param name="Key">The public key that checks the signature: SubjectPublicKeyInfo, base64url.</param>
/// <param name="Signature">ECDSA P-256 over SHA-256 of the other members, base64url.</param>
public sealed record AuditHead(
    [property: JsonPropertyName("hub")] string Hub,
    [property: JsonPropertyName("entries")] long Entries,
    [property: JsonPropertyName("hash")] string Hash,
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("signature")] string Signature)
{
    /// <summary>Of one line of a file of heads; ours have about 400 characters.</summary>
    public const int LineCharsMax = 2_000;

    public string ToLine() => JsonSerializer.Serialize(this);

    /// <summary>Null for what is no head.</summary>
    public static AuditHead? Read(string line)
    {
        if (line.Length > LineCharsMax)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<AuditHead>(line) is { Hub: not null, Hash: not null, Key: not null, Signature: not null, Entries: >= 0 } head ? head : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the signature is that of the key in the head itself. Whose key that is, is for the reader to know (<see cref="Fingerprint"/>).</summary>
    public bool IsSigned()
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Base64Url.DecodeFromChars(Key), out _);
            return key.VerifyData(Signed(Hub, Entries, Hash, At), Base64Url.DecodeFromChars(Signature), HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The first 16 hex digits of the key's SHA-256: short enough to compare by eye or by telephone.</summary>
    public string Fingerprint => FingerprintOf(Key);

    internal static string FingerprintOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];

    internal static byte[] Signed(string hub, long entries, string hash, DateTimeOffset at) =>
        Encoding.UTF8.GetBytes(FormattableString.Invariant($"gateway audit head, version 1\n{hub}\n{entries}\n{hash}\n{at.ToUnixTimeMilliseconds()}"));
}
