using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Console.Room;

/// <summary>An incident in the reader's language: what, where, from which button, whom to ring. Everything that a page says of one comes from here.</summary>
public sealed class IncidentWords
{
    private readonly Words words;

    public IncidentWords(Incident incident, HubSnapshot hub, Words words)
    {
        this.words = words;
        Incident = incident;
        CallPoint = hub.Station.FindCallPoint(incident.CallPointId);
        Village = hub.Station.FindVillage(incident.VillageId);
        Board = hub.Station.FindBoard(incident.FirstSignal.Identity.Device);
        Gateway = hub.Gateways.GetValueOrDefault(incident.FirstSignal.Identity.Device);
        StationName = hub.Stations.IsOne ? null : hub.Stations.Of(incident).Name;
        Clock = IncidentClocks.All(incident, hub.Stations.Of(incident).Targets).FirstOrDefault();
    }

    public Incident Incident { get; }

    /// <summary>Null where the reader sees one station only: then it stands at the top of the page.</summary>
    public LocalText? StationName { get; }

    public CallPoint? CallPoint { get; }

    public Village? Village { get; }

    public Board? Board { get; }

    public GatewayState? Gateway { get; }

    public ClockDue? Clock { get; }

    public int Priority => Urgency.PriorityOf(Incident);

    public bool IsVirtual => Gateway?.Virtual == true;

    public string Kind => words.Of("kind", Incident.Kind);

    public string Stage => words.Of("stage", Incident.Stage);

    /// <summary>The call point; the device when the station file does not know the board. With its station, where several are seen.</summary>
    public string Place => (CallPoint is null ? Incident.FirstSignal.Identity.Device : Text(CallPoint.Name)) + (StationName is null ? "" : " · " + Text(StationName));

    public string VillageName => Village is null ? "" : Text(Village.Name);

    /// <summary>"Help button at the door": the zone that the station file names, with its number.</summary>
    public string Zone
    {
        get
        {
            var zone = Board?.FindZone(Incident.FirstSignal.Zone);
            return zone is null ? $"{Incident.FirstSignal.Kind} · {Incident.FirstSignal.Zone}" : Text(zone.Name);
        }
    }

    /// <summary>How much stands behind it beyond the first signal: presses of a button, rooms of an outage, else signals; empty when there is only the one.</summary>
    public string More => Incident switch
    {
        { Kind: IncidentKind.Help or IncidentKind.Silent, Weight: > 1 } => words["room.presses", Incident.Weight],
        { CallPoints.Count: > 1 } => words["room.places", Incident.CallPoints.Count],
        { Weight: > 1 } => words["room.signals", Incident.Weight],
        _ => "",
    };

    public string Directions => CallPoint is null ? "" : Text(CallPoint.Directions);

    /// <summary>How long it took to reach us; null when nobody knows when it happened.</summary>
    public TimeSpan? Delay => Incident.FirstSignal.OccurredAt is { } at ? Incident.FirstSignal.ReceivedAt - at : null;

    /// <summary>When it happened, or, unknown, when it came.</summary>
    public DateTimeOffset HappenedAt => Urgency.HappenedAt(Incident);

    public string Text(LocalText text) => text.For(words.Tag);
}
