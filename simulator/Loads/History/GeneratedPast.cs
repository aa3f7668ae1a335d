using System.Diagnostics;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Gateway.Hub.Storage;

namespace Gateway.Loads.History;

/// <summary>How much of a past is made up.</summary>
/// <param name="Incidents">Incidents over the whole span.</param>
/// <param name="Span">How far back the first of them lies.</param>
/// <param name="Open">The newest so many are open and wait for somebody.</param>
/// <param name="StoryEvery">
/// Each so-many-th incident has its events, its signal and its audit entries stored, as all have in a real hub; the others have their state, fact and counts, which is what
/// lists, searches and statistics read.
/// </param>
/// <param name="OnlyClosed">An incident that would not be closed by now is left out; otherwise it is as far as it has come.</param>
/// <param name="WarnedDays">Calls of so many days up to now are still to be weighed by the early warning when the hub starts; 0: none.</param>
public sealed record PastPlan(int Incidents, TimeSpan Span, int Open, int StoryEvery, bool OnlyClosed, int WarnedDays, int Seed);

/// <summary>
/// Writes a station's past straight into a new database, as the rules would have left it: each incident is the fold of its own events, with its fact and its counts, in
/// the store's own transactions. Busy places and busy hours call more often than others. Past the writer, because a million calls through it would take hours. Its
/// actors are called <see cref="Actor"/>, so that nobody takes it for what people did.
/// </summary>
internal sealed class GeneratedPast(Station station, PastPlan plan)
{
    /// <summary>Who did all this, in every event and audit entry.</summary>
    public const string Actor = "generated";

    private const uint Epoch = 1;
    private const int BlockIncidents = 2_000;
    private const int CommitBlocks = 10;

    private readonly PastStories _stories = new(station, plan);

    /// <summary>What one thread makes up at a time.</summary>
    private sealed record Block(IReadOnlyList<PastIncident> Incidents, IReadOnlyDictionary<CountKey, long> Counts);

    /// <summary>Fills the database; no hub may use it meanwhile.</summary>
    /// <param name="progress">Called now and then with how many incidents there are.</param>
    public void Write(HubDatabase database, DateTimeOffset now, Action<long>? progress = null)
    {
        // Sorted once at the end instead of kept sorted with each row.
        using var indexes = new IndexesLater(database);
        using var store = new SqliteHubStore(database);
        var lanes = station.Boards.ToDictionary(board => board.DeviceId, board => store.AddLane(board.DeviceId, Lane.Call, Epoch, now - plan.Span), StringComparer.Ordinal);
        var counts = new Dictionary<CountKey, long>();
        var blocks = 0;
        var told = Stopwatch.GetTimestamp();
        foreach (var block in Blocks(now))
        {
            foreach (var made in block.Incidents)
            {
                Write(store, lanes, made);
            }

            foreach (var (key, n) in block.Counts)
            {
                counts[key] = counts.GetValueOrDefault(key) + n;
            }

            if (++blocks % CommitBlocks == 0)
            {
                Commit(store);
            }

            if (Stopwatch.GetElapsedTime(told) > TimeSpan.FromSeconds(2))
            {
                told = Stopwatch.GetTimestamp();
                progress?.Invoke(Math.Min(plan.Incidents, (long)blocks * BlockIncidents));
            }
        }

        foreach (var (key, n) in counts)
        {
            store.Work.AddCount(key, n);
        }

        store.Checkpoint([]);
        store.Commit();
        indexes.Make();
    }

    /// <summary>Blocks in order, made by as many threads as there are cores, a few of them ahead of the writer.</summary>
    private IEnumerable<Block> Blocks(DateTimeOffset now)
    {
        var ahead = new Queue<Task<Block>>();
        for (var first = 1; first <= plan.Incidents; first += BlockIncidents)
        {
            var (from, to) = (first, Math.Min(plan.Incidents, first + BlockIncidents - 1));
            ahead.Enqueue(Task.Run(() => Make(from, to, now)));
            if (ahead.Count > Environment.ProcessorCount * 2)
            {
                yield return ahead.Dequeue().GetAwaiter().GetResult();
            }
        }

        while (ahead.TryDequeue(out var last))
        {
            yield return last.GetAwaiter().GetResult();
        }
    }

    private Block Make(int first, int last, DateTimeOffset now)
    {
        var incidents = new List<PastIncident>(last - first + 1);
        var counts = new Dictionary<CountKey, long>();
        for (var id = first; id <= last; id++)
        {
            var made = _stories.Tell(id, now);
            if (plan.OnlyClosed && made.Row.ClosedAt is null)
            {
                continue;
            }

            incidents.Add(made);
            foreach (var key in FactCounts.Of(made.Fact, station))
            {
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return new Block(incidents, counts);
    }

    private static void Write(SqliteHubStore store, Dictionary<string, long> lanes, PastIncident made)
    {
        store.SaveIncident(made.Row);
        store.Work.SaveFact(made.Fact);
        if (made.Signal is { } signal)
        {
            var lane = lanes[signal.Device];
            var id = store.AppendSignal(new SignalRow(lane, signal.Seq, made.Row.OpenedAt, new Occurrence(made.Row.OpenedAt, OccurrenceQuality.Synced, false), false, false, false, signal.Payload));
            store.LinkSignal(id, made.Row.Id, lane, signal.Seq);
        }

        foreach (var happened in made.Events)
        {
            store.AppendIncidentEvent(happened);
            store.Audit(happened.At, happened.Actor, $"incident.{happened.Type}", $"incident/{happened.IncidentId}", happened.Json);
        }
    }

    private static void Commit(SqliteHubStore store)
    {
        if (store.CheckpointDue)
        {
            store.Checkpoint([]);
        }

        store.Commit();
    }
}
