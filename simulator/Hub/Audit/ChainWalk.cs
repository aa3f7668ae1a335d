using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Audit;

/// <summary>
/// A walk along the chain, entry by entry, without any store: how far it holds, and what the next entry's hash must be. A value: a copy is a bookmark.
/// Each hash is SHA-256 over the hash before it and the entry's own fields, each with its length in front.
/// </summary>
/// <param name="Entries">Entries that hold so far.</param>
/// <param name="Head">Hash of the last of them.</param>
public readonly record struct ChainWalk(long Entries, byte[] Head)
{
    public static readonly ChainWalk Start = new(0, SHA256.HashData("gateway audit chain, version 1"u8));

    /// <summary>The walk after this entry; null when the entry does not follow from what is before it, or its content is not what was hashed.</summary>
    public ChainWalk? Step(AuditEntry entry)
    {
        if (entry.Seq != Entries + 1)
        {
            return null;
        }

        if (entry.ContentHash is { } contentHash)
        {
            var contentHolds = entry.Salt is { } salt ? AuditEntry.HashContent(salt, entry.Content).AsSpan().SequenceEqual(contentHash) : entry.Content.Length == 0;
            if (!contentHolds)
            {
                return null;
            }
        }

        var hash = entry.ContentHash is { } hashed
            ? Link(Head, entry.Seq, entry.At, "version 2", entry.Actor, entry.Kind, entry.Subject, Convert.ToHexStringLower(hashed))
            : Link(Head, entry.Seq, entry.At, entry.Actor, entry.Kind, entry.Subject, entry.Content);
        return hash.AsSpan().SequenceEqual(entry.Hash) ? new ChainWalk(entry.Seq, hash) : null;
    }

    /// <summary>The next entry of the chain, linked over its content's hash.</summary>
    public AuditEntry Next(DateTimeOffset at, string actor, string kind, string subject, string content)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        var salt = RandomNumberGenerator.GetBytes(AuditEntry.SaltBytes);
        var contentHash = AuditEntry.HashContent(salt, content);
        var hash = Link(Head, Entries + 1, moment, "version 2", actor, kind, subject, Convert.ToHexStringLower(contentHash));
        return new AuditEntry(Entries + 1, moment, actor, kind, subject, content, salt, contentHash, hash);
    }

    private static byte[] Link(byte[] before, long seq, DateTimeOffset at, params ReadOnlySpan<string> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        hash.AppendData(before);
        BinaryPrimitives.WriteInt64BigEndian(number, seq);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, at.ToUnixTimeMilliseconds());
        hash.AppendData(number);
        foreach (var field in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt64BigEndian(number, bytes.Length);
            hash.AppendData(number);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
