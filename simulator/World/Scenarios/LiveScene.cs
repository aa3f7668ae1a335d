using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Gateway.Hub.Work;

namespace Gateway.World.Scenarios;

/// <summary>
/// The scene of a running hub: presses are made at the pins of virtual boards that run the firmware, commands and answers go by the hub's API, each by the token of whoever
/// gives it. A call or a piece of work is told again from its own timeline, by the rules. Calls are numbered from the first that comes after the scenario began.
/// </summary>
internal sealed class LiveScene : Scene
{
    private const int PressMs = 1_000;

    /// <summary>Presses on a latched call are counted, and told at most once in so long: [GW-21].</summary>
    private const int RepressToldMs = 10_000;

    /// <summary>Longer than the pause of every pattern of sound (firmware/README.md).</summary>
    private const int QuietMs = 2_500;

    /// <summary>Shorter than the shortest tone of a pattern.</summary>
    private const int ListenEveryMs = 50;

    /// <summary>The most that a list of the API holds in one answer.</summary>
    private const int ListMax = 200;

    /// <summary>Who writes down what is said by telephone, and hears the calls.</summary>
    private const string Desk = "the operator";

    /// <summary>Who sees all work of the hub.</summary>
    private const string Overseer = "the supervisor";

    private readonly LiveHub _hub;
    private readonly Scenario _scenario;
    private readonly TimeProvider _time;
    private readonly List<long> _calls = [];
    private readonly long _callsBefore;
    private readonly long _workBefore;

    public LiveScene(Scenario scenario, LiveHub hub, TimeProvider time)
        : base(null, scenario.Station)
    {
        (_scenario, _hub, _time) = (scenario, hub, time);
        _callsBefore = NewestCalls().DefaultIfEmpty(0).Max();
        _workBefore = Work("all", null, Overseer).DefaultIfEmpty(0).Max();
        _hub.Hear(true);
    }

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override StationBook Stations => _scenario.Stations;

    public override TimeSpan Slack => TimeSpan.FromSeconds(LiveRun.PatienceS);

    public override int OpenCalls => OpenOf("");

    /// <summary>The ids of the stations that the hub runs.</summary>
    public IEnumerable<string> StationIds => _hub.Get("/api/stations").EnumerateArray().Select(station => station.GetProperty("id").GetString()!);

    /// <summary>The virtual boards that have a link to the hub.</summary>
    public IReadOnlySet<string> LinkedBoards =>
        _hub.Get("/api/demo/boards/").EnumerateArray().Where(board => board.GetProperty("link").GetString() == "up").Select(board => board.GetProperty("id").GetString()!).ToHashSet(StringComparer.Ordinal);

    /// <param name="id">The number of the call in this scenario.</param>
    public override Incident? Find(long id) => id < 1 || id > _calls.Count ? null : Told(_calls[(int)id - 1]);

    public override IReadOnlyList<Incident> OpenIncidents() => [.. _calls.Select(Told).OfType<Incident>().Where(incident => incident.Stage != Stage.Closed)];

    public override int OpenCallsSeenBy(string who) => OpenOf(who);

    public override void Notice()
    {
        foreach (var id in NewestCalls().Where(id => id > _callsBefore && !_calls.Contains(id)).Order())
        {
            _calls.Add(id);
            Subject = _calls.Count;
        }
    }

    public override ImmutableArray<Suggestion> Suggestions(Incident incident) =>
    [
        .. _hub.Get($"/api/incidents/{incident.Id}/suggestions").EnumerateArray().Select(entry => new Suggestion(
            Station.FindResponder(entry.GetProperty("responderId").GetString()!)!, entry.GetProperty("rank").GetInt32(),
            Enum.Parse<TravelMeans>(entry.GetProperty("means").GetString()!, ignoreCase: true), entry.GetProperty("km").GetDouble(), entry.GetProperty("etaMinutes").GetInt32(),
            entry.GetProperty("recommended").GetBoolean(),
            [.. entry.GetProperty("reasons").EnumerateArray().Select(reason => new Reason(reason.GetProperty("key").GetString()!, LocalText.Empty))])),
    ];

    public override Refusal? Command(string who, IncidentCommand command)
    {
        // A number of the story is not the hub's, and nobody waives in another's name.
        command = command switch
        {
            IncidentCommand.MergeInto merge => new IncidentCommand.MergeInto(Find(merge.IncidentId)?.Id ?? throw new SceneException($"there is no call {merge.IncidentId}")),
            IncidentCommand.WaiveFollowUp waive => waive with { Supervisor = _hub.ActorOf(who) },
            _ => command,
        };
        var ofCaseTeam = command is IncidentCommand.TakeCase or IncidentCommand.FeedBackCase && !Persons.HasRight(who, Rights.Operate);
        return _hub.Post($"/api/incidents/{Call.Id}/{(ofCaseTeam ? "case" : "commands")}", JsonSerializer.SerializeToElement(command, IncidentJson.Options), who);
    }

    /// <summary>What a responder says; the desk notes it.</summary>
    public override Refusal? Field(string responder, IncidentCommand command) => Command(Desk, command);

    public override Refusal? SayDuty(string responder, bool isOnDuty, string? village) => _hub.Post($"/api/duty/{responder}", new { onDuty = isOnDuty, villageId = village }, Desk);

    public override Refusal? Move(string who, string place, string village) => _hub.Post($"/api/call-points/{place}/place", new { villageId = village }, who);

    /// <summary>A sentence of several steps is done as fast as the hub takes them.</summary>
    public override void Pass(TimeSpan time)
    {
    }

    public override void Hear(bool isHeard) => _hub.Hear(isHeard);

    /// <summary>Of what the story itself opened; of what the hub opens by itself, also what was there before.</summary>
    public override WorkItem? Next(WorkKind kind, string who = "")
    {
        var asker = who.Length == 0 ? Overseer : who;
        var from = kind is WorkKind.PatrolShift or WorkKind.DailyReview ? 0 : _workBefore;
        var id = Work("open", kind, asker).Where(item => item > from).DefaultIfEmpty(0).Min();
        id = id > 0 ? id : Work("all", kind, asker).Where(item => item > from).DefaultIfEmpty(0).Max();
        return id == 0 ? null : TimelineOf($"/api/work/{id}", asker).Select(WorkJson.ReadEvent).Aggregate((WorkItem?)null, WorkRules.Evolve);
    }

    public override double? ShareOfMonth(string name)
    {
        var rate = _hub.Get($"/api/statistics/{MonthReport.NameOf(FactCounts.MonthOf(Now, Station.UtcOffset))}").GetProperty("shares").GetProperty(name).GetProperty("rate");
        return rate.ValueKind == JsonValueKind.Number ? rate.GetDouble() : null;
    }

    public override Finding Audit()
    {
        var check = _hub.Get("/api/audit/check", "the auditor");
        var entries = check.GetProperty("entries").GetInt64();
        return new(check.GetProperty("holds").GetBoolean() && entries > 0, $"{entries} entries, {(check.GetProperty("holds").GetBoolean() ? "which hold" : "which do not hold")}");
    }

    public override Refusal? Signal(string place, ZoneKind zone, string kind, string state, int times = 1)
    {
        if (InputOf(zone, kind) is not { } input)
        {
            throw new SceneException($"no input of a virtual board makes {kind} of a {WordTypes.Camelled(zone)} zone");
        }

        if (zone is not (ZoneKind.Patrol or ZoneKind.Box) && Station.FindBoard(DeviceAt(place))!.Zones.All(watched => watched.Kind != zone))
        {
            throw new SceneException($"{place} has no zone of the kind {WordTypes.Camelled(zone)}");
        }

        // A button is let go again; a contact or a loop stays as it is until somebody says otherwise.
        var board = $"/api/demo/boards/{DeviceAt(place)}";
        if (zone is ZoneKind.Smoke or ZoneKind.Water)
        {
            return _hub.Post($"{board}/loops/{input}", new { state });
        }

        if (zone is ZoneKind.Door or ZoneKind.Pen)
        {
            return _hub.Post($"{board}/inputs/{input}", new { asserted = state == "alarm" });
        }

        var refusal = _hub.Post($"{board}/inputs/{input}", new { asserted = true, holdMs = PressMs });
        for (var i = 1; i < times; i++)
        {
            Thread.Sleep(2 * PressMs); // real time: the button is held, and let go for as long
            refusal ??= _hub.Post($"{board}/inputs/{input}", new { asserted = true, holdMs = PressMs });
        }

        Thread.Sleep(times > 1 ? RepressToldMs : 0); // real time: what the board counts meanwhile it tells then
        return refusal;
    }

    public override Refusal? PressEverywhere() => _scenario.Boards.Select(board => Station.FindBoard(board)!).Where(board => board.Zones.Any(zone => zone.Kind == ZoneKind.Help))
        .Select(board => Signal(board.CallPointId, ZoneKind.Help, SignalKinds.Help, "alarm")).FirstOrDefault(refusal => refusal is not null);

    public override string ShownAt(string place) => BoardStateAt(place).GetProperty("stage").GetString() is { } stage and not ("idle" or "journalled" or "received" or "off") ? stage : "";

    /// <summary>The buzzer, at this moment: every pattern has pauses.</summary>
    public override bool SoundsAt(string place) => BoardStateAt(place).GetProperty("buzzer").GetBoolean();

    public override bool AnnunciatesAt(string place) => SoundsAt(place);

    public override bool IsQuietAt(string place)
    {
        // Real time: to be quiet is to be heard by nobody who listens for longer than any pause.
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since).TotalMilliseconds < QuietMs; Thread.Sleep(ListenEveryMs))
        {
            if (SoundsAt(place))
            {
                return false;
            }
        }

        return true;
    }

    public override bool IsSilentAt(string place) => IsQuietAt(place);

    /// <summary>The box itself has said that it sounds.</summary>
    public override bool HasCalled(string place) =>
        Call.Reaches.Any(reach => reach.Channel == ReachChannel.Box && reach.State is ReachState.Delivered or ReachState.Answered && reach.Detail == DeviceAt(place));

    public override void Link(string place, bool isLinked) => _hub.Post($"/api/demo/boards/{DeviceAt(place)}/network", new { connected = isLinked });

    public override Refusal? Silence(string place) => _hub.Post($"/api/demo/boards/{DeviceAt(place)}/inputs/resetKey", new { asserted = true, holdMs = PressMs });

    /// <summary>The input or loop of a demo's board by which this happens, as its provisioning file has them; null when there is none.</summary>
    public static string? InputOf(ZoneKind zone, string kind) => (zone, kind) switch
    {
        (_, SignalKinds.Help) => "help",
        (_, SignalKinds.Silent) => "silent",
        (_, SignalKinds.Cancel) => "cancel",
        (_, SignalKinds.Patrol) => "patrolKey",
        (ZoneKind.Door, _) => "contact1",
        (ZoneKind.Pen, _) => "contact2",
        (ZoneKind.Smoke, _) => "loop1",
        (ZoneKind.Water, _) => "loop2",
        _ => null,
    };

    protected override Refusal? Send(long id, string who, WorkCommand command) =>
        _hub.Post(id == 0 ? "/api/work" : $"/api/work/{id}/commands", JsonSerializer.SerializeToElement(command, IncidentJson.Options), who);

    private JsonElement BoardStateAt(string place) => _hub.Get($"/api/demo/boards/{DeviceAt(place)}");

    private int OpenOf(string who) => _hub.Get($"/api/incidents?state=open&limit={ListMax}", who).GetProperty("items").GetArrayLength();

    private Incident? Told(long id) => TimelineOf($"/api/incidents/{id}", "").Select(IncidentJson.ReadEvent).Aggregate((Incident?)null, IncidentRules.Evolve);

    private IEnumerable<string> TimelineOf(string path, string who) => _hub.Get(path, who).GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event").GetRawText());

    private IEnumerable<long> NewestCalls() => Ids($"/api/incidents?state=all&limit={ListMax}", "");

    private IEnumerable<long> Work(string state, WorkKind? kind, string who) => Ids($"/api/work?state={state}&limit={ListMax}{(kind is { } wanted ? $"&kind={WordTypes.Camelled(wanted)}" : "")}", who);

    private IEnumerable<long> Ids(string list, string who) => _hub.Get(list, who).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64());
}
