using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>Who is free and where, derived from the roster and the open incidents: nothing of it is stored, nothing outlives the shift.</summary>
public static class ResponderStates
{
    /// <summary>Every responder of the station. Whoever is on a scene is in that incident's village; else at home.</summary>
    public static ImmutableDictionary<string, ResponderState> Of(Station station, IEnumerable<Incident> openIncidents)
    {
        var busy = new Dictionary<string, (int Count, string? VillageId)>(StringComparer.Ordinal);
        foreach (var incident in openIncidents.Where(incident => incident.Stage < Stage.Handled))
        {
            foreach (var assignment in incident.Assignments.Where(assignment => assignment.IsActive))
            {
                var (count, place) = busy.GetValueOrDefault(assignment.ResponderId);
                var isThere = assignment.OnSceneAt is not null && station.FindVillage(incident.VillageId) is not null;
                busy[assignment.ResponderId] = (count + 1, isThere ? incident.VillageId : place);
            }
        }

        return station.Responders.ToImmutableDictionary(responder => responder.Id, responder =>
        {
            var (count, place) = busy.GetValueOrDefault(responder.Id);
            return new ResponderState(responder.Id, responder.OnDuty, place ?? responder.VillageId, count);
        }, StringComparer.Ordinal);
    }
}
