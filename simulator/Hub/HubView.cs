using System.Collections.Immutable;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Audit;
using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Work;
using Microsoft.AspNetCore.Http;

namespace Gateway.Hub;

/// <summary>
/// The hub as the asker of one request may see it: what is of a station outside of the asker's unit is not there, neither in lists nor by its number, and no command reaches it.
/// Pages and API know the hub through this and through nothing else (a test holds them to it), so that what they show is within the unit without their doing.
/// A reader of several stations may choose one for the lists; what is asked for by its number is found in all of the unit.
/// </summary>
public sealed class HubView
{
    /// <summary>The station that a reader of several has chosen, in the console; programs say <c>?station=</c>.</summary>
    public const string StationCookie = "station";

    private const int WaitingMax = 100;

    private readonly HubService _hub;
    private readonly IReadOnlySet<string>? _unitIds;
    private readonly IReadOnlySet<string>? _chosenIds;

    /// <param name="unit">A station, a level above one, or empty for the whole hub; null for somebody who has none.</param>
    /// <param name="chosen">One station of the unit; anything else is no choice.</param>
    public HubView(HubService hub, string? unit, string? chosen)
    {
        _hub = hub;
        var all = hub.Current.Stations;
        Stations = unit is null ? [] : all.In(unit);
        _unitIds = unit?.Length == 0 ? null : Ids(Stations);
        Chosen = Stations.Length > 1 ? Stations.FirstOrDefault(station => station.Id == chosen) : null;
        _chosenIds = Chosen is null ? _unitIds : Ids([Chosen]);
        UnitName = unit is { Length: > 0 } ? all.NameOf(unit) ?? new LocalText(unit) : all.All.Name;
    }

    /// <summary>Of the request that is being answered.</summary>
    public static HubView Of(HubService hub, HttpContext? context) => new(
        hub, context is { User.Identity.IsAuthenticated: true } ? UnitOf(context.User) : null,
        context is null ? null : (string?)context.Request.Query[StationCookie] ?? context.Request.Cookies[StationCookie]);

    /// <summary>The unit that an account or token is of, empty for the whole hub. Null, and so nothing, for an identity that does not say it.</summary>
    public static string? UnitOf(ClaimsPrincipal user) => user.FindFirstValue(AccountIdentity.UnitClaim);

    /// <summary>The stations of the unit, in the hub's order.</summary>
    public ImmutableArray<Station> Stations { get; }

    /// <summary>The one that lists are limited to; null for all of the unit.</summary>
    public Station? Chosen { get; }

    public LocalText UnitName { get; }

    /// <summary>The whole hub, nothing left out.</summary>
    public bool IsWhole => _unitIds is null;

    /// <summary>Two views with the same key show the same.</summary>
    public string Key => _chosenIds is null ? "" : string.Join(',', _chosenIds.Order(StringComparer.Ordinal));

    /// <summary>What lists and pages show: of the unit, or of the chosen station.</summary>
    public HubSnapshot Current => Of(_chosenIds);

    /// <summary>All of the unit, whatever station is chosen: where something is asked for by its number.</summary>
    public HubSnapshot InReach => Of(_unitIds);

    public bool IsHealthy => _hub.IsHealthy;

    /// <summary>The station whose clock, shifts and targets a page shows: the chosen one, or the first of the unit.</summary>
    public Station Leading => Chosen ?? (Stations.IsEmpty ? _hub.Current.Stations.First : Stations[0]);

    /// <summary>Whose an item is that is opened without saying so; null when it must be said.</summary>
    public string? OnlyStation => Chosen?.Id ?? (Stations.Length == 1 ? Stations[0].Id : null);

    /// <summary>What was left by a station that is no longer in the hub is the first one's: somebody has to end its open work.</summary>
    public bool MaySee(string stationId) => _unitIds is null || _unitIds.Contains(_hub.Current.Stations.Of(stationId).Id);

    public bool MaySee(Incident incident) => MaySee(incident.StationId);

    public bool MaySee(WorkItem item) => MaySee(item.StationId);

    /// <summary>Also for devices that are not provisioned yet.</summary>
    public bool MaySeeDevice(string device) => IsWhole || MaySee(_hub.Current.Stations.OfDevice(device).Id);

    /// <summary>Whether a board of this id stands in a station file of the unit: who is of a unit provisions no other.</summary>
    public bool HasBoard(string device) => IsWhole || Stations.Any(station => station.FindBoard(device) is not null);

    /// <summary>Where events go, and how many wait for each, counted up to 100; they are the whole hub's.</summary>
    public IReadOnlyList<(Webhooks.WebhookTarget Target, int Waiting)> Webhooks() =>
        IsWhole ? [.. _hub.Webhooks.Select(target => (target, _hub.OutgoingFor(target.Name, WaitingMax).Count))] : [];

    public IncidentDetail? FindIncident(long id) => _hub.FindIncident(id) is { } detail && MaySee(detail.Incident) ? detail : null;

    public IReadOnlyList<IncidentTimelineEntry> TimelineOf(long id, int max) => StationOfIncident(id) is { } station && MaySee(station) ? _hub.TimelineOf(id, max) : [];

    public IReadOnlyList<IncidentSummary> Incidents(IncidentQuery query) => _hub.Incidents(query with { Stations = Codes });

    public WorkDetail? FindWork(long id) => _hub.FindWork(id) is { } detail && MaySee(detail.Item) ? detail : null;

    public IReadOnlyList<WorkItem> Work(WorkQuery query) => _hub.Work(query with { Stations = Codes });

    public GatewayDetail? FindGateway(string device) => MaySeeDevice(device) ? _hub.FindGateway(device) : null;

    public IReadOnlyList<SignalRecord> Signals(SignalQuery query) =>
        query.Device is { } device && !MaySeeDevice(device) ? []
        : _chosenIds is null ? _hub.Signals(query)
        // What no file names is the first station's: for who sees that one, all devices but the others'.
        : _chosenIds.Contains(_hub.Current.Stations.First.Id) ? _hub.Signals(query with { ButDevices = DevicesOf(station => !_chosenIds.Contains(station.Id)) })
        : _hub.Signals(query with { Devices = DevicesOf(station => _chosenIds.Contains(station.Id)) });

    /// <inheritdoc cref="HubService.ExecuteAsync(long, IncidentCommand, string, string?, CancellationToken)"/>
    public Task<CommandOutcome> ExecuteAsync(long incidentId, IncidentCommand command, string actor, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        StationOfIncident(incidentId) is { } station && !MaySee(station)
            ? NoSuch(RefusalNames.NoIncident, "There is no such incident.")
            : _hub.ExecuteAsync(incidentId, command, actor, idempotencyKey, cancellation);

    /// <inheritdoc cref="HubService.ExecuteAsync(long, WorkCommand, string, string?, string?, CancellationToken)"/>
    public Task<CommandOutcome> ExecuteAsync(
        long itemId, WorkCommand command, string actor, string? idempotencyKey = null, string? stationId = null, CancellationToken cancellation = default)
    {
        if (command.Opens)
        {
            return RefuseToOpen(command, stationId) ?? _hub.ExecuteAsync(itemId, command, actor, idempotencyKey, stationId ?? OnlyStation, cancellation);
        }

        return _hub.FindWork(itemId) is { } detail && !MaySee(detail.Item)
            ? NoSuch(WorkRefusals.NoWork, "There is no such piece of work.")
            : _hub.ExecuteAsync(itemId, command, actor, idempotencyKey, null, cancellation);
    }

    public Task<CommandOutcome> SendCommandAsync(string device, GatewayCommand command, string actor, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        MaySeeDevice(device) ? _hub.SendCommandAsync(device, command, actor, idempotencyKey, cancellation) : NoSuch("no-such-gateway", "There is no such gateway.");

    public Task<CommandOutcome> RevokeAsync(string device, string actor, CancellationToken cancellation = default) =>
        HasBoard(device) ? _hub.RevokeAsync(device, actor, cancellation) : NoSuch("no-such-gateway", "There is no such gateway.");

    /// <inheritdoc cref="HubService.SetDutyAsync"/>
    public Task<CommandOutcome> SetDutyAsync(string responderId, bool? onDuty, string? villageId, string actor, CancellationToken cancellation = default) =>
        _hub.Current.Stations.OfResponder(responderId) is { } station && !MaySee(station.Id)
            ? NoSuch("unknown-responder", $"The station has no responder \"{responderId}\".")
            : _hub.SetDutyAsync(responderId, onDuty, villageId, actor, cancellation);

    /// <inheritdoc cref="HubService.MoveCallPointAsync"/>
    public Task<CommandOutcome> MoveCallPointAsync(string callPointId, string villageId, string actor, CancellationToken cancellation = default)
    {
        var all = _hub.Current.Stations;
        return all.OfCallPoint(callPointId) is { } station && !MaySee(station.Id) ? NoSuch("not-mobile", $"The station has no call point \"{callPointId}\" that moves.")
            : all.OfVillage(villageId) is { } target && !MaySee(target.Id) ? NoSuch("unknown-village", $"The station has no village \"{villageId}\".")
            : _hub.MoveCallPointAsync(callPointId, villageId, actor, cancellation);
    }

    internal Task<CommandOutcome> EraseWordsAsync(long incidentId, string actor, CancellationToken cancellation) =>
        StationOfIncident(incidentId) is { } station && !MaySee(station) ? NoSuch(RefusalNames.NoIncident, "There is no such incident.") : _hub.EraseWordsAsync(incidentId, actor, cancellation);

    /// <summary>Changes of what is seen here; and those that concern all.</summary>
    public IDisposable Subscribe(Action<HubChange> onChange) => _hub.Subscribe(change =>
    {
        if (change.StationId.Length == 0 || MaySee(change.StationId))
        {
            onChange(change);
        }
    });

    /// <summary>A console with unlocked sound is open: it is the ear of the stations that it shows.</summary>
    public IDisposable HearConsole() => _hub.HearConsole(_chosenIds);

    /// <summary>What of the audit chain is of the unit; null for all of it.</summary>
    public AuditScope? Audited => _unitIds is null ? null : new AuditScope(
        [.. _unitIds.Select(_hub.Current.Stations.CodeOf)],
        [
            .. Stations.SelectMany(station => station.Boards).Select(board => $"gateway/{board.DeviceId}"), .. Stations.SelectMany(station => station.Responders).Select(responder => $"responder/{responder.Id}"),
            .. Stations.SelectMany(station => station.CallPoints).Select(point => $"callPoint/{point.Id}"), .. Stations.Select(station => $"station/{station.Id}"),
        ],
        [.. _unitIds, .. _hub.Current.Stations.Levels().Select(level => level.Id).Where(level => _hub.Current.Stations.In(level).All(station => _unitIds.Contains(station.Id)))]);

    internal Storage.WorkQueries WorkQueries => _hub.WorkQueries;

    /// <summary>How the stations shown are written down in the tables; null for all.</summary>
    internal IReadOnlyList<string>? Codes => _chosenIds is null ? null : [.. _chosenIds.Select(_hub.Current.Stations.CodeOf)];

    internal string CodeOf(Station station) => _hub.Current.Stations.CodeOf(station.Id);

    /// <summary>For a form of provisioning.</summary>
    internal (string Host, int Port) BoardAddress => _hub.BoardAddress;

    internal string? BoardAuthority => _hub.BoardAuthority;

    private HubSnapshot Of(IReadOnlySet<string>? ids) => ids is null ? _hub.Current : _hub.Current.Only(ids);

    private Task<CommandOutcome>? RefuseToOpen(WorkCommand command, string? stationId)
    {
        if (stationId is not null && !MaySee(stationId))
        {
            return NoSuch(WorkRefusals.UnknownStation, $"The hub has no station \"{stationId}\".");
        }

        return command switch
        {
            Work.Visits.VisitCommand.Plan plan when _hub.Current.Stations.OfVillage(plan.VillageId) is { } station && !MaySee(station.Id) =>
                NoSuch(WorkRefusals.UnknownPlace, $"The station has no village \"{plan.VillageId}\"."),
            Work.Reviews.ReviewCommand.Ask ask when StationOfIncident(ask.IncidentId) is { } station && !MaySee(station) =>
                NoSuch(RefusalNames.NoIncident, $"There is no incident {ask.IncidentId}."),
            _ => null,
        };
    }

    /// <summary>Null when there is no such incident; not looked for where everything is seen.</summary>
    private string? StationOfIncident(long id) =>
        _unitIds is null ? "" : (_hub.Current.OpenIncidents.GetValueOrDefault(id) ?? _hub.FindIncident(id)?.Incident)?.StationId;

    private string[] DevicesOf(Func<Station, bool> which) => [.. _hub.Current.Stations.Stations.Where(which).SelectMany(station => station.Boards).Select(board => board.DeviceId)];

    private static HashSet<string> Ids(IEnumerable<Station> stations) => stations.Select(station => station.Id).ToHashSet(StringComparer.Ordinal);

    private static Task<CommandOutcome> NoSuch(string name, string text) => Task.FromResult(new CommandOutcome(false, 0, new Refusal(name, text)));
}
