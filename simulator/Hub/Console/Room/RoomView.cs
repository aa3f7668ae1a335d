using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Console.Room;

/// <summary>What the command room shows at one moment: one snapshot, so that its three panels never contradict each other.</summary>
public sealed class RoomView(HubView service, PageContext page)
{
    /// <summary>What stands beside the work; the whole story is the incident's own page.</summary>
    public const int TimelineMax = 12;

    public HubSnapshot Hub { get; } = service.Current;

    public IReadOnlyList<Incident> Ordered { get; private set; } = [];

    public IncidentWords? Selected { get; private set; }

    public IReadOnlyList<Suggestion> Suggestions { get; private set; } = [];

    public IReadOnlyList<IncidentTimelineEntry> Timeline { get; private set; } = [];

    /// <summary>How many nobody has taken.</summary>
    public int Waiting => Ordered.Count(Urgency.IsWaiting);

    /// <summary>The highest priority among them; 0 for silence.</summary>
    public int RingPriority => Ordered.Where(Urgency.IsWaiting).Select(incident => Urgency.PriorityOf(incident)).DefaultIfEmpty(0).Min();

    /// <summary>Shows the wished incident while it is open, else the most urgent one.</summary>
    public void Select(long? wished)
    {
        Ordered = Urgency.Order(Hub.OpenIncidents.Values);
        var incident = wished is { } id && Hub.OpenIncidents.TryGetValue(id, out var open) ? open : Ordered.FirstOrDefault();
        if (incident is null)
        {
            return;
        }

        Selected = new IncidentWords(incident, Hub, page.W);
        Suggestions = Urgency.IsPaperwork(incident) ? [] : Hub.Suggest(incident, page.Now);
        Timeline = service.TimelineOf(incident.Id, TimelineMax);
    }
}
