using System.Collections.Immutable;
using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Stations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>The station's reference data, and whether the hub is well.</summary>
public static class StationEndpoints
{
    private const string Yaml = "application/yaml";

    /// <summary>The shortest good file.</summary>
    private const string SmallestFile = """
        format: 1
        station: { id: sumitu, name: { zh: 苏米图派出所 }, region: { zh: 鄂托克旗 }, village: seat }
        speeds: { carKmh: 60, motorbikeKmh: 45, horseKmh: 15, footKmh: 5 }
        villages:
          - { id: seat, name: { zh: 驻地 }, latitude: 39.1, longitude: 107.9 }
        callPoints:
          - { id: seat-room, name: { zh: 警务室 }, village: seat, zoneClass: general, languages: [mn, zh], callBack: { number: "000" }, directions: { zh: 院内 } }
        boards:
          - { device: sumitu-01, callPoint: seat-room, zones: [{ zone: 1, kind: help, name: { zh: 按钮 }, lifeSafety: true }] }
        responders:
          - { id: officer-1, name: { zh: 民警一 }, role: officer, village: seat, languages: [zh], means: [car], readyMin: 5 }
        """;

    private const string WhichStation = "The station's id, where the caller sees several.";

    private const string ImportDescription =
        """
        The body is the file's text (YAML, at most 4 MiB). It is judged first, as by `/api/station/check`, and refused as a whole with each error and its line. A good file is kept in the
        data folder, goes before the configured one, stands in the audit with its SHA-256, and is in force from the hub's next start. Open incidents outlive that: those whose call
        point or responder is gone are listed in `changes.openIncidentsTouched`. The station is that of the file's own `station.id`. A file of another station is refused (`another-station`): in a hub of one station `anotherStation=true` imports it all the same.
        """;

    public static void MapStation(this RouteGroupBuilder api)
    {
        api.MapGet("/stations", (HubView hub, StationFiles files) => TypedResults.Ok(hub.Stations.Select(station => StationResource.Of(station, files)).ToList())).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("listStations").WithSummary("The stations of this hub that the caller may see, with the levels above them")
            .WithDescription("Lists, statistics and files take `?station=` with one of these ids, and are then of that station alone.")
            .WithAnswerExample(new[] { new StationResource("sumitu", new TextResource("苏米图派出所", "Sumitu"), new TextResource("鄂托克旗", "Otog Banner"), [new StationLevelResource("otog", new TextResource("鄂托克旗", "Otog Banner"))], false, false) });
        api.MapGet("/station", ([Description(WhichStation)] string? station, HubView hub) => station is null || hub.Chosen is not null || hub.OnlyStation == station
                ? (Results<Ok<Station>, ProblemHttpResult>)TypedResults.Ok(hub.Current.Station)
                : Problems.Unknown("station"))
            .RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("showStation").WithSummary("The station: villages, roads, call points, boards, responders, targets")
            .WithDescription("Of a hub with several: what all of them list, in one, with the first one's targets; `?station=` for one.").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/station/check", Check).RequireAuthorization(Rights.Maintain).WithTags("station").WithMetadata(new RequestSizeLimitAttribute(StationLoader.FileMaxBytes))
            .WithName("checkStationFile").WithSummary("Dry run: would a hub start with this station file? Changes nothing")
            .WithDescription("The body is the file's text (YAML, at most 4 MiB). Every error is told with its line; a good file is told with what it holds. `changes` compares it with the running one. `PUT /api/station/file` imports it.")
            .Accepts<string>(Yaml).WithExample<string>("smallest", SmallestFile);
        api.MapGet("/station/file", Export).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("exportStationFile").WithSummary("The station file that the hub runs").WithDescription("Byte for byte what it was started with: edit it, check it, import it.")
            .Produces<string>(StatusCodes.Status200OK, Yaml).WithAnswerExample(SmallestFile).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPut("/station/file", Import).RequireAuthorization(Rights.Administer).WithTags("station").WithMetadata(new RequestSizeLimitAttribute(StationLoader.FileMaxBytes))
            .WithName("importStationFile").WithSummary("Import a station file: in force from the hub's next start")
            .WithDescription(ImportDescription).Accepts<string>(Yaml).WithExample<string>("smallest", SmallestFile)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapDelete("/station/file", TakeBack).RequireAuthorization(Rights.Administer).WithTags("station")
            .WithName("takeBackStationFile").WithSummary("Take the imported file back: from the next start the configured one is in force again")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/health", Health).AllowAnonymous().WithTags("station")
            .WithName("showHealth").WithSummary("Whether the hub answers and can store").WithDescription("Open to all, and says no more than this.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/health/detail", (HubView hub, StatisticsView statistics) => TypedResults.Ok(DetailOf(hub.Current, statistics.NotCountedYet()))).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("showHealthDetail").WithSummary("Counts of what the hub watches");
    }

    private static async Task<Ok<StationCheckResource>> Check(HttpRequest request, HubView hub, StationFiles files, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var result = StationLoader.Read(await reader.ReadToEndAsync(cancellation), "body");
        var errors = result.Station is { } read ? ClashesOf(hub, files, read) : result.Errors;
        var next = errors.IsEmpty ? result.Station : null;
        return TypedResults.Ok(new StationCheckResource(
            next is not null, next is null ? null : StationSummary.Of(next), next is null ? null : ChangesOf(hub, next),
            [.. errors.Select(error => new StationErrorResource(error.Line, error.Sentence))]));
    }

    /// <summary>The running station that a file would replace; the only one, if the hub has no station of its id.</summary>
    private static Station RunningOf(HubView hub, Station next) => hub.Stations.FirstOrDefault(station => station.Id == next.Id) ?? hub.Leading;

    private static StationChanges ChangesOf(HubView hub, Station next)
    {
        var running = RunningOf(hub, next);
        return StationChanges.Of(running, next, hub.InReach.OpenIncidents.Values.Where(incident => hub.InReach.Stations.Of(incident).Id == running.Id));
    }

    /// <summary>What the file says against those of the hub's other stations. Of a reader of one station, nothing of the others is told.</summary>
    private static ImmutableArray<StationFileError> ClashesOf(HubView hub, StationFiles files, Station next) => StationBookCheck.Errors(
        [.. hub.Stations.Where(station => station.Id != RunningOf(hub, next).Id).Select(station => (Path.GetFileName(files.Find(station.Id)?.Path ?? station.Id), station)), ("body", next)]);

    private static Results<ContentHttpResult, ProblemHttpResult> Export(HubView hub, StationFiles files, [Description(WhichStation)] string? station) =>
        hub.OnlyStation is not { } id ? WhichIsNeeded(station)
        : files.Find(id) is { } source ? TypedResults.Content(source.Text, Yaml + "; charset=utf-8")
        : files.Running is [{ } only] && hub.Stations.Length == 1 ? TypedResults.Content(only.Text, Yaml + "; charset=utf-8")
        : Problems.Unknown("station-file");

    private static async Task<Results<Ok<StationImportResource>, ProblemHttpResult>> Import(
        HttpRequest request,
        HubService service,
        HubView hub,
        StationFiles files,
        ClaimsPrincipal user,
        [Description("True to import the file of another station all the same; only where the hub has one station.")] bool? anotherStation,
        CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(cancellation);
        var result = StationLoader.Read(text, "body");
        var errors = result.Station is { } read ? ClashesOf(hub, files, read) : result.Errors;
        if (result.Station is not { } next || !errors.IsEmpty)
        {
            return Problems.Invalid(
                "station-file-errors", errors.GroupBy(error => $"line {error.Line}").ToDictionary(line => line.Key, line => line.Select(error => error.Sentence).ToArray()));
        }

        var changes = ChangesOf(hub, next);
        if (changes.IsAnotherStation && (anotherStation != true || hub.Stations.Length > 1))
        {
            return Problems.Refused("another-station", hub.Stations.Length > 1
                ? $"The hub has no station {next.Id}: its stations are those whose files its configuration names."
                : $"This is the file of {next.Id}, and the hub runs {hub.Leading.Id}. Say anotherStation=true if that is meant.");
        }

        // Audited before it is done: a power cut in between leaves an entry for a file that never was in force, and never a file without an entry.
        var hash = StationFiles.HashOf(text);
        await service.AuditAsync(AccountIdentity.ActorOf(user), "station.imported", SubjectOf(hub, next.Id), $"sha256 {hash}; {StationSummary.Of(next)}");
        try
        {
            files.Import(next.Id, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubUnavailableException($"The data folder cannot be written ({e.Message}); the file before is still in force.");
        }

        return TypedResults.Ok(new StationImportResource(hash, StationSummary.Of(next), changes, "at the hub's next start"));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TakeBack(
        HubService service, HubView hub, StationFiles files, ClaimsPrincipal user, [Description(WhichStation)] string? station)
    {
        if (hub.OnlyStation is not { } id)
        {
            return WhichIsNeeded(station);
        }

        await service.AuditAsync(AccountIdentity.ActorOf(user), "station.taken-back", SubjectOf(hub, id), StationFiles.ImportedName);
        return files.TakeBack(id) ? TypedResults.NoContent() : Problems.Unknown("station-file");
    }

    /// <summary>As before in a hub of one.</summary>
    private static string SubjectOf(HubView hub, string stationId) => hub.Stations.Length == 1 ? "station" : $"station/{stationId}";

    private static ProblemHttpResult WhichIsNeeded(string? station) => station is null
        ? Problems.Refused(Work.WorkRefusals.StationNeeded, "This hub has several stations: say which with ?station=.")
        : Problems.Unknown("station");

    private static Results<Ok<HealthResource>, ProblemHttpResult> Health(HubService hub) => hub.IsHealthy
        ? TypedResults.Ok(new HealthResource("ok", hub.Current.Run))
        : Problems.Refused("nothing-can-be-stored", "Nothing can be stored, and so nothing is acknowledged.", StatusCodes.Status503ServiceUnavailable);

    private static HealthDetailResource DetailOf(HubSnapshot hub, long notCountedYet) => new(
        hub.At,
        hub.Version,
        hub.OpenIncidents.Count,
        hub.OpenIncidents.Values.Count(Incidents.Urgency.IsWaiting),
        hub.Gateways.Count,
        hub.Gateways.Values.Count(gateway => gateway.Link == Fleet.LinkState.Up),
        hub.Gateways.Values.Count(gateway => gateway.Link == Fleet.LinkState.Lost),
        hub.Gateways.Values.Sum(gateway => gateway.MissingCount),
        hub.Gateways.Values.Sum(gateway => gateway.ConflictCount),
        hub.Gateways.Values.Sum(gateway => gateway.RefusedCount),
        notCountedYet);
}

/// <summary>A level above a station.</summary>
public sealed record StationLevelResource(string Id, TextResource Name);

/// <summary>A station of the hub.</summary>
public sealed record StationResource(
    string Id, TextResource Name, TextResource Region,
    [property: Description("Outermost first; an account of such a level sees every station under it.")] IReadOnlyList<StationLevelResource> Above,
    [property: Description("An imported file runs in place of the configured one.")] bool Imported,
    [property: Description("Another file is in force from the hub's next start.")] bool Waiting)
{
    public static StationResource Of(Station station, StationFiles files) => new(
        station.Id, TextResource.Of(station.Name), TextResource.Of(station.Region), [.. station.Above.Select(level => new StationLevelResource(level.Id, TextResource.Of(level.Name)))],
        files.Find(station.Id) is { Imported: true }, files.IsWaiting(station.Id));
}

public sealed record StationErrorResource([property: Description("0 when it concerns the file as a whole.")] int Line, string Sentence);

/// <summary>What a dry run of a station file found.</summary>
public sealed record StationCheckResource(bool Good, StationSummary? Holds, [property: Description("Against the running file; null when it is not good.")] StationChanges? Changes, IReadOnlyList<StationErrorResource> Errors);

/// <summary>What an import put in place.</summary>
public sealed record StationImportResource(string Sha256, StationSummary Holds, StationChanges Changes, [property: Description("From when on it is in force.")] string InForce);

public sealed record HealthResource(string Status, [property: Description("New at each start of the hub.")] string Run);

public sealed record HealthDetailResource(
    DateTimeOffset At, long Version, int OpenIncidents, int WaitingIncidents, int Gateways, int GatewaysUp, int GatewaysLost, long MissingRecords, long Conflicts, long RefusedMessages,
    [property: Description("Incidents from before there were statistics that are still to be counted; 0 when all are.")] long IncidentsNotCountedYet);
