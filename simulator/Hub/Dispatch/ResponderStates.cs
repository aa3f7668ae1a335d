using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>Who is free and where, derived from the roster, what was said for this shift, and the open incidents: nothing of it outlives the shift.</summary>
public static class ResponderStates
{
    /// <summary>Every responder of the stations. Whoever is on a scene is in that incident's village; else where last reported in this shift; else at home.</summary>
    /// <param name="duty">What was said for this shift, by responder.</param>
    public static ImmutableDictionary<string, ResponderState> Of(
        StationBook stations, IEnumerable<Incident> openIncidents, IReadOnlyDictionary<string, DutyEntry> duty, DateTimeOffset now)
    {
        var busy = new Dictionary<string, (int Count, string? VillageId)>(StringComparer.Ordinal);
        foreach (var incident in openIncidents.Where(incident => incident.Stage < Stage.Handled))
        {
            foreach (var assignment in incident.Assignments.Where(assignment => assignment.IsActive))
            {
                var (count, place) = busy.GetValueOrDefault(assignment.ResponderId);
                var isThere = assignment.OnSceneAt is not null && stations.OfVillage(incident.VillageId) is not null;
                busy[assignment.ResponderId] = (count + 1, isThere ? incident.VillageId : place);
            }
        }

        return stations.Stations.SelectMany(station => OfStation(station, DutyRules.ShiftAt(station, now))).ToImmutableDictionary(state => state.ResponderId, StringComparer.Ordinal);

        IEnumerable<ResponderState> OfStation(Station station, ShiftNow shift) => station.Responders.Select(responder =>
        {
            var (count, place) = busy.GetValueOrDefault(responder.Id);
            var entry = duty.GetValueOrDefault(responder.Id);
            return new ResponderState(
                responder.Id, DutyRules.IsOnDuty(station, responder, shift, entry, now), place ?? DutyRules.PlaceOf(stations.WithAid(station), responder, entry, now), count);
        });
    }
}
