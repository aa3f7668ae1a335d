using System.ComponentModel;
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
    public static void MapStation(this RouteGroupBuilder api)
    {
        api.MapGet("/station", (HubService hub) => TypedResults.Ok(hub.Current.Station)).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("showStation").WithSummary("The station: villages, roads, call points, boards, responders, targets");
        api.MapPost("/station/check", Check).RequireAuthorization(Rights.Maintain).WithTags("station").WithMetadata(new RequestSizeLimitAttribute(StationLoader.FileMaxBytes))
            .WithName("checkStationFile").WithSummary("Dry run: would a hub start with this station file? Changes nothing")
            .WithDescription("The body is the file's text (YAML, at most 4 MiB). Every error is told with its line; a good file is told with what it holds. A hub takes a new file at its next start.")
            .Accepts<string>("application/yaml");
        api.MapGet("/health", Health).AllowAnonymous().WithTags("station")
            .WithName("showHealth").WithSummary("Whether the hub answers and can store").WithDescription("Open to all, and says no more than this.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/health/detail", (HubService hub) => TypedResults.Ok(DetailOf(hub.Current))).RequireAuthorization(Rights.Read).WithTags("station")
            .WithName("showHealthDetail").WithSummary("Counts of what the hub watches");
    }

    private static async Task<Ok<StationCheckResource>> Check(HttpRequest request, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var result = StationLoader.Read(await reader.ReadToEndAsync(cancellation), "body");
        return TypedResults.Ok(new StationCheckResource(
            result.Station is not null, result.Station is { } station ? StationSummary.Of(station) : null,
            [.. result.Errors.Select(error => new StationErrorResource(error.Line, error.Sentence))]));
    }

    private static Results<Ok<HealthResource>, ProblemHttpResult> Health(HubService hub) => hub.IsHealthy
        ? TypedResults.Ok(new HealthResource("ok", hub.Current.Run))
        : Problems.Refused("nothing-can-be-stored", "Nothing can be stored, and so nothing is acknowledged.", StatusCodes.Status503ServiceUnavailable);

    private static HealthDetailResource DetailOf(HubSnapshot hub) => new(
        hub.At,
        hub.Version,
        hub.OpenIncidents.Count,
        hub.OpenIncidents.Values.Count(Incidents.Urgency.IsWaiting),
        hub.Gateways.Count,
        hub.Gateways.Values.Count(gateway => gateway.Link == Fleet.LinkState.Up),
        hub.Gateways.Values.Count(gateway => gateway.Link == Fleet.LinkState.Lost),
        hub.Gateways.Values.Sum(gateway => gateway.MissingCount),
        hub.Gateways.Values.Sum(gateway => gateway.ConflictCount),
        hub.Gateways.Values.Sum(gateway => gateway.RefusedCount));
}

public sealed record StationErrorResource([property: Description("0 when it concerns the file as a whole.")] int Line, string Sentence);

/// <summary>What a dry run of a station file found.</summary>
public sealed record StationCheckResource(bool Good, StationSummary? Holds, IReadOnlyList<StationErrorResource> Errors);

public sealed record HealthResource(string Status, [property: Description("New at each start of the hub.")] string Run);

public sealed record HealthDetailResource(
    DateTimeOffset At, long Version, int OpenIncidents, int WaitingIncidents, int Gateways, int GatewaysUp, int GatewaysLost, long MissingRecords, long Conflicts, long RefusedMessages);
