using Gateway.Hub.Audit;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Audit;

/// <summary>Signed heads: what the chain alone cannot tell (I13), by the verdicts that a person reads.</summary>
public sealed class HeadTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _elsewhere = new();
    private readonly TestTime _time = new();
    private HubService _hub = null!;
    private AuditService _audit = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions { DataFolder = _folder.Path, StationFile = "", TimeProvider = _time };
        _hub = HubService.Open(options, Seeds.Sumitu, NullLogger.Instance);
        _audit = new AuditService(_hub, options, NullLogger<AuditService>.Instance);
        await _audit.StartAsync(Cancellation);
        for (var i = 0; i < 10; i++)
        {
            await _hub.AuditAsync("desk", "test.entry", $"thing/{i}", "content");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _audit.Dispose();
        await _hub.DisposeAsync();
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public void Heads_are_exported_at_the_start_and_at_least_hourly_whatever_happens_I13()
    {
        Assert.Equal(0, _audit.Newest!.Entries);
        for (var hour = 0; hour < 5; hour++)
        {
            for (var minute = 0; minute < 60; minute += 10)
            {
                _time.Advance(TimeSpan.FromMinutes(10));
                Assert.True(_time.GetUtcNow() - _audit.Newest!.At < TimeSpan.FromHours(1));
            }
        }

        Assert.Equal(10, _audit.Newest!.Entries);
        Assert.Equal(11, Assert.Single(_audit.Archive.Files().Select(path => HeadArchive.ReadLines(path).Count())));
        var report = _audit.Check();
        Assert.True(report.Holds);
        Assert.Equal((11L, 10L), (report.HeadsHeld, report.ProvenThrough));
    }

    [Fact]
    public async Task What_was_not_exported_yet_is_said()
    {
        _audit.Export();
        await _hub.AuditAsync("desk", "test.entry", "thing", "content");
        var (code, text) = Verify(null);
        Assert.Equal(AuditVerification.Holds, code);
        Assert.Contains("Proven through entry 10", text);
        Assert.Contains("the 1 entries after it prove nothing yet", text);
        Assert.Contains("the heads that the hub itself keeps", text);
    }

    [Fact]
    public void A_chain_without_any_head_is_not_said_to_hold_I13()
    {
        foreach (var path in _audit.Archive.Files())
        {
            File.Delete(path);
        }

        var (code, text) = Verify(null);
        Assert.Equal(AuditVerification.Unusable, code);
        Assert.Contains("The chain of 10 entries is whole", text);
        Assert.Contains($"CANNOT BE CHECKED: no head is in {_audit.Archive.Folder}", text);
    }

    [Fact]
    public void Heads_are_looked_for_where_the_configuration_says_that_the_hub_exports_them()
    {
        var file = Assert.Single(_audit.Archive.Files());
        File.Move(file, Path.Combine(_elsewhere.Path, Path.GetFileName(file)));
        using var output = new StringWriter();
        Assert.Equal(AuditVerification.Holds, AuditVerification.Run(_folder.Path, null, output, _elsewhere.Path));
        Assert.Contains("1 of 1 heads hold", output.ToString());
    }

    [Fact]
    public void A_chain_cut_at_its_end_is_found_by_a_head_that_was_kept_I13()
    {
        var kept = Keep();
        using (var connection = _hub.Database.Connect())
        {
            connection.Execute("DELETE FROM audit WHERE seq > 7");
        }

        var (code, text) = Verify(kept);
        Assert.Equal(AuditVerification.Broken, code);
        Assert.Contains("The chain of 7 entries is whole", text);
        Assert.Contains("CUT: at 2026-11-22 01:00:00 UTC the chain had 10 entries; 7 hold now", text);
    }

    [Fact]
    public void A_chain_written_anew_as_a_whole_is_found_by_a_head_that_was_kept_I13()
    {
        var kept = Keep();
        using (var connection = _hub.Database.Connect())
        {
            connection.Execute("DELETE FROM audit");
            var chain = AuditChain.Continue(connection);
            for (var i = 0; i < 12; i++)
            {
                chain = chain.Append(connection, TestTime.Start, "desk", "test.entry", $"thing/{i}", "a kinder story");
            }
        }

        var (code, text) = Verify(kept);
        Assert.Equal(AuditVerification.Broken, code);
        Assert.Contains("REWRITTEN: entry 10", text);
    }

    [Fact]
    public void An_edited_entry_is_named()
    {
        using (var connection = _hub.Database.Connect())
        {
            connection.Execute("UPDATE audit SET actor = 'somebody else' WHERE seq = 4");
        }

        var (code, text) = Verify(null);
        Assert.Equal(AuditVerification.Broken, code);
        Assert.Contains("BROKEN: entry 4 ", text);
    }

    [Fact]
    public void A_head_that_was_edited_or_signed_by_another_key_or_of_another_hub_proves_nothing()
    {
        var head = _audit.Export()!;
        using var strangers = AuditSigner.Open(_elsewhere.Path);
        var end = new AuditPosition(head.Entries, head.Hash);
        var cases = new (string Line, string Says)[]
        {
            ((head with { Entries = 9 }).ToLine(), "the signature is wrong"),
            ((head with { At = head.At.AddHours(1) }).ToLine(), "the signature is wrong"),
            (strangers.Sign(head.Hub, end, head.At).ToLine(), "signed by another key"),
            (strangers.Sign("0000000000000001", end, head.At).ToLine(), "of the hub 0000000000000001"),
            ("nonsense", "no head"),
            (head.ToLine()[..100], "no head"),
        };
        foreach (var (line, says) in cases)
        {
            var path = Path.Combine(_elsewhere.Path, "case.jsonl");
            File.WriteAllText(path, line);
            var (code, text) = Verify(path);
            Assert.Equal(AuditVerification.Broken, code);
            Assert.Contains(says, text);
        }
    }

    [Fact]
    public void A_folder_without_data_and_an_absent_file_cannot_be_checked()
    {
        using var output = new StringWriter();
        Assert.Equal(AuditVerification.Unusable, AuditVerification.Run(_elsewhere.Path, null, output));
        Assert.Equal(AuditVerification.Unusable, AuditVerification.Run(_folder.Path, Path.Combine(_elsewhere.Path, "absent"), output));
    }

    [Fact]
    public void A_torn_last_line_harms_no_head_before_or_after_it()
    {
        _audit.Export();
        var path = Assert.Single(_audit.Archive.Files());
        File.AppendAllText(path, "{\"hub\":\"7d1f");
        _audit.Export();

        var report = _audit.Check();
        Assert.Equal(3, report.HeadsHeld);
        Assert.Equal([HeadFinding.Unreadable], report.Offences.Select(offence => offence.Finding));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_and_tried_again()
    {
        Directory.Delete(_audit.Archive.Folder, recursive: true);
        File.WriteAllText(_audit.Archive.Folder, "in the way");
        Assert.Null(_audit.Export());
        Assert.NotNull(_audit.Failure);
        File.Delete(_audit.Archive.Folder);
        _time.Advance(AuditService.ExportEvery);
        Assert.Null(_audit.Failure);
        Assert.Equal(10, _audit.Newest!.Entries);
    }

    /// <summary>A head on "another machine".</summary>
    private string Keep()
    {
        var path = Path.Combine(_elsewhere.Path, "kept.jsonl");
        File.WriteAllText(path, _audit.Export()!.ToLine());
        return path;
    }

    private (int Code, string Text) Verify(string? headFile)
    {
        using var output = new StringWriter();
        var code = AuditVerification.Run(_folder.Path, headFile, output);
        return (code, output.ToString());
    }
}
