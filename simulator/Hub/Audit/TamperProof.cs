namespace Gateway.Hub.Audit;

/// <summary>What <see cref="TamperProof"/> tried and what it did not find.</summary>
public sealed record TamperResult(long Edits, long Deletions, long Swaps, IReadOnlyList<string> Missed)
{
    public long Attempts => Edits + Deletions + Swaps;
}

/// <summary>
/// Tampers with a chain in every way: each field of each entry edited, each entry deleted, each pair swapped, and judged by <see cref="ChainWalk"/> as
/// <see cref="AuditChain.Verify(IEnumerable{AuditEntry}, IReadOnlySet{long}?)"/> judges. A walk over an untouched beginning is taken once and kept, so each
/// attempt begins at the entry it touches. What a forger of the whole rest could do is not here: that is what exported heads are for.
/// </summary>
public static class TamperProof
{
    /// <summary>Missed attempts that are told by name; further ones are not kept: one is too many already.</summary>
    private const int MissedMax = 20;

    /// <summary>A chain as a hub's would be: many actors, kinds and subjects, with equal neighbours among them.</summary>
    public static IReadOnlyList<AuditEntry> MakeChain(int entries)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_795_309_200_000);
        var walk = ChainWalk.Start;
        var chain = new List<AuditEntry>(entries);
        for (var i = 0; i < entries; i++)
        {
            var entry = walk.Next(at.AddSeconds(i / 2), $"desk {i % 3}", i % 2 == 0 ? "incident.noted" : "incident.accepted", $"incident/{i % 7}", $"content {i % 5}");
            chain.Add(entry);
            walk = new ChainWalk(entry.Seq, entry.Hash);
        }

        return chain;
    }

    public static TamperResult Run(IReadOnlyList<AuditEntry> chain)
    {
        var before = new ChainWalk[chain.Count + 1];
        before[0] = ChainWalk.Start;
        for (var i = 0; i < chain.Count; i++)
        {
            before[i + 1] = before[i].Step(chain[i]) ?? throw new ArgumentException($"the chain is broken at entry {i + 1} already", nameof(chain));
        }

        var missed = new List<string>();
        long edits = 0, deletions = 0, swaps = 0;
        for (var i = 0; i < chain.Count; i++)
        {
            foreach (var (name, edited) in Edits(chain[i]))
            {
                edits++;
                Expect(IsFound(before[i], edited, Next(chain, i + 1)), $"edit of {name} in entry {i + 1}");
            }

            if (i < chain.Count - 1)
            {
                // Without the last entry a chain is as whole as before: only an exported head tells.
                deletions++;
                Expect(IsFound(before[i], chain[i + 1], Next(chain, i + 2)) && IsFound(before[i], chain[i + 1] with { Seq = i + 1 }, Next(chain, i + 2)), $"deletion of entry {i + 1}");
            }

            for (var j = i + 1; j < chain.Count; j++)
            {
                swaps++;
                Expect(IsFound(before[i], chain[j], null) && IsFound(before[i], chain[j] with { Seq = i + 1 }, null), $"swap of entries {i + 1} and {j + 1}");
            }
        }

        return new TamperResult(edits, deletions, swaps, missed);

        void Expect(bool found, string attempt)
        {
            if (!found && missed.Count < MissedMax)
            {
                missed.Add(attempt);
            }
        }
    }

    /// <summary>An edit of the last field that an entry has, its own hash, may leave it standing and break the one behind it.</summary>
    private static bool IsFound(ChainWalk before, AuditEntry touched, AuditEntry? behind) =>
        before.Step(touched) is not { } walk || (behind is not null && walk.Step(behind) is null);

    private static AuditEntry? Next(IReadOnlyList<AuditEntry> chain, int index) => index < chain.Count ? chain[index] : null;

    private static IEnumerable<(string Field, AuditEntry Edited)> Edits(AuditEntry entry)
    {
        yield return ("seq", entry with { Seq = entry.Seq + 1 });
        yield return ("time", entry with { At = entry.At.AddMilliseconds(1) });
        yield return ("actor", entry with { Actor = entry.Actor + "x" });
        yield return ("kind", entry with { Kind = entry.Kind + "x" });
        yield return ("subject", entry with { Subject = "x" + entry.Subject });
        yield return ("content", entry with { Content = entry.Content + "x" });
        yield return ("content with its hash", entry with { Content = "other", ContentHash = AuditEntry.HashContent(entry.Salt!, "other") });
        yield return ("salt", entry with { Salt = new byte[AuditEntry.SaltBytes] });
        yield return ("content hash", entry with { ContentHash = new byte[32] });
        yield return ("version", entry with { Salt = null, ContentHash = null });
        yield return ("hash", entry with { Hash = new byte[32] });
        yield return ("a letter from one field to the next", entry with { Actor = entry.Actor[..^1], Kind = entry.Actor[^1] + entry.Kind });
    }
}
