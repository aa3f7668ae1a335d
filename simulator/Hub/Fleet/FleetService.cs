using System.Net;
using Gateway.Hub.Ingest;

namespace Gateway.Hub.Fleet;

/// <summary>Where and how a new board is to reach the hub. What is absent is not in its file, and the board's default holds.</summary>
/// <param name="Host">1..64 printable characters; an IP literal is better than a name.</param>
/// <param name="WifiPassword">8..64 characters. It goes into the file and nowhere else: the hub keeps no copy.</param>
public sealed record ProvisioningWish(string Host, int Port, string? Ssid = null, string? WifiPassword = null, bool Metered = false);

/// <summary>What came of a wish: a file, or a refusal by name with the member at fault.</summary>
public sealed record ProvisioningOutcome(ProvisioningFile? File, string? Refusal, string? Text, string? Member = null);

/// <summary>
/// Gateways come and go through here: identity, key and password in one action, their rotation, the replacement of a broken board, revocation, and what
/// a board is to be set to. A broken board is replaced under the same id, because the station's data tie the call point to it: new key, new password, and
/// nothing that the old board said of itself is believed of the new one (README.md "Fleet").
/// </summary>
public sealed class FleetService(HubService hub)
{
    private const int HostCharsMax = 64;
    private const int SsidCharsMax = 32;
    private const int WifiPasswordCharsMin = 8;
    private const int WifiPasswordCharsMax = 64;

    /// <summary>A device that has credentials already is refused: whoever means it says rotate or replace.</summary>
    public Task<ProvisioningOutcome> ProvisionAsync(string device, ProvisioningWish wish, string actor, CancellationToken cancellation = default)
    {
        if (!Topics.IsDevice(device))
        {
            return Refused("out-of-range", $"A device id is {Topics.DeviceCharsMin} to {Topics.DeviceCharsMax} of a-z, 0-9 and hyphen.", "device");
        }

        return hub.Current.Gateways.TryGetValue(device, out var known) && !known.Revoked
            ? Refused("gateway-known", $"{device} is provisioned already. Rotate its key, or replace the board.", "device")
            : DrawAsync(device, wish, CredentialChange.NewBoard, actor, cancellation);
    }

    /// <summary>New key and password for the board that is there; its journal and its history stay its own.</summary>
    public Task<ProvisioningOutcome> RotateAsync(string device, ProvisioningWish wish, string actor, CancellationToken cancellation = default) =>
        IsKnown(device) ? DrawAsync(device, wish, CredentialChange.SameBoard, actor, cancellation) : NoSuchGateway(device);

    /// <summary>Another board takes the place of this one, under the same id. The old one's credentials are worth nothing from now on.</summary>
    public Task<ProvisioningOutcome> ReplaceAsync(string device, ProvisioningWish wish, string actor, CancellationToken cancellation = default) =>
        hub.Current.Gateways.ContainsKey(device) ? DrawAsync(device, wish, CredentialChange.NewBoard, actor, cancellation) : NoSuchGateway(device);

    /// <summary>What the board is to be set to: stored with a rising version, audited, published retained. The board's own answer follows.</summary>
    /// <param name="expectedVersion">The newest version that the person saw; null to overwrite whatever there is.</param>
    public Task<CommandOutcome> ConfigureAsync(string device, BoardSettings settings, int? expectedVersion, string actor, CancellationToken cancellation = default) =>
        hub.Ask((core, now) => core.Configure(device, settings, expectedVersion, actor, now), cancellation);

    private bool IsKnown(string device) => hub.Current.Gateways.TryGetValue(device, out var known) && !known.Revoked;

    private async Task<ProvisioningOutcome> DrawAsync(string device, ProvisioningWish wish, CredentialChange change, string actor, CancellationToken cancellation)
    {
        if (Check(wish) is { } refused)
        {
            return refused;
        }

        var file = await hub.DrawCredentialsAsync(device, change, actor, cancellation);
        return new ProvisioningOutcome(
            file with { Host = wish.Host, Port = wish.Port, Ssid = Filled(wish.Ssid), WifiPassword = Filled(wish.WifiPassword), Metered = wish.Metered ? true : null }, null, null);
    }

    private static ProvisioningOutcome? Check(ProvisioningWish wish)
    {
        if (!IsPrintable(wish.Host, 1, HostCharsMax))
        {
            return Offence("host", $"'host' has 1 to {HostCharsMax} printable ASCII characters without quotes and backslashes, and no space at its ends.");
        }

        if (IPAddress.TryParse(wish.Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            return Offence("host", $"'{wish.Host}' is where a hub listens, not where a board finds it: name the address of this machine in the boards' network.");
        }

        if (wish.Port is < 1 or > ushort.MaxValue)
        {
            return Offence("port", $"'port' is 1 to {ushort.MaxValue}.");
        }

        if (Filled(wish.Ssid) is { } ssid && !IsPrintable(ssid, 1, SsidCharsMax))
        {
            return Offence("ssid", $"'ssid' has 1 to {SsidCharsMax} printable ASCII characters without quotes and backslashes, and no space at its ends.");
        }

        return Filled(wish.WifiPassword) is { } password && !IsPrintable(password, WifiPasswordCharsMin, WifiPasswordCharsMax)
            ? Offence("wifiPassword", $"'wifiPassword' has {WifiPasswordCharsMin} to {WifiPasswordCharsMax} printable ASCII characters without quotes and backslashes, and no space at its ends.")
            : null;
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool IsPrintable(string text, int min, int max) =>
        text.Length >= min && text.Length <= max && text[0] != ' ' && text[^1] != ' ' && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'));

    private static ProvisioningOutcome Offence(string member, string text) => new(null, "out-of-range", text, member);

    private static Task<ProvisioningOutcome> Refused(string name, string text, string? member = null) => Task.FromResult(new ProvisioningOutcome(null, name, text, member));

    private static Task<ProvisioningOutcome> NoSuchGateway(string device) => Refused("no-such-gateway", $"No gateway {device} is provisioned.");
}
