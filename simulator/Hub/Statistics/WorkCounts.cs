using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Visits;

namespace Gateway.Hub.Statistics;

/// <summary>What an event of the work beside incidents adds to the counts of a month.</summary>
public static class WorkCounts
{
    public const string Requests = "requests";
    public const string RequestsHandled = "requestsHandled";
    public const string Visits = "visits";
    public const string CampaignVisits = "campaignVisits";
    public const string Targets = "patrolTargets";
    public const string TargetsCovered = "patrolCovered";

    /// <summary>Seconds in which the hub ran and watched a gateway, and of those the seconds in which its link was up.</summary>
    public const string WatchedS = "watchedS";
    public const string UpS = "upS";

    /// <param name="after">The item after the event.</param>
    public static IEnumerable<(CountKey Key, long Delta)> Of(WorkEvent happened, WorkItem after, TimeSpan utcOffset)
    {
        int Month(DateTimeOffset at) => FactCounts.MonthOf(at, utcOffset);
        switch (happened)
        {
            case VisitEvent.Visited visited:
                yield return (new CountKey(Month(visited.At), Visits, ""), visited.Count);
                break;
            case VisitEvent.Requested requested:
                yield return (new CountKey(Month(requested.At), Requests, ""), 1);
                break;
            case VisitEvent.Answered { Result: RequestResult.Handled } answered:
                // In the month in which it was asked: a rate is of the same requests above and below its line.
                yield return (new CountKey(Month(((VisitRound)after).Requests.First(request => request.Number == answered.Number).AskedAt), RequestsHandled, ""), 1);
                break;
            case CampaignEvent.Counted counted:
                yield return (new CountKey(Month(counted.At), CampaignVisits, counted.VillageId), counted.Visits);
                break;
            case PatrolEvent.Ended:
                var shift = (PatrolShift)after;
                yield return (new CountKey(Month(shift.StartsAt), Targets, ""), shift.Targets.Length);
                yield return (new CountKey(Month(shift.StartsAt), TargetsCovered, ""), shift.Coverage().Covered);
                break;
        }
    }
}
