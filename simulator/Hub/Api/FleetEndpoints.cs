using System.ComponentModel;
using System.Security.Claims;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Api;

/// <summary>Identities of gateways, and what they are set to.</summary>
public static class FleetEndpoints
{
    private const string OnceDescription =
        "The answer holds the board's key and password: it is the only copy, the hub cannot show it again. Write `file` to the board's flash as `gateway.json`"
        + " (and `caPem`, if there is one, as `ca.pem`), or send the lines of `text` at its service header.";

    public static void MapFleet(this RouteGroupBuilder api)
    {
        var fleet = api.MapGroup("/gateways").WithTags("gateways");
        fleet.MapPost("", Provision).RequireAuthorization(Rights.Provision)
            .WithName("provisionGateway").WithSummary("Give a new gateway its identity, key and password").WithDescription(OnceDescription)
            .WithExample(new ProvisionRequest("sumitu-11", "192.168.8.2", 1883), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        fleet.MapPost("/{device}/rotate", Rotate).RequireAuthorization(Rights.Provision)
            .WithName("rotateGateway").WithSummary("Draw new key and password for the board that is there").WithDescription(OnceDescription)
            .WithExample(new AddressRequest("192.168.8.2", 1883), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        fleet.MapPost("/{device}/replace", Replace).RequireAuthorization(Rights.Provision)
            .WithName("replaceGateway").WithSummary("Let another board take the place of a broken one, under the same id").WithDescription(OnceDescription)
            .WithExample(new AddressRequest("192.168.8.2", 1883), null)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        fleet.MapPost("/{device}/revoke", Revoke).RequireAuthorization(Rights.Provision)
            .WithName("revokeGateway").WithSummary("Take a gateway's credentials away; its connection ends at once").ProducesProblem(StatusCodes.Status404NotFound);
        fleet.MapGet("/{device}/configuration", ShowConfiguration).RequireAuthorization(Rights.Read)
            .WithName("showConfiguration").WithSummary("What a gateway is to be set to, and how far that has come").ProducesProblem(StatusCodes.Status404NotFound);
        fleet.MapPut("/{device}/configuration", Configure).RequireAuthorization(Rights.Maintain)
            .WithName("configureGateway").WithSummary("Set a gateway")
            .WithExample(new ConfigureRequest(new Dictionary<string, JsonElement> { ["heartbeatS"] = JsonSerializer.SerializeToElement(30) }, 3), null)
            .WithDescription("Whole or not at all: a setting that is not sent goes back to the board's default. Stored and published; the board tries it, and goes back by itself if it cannot reach the hub under it.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<ProvisionedResource>, ProblemHttpResult>> Provision(
        ProvisionRequest request, FleetService fleet, HubView hub, ClaimsPrincipal user, CancellationToken cancellation) =>
        !hub.HasBoard(request.Device) ? NotOfTheUnit(request.Device)
        : Answer(await fleet.ProvisionAsync(request.Device, request.ToWish(hub), AccountIdentity.ActorOf(user), cancellation), hub);

    private static async Task<Results<Ok<ProvisionedResource>, ProblemHttpResult>> Rotate(
        string device, AddressRequest request, FleetService fleet, HubView hub, ClaimsPrincipal user, CancellationToken cancellation) =>
        !hub.HasBoard(device) ? Problems.Unknown("gateway") : Answer(await fleet.RotateAsync(device, request.ToWish(hub), AccountIdentity.ActorOf(user), cancellation), hub);

    private static async Task<Results<Ok<ProvisionedResource>, ProblemHttpResult>> Replace(
        string device, AddressRequest request, FleetService fleet, HubView hub, ClaimsPrincipal user, CancellationToken cancellation) =>
        !hub.HasBoard(device) ? Problems.Unknown("gateway") : Answer(await fleet.ReplaceAsync(device, request.ToWish(hub), AccountIdentity.ActorOf(user), cancellation), hub);

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(string device, HubView hub, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var outcome = await hub.RevokeAsync(device, AccountIdentity.ActorOf(user), cancellation);
        return outcome.Done ? TypedResults.NoContent() : Problems.Unknown("gateway");
    }

    private static Results<Ok<ConfigurationResource>, ProblemHttpResult> ShowConfiguration(string device, HubView hub) =>
        hub.FindGateway(device) is { } detail ? TypedResults.Ok(ConfigurationResource.Of(detail.State, detail.InForce)) : Problems.Unknown("gateway");

    private static async Task<Results<Ok<ConfigurationResource>, ProblemHttpResult>> Configure(
        string device, ConfigureRequest request, FleetService fleet, HubView hub, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (!hub.MaySeeDevice(device))
        {
            return Problems.Unknown("gateway");
        }

        if (BoardSettings.Read(request.Settings, out var offender) is not { } settings)
        {
            return Problems.Invalid(offender!, $"'{offender}' is none of true, false, a whole number or a text.", SettingRules.WrongType);
        }

        if (SettingRules.Check(settings) is { } offence)
        {
            return Problems.Invalid(offence.Member, offence.Text, offence.Name);
        }

        var outcome = await fleet.ConfigureAsync(device, settings, request.ExpectedVersion, AccountIdentity.ActorOf(user), cancellation);
        return outcome switch
        {
            { Done: true } => TypedResults.Ok(ConfigurationResource.Of(hub.InReach.Gateways[device], null)),
            { Refusal.Name: "no-such-gateway" } => Problems.Unknown("gateway"),
            _ => Problems.Refused(outcome.Refusal!.Name, outcome.Refusal.Text),
        };
    }

    private static ProblemHttpResult NotOfTheUnit(string device) =>
        Problems.Invalid("device", $"No station file of yours names a board '{device}'; who is of the whole hub provisions others.", "not-of-your-unit");

    private static Results<Ok<ProvisionedResource>, ProblemHttpResult> Answer(ProvisioningOutcome outcome, HubView hub) => outcome switch
    {
        { File: { } file } => TypedResults.Ok(ProvisionedResource.Of(file, hub.BoardAuthority)),
        { Refusal: "no-such-gateway" } => Problems.Unknown("gateway"),
        { Refusal: "gateway-known" } => Problems.Refused(outcome.Refusal, outcome.Text!),
        _ => Problems.Invalid(outcome.Member!, outcome.Text!, outcome.Refusal!),
    };
}

public record AddressRequest(
    [property: Description("The hub's address as the board reaches it; an IP literal is better than a name. When absent: what the hub was configured to tell its boards.")] string? Host = null,
    [property: Description("The hub's MQTT port as the board reaches it. When absent: where the hub listens.")] int? Port = null,
    [property: Description("Wi-Fi network; absent for a cable.")] string? Ssid = null,
    [property: Description("Goes into the file and nowhere else.")] string? WifiPassword = null,
    [property: Description("The link is paid by the byte: heartbeat every 30 s.")] bool Metered = false)
{
    public ProvisioningWish ToWish(HubView hub) => new(Host ?? hub.BoardAddress.Host, Port ?? hub.BoardAddress.Port, Ssid, WifiPassword, Metered);
}

public sealed record ProvisionRequest(
    [property: Description("3 to 32 of a-z, 0-9 and hyphen; the id under which the station's file knows the board.")] string Device,
    string? Host = null, int? Port = null, string? Ssid = null, string? WifiPassword = null, bool Metered = false) : AddressRequest(Host, Port, Ssid, WifiPassword, Metered);

/// <summary>A board's identity, shown once.</summary>
public sealed record ProvisionedResource(
    string Device,
    [property: Description("Contents of gateway.json.")] string File,
    [property: Description("The same as lines for the service header, each ended by a line feed.")] string Text,
    [property: Description("The lines as a QR code: an SVG document.")] string Qr,
    [property: Description("Contents of ca.pem; null without TLS.")] string? CaPem)
{
    public static ProvisionedResource Of(ProvisioningFile file, string? caPem = null)
    {
        var text = file.ToServiceText();
        return new ProvisionedResource(file.Device, file.ToJson(), text, QrPicture.Svg(text), caPem);
    }
}

public sealed record ConfigureRequest(
    [property: Description("Settings by name: true, false, a whole number or a text.")] Dictionary<string, JsonElement> Settings,
    [property: Description("The newest version that you saw: if somebody else changed it meanwhile, yours is refused.")] int? ExpectedVersion = null);

/// <summary>What a gateway is to be set to.</summary>
public sealed record ConfigurationResource(
    string Device,
    [property: Description("Rises with each change; 0 when nothing was ever asked.")] int DesiredVersion,
    [property: Description("By name; what is absent has the board's default.")] IReadOnlyDictionary<string, object> Settings,
    string? Actor,
    DateTimeOffset? At,
    ConfigurationProgress Progress,
    [property: Description("The member for which the board refused it.")] string Reason,
    [property: Description("The version that the board runs; 0 is what it was provisioned with.")] int VersionInForce,
    [property: Description("The settings that the board runs, as it last reported them; null before its first report.")] IReadOnlyDictionary<string, object>? SettingsInForce)
{
    public static ConfigurationResource Of(GatewayState gateway, BoardSettings? inForce) => new(
        gateway.Device, gateway.Desired?.Version ?? 0, gateway.Desired?.Settings.Members ?? BoardSettings.Empty.Members, gateway.Desired?.Actor, gateway.Desired?.At,
        gateway.Progress, gateway.ConfigReason, gateway.ConfigVersion, inForce?.Members);
}
