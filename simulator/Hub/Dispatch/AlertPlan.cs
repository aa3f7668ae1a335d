using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>The neighbours that a call alerts.</summary>
public sealed record WatchPlan(string GroupId, ImmutableArray<string> Boards, ImmutableArray<string> Loudspeakers, ImmutableArray<string> Volunteers);

/// <summary>
/// Who hears of a new incident without being sent, and by which box somebody is called. Pure. Nothing here ever follows from a silent call (I7), and
/// nothing from a signal made under test: that one never becomes an incident.
/// </summary>
public static class AlertPlan
{
    /// <summary>Responders that the hub asks by itself, one after the other, when nobody answers; then it is for a person alone.</summary>
    public const int NextMax = 3;

    /// <summary>How long the neighbours' boxes sound at most, if nobody stops them. The longest that a board takes.</summary>
    public const int WatchS = 600;

    /// <summary>The wardens of the areas where this happened (S2), for smoke and water only.</summary>
    public static ImmutableArray<string> WardensFor(Station station, Incident incident) =>
        incident.Kind is IncidentKind.Smoke or IncidentKind.Water
            ? [.. station.Areas.Where(area => area.VillageIds.Contains(incident.VillageId)).Select(area => area.WardenId).Distinct()]
            : [];

    /// <summary>The watch for a loud call to save a life, where the call point's consent is recorded; null for everything else.</summary>
    public static WatchPlan? WatchFor(Station station, Incident incident, IReadOnlyDictionary<string, ResponderState> states)
    {
        if (incident.Kind is not (IncidentKind.Help or IncidentKind.Smoke or IncidentKind.Gas) || station.FindWatchOf(incident.CallPointId) is not { } group)
        {
            return null;
        }

        // Not the box of the call itself: it shows the presser how far the call is.
        var boards = station.Boards.Where(board => group.CallPointIds.Contains(board.CallPointId) && board.CallPointId != incident.CallPointId).Select(board => board.DeviceId);
        return new WatchPlan(
            group.Id, [.. boards], [.. group.Loudspeakers.Where(device => device != incident.FirstSignal.Identity.Device)],
            [.. group.VolunteerIds.Where(id => states.GetValueOrDefault(id)?.OnDuty == true)]);
    }

    /// <summary>
    /// How long this box must go on for neighbours' calls that nobody has taken yet, s: it has one sound for all of them, so that the end of one must not end the others'.
    /// </summary>
    public static int BoxLeftS(IEnumerable<Incident> open, string device, DateTimeOffset now) => LeftS(open, watch => watch.Boards.Contains(device), now);

    /// <summary>The same of a loudspeaker.</summary>
    public static int LoudspeakerLeftS(IEnumerable<Incident> open, string device, DateTimeOffset now) => LeftS(open, watch => watch.Loudspeakers.Contains(device), now);

    private static int LeftS(IEnumerable<Incident> open, Predicate<WatchAlert> has, DateTimeOffset now) => open
        .Where(incident => IncidentRules.WatchShouldSound(incident) && has(incident.Watch!))
        .Select(incident => (int)Math.Clamp(WatchS - (now - incident.Watch!.At).TotalSeconds, 0, WatchS))
        .DefaultIfEmpty().Max();

    /// <summary>The box by which a responder is called: their own, or the first in the village where they are; empty when there is none, or it may not sound.</summary>
    public static string BoxOf(Station station, Incident incident, Responder responder, ResponderState state)
    {
        if (incident.IsSilent)
        {
            return "";
        }

        if (responder.BoxDevice.Length > 0)
        {
            return responder.BoxDevice;
        }

        return station.Boards.FirstOrDefault(board =>
            !board.Annunciator && !incident.CallPoints.Contains(board.CallPointId) && station.FindCallPoint(board.CallPointId)?.VillageId == state.VillageId)?.DeviceId ?? "";
    }

    /// <summary>Who is asked next: the best of those who were not asked yet, of the same force as whoever did not answer; to a silent call police only.</summary>
    public static Suggestion? NextAfter(Incident incident, ImmutableArray<Suggestion> ranked, Station station)
    {
        if (incident.Assignments.Count(assignment => assignment.UnansweredAt is not null) >= NextMax)
        {
            return null;
        }

        var silentOnes = incident.Assignments.Where(assignment => assignment.AwaitsAnswer).Select(assignment => station.FindResponder(assignment.ResponderId)).OfType<Responder>().ToList();
        var policeWanted = incident.IsSilent || silentOnes.Exists(responder => responder.IsPolice);
        var free = ranked.Where(suggestion => incident.Assignments.All(assignment => assignment.ResponderId != suggestion.Responder.Id)).ToList();
        return free.Find(suggestion => suggestion.Responder.IsPolice == policeWanted) ?? (incident.IsSilent ? null : free.FirstOrDefault());
    }
}
