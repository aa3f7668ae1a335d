using Gateway.Hub.Statistics;
using Gateway.Hub.Work;

namespace Gateway.World.Hub;

/// <summary>The work beside incidents over the simulated disk: kept and lost with the rest of the transaction.</summary>
public sealed class MemoryWorkStore(StoreDisk disk) : IWorkStore
{
    public IReadOnlyList<WorkRow> LoadOpenWork() => [.. disk.Work.Values.Where(static row => row.ClosedAt is null)];

    public WorkRow? FindWork(long id) => disk.Work.GetValueOrDefault(id);

    public long NextWorkId() => disk.Work.Count == 0 ? 1 : disk.Work.Keys.Last() + 1;

    public DateOnly? LastReviewedDay() => disk.Work.Values.LastOrDefault(static row => row.Kind == WorkKind.DailyReview) is { } row
        ? ((Gateway.Hub.Work.Shifts.DailyReview)WorkJson.ReadItem(row.Json)).Day
        : null;

    public void AppendWorkEvent(WorkEventRow row) => disk.Add(disk.WorkEvents, row);

    public void SaveWork(WorkRow row) => disk.Set(disk.Work, row.Id, row);

    public IncidentFact? FindFact(long incidentId) => disk.Facts.GetValueOrDefault(incidentId);

    public void SaveFact(IncidentFact fact)
    {
        disk.Set(disk.Facts, fact.Id, fact);
        if (!fact.Weighed)
        {
            disk.Set(disk.Unweighed, fact.Id, true);
        }
        else if (disk.Unweighed.ContainsKey(fact.Id))
        {
            disk.Remove(disk.Unweighed, fact.Id);
        }
    }

    public IReadOnlyList<IncidentFact> UnweighedFacts(int max) => [.. disk.Unweighed.Keys.Take(max).Select(id => disk.Facts[id])];

    public IReadOnlyList<IncidentFact> FactsOf(string callPointId, DateTimeOffset since, int max) =>
        [.. disk.Facts.Values.Where(fact => fact.CallPointId == callPointId && fact.OpenedAt >= since).OrderByDescending(static fact => fact.OpenedAt).Take(max)];

    public long CountOpened(DateTimeOffset from, DateTimeOffset to) => disk.Facts.Values.Count(fact => fact.Counts && fact.OpenedAt >= from && fact.OpenedAt < to);

    public void AddCount(CountKey key, long delta) => disk.Set(disk.Counts, key, disk.Counts.GetValueOrDefault(key) + delta);
}
