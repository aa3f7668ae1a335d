using Gateway.Hub.Incidents;
using Gateway.Hub.Statistics;

namespace Gateway.Hub.Work;

/// <summary>The present state of a piece of work, for lists and for the start of the hub.</summary>
public sealed record WorkRow(long Id, long Version, WorkKind Kind, string State, string PlaceId, DateTimeOffset OpenedAt, DateTimeOffset? DueAt, DateTimeOffset? ClosedAt, string Json)
{
    /// <summary>As <see cref="Stations.StationBook.CodeOf"/> writes it: empty for the hub's home station.</summary>
    public string Station { get; init; } = "";
}

/// <summary>A stored change of a piece of work. The JSON is the work rules' own.</summary>
public sealed record WorkEventRow(long ItemId, long Version, string Type, DateTimeOffset At, string Actor, string Json);

/// <summary>
/// What the work beside incidents needs of the hub's store: the same transaction, the same thread. Implemented by SQLite, and in memory by the world.
/// </summary>
public interface IWorkStore
{
    /// <summary>The open items, oldest first.</summary>
    IReadOnlyList<WorkRow> LoadOpenWork();

    WorkRow? FindWork(long id);

    long NextWorkId();

    /// <summary>The newest day of a station that has a review, open or closed; null before the first.</summary>
    DateOnly? LastReviewedDay(string station);

    void AppendWorkEvent(WorkEventRow row);

    void SaveWork(WorkRow row);

    IncidentFact? FindFact(long incidentId);

    void SaveFact(IncidentFact fact);

    /// <summary>Incidents that the early warning has not looked at yet, oldest first.</summary>
    IReadOnlyList<IncidentFact> UnweighedFacts(int max);

    /// <summary>The newest incidents of a call point since a moment.</summary>
    IReadOnlyList<IncidentFact> FactsOf(string callPointId, DateTimeOffset since, int max);

    /// <summary>How many incidents of a station count that were opened in [from, to).</summary>
    long CountOpened(string station, DateTimeOffset from, DateTimeOffset to);

    /// <summary>Adds to a count of the statistics.</summary>
    void AddCount(CountKey key, long delta);

    /// <summary>Incidents from before there were facts; null when all have theirs.</summary>
    FactGap? LoadFactGap();

    /// <summary>How far the catching up came; null when it is over.</summary>
    void SaveFactGap(FactGap? gap);

    /// <summary>An incident's events up to a version, in order.</summary>
    IReadOnlyList<IncidentEvent> EventsOf(long incidentId, long throughVersion);
}
