using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Audit;

/// <summary>An entry of the chain as it is stored.</summary>
/// <param name="Actor">Who: an account, `token:name`, a gateway (`gw/sumitu-01`), the hub's clock, or its command line.</param>
/// <param name="Kind">What, such as `incident.accepted` or `gateway.provisioned`.</param>
/// <param name="Subject">To what, such as `incident/12`.</param>
/// <param name="Content">The details; empty once they were erased.</param>
/// <param name="Salt">16 random bytes, erased with the content, so that nobody can find a short text again by trying. Null in entries of the first version too.</param>
/// <param name="ContentHash">SHA-256 over salt and content: what the chain is linked over. Null in entries of the first version, which are linked over the content itself.</param>
public sealed record AuditEntry(
    long Seq, DateTimeOffset At, string Actor, string Kind, string Subject, string Content, byte[]? Salt, byte[]? ContentHash, byte[] Hash)
{
    public const int SaltBytes = 16;

    /// <summary>Kind of the entry that says which contents were erased: its content names their numbers.</summary>
    public const string ErasureKind = "audit.erased";

    public bool IsErased => ContentHash is not null && Salt is null;

    public static byte[] HashContent(byte[] salt, string content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(Encoding.UTF8.GetBytes(content));
        return hash.GetHashAndReset();
    }
}
