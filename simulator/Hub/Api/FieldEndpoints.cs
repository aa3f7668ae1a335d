using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Field;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Gateway.Hub.Api;

/// <summary>For responders' phones: one's own calls, the taps on them, and which account is which responder.</summary>
public static class FieldEndpoints
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    private const string TapDescription =
        """
        `accept` (heard), `enRoute`, `arrive`, `decline` with a reason in `text`, or `report` with `text` and `disposition`: handled and reported in one.
        `tappedAt` is when the finger tapped, at most 7 days ago; the hub's own time of arrival is kept beside it. The idempotency key makes a repetition harmless.
        A report that comes second becomes a note of the same incident. What the call's state does not allow is refused with 409 and the refusal's name.
        """;

    public static void MapField(this RouteGroupBuilder api)
    {
        var field = api.MapGroup("/field").RequireAuthorization(Rights.Respond).WithTags("field");
        field.MapGet("", Show).WithName("showField").WithSummary("Who I am as a responder, and the calls that I am sent to");
        field.MapGet("/events", Listen).WithName("listenField").WithSummary("Listen to my own calls")
            .WithDescription("Server-sent events: `calls` with the same content as `GET /api/field` at the start and at every change of it, `beat` every 3 s.")
            .Produces<FieldResource>(StatusCodes.Status200OK, "text/event-stream").WithAnswerExample("event: calls\ndata: {\"responderId\":\"officer-1\",\"calls\":[]}\n\n")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        field.MapPost("/incidents/{id:long}/commands", Take).WithName("tapField").WithSummary("One tap on a call that I am sent to").WithDescription(TapDescription)
            .WithExample(new FieldCommand(FieldTap.Arrive, DateTimeOffset.UnixEpoch), new FieldAnswer(12, 7, DateTimeOffset.UnixEpoch))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        field.MapPut("/place", SharePlace).WithName("sharePlace").WithSummary("Share my village until the shift ends")
            .WithDescription("The hub keeps the nearest village for the running shift, shows it to the command room and forgets the coordinates at once. Nobody has to share. Refused as `too-far-away` over 60 km from every village.")
            .WithExample(new PlaceRequest(39.1, 107.9), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        field.MapDelete("/place", HidePlace).WithName("hidePlace").WithSummary("Share my place no longer").ProducesProblem(StatusCodes.Status409Conflict);

        var responders = api.MapGroup("/accounts").RequireAuthorization(Rights.Administer).WithTags("accounts");
        responders.MapPut("/{id:long}/responder", Link).WithName("setResponder").WithSummary("Say which responder of the station an account is")
            .WithDescription("`responderId` of the station file; null takes it away. The account needs a role with the right to respond.")
            .WithExample(new LinkResponderRequest("volunteer-3"), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        responders.MapPost("/{id:long}/end-sessions", EndSessions).WithName("endSessions")
            .WithSummary("End all sessions of an account: a lost phone is signed out with its next request").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Ok<FieldResource> Show(HubService hub, FieldRoster roster, ClaimsPrincipal user, TimeProvider time) =>
        TypedResults.Ok(ResourceOf(hub.Current, ResponderOf(roster, user), time.GetUtcNow()));

    private static IResult Listen(
        HubService hub, FieldRoster roster, ClaimsPrincipal user, TimeProvider time, IHostApplicationLifetime life, Listeners listeners, IOptions<JsonOptions> json,
        HttpContext context, CancellationToken cancellation)
    {
        var count = listeners.Enter();
        context.Response.OnCompleted(() =>
        {
            listeners.Leave();
            return Task.CompletedTask;
        });
        if (count > EventEndpoints.ListenersMax)
        {
            return Problems.Refused("too-many-listeners", $"At most {EventEndpoints.ListenersMax} listen at once.", StatusCodes.Status503ServiceUnavailable);
        }

        return TypedResults.ServerSentEvents(Stream(hub, ResponderOf(roster, user), time, json.Value.SerializerOptions, life.ApplicationStopping, cancellation));
    }

    /// <summary>The whole of one's calls whenever it changes, and nothing of anybody else's.</summary>
    private static async IAsyncEnumerable<SseItem<string>> Stream(
        HubService hub, string? responderId, TimeProvider time, JsonSerializerOptions json, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var feed = new EventFeed();
        using var subscription = hub.Subscribe(change =>
        {
            if (change.Kind is HubChangeKind.Incident or HubChangeKind.Hub)
            {
                feed.Add(change);
            }
        });
        var told = "";
        while (!either.IsCancellationRequested)
        {
            feed.Take(out _);
            var resource = ResourceOf(hub.Current, responderId, time.GetUtcNow());
            var content = JsonSerializer.Serialize(resource with { At = default }, json);
            yield return content == told
                ? new SseItem<string>(JsonSerializer.Serialize(new HubEvent("", hub.Current.Version, resource.At.ToUnixTimeMilliseconds()), json), "beat")
                : new SseItem<string>(JsonSerializer.Serialize(resource, json), "calls");
            told = content;
            try
            {
                await feed.WaitAsync(Beat, either.Token);
            }
            catch (OperationCanceledException)
            {
                // The phone left or the hub stops.
                yield break;
            }
        }
    }

    private static async Task<Results<Ok<FieldAnswer>, ProblemHttpResult>> Take(
        long id,
        FieldCommand tap,
        FieldDesk desk,
        FieldRoster roster,
        ClaimsPrincipal user,
        TimeProvider time,
        [FromHeader(Name = "Idempotency-Key"), Description("16 to 64 visible ASCII characters, one per tap: sent twice, it is done once.")] string idempotencyKey,
        CancellationToken cancellation)
    {
        if (idempotencyKey.Length is < 16 or > 64 || idempotencyKey.Any(character => character is <= ' ' or > '~'))
        {
            return Problems.Invalid("Idempotency-Key", "'Idempotency-Key' is 16 to 64 visible ASCII characters.");
        }

        if (tap.NeedsText && string.IsNullOrWhiteSpace(tap.Text))
        {
            return Problems.Invalid("text", "'text' says why, or what was found and done.", RefusalNames.TextMissing);
        }

        if (ResponderOf(roster, user) is not { } responderId)
        {
            return Problems.Refused("no-responder", "This account is no responder of the station yet. An administrator says which one it is.");
        }

        var outcome = await desk.TakeAsync(id, responderId, tap, AccountIdentity.ActorOf(user), idempotencyKey, cancellation);
        return outcome.Refusal is { } refusal
            ? Problems.Refused(refusal.Name, refusal.Text)
            : TypedResults.Ok(new FieldAnswer(id, outcome.Version, time.GetUtcNow()));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SharePlace(PlaceRequest place, HubService hub, FieldRoster roster, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (place.Latitude is not (>= -90 and <= 90))
        {
            return Problems.Invalid("latitude", "'latitude' is -90 to 90 degrees.");
        }

        if (place.Longitude is not (>= -180 and <= 180))
        {
            return Problems.Invalid("longitude", "'longitude' is -180 to 180 degrees.");
        }

        if (ResponderOf(roster, user) is not { } responderId || hub.Current.Stations.OfResponder(responderId) is not { } station)
        {
            return Problems.Refused("no-responder", "This account is no responder of the station yet. An administrator says which one it is.");
        }

        return NearestVillage.Of(hub.Current.Stations.WithAid(station), place.Latitude, place.Longitude) is { } village
            ? await SayPlaceAsync(village.Id, hub, roster, user, cancellation)
            : Problems.Refused("too-far-away", $"No village of the station is within {NearestVillage.AwayMaxKm:0} km of you.");
    }

    private static Task<Results<NoContent, ProblemHttpResult>> HidePlace(HubService hub, FieldRoster roster, ClaimsPrincipal user, CancellationToken cancellation) =>
        SayPlaceAsync(null, hub, roster, user, cancellation);

    /// <summary>What was said of duty stays as it was said.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SayPlaceAsync(string? villageId, HubService hub, FieldRoster roster, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (ResponderOf(roster, user) is not { } responderId)
        {
            return Problems.Refused("no-responder", "This account is no responder of the station yet. An administrator says which one it is.");
        }

        var outcome = await hub.SetDutyAsync(responderId, hub.Current.Duty.GetValueOrDefault(responderId)?.OnDuty, villageId, AccountIdentity.ActorOf(user), cancellation);
        return outcome.Done ? TypedResults.NoContent() : Problems.Refused(outcome.Refusal!.Name, outcome.Refusal.Text);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Link(long id, LinkResponderRequest request, HubService hub, AccountService accounts, FieldRoster roster, ClaimsPrincipal user)
    {
        if (accounts.Find(id) is not { } account)
        {
            return Problems.Unknown("account");
        }

        // Somebody of a station is a responder of that station.
        if (request.ResponderId is { Length: > 0 } wanted && hub.Current.Stations.In(account.Unit).All(station => station.FindResponder(wanted) is null))
        {
            return Problems.Invalid("responderId", "The station has no responder of this id.", RefusalNames.UnknownResponder);
        }

        await roster.SetAsync(account, request.ResponderId is { Length: > 0 } responder ? responder : null, AccountIdentity.ActorOf(user));
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSessions(long id, AccountService accounts, ClaimsPrincipal user) => await accounts.EndSessionsAsync(id, AccountIdentity.ActorOf(user)) switch
    {
        { Done: true } => TypedResults.NoContent(),
        { Refusal: "account-unknown" } => Problems.Unknown("account"),
        var refused => Problems.Refused(refused.Refusal!, refused.Text!),
    };

    private static string? ResponderOf(FieldRoster roster, ClaimsPrincipal user) => AccountIdentity.AccountOf(user) is { } account ? roster.ResponderOf(account.Id) : null;

    private static FieldResource ResourceOf(HubSnapshot hub, string? responderId, DateTimeOffset now)
    {
        var me = responderId is null ? null : hub.Station.FindResponder(responderId);
        return new FieldResource(
            now, me?.Id, me is null ? null : TextResource.Of(me.Name),
            me is null ? [] : [.. FieldCalls.Of(hub, me.Id).Select(FieldCallResource.Of)],
            me is not null && hub.Duty.GetValueOrDefault(me.Id) is { VillageId: { } villageId } said && said.Until > now && hub.Station.FindVillage(villageId) is { } village
                ? TextResource.Of(village.Name)
                : null);
    }
}

public sealed record FieldAnswer(long IncidentId, long Version, [property: Description("When the hub had it.")] DateTimeOffset At);

public sealed record PlaceRequest([property: Description("Degrees, -90 to 90.")] double Latitude, [property: Description("Degrees, -180 to 180.")] double Longitude);

public sealed record LinkResponderRequest(string? ResponderId);

public sealed record FieldResource(
    DateTimeOffset At, [property: Description("Null while no administrator has said which responder the account is.")] string? ResponderId, TextResource? Name,
    IReadOnlyList<FieldCallResource> Calls,
    [property: Description("The village where the command room sees me for the running shift; null: at home.")] TextResource? Place);

public sealed record FieldCompanionResource(TextResource Name, FieldStep Step);

public sealed record FieldCallResource(
    long IncidentId, long Version, IncidentKind Kind, int Priority, bool Silent, bool Virtual, FieldStep Step, DateTimeOffset HappenedAt, DateTimeOffset SentAt,
    TextResource Place, TextResource Village, TextResource Button, TextResource Directions, string? CallBackNumber, string Said, int? EtaMin,
    IReadOnlyList<FieldCompanionResource> Companions)
{
    public static FieldCallResource Of(FieldCall call) => new(
        call.IncidentId, call.Version, call.Kind, call.Priority, call.Silent, call.Virtual, call.Step, call.HappenedAt, call.SentAt, TextResource.Of(call.Place),
        TextResource.Of(call.Village), TextResource.Of(call.Button), TextResource.Of(call.Directions), call.CallBackNumber, call.Said, call.EtaMin,
        [.. call.Companions.Select(companion => new FieldCompanionResource(TextResource.Of(companion.Name), companion.Step))]);
}
