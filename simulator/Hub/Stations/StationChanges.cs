using System.Collections.Immutable;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Stations;

/// <summary>Ids of one list that are only in the new file, and only in the running one; at most <see cref="ListedMax"/> of each are listed.</summary>
public sealed record StationListChange(string List, int Added, int Removed, ImmutableArray<string> AddedIds, ImmutableArray<string> RemovedIds)
{
    public const int ListedMax = 100;

    public static StationListChange Of(string list, IEnumerable<string> running, IEnumerable<string> next)
    {
        var (before, after) = (running.ToHashSet(StringComparer.Ordinal), next.ToHashSet(StringComparer.Ordinal));
        var added = after.Except(before).Order(StringComparer.Ordinal).ToList();
        var removed = before.Except(after).Order(StringComparer.Ordinal).ToList();
        return new StationListChange(list, added.Count, removed.Count, [.. added.Take(ListedMax)], [.. removed.Take(ListedMax)]);
    }
}

/// <summary>
/// What another station file would change. Open incidents outlive it: they keep the ids of their place and of whoever was sent. Where such an id is gone, only its
/// name and directions are missing on the screens; those incidents are listed, so that they can be closed first.
/// </summary>
/// <param name="IsAnotherStation">The file is of another station: most likely the wrong file.</param>
/// <param name="OpenIncidentsTouched">Open incidents whose call point, or whose active responder, is no longer there.</param>
public sealed record StationChanges(bool IsAnotherStation, ImmutableArray<StationListChange> Lists, ImmutableArray<long> OpenIncidentsTouched)
{
    public static StationChanges Of(Station running, Station next, IEnumerable<Incident> open) => new(
        running.Id != next.Id,
        [
            StationListChange.Of("villages", running.Villages.Select(village => village.Id), next.Villages.Select(village => village.Id)),
            StationListChange.Of("callPoints", running.CallPoints.Select(point => point.Id), next.CallPoints.Select(point => point.Id)),
            StationListChange.Of("boards", running.Boards.Select(board => board.DeviceId), next.Boards.Select(board => board.DeviceId)),
            StationListChange.Of("responders", running.Responders.Select(responder => responder.Id), next.Responders.Select(responder => responder.Id)),
        ],
        [.. open.Where(incident => IsTouched(incident, running, next)).Select(incident => incident.Id).Order()]);

    private static bool IsTouched(Incident incident, Station running, Station next) =>
        (running.FindCallPoint(incident.CallPointId) is not null && next.FindCallPoint(incident.CallPointId) is null)
        || incident.Assignments.Any(assignment => assignment.IsActive && next.FindResponder(assignment.ResponderId) is null);
}
