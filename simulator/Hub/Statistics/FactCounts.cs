using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Statistics;

/// <summary>A count that statistics keep: of a month, a figure, and what it is broken down by.</summary>
/// <param name="Month">Year times 100 plus month, on the station's clock, of the day on which the incident was opened.</param>
/// <param name="Station">As <see cref="StationBook.CodeOf"/> writes it: empty for the hub's home station.</param>
public readonly record struct CountKey(int Month, string Figure, string Key, string Station = "");

/// <summary>
/// What an incident adds to the counts of its month. Each change of an incident takes back what it added before and adds what it adds now: so the counts are
/// always what a walk over all incidents would find, and reading a month costs the same however many incidents there are.
/// </summary>
public static class FactCounts
{
    public const string Opened = "opened";
    public const string Heat = "heat";
    public const string Closed = "closed";
    public const string Disposed = "disposition";
    public const string Reported = "reported";
    public const string FollowUp = "followUp";
    public const string Escalated = "escalated";
    public const string Cancelled = "cancelled";
    public const string StepPrefix = "step/";

    /// <summary>Steps of which statistics know the length, in the order of the work.</summary>
    public static readonly IReadOnlyList<string> Steps = ["accept", "dispatch", "arrive", "handle", "report", "followUp", "close"];

    public static int MonthOf(DateTimeOffset at, TimeSpan utcOffset)
    {
        var local = at.ToOffset(utcOffset);
        return local.Year * 100 + local.Month;
    }

    public static IEnumerable<(CountKey Key, long Delta)> Change(IncidentFact? before, IncidentFact after, Station station)
    {
        var deltas = new Dictionary<CountKey, long>();
        foreach (var key in before is null ? [] : Of(before, station))
        {
            deltas[key] = deltas.GetValueOrDefault(key) - 1;
        }

        foreach (var key in Of(after, station))
        {
            deltas[key] = deltas.GetValueOrDefault(key) + 1;
        }

        return deltas.Where(delta => delta.Value != 0).Select(delta => (delta.Key, delta.Value));
    }

    /// <summary>Every count to which this incident adds one.</summary>
    public static IEnumerable<CountKey> Of(IncidentFact fact, Station station)
    {
        if (!fact.Counts)
        {
            yield break;
        }

        var month = MonthOf(fact.OpenedAt, station.UtcOffset);
        yield return new CountKey(month, Opened, fact.Kind.ToString());
        if (fact.IsCall)
        {
            yield return new CountKey(month, Heat, $"{fact.OpenedAt.ToOffset(station.UtcOffset).Hour:00}/{fact.VillageId}");
        }

        if (fact.ClosedAt is not null)
        {
            yield return new CountKey(month, Closed, fact.Kind.ToString());
        }

        if (fact.Disposition is { } disposition)
        {
            yield return new CountKey(month, Disposed, disposition.ToString());
        }

        if (fact.ReportedAt is not null)
        {
            yield return new CountKey(month, Reported, "");
        }

        if (fact.FollowedUpAt is not null)
        {
            yield return new CountKey(month, FollowUp, fact.Waived ? "waived" : "done");
        }

        if (fact.EscalatedTo != EscalationLevel.None)
        {
            yield return new CountKey(month, Escalated, fact.EscalatedTo.ToString());
        }

        if (fact.Cancelled)
        {
            yield return new CountKey(month, Cancelled, "");
        }

        foreach (var (step, from, to) in StepsOf(fact))
        {
            if (from is { } start && to is { } end && end >= start)
            {
                yield return new CountKey(month, StepPrefix + step, $"{fact.ZoneClass}/{Durations.ClassOf(end - start)}");
            }
        }
    }

    /// <summary>From where to where each step is measured: as the clocks of the incidents run.</summary>
    private static IEnumerable<(string Step, DateTimeOffset? From, DateTimeOffset? To)> StepsOf(IncidentFact fact) =>
    [
        ("accept", fact.OpenedAt, fact.AcceptedAt),
        ("dispatch", fact.AcceptedAt, fact.DispatchedAt),
        ("arrive", fact.DispatchedAt, fact.ArrivedAt),
        ("handle", fact.ArrivedAt, fact.HandledAt),
        ("report", fact.HandledAt, fact.ReportedAt),
        ("followUp", fact.ReportedAt, fact.FollowedUpAt),
        ("close", fact.FollowedUpAt, fact.ClosedAt),
    ];
}
