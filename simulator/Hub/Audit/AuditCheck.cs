using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Audit;

/// <summary>What a comparison of the chain with one exported head found.</summary>
public enum HeadFinding
{
    /// <summary>The chain holds what the head says.</summary>
    Holds,

    /// <summary>No line of a head.</summary>
    Unreadable,

    /// <summary>The signature is not that of the key in the head.</summary>
    BadSignature,

    /// <summary>Signed well, but not by this hub's key.</summary>
    ForeignKey,

    /// <summary>Of another hub.</summary>
    OtherHub,

    /// <summary>The chain has fewer entries: it was cut at its end.</summary>
    Cut,

    /// <summary>The entry has another hash: the chain was written anew.</summary>
    Rewritten,

    /// <summary>Cut or rewritten, and explained: the hub was restored after this head was signed, from a backup of before it.</summary>
    Restored,
}

/// <summary>One head that does not hold, and where it stood.</summary>
public sealed record HeadOffence(string Where, HeadFinding Finding, AuditHead? Head);

/// <summary>A restore that stands in the chain and was signed as its end by this hub's key when it was made.</summary>
/// <param name="Seq">The entry that says so.</param>
/// <param name="Heads">Heads of after the backup that it explains.</param>
public sealed record SignedRestore(long Seq, DateTimeOffset At, string Backup, long Heads);

/// <summary>The whole judgement.</summary>
/// <param name="HeadsHeld">Heads that the chain holds.</param>
/// <param name="ProvenThrough">The highest entry that a head proves; what comes after proves nothing yet.</param>
/// <param name="ProvenAt">When that head was signed.</param>
public sealed record AuditReport(AuditVerdict Chain, long HeadsHeld, IReadOnlyList<HeadOffence> Offences, long ProvenThrough, DateTimeOffset? ProvenAt)
{
    /// <summary>What explains heads that the chain does not hold. No offence; whoever reads this must know of each restore.</summary>
    public IReadOnlyList<SignedRestore> Restores { get; init; } = [];

    public bool Holds => Chain.Whole && Offences.Count == 0;
}

/// <summary>Checks the chain by itself and against exported heads (I13).</summary>
public static class AuditCheck
{
    /// <summary>Kind of the entry that a restore appends.</summary>
    internal const string RestoredKind = "hub.restored";

    /// <summary>Offences that are told; a file of nonsense must not fill the screen.</summary>
    private const int OffencesMax = 20;

    /// <param name="heads">Lines of heads, each with where it stands.</param>
    /// <param name="hub">This hub's id.</param>
    /// <param name="publicKey">This hub's key; null when it is not known, and then any well-signed head is believed.</param>
    public static AuditReport Run(SqliteConnection connection, IEnumerable<(string Where, string Line)> heads, string hub, string? publicKey)
    {
        var read = heads.Select(head => (head.Where, Head: AuditHead.Read(head.Line))).ToList();
        var verdict = AuditChain.Verify(connection, read.Where(head => head.Head is not null).Select(head => head.Head!.Entries).ToHashSet());
        var offences = new List<HeadOffence>();
        long held = 0;
        AuditHead? best = null;
        var judged = read.Select(each => (each.Where, each.Head, Finding: Judge(each.Head, verdict, hub, publicKey))).ToList();
        var restores = SignedRestores(connection, judged.Where(each => each.Finding == HeadFinding.Holds).Select(each => each.Head!));
        foreach (var (where, head, found) in judged)
        {
            var finding = found is HeadFinding.Cut or HeadFinding.Rewritten && Explain(restores, head!) ? HeadFinding.Restored : found;
            if (finding == HeadFinding.Restored)
            {
                continue;
            }

            if (finding == HeadFinding.Holds)
            {
                held++;
                best = best is null || head!.Entries >= best.Entries ? head : best;
            }
            else if (offences.Count < OffencesMax)
            {
                offences.Add(new HeadOffence(where, finding, head));
            }
        }

        return new AuditReport(verdict, held, offences, best?.Entries ?? 0, best?.At) { Restores = restores };
    }

    /// <summary>
    /// A restore counts only with a head that was signed with its entry as the chain's end, at its very moment: whoever can write the database alone cannot add that.
    /// Whoever has the signing key can; against that, keep heads on another machine and know when you restored.
    /// </summary>
    private static List<SignedRestore> SignedRestores(SqliteConnection connection, IEnumerable<AuditHead> held)
    {
        var ends = held.Select(head => (head.Entries, head.At)).ToHashSet();
        return [.. connection.Rows($"SELECT seq, at_ms, content FROM audit WHERE kind = '{RestoredKind}' ORDER BY seq", r => new SignedRestore(r.GetInt64(0), r.Time(1), r.GetString(2), 0))
            .Where(restore => ends.Contains((restore.Seq, restore.At)))];
    }

    private static bool Explain(List<SignedRestore> restores, AuditHead head)
    {
        var index = restores.FindIndex(restore => restore.Seq <= head.Entries && head.At <= restore.At);
        if (index < 0)
        {
            return false;
        }

        restores[index] = restores[index] with { Heads = restores[index].Heads + 1 };
        return true;
    }

    private static HeadFinding Judge(AuditHead? head, AuditVerdict verdict, string hub, string? publicKey)
    {
        if (head is null)
        {
            return HeadFinding.Unreadable;
        }

        if (!head.IsSigned())
        {
            return HeadFinding.BadSignature;
        }

        if (head.Hub != hub)
        {
            return HeadFinding.OtherHub;
        }

        if (publicKey is not null && head.Key != publicKey)
        {
            return HeadFinding.ForeignKey;
        }

        if (head.Entries == 0)
        {
            return head.Hash == Convert.ToHexStringLower(ChainWalk.Start.Head) ? HeadFinding.Holds : HeadFinding.Rewritten;
        }

        return !verdict.Hashes.TryGetValue(head.Entries, out var hash) ? HeadFinding.Cut : hash == head.Hash ? HeadFinding.Holds : HeadFinding.Rewritten;
    }
}
