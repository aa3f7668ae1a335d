using Gateway.Hub.Audit;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Tests.Audit;

/// <summary>The hash-linked chain (I13): every edit, deletion and swap of its entries is found.</summary>
public sealed class AuditChainTests : IDisposable
{
    private const int Entries = 40;

    private readonly TempFolder _folder = new();
    private readonly HubDatabase _database;
    private readonly SqliteConnection _connection;

    public AuditChainTests()
    {
        _database = HubDatabase.Open(_folder.Path);
        _connection = _database.Connect();
        var chain = AuditChain.Continue(_connection);
        for (var i = 0; i < Entries; i++)
        {
            chain = chain.Append(_connection, TestTime.Start.AddSeconds(i), "actor", "kind", $"subject/{i % 3}", $"content {i % 5}");
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Close();
        _folder.Dispose();
    }

    [Fact]
    public void An_untouched_chain_is_whole()
    {
        var verdict = AuditChain.Verify(_connection);
        Assert.True(verdict.Whole);
        Assert.Equal(Entries, verdict.Entries);
    }

    [Fact]
    public void Every_edit_of_every_field_is_found_I13()
    {
        for (var seq = 1; seq <= Entries; seq++)
        {
            foreach (var edit in new[] { "at_ms = at_ms + 1", "actor = actor || 'x'", "kind = 'other'", "subject = 'x' || subject", "content = ''", "hash = zeroblob(32)" })
            {
                ExpectBroken($"UPDATE audit SET {edit} WHERE seq = {seq}", seq, seq + 1);
            }
        }
    }

    [Fact]
    public void Every_deletion_but_of_the_last_entry_is_found_I13()
    {
        for (var seq = 1; seq < Entries; seq++)
        {
            ExpectBroken($"DELETE FROM audit WHERE seq = {seq}", seq, seq);
        }
    }

    [Fact]
    public void A_cut_end_is_found_only_by_a_head_that_was_kept_and_that_is_said()
    {
        var head = AuditChain.Verify(_connection).Head;
        using var transaction = _connection.BeginTransaction();
        Run($"DELETE FROM audit WHERE seq = {Entries}");
        var verdict = AuditChain.Verify(_connection);
        Assert.True(verdict.Whole);
        Assert.NotEqual(head, verdict.Head);
    }

    [Fact]
    public void Every_swap_of_two_entries_is_found_I13()
    {
        for (var a = 1; a < Entries; a++)
        {
            for (var b = a + 1; b <= Entries; b++)
            {
                ExpectBroken($"UPDATE audit SET seq = -1 WHERE seq = {a}; UPDATE audit SET seq = {a} WHERE seq = {b}; UPDATE audit SET seq = {b} WHERE seq = -1", a, a);
            }
        }
    }

    [Fact]
    public void Text_cannot_move_from_one_field_into_the_next() => ExpectBroken("UPDATE audit SET actor = 'act', kind = 'orkind' WHERE seq = 3", 3, 3);

    private void ExpectBroken(string sql, long from, long to)
    {
        using var transaction = _connection.BeginTransaction();
        Run(sql);
        var verdict = AuditChain.Verify(_connection);
        Assert.True(verdict.BrokenAt >= from && verdict.BrokenAt <= to, $"{sql}: broken at {verdict.BrokenAt}, expected {from}..{to}");
    }

    private void Run(string sql) => _connection.Execute(sql);
}
