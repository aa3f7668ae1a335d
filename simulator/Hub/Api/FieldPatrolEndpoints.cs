using System.ComponentModel;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Field;
using Gateway.Hub.Stations;
using Gateway.Hub.Work.Patrol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>Patrol for responders' phones: the points of the running shift, and "I am here".</summary>
public static class FieldPatrolEndpoints
{
    public static void MapFieldPatrol(this RouteGroupBuilder api)
    {
        var patrol = api.MapGroup("/field/patrol").RequireAuthorization(Rights.Respond).WithTags("field");
        patrol.MapGet("", Show).WithName("showFieldPatrol").WithSummary("The patrol points of my station's running shifts, those of my village and the overdue ones first")
            .WithDescription($"At most {FieldPatrolResource.ShownMax}. Empty for an account that is no responder. `shiftId` and `pointId` are what `checkInFieldPatrol` takes.")
            .WithAnswerExample(new[] { new FieldPatrolResource(31, "point-3", new TextResource("北井", "North well"), new TextResource("巴彦布拉格", "Bayanbulag"), 0, 2, null, null) });
        patrol.MapPost("/{shiftId:long}/{pointId}", CheckIn).WithName("checkInFieldPatrol").WithSummary("Check in at a patrol point: I am here")
            .WithDescription("Only for an account that is a responder of the station. Needs a link: a patrol key of a gateway checks in without one. No body.")
            .WithAnswerExample(new WorkCommandResource(31, 4))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Ok<IReadOnlyList<FieldPatrolResource>> Show(HubService hub, FieldRoster roster, ClaimsPrincipal user, TimeProvider time)
    {
        var snapshot = hub.Current;
        return TypedResults.Ok<IReadOnlyList<FieldPatrolResource>>(
            ResponderOf(roster, user, snapshot.Station) is { } me ? FieldPatrolResource.Of(snapshot, me, time.GetUtcNow()) : []);
    }

    private static async Task<Results<Ok<WorkCommandResource>, ProblemHttpResult>> CheckIn(
        long shiftId,
        string pointId,
        HubService hub,
        FieldRoster roster,
        ClaimsPrincipal user,
        [FromHeader(Name = IdempotencyKeys.Header), Description(IdempotencyKeys.Description)] string? idempotencyKey,
        CancellationToken cancellation)
    {
        if (IdempotencyKeys.Check(idempotencyKey) is { } wrong)
        {
            return wrong;
        }

        var snapshot = hub.Current;
        if (ResponderOf(roster, user, snapshot.Station) is not { } me)
        {
            return Problems.Refused("no-responder", "This account is no responder of the station yet. An administrator says which one it is.");
        }

        if (snapshot.OpenWork.GetValueOrDefault(shiftId) is not PatrolShift shift || shift.StationId != snapshot.Stations.OfResponder(me.Id)?.Id)
        {
            return Problems.Unknown("patrol-shift");
        }

        var command = new PatrolCommand.CheckIn(pointId);
        if (command.Offence() is { } offence)
        {
            return Problems.Refused(offence.Name, offence.Text, StatusCodes.Status400BadRequest);
        }

        var actor = AccountIdentity.ActorOf(user);
        var outcome = await hub.ExecuteAsync(shiftId, command, actor, IdempotencyKeys.Of(idempotencyKey, actor, $"patrol/{shiftId}/{pointId}"), null, cancellation);
        return outcome.Refusal is { } refusal ? Problems.Refused(refusal.Name, refusal.Text) : TypedResults.Ok(new WorkCommandResource(shiftId, outcome.Version));
    }

    private static Responder? ResponderOf(FieldRoster roster, ClaimsPrincipal user, Station station) =>
        AccountIdentity.AccountOf(user) is { } account && roster.ResponderOf(account.Id) is { } id ? station.FindResponder(id) : null;
}

/// <summary>A patrol point as its patrol sees it.</summary>
public sealed record FieldPatrolResource(
    long ShiftId, string PointId, TextResource Name, TextResource Village, int Done, int Required, DateTimeOffset? LastAt,
    [property: Description("Since when it is overdue; null when it is not.")] DateTimeOffset? OverdueSince)
{
    /// <summary>A phone's screen and patience; the patrol page has all.</summary>
    public const int ShownMax = 40;

    /// <summary>Those of the responder's own station.</summary>
    public static IReadOnlyList<FieldPatrolResource> Of(HubSnapshot hub, Responder me, DateTimeOffset now) =>
    [
        .. hub.OpenWork.Values.OfType<PatrolShift>().Where(shift => !shift.Ended && shift.StationId == hub.Stations.OfResponder(me.Id)?.Id)
            .SelectMany(shift => shift.Targets.Select(target => (Shift: shift, Target: target, Point: hub.Station.Patrol.Points.FirstOrDefault(point => point.Id == target.Id))))
            .Where(entry => entry.Point is not null)
            .OrderByDescending(entry => entry.Point!.VillageId == me.VillageId).ThenBy(entry => entry.Shift.OverdueSince(entry.Target, now) ?? DateTimeOffset.MaxValue)
            .ThenBy(entry => entry.Shift.IsCovered(entry.Target)).ThenBy(entry => entry.Target.Id, StringComparer.Ordinal).Take(ShownMax)
            .Select(entry => new FieldPatrolResource(
                entry.Shift.Id, entry.Target.Id, TextResource.Of(entry.Point!.Name), TextResource.Of(hub.Station.FindVillage(entry.Point.VillageId)?.Name ?? LocalText.Empty),
                entry.Shift.DoneOf(entry.Target), entry.Target.Required, entry.Target.LastAt, entry.Shift.OverdueSince(entry.Target, now))),
    ];
}
