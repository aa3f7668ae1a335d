using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>Gateways and the signals that came from them.</summary>
public static class GatewayEndpoints
{
    public static void MapGateways(this RouteGroupBuilder api)
    {
        var gateways = api.MapGroup("/gateways").RequireAuthorization(Rights.Read).WithTags("gateways");
        gateways.MapGet("", (HubView hub) => TypedResults.Ok(hub.Current.Gateways.Values.OrderBy(gateway => gateway.Device, StringComparer.Ordinal).ToList()))
            .WithName("listGateways").WithSummary("List all gateways as the hub sees them now");
        gateways.MapGet("/{device}", Show)
            .WithName("showGateway").WithSummary("One gateway: refusals by name, lanes, missing records, conflicts, diary").ProducesProblem(StatusCodes.Status404NotFound);
        gateways.MapPost("/{device}/commands", Command).RequireAuthorization(Rights.Maintain)
            .WithName("commandGateway").WithSummary("Ask something of a gateway")
            .WithDescription("Accepted means sent, and good for a minute; the result comes later, in the gateway's `commands` under that id.")
            .WithExample(new GatewayCommandRequest("identify", Seconds: 10), new GatewayCommandResource("c-1042"))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/signals", Signals).RequireAuthorization(Rights.Read).WithTags("gateways")
            .WithName("listSignals").WithSummary("List committed signals, newest first").ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static Results<Ok<GatewayResource>, ProblemHttpResult> Show(string device, HubView hub) =>
        hub.FindGateway(device) is { } detail ? TypedResults.Ok(GatewayResource.Of(detail)) : Problems.Unknown("gateway");

    private static async Task<Results<Accepted<GatewayCommandResource>, ProblemHttpResult>> Command(
        string device, GatewayCommandRequest request, HubView hub, ClaimsPrincipal user,
        [FromHeader(Name = IdempotencyKeys.Header), Description(IdempotencyKeys.Description)] string? idempotencyKey,
        CancellationToken cancellation)
    {
        if (IdempotencyKeys.Check(idempotencyKey) is { } wrong)
        {
            return wrong;
        }

        if (!hub.InReach.Gateways.ContainsKey(device))
        {
            return Problems.Unknown("gateway");
        }

        if (request.ToCommand() is not { } command)
        {
            return Problems.Invalid("command", "'command' is identify, siren, annunciate, watchAlert, testMode, selfTest, reboot, or resetLatch with 'lane', 'epoch' and 'seq'.");
        }

        if (command.Offence is { } offence)
        {
            return Problems.Invalid(offence.Split(' ')[0], offence + ".");
        }

        var actor = AccountIdentity.ActorOf(user);
        var outcome = await hub.SendCommandAsync(device, command, actor, IdempotencyKeys.Of(idempotencyKey, actor, $"gateway/{device}"), cancellation);
        return outcome.Done
            ? TypedResults.Accepted($"/api/gateways/{device}", new GatewayCommandResource(outcome.CommandId ?? ""))
            : Problems.Refused(outcome.Refusal!.Name, outcome.Refusal.Text);
    }

    private static Results<Ok<Page<SignalResource>>, ProblemHttpResult> Signals(
        HubView hub,
        [Description("Only this gateway.")] string? device,
        [Description("The `next` of an earlier answer.")] string? cursor,
        [Description("1 to 200. Default: 50.")] int? limit)
    {
        if (ListQuery.Parse(cursor, limit, out var query) is { } wrong)
        {
            return Problems.Invalid(wrong.Member, wrong.Text);
        }

        var found = hub.Signals(new SignalQuery(device, query.BeforeId, query.Limit));
        return TypedResults.Ok(new Page<SignalResource>([.. found.Select(SignalResource.Of)], query.NextAfter(found, signal => signal.Id)));
    }
}

/// <summary>A gateway with its whole record.</summary>
public sealed record GatewayResource(
    GatewayState State,
    [property: Description("Messages refused since the hub started, by name (PROTOCOL.md section 12).")] IReadOnlyDictionary<string, long> Refusals,
    [property: Description("Every lane and epoch that the hub knows of this gateway.")] IReadOnlyList<LaneResource> Lanes,
    [property: Description("What never came; it leaves the list when it arrives after all.")] IReadOnlyList<MissingResource> Missing,
    [property: Description("Signals whose identity had come before with other bytes.")] IReadOnlyList<SignalResource> Conflicts,
    [property: Description("Births, new epochs, lost and restored links, commands and results, configuration; newest first.")] IReadOnlyList<GatewayEvent> Diary,
    [property: Description("The newest 50 commands and what came of them.")] IReadOnlyList<SentCommand> Commands)
{
    public static GatewayResource Of(GatewayDetail detail) => new(
        detail.State, detail.Refusals, [.. detail.Lanes.Select(LaneResource.Of)], [.. detail.Missing.Select(MissingResource.Of)],
        [.. detail.Conflicts.Select(SignalResource.Of)], detail.Diary, detail.Commands);
}

/// <summary>One lane and epoch of a gateway.</summary>
public sealed record LaneResource(
    Lane Lane,
    [property: Description("8 hex digits.")] string Epoch,
    [property: Description("Every sequence number up to here is committed or recorded as missing.")] uint Through,
    [property: Description("When the hub first heard of it.")] DateTimeOffset FirstAt,
    [property: Description("Named by the gateway's newest birth.")] bool Current)
{
    public static LaneResource Of(LaneState lane) => new(lane.Lane, lane.Epoch.ToString("x8"), lane.Through, lane.FirstAt, lane.Current);
}

/// <summary>A range of sequence numbers that never came.</summary>
public sealed record MissingResource(
    Lane Lane,
    [property: Description("8 hex digits.")] string Epoch,
    uint First,
    [property: Description("Included.")] uint Last,
    [property: Description("When it was recorded as missing.")] DateTimeOffset At,
    [property: Description("gap (the board said so), oldest (a birth said so), backlog (a heartbeat proved it) or bound (too many holes).")] string Cause)
{
    public static MissingResource Of(MissingRange range) => new(range.Lane, range.Epoch.ToString("x8"), range.First, range.Last, range.At, range.Cause);
}

public sealed record GatewayCommandRequest(
    [property: Description("identify (all lamps blink), siren, annunciate, watchAlert, resetLatch, testMode, selfTest or reboot.")] string Command,
    [property: Description("identify: 1 to 60. siren and watchAlert: 0 to 600, annunciate: 0 to 3,600; 0 stops it.")] int? Seconds = null,
    [property: Description("annunciate: 1 to 4.")] int? Pattern = null,
    [property: Description("testMode: 0 to 32; 0 for all zones.")] int? Zone = null,
    [property: Description("testMode: 0 to 120; 0 ends it.")] int? Minutes = null,
    [property: Description("resetLatch: the lane of the call's first press.")] Lane? Lane = null,
    [property: Description("resetLatch: 8 hex digits.")] string? Epoch = null,
    [property: Description("resetLatch: the sequence number of the call's first press.")] uint? Seq = null)
{
    /// <summary>The command, its bounds not yet judged; null when there is none of that name, or a latch is not named.</summary>
    public GatewayCommand? ToCommand() => Command switch
    {
        "identify" => new GatewayCommand.Identify(Seconds ?? 0),
        "siren" => new GatewayCommand.Siren(Seconds ?? -1),
        "annunciate" => new GatewayCommand.Annunciate(Seconds ?? -1, Pattern ?? 1),
        "watchAlert" => new GatewayCommand.WatchAlert(Seconds ?? -1),
        "testMode" => new GatewayCommand.TestMode(Zone ?? -1, Minutes ?? -1),
        "selfTest" => new GatewayCommand.SelfTest(),
        "reboot" => new GatewayCommand.Reboot(),
        "resetLatch" when Lane is { } lane && Seq is { } seq && uint.TryParse(Epoch, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var epoch) =>
            new GatewayCommand.ResetLatch(lane, epoch, seq),
        _ => null,
    };
}

public sealed record GatewayCommandResource(string CommandId);
