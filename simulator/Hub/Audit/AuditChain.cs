using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Audit;

/// <summary>What a check of the chain found. <see cref="BrokenAt"/> is the first entry that does not follow from the one before it.</summary>
public sealed record AuditVerdict(long Entries, long? BrokenAt, string Head)
{
    public bool Whole => BrokenAt is null;
}

/// <summary>
/// The hash-linked audit chain (I13): each entry's hash is SHA-256 over the hash before it and the entry's own fields, each with its length in front.
/// An edit, a deletion or a swap inside the chain is found by <see cref="Verify"/>; a chain cut off at its end, or recomputed as a whole, only by comparing
/// with a head that was exported before.
/// </summary>
public sealed class AuditChain
{
    private static readonly byte[] Genesis = SHA256.HashData("gateway audit chain, version 1"u8);

    private readonly long _entries;
    private readonly byte[] _head;

    private AuditChain(long entries, byte[] head)
    {
        _entries = entries;
        _head = head;
    }

    /// <summary>The chain as it stands in the database.</summary>
    public static AuditChain Continue(SqliteConnection connection) =>
        connection.Rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", r => new AuditChain(r.GetInt64(0), r.GetFieldValue<byte[]>(1)))
            .FirstOrDefault() ?? new AuditChain(0, Genesis);

    /// <summary>Appends an entry within the present transaction, and returns the chain after it: the caller keeps it only if the transaction commits.</summary>
    public AuditChain Append(SqliteConnection connection, DateTimeOffset at, string actor, string kind, string subject, string content)
    {
        var seq = _entries + 1;
        var hash = Link(_head, seq, at.ToUnixTimeMilliseconds(), actor, kind, subject, content);
        connection.Execute(
            "INSERT INTO audit (seq, at_ms, actor, kind, subject, content, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            seq, at.ToUnixTimeMilliseconds(), actor, kind, subject, content, hash);
        return new AuditChain(seq, hash);
    }

    /// <summary>Walks the whole chain.</summary>
    public static AuditVerdict Verify(SqliteConnection connection)
    {
        using var command = connection.Prepared("SELECT seq, at_ms, actor, kind, subject, content, hash FROM audit ORDER BY seq");
        using var reader = command.ExecuteReader();
        long entries = 0;
        var head = Genesis;
        while (reader.Read())
        {
            var seq = reader.GetInt64(0);
            var expected = Link(head, entries + 1, reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5));
            var stored = reader.GetFieldValue<byte[]>(6);
            if (seq != entries + 1 || !expected.AsSpan().SequenceEqual(stored))
            {
                return new AuditVerdict(entries, entries + 1, Convert.ToHexStringLower(head));
            }

            head = stored;
            entries++;
        }

        return new AuditVerdict(entries, null, Convert.ToHexStringLower(head));
    }

    private static byte[] Link(byte[] before, long seq, long atMs, params ReadOnlySpan<string> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        hash.AppendData(before);
        BinaryPrimitives.WriteInt64BigEndian(number, seq);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, atMs);
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
