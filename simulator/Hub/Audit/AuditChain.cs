using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Audit;

/// <summary>What a check of the chain found.</summary>
/// <param name="Entries">Entries that hold, from the first.</param>
/// <param name="BrokenAt">The first entry that does not follow from the one before it; null when all do.</param>
/// <param name="Head">Hash of the last entry that holds, in hex.</param>
/// <param name="Erased">Entries whose content was erased, each named by an entry that says so.</param>
/// <param name="ErasedInSilence">The first entry whose content is gone though no entry says so; null when there is none.</param>
public sealed record AuditVerdict(long Entries, long? BrokenAt, string Head, long Erased = 0, long? ErasedInSilence = null)
{
    public bool Whole => BrokenAt is null && ErasedInSilence is null;

    /// <summary>Hashes at the numbers that the caller asked for, as far as the chain reaches, in hex.</summary>
    public IReadOnlyDictionary<long, string> Hashes { get; init; } = new Dictionary<long, string>();
}

/// <summary>
/// The hash-linked audit chain (I13) in the database. An edit, a deletion or a swap inside the chain is found by <see cref="Verify"/>; a chain cut off at its
/// end, or recomputed as a whole, only by comparing with a head that was exported before (<see cref="AuditHead"/>).
/// </summary>
public sealed class AuditChain
{
    internal const string EntryColumns = "seq, at_ms, actor, kind, subject, content, salt, content_hash, hash";

    private readonly ChainWalk _end;

    private AuditChain(ChainWalk end) => _end = end;

    /// <summary>The chain as it stands in the database.</summary>
    public static AuditChain Continue(SqliteConnection connection) => new(
        connection.Rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", r => (ChainWalk?)new ChainWalk(r.GetInt64(0), r.GetFieldValue<byte[]>(1)))
            .FirstOrDefault() ?? ChainWalk.Start);

    /// <summary>How far it reaches.</summary>
    public AuditPosition Position => new(_end.Entries, Convert.ToHexStringLower(_end.Head));

    /// <summary>Appends an entry within the present transaction, and returns the chain after it: the caller keeps it only if the transaction commits.</summary>
    public AuditChain Append(SqliteConnection connection, DateTimeOffset at, string actor, string kind, string subject, string content)
    {
        var entry = _end.Next(at, actor, kind, subject, content);
        connection.Execute(
            $"INSERT INTO audit ({EntryColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            entry.Seq, entry.At.ToUnixTimeMilliseconds(), actor, kind, subject, content, entry.Salt, entry.ContentHash, entry.Hash);
        return new AuditChain(new ChainWalk(entry.Seq, entry.Hash));
    }

    /// <summary>Walks the whole chain.</summary>
    /// <param name="wanted">Entries whose hashes the verdict is to tell.</param>
    public static AuditVerdict Verify(SqliteConnection connection, IReadOnlySet<long>? wanted = null) => Verify(Read(connection), wanted);

    /// <summary>The same over entries from anywhere, first to last.</summary>
    public static AuditVerdict Verify(IEnumerable<AuditEntry> entries, IReadOnlySet<long>? wanted = null)
    {
        var walk = ChainWalk.Start;
        var hashes = new Dictionary<long, string>();
        var unexplained = new SortedSet<long>();
        long erased = 0;
        foreach (var entry in entries)
        {
            if (walk.Step(entry) is not { } next)
            {
                return Verdict(walk.Entries + 1);
            }

            walk = next;
            if (wanted?.Contains(walk.Entries) == true)
            {
                hashes[walk.Entries] = Convert.ToHexStringLower(walk.Head);
            }

            if (entry.IsErased)
            {
                erased++;
                unexplained.Add(entry.Seq);
            }
            else if (entry.Kind == AuditEntry.ErasureKind)
            {
                // Only what comes before it: an erasure cannot excuse what is yet to be written.
                unexplained.ExceptWith(ErasureText.Read(entry.Content));
            }
        }

        return Verdict(null);

        AuditVerdict Verdict(long? brokenAt) =>
            new(walk.Entries, brokenAt, Convert.ToHexStringLower(walk.Head), erased, unexplained.Count > 0 ? unexplained.Min : null) { Hashes = hashes };
    }

    /// <summary>
    /// Erases the contents of these entries, and appends the entry that says so, within the present transaction. The chain stays verifiable: it is linked
    /// over the contents' salted hashes. Entries of the first version and such as are erased already are left out.
    /// </summary>
    /// <returns>The chain after it, and how many contents were erased.</returns>
    public (AuditChain Chain, int Erased) Erase(SqliteConnection connection, IReadOnlyCollection<long> seqs, DateTimeOffset at, string actor, string subject)
    {
        var chain = this;
        var erased = 0;
        foreach (var some in seqs.Order().Chunk(ErasureText.NumbersMax))
        {
            var done = some.Where(seq => connection.Scalar(
                "UPDATE audit SET content = '', salt = NULL WHERE seq = $1 AND salt IS NOT NULL AND kind <> $2 RETURNING seq", seq, AuditEntry.ErasureKind) == seq).ToList();
            if (done.Count > 0)
            {
                chain = chain.Append(connection, at, actor, AuditEntry.ErasureKind, subject, ErasureText.Write(done));
                erased += done.Count;
            }
        }

        return (chain, erased);
    }

    private static IEnumerable<AuditEntry> Read(SqliteConnection connection)
    {
        using var command = connection.Prepared($"SELECT {EntryColumns} FROM audit ORDER BY seq");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return ReadEntry(reader);
        }
    }

    /// <summary>One row of <see cref="EntryColumns"/>.</summary>
    internal static AuditEntry ReadEntry(SqliteDataReader r) => new(
        r.GetInt64(0), r.Time(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5),
        r.IsDBNull(6) ? null : r.GetFieldValue<byte[]>(6), r.IsDBNull(7) ? null : r.GetFieldValue<byte[]>(7), r.GetFieldValue<byte[]>(8));
}
