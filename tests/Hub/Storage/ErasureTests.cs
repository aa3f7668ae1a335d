using System.Text;
using Gateway.Hub.Audit;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Visits;

namespace Gateway.Hub.Tests.Storage;

/// <summary>What people wrote goes when its time is over, from the audit and from the file too, and the chain holds all the same (I13).</summary>
public sealed class ErasureTests : IDisposable
{
    private const string Word = "Sarangerel-wept-at-the-well";
    private const double Day = 24 * 3_600;

    private readonly CoreHarness _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void The_words_of_a_closed_incident_are_kept_three_years_and_then_erased_and_the_chain_holds_I13()
    {
        var id = ClosedIncident();
        _hub.Advance((HubCore.WordsKeptDaysDefault * Day) - 3_600);
        Assert.Contains(Word, Stored("incident_events", "json"));

        _hub.Advance(3 * 3_600);

        Assert.DoesNotContain(Word, Stored("incident_events", "json") + Stored("incidents", "json") + Stored("audit", "content"));
        var story = _hub.Queries.FindIncident(id)!;
        Assert.Equal(ErasedWords.Tombstone, story.Incident.ReportText);
        Assert.Equal(Disposition.Helped, story.Incident.Disposition);
        Assert.Equal("operator", story.Incident.AcceptedBy);
        using var connection = _hub.Database.Connect();
        var verdict = AuditChain.Verify(connection);
        Assert.True(verdict.Whole, verdict.ToString());
        Assert.True(verdict.Erased >= 4, $"{verdict.Erased} entries erased");
        Assert.Contains($"incident/{id}", connection.Rows("SELECT subject FROM audit WHERE kind = 'audit.erased'", r => r.GetString(0)));
    }

    [Fact]
    public void Erased_words_are_not_left_in_the_files_free_pages()
    {
        ClosedIncident();
        _hub.Advance((HubCore.WordsKeptDaysDefault * Day) + 3_600);
        using (var connection = _hub.Database.Connect())
        {
            connection.Scalar("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        using var file = new FileStream(_hub.Database.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Word)));
    }

    [Fact]
    public void One_closed_incident_is_erased_when_an_administrator_says_so_and_an_open_one_never()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Signal(1));
        var id = _hub.Snapshot.OpenIncidents.Keys.Single();
        CommandOutcome? refused = null;
        _hub.Batch(core => refused = core.EraseWords(id, "admin", new HubTime(_hub.Now, _hub.MonotonicMs)));
        Assert.Equal("still-open", refused!.Refusal!.Name);

        Close(id);
        _hub.Batch(core => refused = core.EraseWords(id, "admin", new HubTime(_hub.Now, _hub.MonotonicMs)));
        Assert.True(refused!.Done);
        Assert.DoesNotContain(Word, Stored("incident_events", "json") + Stored("incidents", "json") + Stored("audit", "content"));
        Assert.Equal("admin", LastAuditActor());
    }

    [Fact]
    public void The_words_of_finished_work_go_too()
    {
        _hub.Receive("status", _hub.Board.Birth());
        long item = 0;
        Work(0, new VisitCommand.Plan(Word, "bayanbulag", 1, _hub.Now.AddDays(3)), made => item = made);
        Work(item, new VisitCommand.Visit(1, Word));
        Work(item, new VisitCommand.Finish(Word));
        _hub.Advance(400 * Day);
        Assert.Contains(Word, Stored("work_events", "json"));
        _hub.Advance(HubCore.WordsKeptDaysDefault * Day);
        Assert.DoesNotContain(Word, Stored("work_events", "json") + Stored("work_items", "json") + Stored("audit", "content"));
        using var connection = _hub.Database.Connect();
        Assert.True(AuditChain.Verify(connection).Whole);
    }

    [Fact]
    public void Every_text_member_of_what_is_stored_is_known_as_words_or_as_no_words()
    {
        var types = new Queue<Type>([typeof(Incident), typeof(IncidentEvent), typeof(WorkItem), typeof(WorkEvent)]);
        var seen = new HashSet<Type>();
        var unknown = new SortedSet<string>();
        while (types.TryDequeue(out var type))
        {
            if (!seen.Add(type) || type.Namespace?.StartsWith("Gateway", StringComparison.Ordinal) != true || type.IsEnum)
            {
                continue;
            }

            var info = IncidentJson.Options.GetTypeInfo(type);
            foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
            {
                types.Enqueue(derived.DerivedType);
            }

            foreach (var member in info.Properties.Where(member => member.Get is not null))
            {
                if (member.PropertyType == typeof(string) && !ErasedWords.Words.Contains(member.Name) && !ErasedWords.Kept.Contains(member.Name))
                {
                    unknown.Add($"{type.Name}.{member.Name}");
                }

                var inner = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
                types.Enqueue(inner);
                foreach (var argument in inner.GetGenericArguments().SelectMany(argument => argument.GetGenericArguments().Prepend(argument)))
                {
                    types.Enqueue(Nullable.GetUnderlyingType(argument) ?? argument);
                }
            }
        }

        Assert.True(unknown.Count == 0, "erased or kept? " + string.Join(", ", unknown));
        Assert.True(seen.Count >= 60, $"{seen.Count} types: is the walk whole?");
        Assert.Empty(ErasedWords.Words.Intersect(ErasedWords.Kept));
    }

    private long ClosedIncident()
    {
        _hub.Receive("status", _hub.Board.Birth());
        _hub.Receive("signal", _hub.Board.Signal(1));
        var id = _hub.Snapshot.OpenIncidents.Keys.Single();
        Close(id);
        return id;
    }

    private void Close(long id)
    {
        foreach (var command in new IncidentCommand[]
        {
            new IncidentCommand.Accept(), new IncidentCommand.Note(Word), new IncidentCommand.Assess(new Assessment(Word)), new IncidentCommand.Handle(Word),
            new IncidentCommand.Report(Word, Disposition.Helped), new IncidentCommand.FollowUp(Word), new IncidentCommand.Close(),
        })
        {
            var outcome = _hub.Execute(id, command);
            Assert.True(outcome.Done, $"{command}: {outcome.Refusal}");
        }
    }

    private void Work(long id, WorkCommand command, Action<long>? made = null) => _hub.Batch(core =>
    {
        var outcome = core.Execute(id, command, "operator", null, new HubTime(_hub.Now, _hub.MonotonicMs));
        Assert.True(outcome.Done, $"{command}: {outcome.Refusal}");
        made?.Invoke(outcome.Version);
    });

    private string Stored(string table, string column)
    {
        using var connection = _hub.Database.Connect();
        return string.Join('\n', connection.Rows($"SELECT {column} FROM {table}", r => r.GetString(0)));
    }

    private string LastAuditActor()
    {
        using var connection = _hub.Database.Connect();
        return connection.Rows("SELECT actor FROM audit ORDER BY seq DESC LIMIT 1", r => r.GetString(0)).Single();
    }
}
