using System.Collections.Immutable;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Api;
using Gateway.Hub.Audit;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Statistics;
using Gateway.Hub.Stations;
using Gateway.Hub.Work;

namespace Gateway.World.Scenarios;

/// <summary>A sentence speaks of something that is not there: the step fails with this text.</summary>
internal sealed class SceneException(string message) : Exception(message);

/// <summary>What the sentences of a scenario act on and look at: a simulated hub. What is virtual here a running hub can do as well (<see cref="LiveScene"/>).</summary>
internal class Scene(ScenarioHub? simulated, Station station)
{
    private long _newest;

    public Scene(ScenarioHub hub)
        : this(hub, hub.Station)
    {
    }

    /// <exception cref="SceneException">The hub is a running one: nothing of it is known but what its API tells.</exception>
    public ScenarioHub Hub => simulated ?? throw new SceneException("a running hub does not show this");

    public Station Station => station;

    public virtual DateTimeOffset Now => Hub.Now;

    /// <summary>As they are now.</summary>
    public virtual StationBook Stations => Hub.Stations;

    /// <summary>By how much less than expected a clock may have left: where time is played, none passes between two sentences.</summary>
    public virtual TimeSpan Slack => TimeSpan.Zero;

    /// <summary>Calls that are open now.</summary>
    public virtual int OpenCalls => Hub.Snapshot.OpenIncidents.Count;

    /// <summary>The call that is spoken of: its number, which is that of the incident.</summary>
    public long Subject { get; set; }

    public Incident Call => Find(Subject) ?? throw new SceneException(Subject == 0 ? "there is no call yet" : $"there is no call {Subject}");

    public virtual Incident? Find(long id) => Hub.Snapshot.OpenIncidents.GetValueOrDefault(id) ?? Hub.Queries.FindIncident(id)?.Incident;

    /// <summary>The open calls themselves, in the order in which they came.</summary>
    public virtual IReadOnlyList<Incident> OpenIncidents() => [.. Hub.Snapshot.OpenIncidents.Values.OrderBy(incident => incident.Id)];

    /// <summary>Open calls that are within the unit of a person.</summary>
    public virtual int OpenCallsSeenBy(string who) => Hub.Snapshot.OpenIncidents.Values.Count(incident => Sees(who, incident.StationId));

    /// <summary>A call that has come meanwhile is the one that is spoken of.</summary>
    public virtual void Notice()
    {
        var newest = Hub.Snapshot.OpenIncidents.Keys.DefaultIfEmpty(0).Max();
        if (newest > _newest)
        {
            (_newest, Subject) = (newest, newest);
        }
    }

    public ImmutableArray<Suggestion> Suggestions() => Suggestions(Call);

    public virtual ImmutableArray<Suggestion> Suggestions(Incident incident) => Hub.Snapshot.Suggest(incident, Hub.Now);

    /// <summary>A command at the console or the API, with the rights of whoever gives it.</summary>
    public virtual Refusal? Command(string who, IncidentCommand command)
    {
        var person = Persons.PrincipalOf(who);
        return IncidentAccess.Judge(command, person)
            ?? (Sees(who, Call.StationId) ? null : new Refusal(RefusalNames.NoIncident, "There is no such incident."))
            ?? Hub.Ask((core, now) => core.Execute(Call.Id, IncidentAccess.Within(command, person), Persons.AccountOf(who), null, now)).Refusal;
    }

    /// <summary>Whether what is of a station is within the unit of a person: as the hub's view of a request has it.</summary>
    private bool Sees(string who, string stationId) => Hub.Stations.In(Persons.UnitOf(who)).Any(station => station.Id == stationId);

    /// <summary>Says where a room that moves stands now.</summary>
    public virtual Refusal? Move(string who, string place, string village) =>
        !Persons.HasRight(who, Rights.Operate) ? NotAllowed(who)
        : !Sees(who, Hub.Stations.OfCallPoint(place)!.Id) ? new("not-mobile", $"{who} knows of no such place.")
        : !Sees(who, Hub.Stations.OfVillage(village)!.Id) ? new("unknown-village", $"{who} knows of no such village.")
        : Hub.Ask((core, now) => core.MoveCallPoint(place, village, Persons.AccountOf(who), now)).Refusal;

    /// <summary>What a responder says of themselves, by the field page.</summary>
    public virtual Refusal? Field(string responder, IncidentCommand command) => Hub.Ask((core, now) => core.Execute(Call.Id, command, "field/" + responder, null, now)).Refusal;

    /// <summary>Whether a responder is on duty, and where; null for the home village.</summary>
    public virtual Refusal? SayDuty(string responder, bool isOnDuty, string? village) =>
        Hub.Ask((core, now) => core.SetDuty(responder, isOnDuty, village, "field/" + responder, now)).Refusal;

    /// <summary>How long people take among themselves, where a sentence is several steps.</summary>
    public virtual void Pass(TimeSpan time) => Hub.Pass(time);

    /// <summary>Whether any console with unlocked sound is there.</summary>
    public virtual void Hear(bool isHeard)
    {
        Hub.AudibleConsoles = isHeard ? 1 : 0;
        Hub.Tick();
    }

    /// <summary>A command that opens a piece of work.</summary>
    public Refusal? Open(string who, WorkCommand command) => Send(0, who, command);

    /// <summary>A command on a piece of work of a kind: see <see cref="Next"/>.</summary>
    public Refusal? Work(WorkKind kind, string who, WorkCommand command) => Send(Next(kind, who)?.Id ?? throw new SceneException($"there is no {WordTypes.Camelled(kind)}"), who, command);

    /// <summary>The piece of work of a kind that a person would take up: the oldest open one; where none is open, the newest.</summary>
    /// <param name="who">Only what is within this person's unit.</param>
    public virtual WorkItem? Next(WorkKind kind, string who = "") =>
        Hub.Snapshot.OpenWork.Values.Where(item => WorkItem.KindOf(item) == kind && Sees(who, item.StationId)).MinBy(item => item.Id)
        ?? Hub.Work.List(new WorkQuery(kind, WithWarnings: true, Limit: 1)).FirstOrDefault();

    public T Next<T>(WorkKind kind) where T : WorkItem => Next(kind) as T ?? throw new SceneException($"there is no {WordTypes.Camelled(kind)}");

    public MonthReport Month()
    {
        var month = FactCounts.MonthOf(Now, Station.UtcOffset);
        return MonthReport.Of(month, Hub.Work.Counts([month, MonthReport.MonthBefore(month), MonthReport.YearBefore(month)]), Station);
    }

    /// <summary>0 to 1; null while there is nothing of which it is a share.</summary>
    public virtual double? ShareOfMonth(string name) => Month().Shares().First(entry => entry.Name == name).Share.Rate;

    /// <summary>Whether the audit chain holds.</summary>
    public virtual Finding Audit()
    {
        using var connection = Hub.Database.Connect();
        var verdict = AuditChain.Verify(connection);
        return new(verdict is { Whole: true, Entries: > 0 }, verdict.Whole ? $"{verdict.Entries} entries hold" : $"broken at entry {verdict.BrokenAt}");
    }

    public string DeviceAt(string place) => Station.Boards.FirstOrDefault(board => board.CallPointId == place)?.DeviceId ?? throw new SceneException($"{place} has no board");

    public ScenarioBoard BoardAt(string place) =>
        Hub.Boards.GetValueOrDefault(DeviceAt(place)) ?? throw new SceneException($"the board {DeviceAt(place)} is switched off in this scenario");

    /// <summary>What the button shows of its call, in the words of a notice; empty when nothing.</summary>
    public virtual string ShownAt(string place) => BoardAt(place).Shown;

    /// <summary>The box sounds for its neighbours.</summary>
    public virtual bool SoundsAt(string place) => BoardAt(place).Sounds;

    /// <summary>It annunciates: the station's board, or the box of somebody who is sent.</summary>
    public virtual bool AnnunciatesAt(string place) => BoardAt(place).Annunciates;

    /// <summary>It does not sound for its neighbours.</summary>
    public virtual bool IsQuietAt(string place) => !BoardAt(place).Sounds;

    /// <summary>It does not annunciate.</summary>
    public virtual bool IsSilentAt(string place) => !BoardAt(place).Annunciates;

    /// <summary>The box was made to call somebody who was sent.</summary>
    public virtual bool HasCalled(string place) => BoardAt(place).Called > 0;

    /// <summary>The network cable of a box.</summary>
    public virtual void Link(string place, bool isLinked) => BoardAt(place).IsLinked = isLinked;

    /// <summary>The key of a box that sounds.</summary>
    public virtual Refusal? Silence(string place) => BoardAt(place).Silence()
        ? Signal(place, ZoneKind.Box, SignalKinds.Acknowledge, "normal")
        : throw new SceneException($"nothing sounds at {place}");

    /// <summary>A zone of a kind goes into alarm or back.</summary>
    public virtual Refusal? Signal(string place, ZoneKind zone, string kind, string state, int times = 1)
    {
        var board = BoardAt(place);
        var watched = board.Board.Zones.FirstOrDefault(candidate => candidate.Kind == zone) ?? new Zone(0, zone, LocalText.Empty, false);
        if (watched.Number == 0 && kind is not (SignalKinds.Patrol or SignalKinds.Acknowledge))
        {
            throw new SceneException($"{place} has no zone of the kind {WordTypes.Camelled(zone)}");
        }

        if (!board.IsLinked)
        {
            throw new SceneException($"the link of {place} is lost: nothing leaves the box");
        }

        for (var i = 0; i < times; i++)
        {
            Hub.Send([(Topics.Of(board.Device, "signal"), board.Signal(watched, kind, state, Hub.Now))]);
        }

        return null;
    }

    /// <summary>Help is pressed in every room that has a box in this scenario, at once.</summary>
    public virtual Refusal? PressEverywhere()
    {
        Hub.Send(Hub.Boards.Values.Select(board =>
            (Topics.Of(board.Device, "signal"), board.Signal(board.Board.Zones.First(zone => zone.Kind == ZoneKind.Help), SignalKinds.Help, "alarm", Now))));
        return null;
    }

    /// <param name="id">0 for a command that opens a piece of work.</param>
    protected virtual Refusal? Send(long id, string who, WorkCommand command) => WorkAccess.MaySend(command, Persons.PrincipalOf(who))
        ? Hub.Ask((core, now) => core.Execute(id, command, Persons.AccountOf(who), null, now, Hub.Stations.Find(Persons.UnitOf(who))?.Id)).Refusal
        : NotAllowed(who);

    private static Refusal NotAllowed(string who) => new("not-allowed", $"The duties of {who} do not include this.");
}
