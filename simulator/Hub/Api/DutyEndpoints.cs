using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Stations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>Who is on duty now and where, and where events go.</summary>
public static class DutyEndpoints
{
    public static void MapDuty(this RouteGroupBuilder api)
    {
        var duty = api.MapGroup("/duty").RequireAuthorization(Rights.Read).WithTags("duty");
        duty.MapGet("", (HubView hub, TimeProvider time) => TypedResults.Ok(DutyResource.Of(hub.Current, time.GetUtcNow())))
            .WithName("showDuty").WithSummary("The running shift: who is on duty, where, and busy with how many incidents");
        duty.MapPost("/{responderId}", Set).RequireAuthorization(Rights.Operate)
            .WithName("setDuty").WithSummary("Say who is on duty now, and where")
            .WithDescription("Holds until the running shift is over, and is then forgotten. A place is kept in no history. Members that are left out go back to the roster and to the home village.")
            .WithExample(new DutyRequest(true, "munkhgol"), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/call-points/{id}/place", Move).RequireAuthorization(Rights.Operate).WithTags("station")
            .WithName("moveCallPoint").WithSummary("Say where a call point that moves stands now: a yurt police room, a backpack station")
            .WithDescription("Only for call points that the station file marks `mobile`. Calls and suggestions go by the new place from now on; open incidents stay where they were called from. Audited.")
            .WithExample(new MoveRequest("village-3"), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/webhooks", (HubView hub) => TypedResults.Ok(hub.Webhooks().Select(entry => new WebhookResource(entry.Target.Name, entry.Target.Url.Host, entry.Target.Events, entry.Waiting)).ToList()))
            .RequireAuthorization(Rights.Administer).WithTags("webhooks")
            .WithName("listWebhooks").WithSummary("Where events go, and how many wait")
            .WithDescription(
                """
                Set up in `webhooks.json` of the data folder, read at the start. Each event is a POST of JSON with `X-Gateway-Delivery` (its number: twice is the same
                event) and `X-Gateway-Signature: t=SECONDS,v1=HEX`, HMAC-SHA256 with the target's secret over `SECONDS.BODY`. Events: `incident.opened`, `incident.changed`,
                `incident.escalated`, `incident.closed` (incident, version, kind, priority, stage, escalatedTo, callPointId, villageId, stationId, at) and `message.send` (incident,
                responder, telephone, text, at) for a message gateway. Read the rest by its own address.
                """);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Move(string id, MoveRequest request, HubView hub, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var outcome = await hub.MoveCallPointAsync(id, request.VillageId, AccountIdentity.ActorOf(user), cancellation);
        return outcome.Refusal is { } refusal ? Problems.Refused(refusal.Name, refusal.Text) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<DutyResource>, ProblemHttpResult>> Set(
        string responderId, DutyRequest request, HubView hub, TimeProvider time, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var outcome = await hub.SetDutyAsync(responderId, request.OnDuty, request.VillageId, AccountIdentity.ActorOf(user), cancellation);
        return outcome.Done ? TypedResults.Ok(DutyResource.Of(hub.Current, time.GetUtcNow())) : Problems.Refused(outcome.Refusal!.Name, outcome.Refusal.Text);
    }
}

public sealed record MoveRequest(string VillageId);

public sealed record DutyRequest(
    [property: Description("Left out: as the roster says.")] bool? OnDuty = null,
    [property: Description("Where they are; left out: at home.")] string? VillageId = null);

/// <summary>The running shift.</summary>
public sealed record DutyResource(
    [property: Description("Empty between shifts, or where the station file names none. Of several stations, the first one's.")] string ShiftId,
    DateTimeOffset Until,
    IReadOnlyList<ResponderDutyResource> Responders)
{
    public static DutyResource Of(HubSnapshot hub, DateTimeOffset now)
    {
        var shifts = hub.Stations.Stations.ToDictionary(station => station.Id, station => (Station: station, Shift: DutyRules.ShiftAt(station, now)), StringComparer.Ordinal);
        var shift = shifts[hub.Stations.First.Id].Shift;
        var states = hub.ResponderStates(now);
        return new DutyResource(shift.Shift?.Id ?? "", shift.Until,
        [
            .. shifts.Values.SelectMany(entry => entry.Station.Responders.Select(responder => new ResponderDutyResource(
                responder.Id, TextResource.Of(responder.Name), responder.Role, DutyRules.IsRostered(entry.Station, responder, entry.Shift), states[responder.Id].OnDuty,
                states[responder.Id].VillageId, states[responder.Id].BusyWith, hub.Duty.GetValueOrDefault(responder.Id)?.By, entry.Station.Id))),
        ]);
    }
}

public sealed record ResponderDutyResource(
    string ResponderId, TextResource Name, ResponderRole Role, bool Rostered, bool OnDuty, string VillageId,
    [property: Description("Open incidents that they are sent to.")] int BusyWith,
    [property: Description("Who said otherwise than the roster; null when nobody did.")] string? SaidBy,
    string StationId = "");

/// <summary>A target of events. Its secret is in no answer.</summary>
public sealed record WebhookResource(string Name, string Host, IReadOnlyList<string> Events, [property: Description("Deliveries that wait, counted up to 100.")] int Waiting);

/// <summary>A joint response, filled with those who could be there first.</summary>
public sealed record JointResponseResource(
    string Id, TextResource Name,
    [property: Description("Send them with `dispatch` and `jointResponseId`.")] IReadOnlyList<string> ResponderIds,
    [property: Description("Minutes until the first is there; null when nobody can be.")] int? EtaMinutes,
    [property: Description("Places that nobody on duty can fill.")] int Unfilled);
