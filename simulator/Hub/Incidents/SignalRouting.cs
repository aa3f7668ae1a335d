using Gateway.Hub.Stations;

namespace Gateway.Hub.Incidents;

/// <summary>
/// Into which incident a committed signal goes (I2). Pure. A signal for work that is over opens a new incident: nobody's press may drown in an old file.
/// </summary>
public static class SignalRouting
{
    /// <summary>Decides where a signal belongs.</summary>
    /// <param name="station">The one of the signal's board.</param>
    /// <param name="openIncidents">
    /// May be narrowed to those whose <see cref="RouteKey(Incident)"/> is the signal's, those that hold something of its board (<see cref="DevicesHeld"/>), and the targets into which any
    /// of these were merged; passing all is right, only slower.
    /// </param>
    /// <param name="newIncidentId">The id for a new incident, should one be needed.</param>
    /// <param name="callWasSeen">
    /// Whether the press that a cancel names was ever committed. If it was and its incident is closed, the cancel is only a fact; if it never came, somebody must call back.
    /// </param>
    public static SignalRoute Route(SignalFacts signal, Station station, IEnumerable<Incident> openIncidents, long newIncidentId, bool callWasSeen = true)
    {
        if (signal.Test)
        {
            return SignalRoute.Test;
        }

        var (meaning, kind) = SignalKinds.Read(signal);
        if (meaning == SignalMeaning.Fact)
        {
            return SignalRoute.None;
        }

        var callPointId = CallPointOf(signal, station);
        var open = openIncidents as IReadOnlyCollection<Incident> ?? [.. openIncidents];
        var near = new List<Incident>();
        foreach (var incident in open)
        {
            // What was split off has no signals of its own: a further press goes on with the first.
            if (incident is { IsOpen: true, SplitFrom: null } && Meets(incident, kind, station.Id, callPointId, signal.Identity.Device))
            {
                near.Add(incident);
            }
        }

        return meaning switch
        {
            SignalMeaning.Alarm => RouteAlarm(signal, kind, station, near, open, newIncidentId),

            // Whoever holds the zone, wherever: a duplicate keeps its zones when it is merged, what came after that is held by its target, and stays there when they are parted again. Else the
            // zone would count as in alarm for as long as that one is open.
            SignalMeaning.Normal => open.Where(incident => incident.IsOpen && (incident.StationId == station.Id || !SignalKinds.IsGrouped(incident.Kind)) && incident.ActiveZones.Contains(ZoneKey(signal)) && (incident.Kind == kind || incident.Kind == IncidentKind.Fault))
                .MaxBy(incident => incident.Id) is { } restored ? new SignalRoute(RouteKind.Join, restored.Id, new IncidentCommand.RestoreBySignal(signal)) : SignalRoute.None,
            SignalMeaning.Reset => FindCall(signal, open) is { } reset ? Join(reset, open, new IncidentCommand.RestoreBySignal(signal)) : SignalRoute.None,
            _ => FindCall(signal, open) is { } cancelled ? Join(cancelled, open, new IncidentCommand.CancelByPresser(signal, CallIn(cancelled, signal)))
                : callWasSeen ? SignalRoute.None
                : Open(signal, IncidentKind.Help, station, newIncidentId, null),
        };
    }

    /// <summary>Incidents and signals with different keys never meet.</summary>
    public static string RouteKey(SignalFacts signal, Station station)
    {
        var (_, kind) = SignalKinds.Read(signal);
        return Key(kind, station.Id, CallPointOf(signal, station), signal.Identity.Device);
    }

    /// <inheritdoc cref="RouteKey(SignalFacts, Station)"/>
    public static string RouteKey(Incident incident) => Key(incident.Kind, incident.StationId, incident.CallPointId, incident.FirstSignal.Identity.Device);

    /// <summary>The boards of which an incident holds a call or a zone. No zones of those of the whole station, which every signal of their kind meets anyway.</summary>
    public static IEnumerable<string> DevicesHeld(Incident incident) => incident.Calls.Select(static call => call.FirstPress.Device)
        .Concat(SignalKinds.IsGrouped(incident.Kind) ? [] : incident.ActiveZones.Select(static zone => zone[..zone.IndexOf('/')])).Distinct(StringComparer.Ordinal);

    /// <summary>The zone of a board that a signal is about; a named fault is a zone of its own.</summary>
    public static string ZoneKey(SignalFacts signal)
    {
        var zone = $"{signal.Identity.Device}/{signal.Zone}";
        return signal.Kind == SignalKinds.Fault && signal.Detail.Length > 0 ? zone + "/" + signal.Detail : zone;
    }

    /// <summary>The latched call that a signal belongs to; null when it names none.</summary>
    public static LatchedCall? CallOf(SignalFacts signal) =>
        signal.Call == 0 ? null : new LatchedCall(signal.Identity with { Sequence = signal.Call }, signal.Zone, signal.Count);

    private static SignalRoute RouteAlarm(SignalFacts signal, IncidentKind kind, Station station, List<Incident> near, IReadOnlyCollection<Incident> open, long newIncidentId)
    {
        if (signal.Conflict)
        {
            return Open(signal, kind, station, newIncidentId, null);
        }

        // Wherever it is held, but as silent as it is: a press that names a silent call, or the other way round, must not drag the one into the other (I7).
        var call = CallOf(signal)?.FirstPress;
        var sameCall = call is null ? null : open.Where(incident => incident.IsOpen && incident.IsSilent == (kind == IncidentKind.Silent) && incident.Calls.Any(known => known.FirstPress == call)).MaxBy(incident => incident.Id);
        if (sameCall is not null)
        {
            var target = Resolve(sameCall, open);
            return IsOver(target, signal)
                ? Open(signal, kind, station, newIncidentId, target.Id)
                : Join(sameCall, open, new IncidentCommand.JoinSignal(signal, CallPointOf(signal, station)));
        }

        // A silent call opens its own: two of them may be two different dangers.
        var window = TimeSpan.FromSeconds(station.Targets.JoinWindowS);
        var joined = kind == IncidentKind.Silent
            ? null
            // Where the call point moved on to another station since, the call is that one's.
            : near.Where(incident => incident.Kind == kind && incident.StationId == station.Id && !IsOver(Resolve(incident, open), signal) && signal.ReceivedAt - incident.LastSignalAt <= window)
                .MaxBy(incident => incident.Id);
        return joined is null
            ? Open(signal, kind, station, newIncidentId, null)
            : Join(joined, open, new IncidentCommand.JoinSignal(signal, CallPointOf(signal, station)));
    }

    /// <summary>
    /// The work at the place was over, unless the signal is known to have happened before that and only came late. A duplicate that is still merged here
    /// outlived the incident that it joined: nobody works on it.
    /// </summary>
    private static bool IsOver(Incident incident, SignalFacts signal) =>
        incident.MergedInto is not null
        || (incident.Stage >= Stage.Handled && !(signal.OccurredAt is { } at && incident.HandledAt is { } handledAt && at <= handledAt));

    /// <summary>[GW-22] By its first press; without one, the newest open call of its zone. A merge may have brought it to another place.</summary>
    private static Incident? FindCall(SignalFacts signal, IReadOnlyCollection<Incident> open) =>
        open.Where(incident => incident.IsOpen && CallIn(incident, signal) is not null).MaxBy(incident => incident.Id);

    /// <summary>Which of an incident's calls a signal means: the one that it names; without one, the newest of its zone. Null when it has none such.</summary>
    public static LatchedCall? CallIn(Incident incident, SignalFacts signal)
    {
        var named = CallOf(signal)?.FirstPress;
        foreach (var call in incident.Calls.Reverse())
        {
            if (named is { } first ? call.FirstPress == first : call.FirstPress.Device == signal.Identity.Device && call.Zone == signal.Zone)
            {
                return call;
            }
        }

        return null;
    }

    private static SignalRoute Open(SignalFacts signal, IncidentKind kind, Station station, long newIncidentId, long? follows)
    {
        var callPoint = station.FindCallPoint(CallPointOf(signal, station));
        var command = new IncidentCommand.OpenBySignal(
            newIncidentId, kind, callPoint?.Id ?? "", callPoint?.VillageId ?? "", callPoint?.ZoneClass ?? ZoneClass.General, signal, follows, station.Id);
        return new SignalRoute(RouteKind.Open, newIncidentId, command);
    }

    private static SignalRoute Join(Incident incident, IReadOnlyCollection<Incident> open, IncidentCommand command) => new(RouteKind.Join, Resolve(incident, open).Id, command);

    /// <summary>The incident where the work of a merged one goes on; itself when that is not among those given.</summary>
    private static Incident Resolve(Incident incident, IReadOnlyCollection<Incident> open)
    {
        // At most one step more than there are incidents: merging makes no circles, and a damaged store must not hang the hub.
        for (var steps = 0; steps <= open.Count && incident.MergedInto is { } target; steps++)
        {
            if (open.FirstOrDefault(other => other.Id == target && other.IsOpen) is not { } next)
            {
                break;
            }

            incident = next;
        }

        return incident;
    }

    private static string CallPointOf(SignalFacts signal, Station station) => station.FindBoard(signal.Identity.Device)?.CallPointId ?? "";

    /// <summary>Whether incident and signal have the same <see cref="RouteKey(Incident)"/>, without making it: this runs for every open incident in a storm.</summary>
    private static bool Meets(Incident incident, IncidentKind kind, string stationId, string callPointId, string device)
    {
        if (SignalKinds.IsGrouped(kind) || SignalKinds.IsGrouped(incident.Kind))
        {
            return incident.Kind == kind && incident.StationId == stationId;
        }

        return incident.CallPointId == callPointId && (callPointId.Length > 0 || incident.FirstSignal.Identity.Device == device);
    }

    private static string Key(IncidentKind kind, string stationId, string callPointId, string device) =>
        SignalKinds.IsGrouped(kind) ? $"*{kind} {stationId}" : callPointId.Length > 0 ? callPointId : "@" + device;
}
