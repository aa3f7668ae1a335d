using Gateway.Hub;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Work;
using Gateway.World.Scenarios;

namespace Gateway.World.Weeks;

/// <summary>What everybody in a week shares: the hub, the agenda of what is still to come, and what is counted.</summary>
internal sealed class WeekScene(ScenarioHub hub, ulong seed)
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _agenda = new();
    private long _order;

    public ScenarioHub Hub => hub;

    public ulong Seed => seed;

    public DateTimeOffset Now => hub.Now;

    public int Signals { get; private set; }

    public int Commands { get; private set; }

    public SortedDictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Incident> Open => hub.Snapshot.OpenIncidents.Values.OrderBy(incident => incident.Id);

    public Incident? Find(long id) => hub.Snapshot.OpenIncidents.GetValueOrDefault(id);

    public void At(DateTimeOffset when, Action act) => _agenda.Enqueue(act, (when < Now ? Now : when, _order++));

    public void In(TimeSpan wait, Action act) => At(Now + wait, act);

    /// <summary>Lets time pass until something is to be done, at most until <paramref name="end"/>, and does it. False when nothing was to be done.</summary>
    public bool Step(DateTimeOffset end)
    {
        if (!_agenda.TryPeek(out _, out var next) || next.At > end)
        {
            hub.Pass(end - Now);
            return false;
        }

        hub.Pass(next.At - Now);
        _agenda.Dequeue()();
        return true;
    }

    /// <summary>A person's command on an incident; false when it was refused.</summary>
    public bool Do(long id, IncidentCommand command, string actor) => Count(hub.Ask((core, now) => core.Execute(id, command, actor, null, now)));

    /// <summary>A person's command on a piece of work; of one that is opened, whose it is to be.</summary>
    public bool Do(long id, WorkCommand command, string actor, string? stationId = null) => Count(hub.Ask((core, now) => core.Execute(id, command, actor, null, now, stationId)));

    /// <summary>A room that moves is somewhere else now.</summary>
    public bool Move(string callPointId, string villageId, string actor) => Count(hub.Ask((core, now) => core.MoveCallPoint(callPointId, villageId, actor, now)));

    /// <summary>Something happens at a box; nothing leaves one whose link is lost.</summary>
    public bool Signal(ScenarioBoard board, Zone zone, string kind, string state)
    {
        if (!board.IsLinked)
        {
            return false;
        }

        Signals++;
        hub.Send([(Topics.Of(board.Device, "signal"), board.Signal(zone, kind, state, Now))]);
        return true;
    }

    private bool Count(CommandOutcome outcome)
    {
        Commands++;
        if (outcome.Refusal is { } refusal)
        {
            Refused[refusal.Name] = Refused.GetValueOrDefault(refusal.Name) + 1;
        }

        return outcome.Done;
    }
}
