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

    private const string ImportDescription =
        """
        The body is the file's text (YAML, at most 4 MiB). It is judged first, as by `/api/station/check`, and refused as a whole with each error and its line. A good file is kept in the
        data folder, goes before the configured one, stands in the audit with its SHA-256, and is in force from the hub's next start. Open incidents outlive that: those whose call
        point or responder is gone are listed in `changes.openIncidentsTouched`. A file of another station is refused (`another-station`) unless `anotherStation=true` says so.
        """;

    public static void MapStation(this RouteGroupBuilder api)
    {
        api.MapGet("/station", (HubService hub) => TypedResults.Ok(hub.Current.Station)).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("showStation").WithSummary("The station: villages, roads, call points, boards, responders, targets");
        api.MapPost("/station/check", Check).RequireAuthorization(Rights.Maintain).WithTags("station").WithMetadata(new RequestSizeLimitAttribute(StationLoader.FileMaxBytes))
            .WithName("checkStationFile").WithSummary("Dry run: would a hub start with this station file? Changes nothing")
            .WithDescription("The body is the file's text (YAML, at most 4 MiB). Every error is told with its line; a good file is told with what it holds. `changes` compares it with the running one. `PUT /api/station/file` imports it.")
            .Accepts<string>("application/yaml");
        api.MapGet("/station/file", Export).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("exportStationFile").WithSummary("The station file that the hub runs").WithDescription("Byte for byte what it was started with: edit it, check it, import it.")
            .Produces<string>(StatusCodes.Status200OK, Yaml).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/station/file", Import).RequireAuthorization(Rights.Administer).WithTags("station").WithMetadata(new RequestSizeLimitAttribute(StationLoader.FileMaxBytes))
            .WithName("importStationFile").WithSummary("Import a station file: in force from the hub's next start")
            .WithDescription(ImportDescription).Accepts<string>(Yaml)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapDelete("/station/file", TakeBack).RequireAuthorization(Rights.Administer).WithTags("station")
            .WithName("takeBackStationFile").WithSummary("Take the imported file back: from the next start the configured one is in force again")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/health", Health).AllowAnonymous().WithTags("station")
            .WithName("showHealth").WithSummary("Whether the hub answers and can store").WithDescription("Open to all, and says no more than this.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/health/detail", (HubService hub, StatisticsView statistics) => TypedResults.Ok(DetailOf(hub.Current, statistics.NotCountedYet()))).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("showHealthDetail").WithSummary("Counts of what the hub watches");
    }

    private static async Task<Ok<StationCheckResource>> Check(HttpRequest request, HubService hub, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var result = StationLoader.Read(await reader.ReadToEndAsync(cancellation), "body");
        return TypedResults.Ok(new StationCheckResource(
            result.Station is not null, result.Station is { } station ? StationSummary.Of(station) : null, result.Station is { } next ? ChangesOf(hub, next) : null,
            [.. result.Errors.Select(error => new StationErrorResource(error.Line, error.Sentence))]));
    }

    private static StationChanges ChangesOf(HubService hub, Station next) => StationChanges.Of(hub.Current.Station, next, hub.Current.OpenIncidents.Values);

    private static Results<ContentHttpResult, ProblemHttpResult> Export(StationFiles files) =>
        files.Running is { } text ? TypedResults.Content(text, Yaml + "; charset=utf-8") : Problems.Unknown("station-file");

    private static async Task<Results<Ok<StationImportResource>, ProblemHttpResult>> Import(
        HttpRequest request,
        HubService hub,
        StationFiles files,
        ClaimsPrincipal user,
        [Description("True to import the file of another station all the same.")] bool? anotherStation,
        CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(cancellation);
        var result = StationLoader.Read(text, "body");
        if (result.Station is not { } next)
        {
            return Problems.Invalid(
                "station-file-errors", result.Errors.GroupBy(error => $"line {error.Line}").ToDictionary(line => line.Key, line => line.Select(error => error.Sentence).ToArray()));
        }

        var changes = ChangesOf(hub, next);
        if (changes.IsAnotherStation && anotherStation != true)
        {
            return Problems.Refused("another-station", $"This is the file of {next.Id}, and the hub runs {hub.Current.Station.Id}. Say anotherStation=true if that is meant.");
        }

        // Audited before it is done: a power cut in between leaves an entry for a file that never was in force, and never a file without an entry.
        var hash = StationFiles.HashOf(text);
        await hub.AuditAsync(AccountIdentity.ActorOf(user), "station.imported", "station", $"sha256 {hash}; {StationSummary.Of(next)}");
        try
        {
            files.Import(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubUnavailableException($"The data folder cannot be written ({e.Message}); the file before is still in force.");
        }

        return TypedResults.Ok(new StationImportResource(hash, StationSummary.Of(next), changes, "at the hub's next start"));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TakeBack(HubService hub, StationFiles files, ClaimsPrincipal user)
    {
        await hub.AuditAsync(AccountIdentity.ActorOf(user), "station.taken-back", "station", StationFiles.ImportedName);
        return files.TakeBack() ? TypedResults.NoContent() : Problems.Unknown("station-file");
    }

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

public sealed record StationErrorResource([property: Description("0 when it concerns the file as a whole.")] int Line, string Sentence);

/// <summary>What a dry run of a station file found.</summary>
public sealed record StationCheckResource(bool Good, StationSummary? Holds, [property: Description("Against the running file; null when it is not good.")] StationChanges? Changes, IReadOnlyList<StationErrorResource> Errors);

/// <summary>What an import put in place.</summary>
public sealed record StationImportResource(string Sha256, StationSummary Holds, StationChanges Changes, [property: Description("From when on it is in force.")] string InForce);

public sealed record HealthResource(string Status, [property: Description("New at each start of the hub.")] string Run);

public sealed record HealthDetailResource(
    DateTimeOffset At, long Version, int OpenIncidents, int WaitingIncidents, int Gateways, int GatewaysUp, int GatewaysLost, long MissingRecords, long Conflicts, long RefusedMessages,
    [property: Description("Incidents from before there were statistics that are still to be counted; 0 when all are.")] long IncidentsNotCountedYet);
