using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Audit;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Tests.Audit;

/// <summary>The chain against whoever can write the database (I13).</summary>
public sealed class TamperTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HubDatabase _database;
    private readonly SqliteConnection _connection;

    public TamperTests()
    {
        _database = HubDatabase.Open(_folder.Path);
        _connection = _database.Connect();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Close();
        _folder.Dispose();
    }

    [Fact]
    public void Every_edit_deletion_and_swap_in_a_thousand_entries_is_found_I13()
    {
        var result = TamperProof.Run(TamperProof.MakeChain(1_000));

        TestContext.Current.TestOutputHelper?.WriteLine($"{result.Edits} edits, {result.Deletions} deletions, {result.Swaps} swaps");
        Assert.Empty(result.Missed);
        Assert.Equal((12_000L, 999L, 499_500L), (result.Edits, result.Deletions, result.Swaps));
    }

    [Fact]
    public void A_walk_that_would_overlook_a_swap_is_caught_by_the_proof_itself()
    {
        // Two entries that are equal but for their place: a chain that did not number them could not tell.
        var chain = TamperProof.MakeChain(50).ToList();
        var same = chain[10] with { Seq = chain[11].Seq, Hash = chain[11].Hash };
        chain[11] = same;
        Assert.Throws<ArgumentException>(() => TamperProof.Run(chain));
    }

    [Fact]
    public void An_erased_content_leaves_the_chain_whole_and_is_named_by_an_entry()
    {
        var chain = Fill(10);
        var (_, erased) = chain.Erase(_connection, [3, 4, 7], TestTime.Start, "auditor", "incident/1");

        Assert.Equal(3, erased);
        var verdict = AuditChain.Verify(_connection);
        Assert.True(verdict.Whole);
        Assert.Equal((11L, 3L), (verdict.Entries, verdict.Erased));
        Assert.Equal("3-4 7", _connection.ScalarText("SELECT content FROM audit WHERE seq = 11"));
        Assert.Equal(0, _connection.Scalar("SELECT count(*) FROM audit WHERE seq IN (3, 4, 7) AND (content <> '' OR salt IS NOT NULL)"));
    }

    [Fact]
    public void A_content_that_was_erased_in_silence_is_found_and_an_erased_one_cannot_be_replaced()
    {
        Fill(10);
        _connection.Execute("UPDATE audit SET content = '', salt = NULL WHERE seq = 5");
        var silent = AuditChain.Verify(_connection);
        Assert.False(silent.Whole);
        Assert.Equal(5, silent.ErasedInSilence);

        AuditChain.Continue(_connection).Append(_connection, TestTime.Start, "auditor", AuditEntry.ErasureKind, "incident/1", "5");
        Assert.True(AuditChain.Verify(_connection).Whole);
        _connection.Execute("UPDATE audit SET content = 'a kinder story' WHERE seq = 5");
        Assert.Equal(5, AuditChain.Verify(_connection).BrokenAt);
    }

    [Fact]
    public void An_erasure_excuses_nothing_that_comes_after_it()
    {
        Fill(3);
        AuditChain.Continue(_connection).Append(_connection, TestTime.Start, "auditor", AuditEntry.ErasureKind, "x", "1-1000 nonsense 5-");
        Fill(3);
        _connection.Execute("UPDATE audit SET content = '', salt = NULL WHERE seq = 6");
        Assert.Equal(6, AuditChain.Verify(_connection).ErasedInSilence);
    }

    [Fact]
    public void Entries_of_the_first_version_hold_and_the_chain_goes_on_behind_them()
    {
        var hash = SHA256.HashData("gateway audit chain, version 1"u8);
        for (var seq = 1; seq <= 3; seq++)
        {
            hash = FirstVersion(hash, seq, 1_000 + seq, "actor", "kind", "subject", "content");
            _connection.Execute("INSERT INTO audit (seq, at_ms, actor, kind, subject, content, hash) VALUES ($1, $2, 'actor', 'kind', 'subject', 'content', $3)", (long)seq, 1_000L + seq, hash);
        }

        Fill(3);
        Assert.True(AuditChain.Verify(_connection).Whole);
        _connection.Execute("UPDATE audit SET content = 'contenu' WHERE seq = 2");
        Assert.Equal(2, AuditChain.Verify(_connection).BrokenAt);
    }

    private AuditChain Fill(int entries)
    {
        var chain = AuditChain.Continue(_connection);
        for (var i = 0; i < entries; i++)
        {
            chain = chain.Append(_connection, TestTime.Start.AddSeconds(i), "actor", "kind", "incident/1", $"content {i}");
        }

        return chain;
    }

    /// <summary>The link of the first version, written here and not by the code under test.</summary>
    private static byte[] FirstVersion(byte[] before, long seq, long atMs, params string[] fields)
    {
        using var stream = new MemoryStream();
        stream.Write(before);
        stream.Write(BigEndian(seq));
        stream.Write(BigEndian(atMs));
        foreach (var field in fields)
        {
            stream.Write(BigEndian(Encoding.UTF8.GetByteCount(field)));
            stream.Write(Encoding.UTF8.GetBytes(field));
        }

        return SHA256.HashData(stream.ToArray());
    }

    private static byte[] BigEndian(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
