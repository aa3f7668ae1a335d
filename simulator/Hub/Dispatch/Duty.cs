using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>What is known of a responder for this shift only: whether on duty against the roster, and where last seen. Forgotten at the shift's end.</summary>
/// <param name="OnDuty">Null: as the roster says.</param>
/// <param name="VillageId">The last reported place; null: at home.</param>
/// <param name="Until">The end of the shift in which it was said.</param>
/// <param name="By">Who said it.</param>
public sealed record DutyEntry(string ResponderId, bool? OnDuty, string? VillageId, DateTimeOffset Until, string By);

/// <summary>The shift that runs now.</summary>
/// <param name="Shift">Null where the station file names none: then a shift is a day.</param>
public sealed record ShiftNow(Shift? Shift, DateTimeOffset From, DateTimeOffset Until);

/// <summary>Duty by roster, and what was said since. Pure: wall time is data.</summary>
public static class DutyRules
{
    /// <summary>The shift at a moment. Where two overlap, the one that began last; where none runs, until the next begins.</summary>
    public static ShiftNow ShiftAt(Station station, DateTimeOffset now)
    {
        var midnight = new DateTimeOffset(now.ToOffset(station.UtcOffset).Date, station.UtcOffset);
        var running = station.Patrol.Shifts
            .Select(shift => (Shift: shift, Run: shift.RunAt(now, station.UtcOffset)))
            .Where(candidate => candidate.Run is not null)
            .OrderByDescending(candidate => candidate.Run!.Value.From).ThenBy(candidate => candidate.Shift.Id, StringComparer.Ordinal)
            .Select(candidate => new ShiftNow(candidate.Shift, candidate.Run!.Value.From, candidate.Run!.Value.To))
            .FirstOrDefault();
        if (running is not null)
        {
            return running;
        }

        // Between two shifts, or where the station file names none.
        var next = station.Patrol.Shifts.Select(shift => midnight.AddMinutes(shift.FromMin)).Select(at => at <= now ? at.AddDays(1) : at).DefaultIfEmpty(midnight.AddDays(1)).Min();
        return new ShiftNow(null, midnight, next);
    }

    /// <summary>Whether the roster has this responder on duty; whoever stands in no roster is taken from the responder's own <c>onDuty</c>.</summary>
    public static bool IsRostered(Station station, Responder responder, ShiftNow shift) =>
        station.Roster.Any(entry => entry.ResponderIds.Contains(responder.Id))
            ? shift.Shift is { } running && station.Roster.Any(entry => entry.ShiftId == running.Id && entry.ResponderIds.Contains(responder.Id))
            : responder.OnDuty;

    public static bool IsOnDuty(Station station, Responder responder, ShiftNow shift, DutyEntry? entry, DateTimeOffset now) =>
        (entry is { } said && now < said.Until ? said.OnDuty : null) ?? IsRostered(station, responder, shift);

    /// <summary>The last place reported in this shift; the home village when there is none.</summary>
    public static string PlaceOf(Station station, Responder responder, DutyEntry? entry, DateTimeOffset now) =>
        entry is { VillageId: { } village } && now < entry.Until && station.FindVillage(village) is not null ? village : responder.VillageId;

    /// <summary>Entries whose shift is over: they are deleted, not kept.</summary>
    public static ImmutableArray<string> Over(IEnumerable<DutyEntry> entries, DateTimeOffset now) =>
        [.. entries.Where(entry => entry.Until <= now).Select(entry => entry.ResponderId)];
}
