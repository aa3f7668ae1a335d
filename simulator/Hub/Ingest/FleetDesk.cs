using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Ingest;

/// <summary>Why a device gets new credentials. It decides what the hub still believes of the device.</summary>
public enum CredentialChange
{
    /// <summary>A board that is new, or that takes the place of a broken one under the same id: it starts anew, and no epoch or count of boots of it is an alarm.</summary>
    NewBoard,

    /// <summary>The same board with new key and password: a new epoch of it still means a lost journal.</summary>
    SameBoard,
}

/// <summary>What people do with gateways: identities, commands, desired configurations. Everything it does is in the audit chain, in the same transaction.</summary>
internal sealed class FleetDesk(CoreState core, IncidentDesk desk)
{
    /// <summary>How often a desired configuration is said again of which nothing is heard.</summary>
    private const int DesiredAgainEveryMs = 10 * 60_000;

    public void Provision(DeviceCredentials credentials, StoredCredentials stored, CredentialChange change, string actor, HubTime now)
    {
        var device = credentials.Device;
        if (!core.Gateways.TryGetValue(device, out var gateway))
        {
            gateway = new GatewayEntry(device, now.Utc, core.ChangedGateways) { HeardMs = now.MonotonicMs };
            core.Gateways.Add(device, gateway);
        }

        // The old credentials are no longer good: their session ends, and the board comes back with the new ones.
        gateway.Revoked = false;
        gateway.Session = null;
        gateway.Changed = true;
        core.Store.SaveCredentials(stored, now.Utc);
        if (change == CredentialChange.NewBoard)
        {
            gateway.ForgetBirth();
            gateway.ForgetBoots();
            gateway.ForgetConfiguration();
            core.Store.ForgetBirth(device);
            core.Store.ForgetBoots(device);
            core.Store.SaveConfigReported(device, 0, "", "", default);
            core.Store.SaveConfigInForce(device, 0);
        }

        var kind = change == CredentialChange.NewBoard ? "provisioned" : "rotated";
        core.Store.AddDiary(device, now.Utc, kind, $"by {actor}");
        core.Store.Audit(now.Utc, actor, $"gateway.{kind}", $"gateway/{device}", "");
        core.Effects.Credentials.Add(credentials);
        core.Effects.Disconnects.Add((device, "new credentials"));
        if (gateway.Desired is { } desired)
        {
            // Signed by the new key: what the broker still retains is signed by the old one, and the board would refuse it.
            gateway.DesiredAgainMs = now.MonotonicMs;
            core.Effects.Messages.Add(ConfigurationPayload.Of(device, core.Identity.HubText, desired, credentials.Key));
        }
    }

    public CommandOutcome Revoke(string device, string actor, HubTime now)
    {
        if (!core.Gateways.TryGetValue(device, out var gateway) || core.Devices.Find(device) is not { } credentials)
        {
            return NoSuchGateway(device);
        }

        gateway.Revoked = true;
        core.LinksBack.Add(gateway);
        gateway.Session = null;
        gateway.Changed = true;
        core.Store.SaveRevocation(device, now.Utc);
        core.Store.AddDiary(device, now.Utc, "revoked", $"by {actor}");
        core.Store.Audit(now.Utc, actor, "gateway.revoked", $"gateway/{device}", "");
        core.Effects.Credentials.Add(credentials with { Revoked = true });
        core.Effects.Disconnects.Add((device, "revoked"));
        return new CommandOutcome(true, 0, null);
    }

    public CommandOutcome Send(string device, GatewayCommand command, string actor, HubTime now)
    {
        if (command.Offence is { } offence)
        {
            return Refused("out-of-range", offence);
        }

        if (!core.Gateways.TryGetValue(device, out var gateway) || gateway.Revoked)
        {
            return NoSuchGateway(device);
        }

        if (gateway.Link != LinkState.Up || core.DownlinkTo(gateway) is not { } downlink)
        {
            return Refused("not-connected", $"Gateway {device} is not connected.");
        }

        var id = desk.NextCommandId();
        var text = command is GatewayCommand.ResetLatch reset ? ResetText.Write(reset.Lane, reset.Epoch, reset.Seq) : command.Text;
        core.Store.SaveCommand(id, device, text, actor, now.Utc);
        core.Store.AddDiary(device, now.Utc, "command", $"{id}: {text} by {actor}");
        core.Store.Audit(now.Utc, actor, "gateway.command", $"gateway/{device}", $"{id}: {text}");
        downlink.Command(id, command, now);
        return new CommandOutcome(true, 0, null) { CommandId = id };
    }

    /// <summary>Stores what a board is to be set to and publishes it, retained: the board takes it now, or when it comes back.</summary>
    /// <param name="expectedVersion">The newest version that the person saw; null to overwrite whatever there is.</param>
    public CommandOutcome Configure(string device, BoardSettings settings, int? expectedVersion, string actor, HubTime now)
    {
        if (SettingRules.Check(settings) is { } offence)
        {
            return Refused(offence.Name, offence.Text);
        }

        if (!core.Gateways.TryGetValue(device, out var gateway) || gateway.Revoked || core.Devices.KeyOf(device) is not { } key)
        {
            return NoSuchGateway(device);
        }

        if (expectedVersion is { } expected && expected != (gateway.Desired?.Version ?? 0))
        {
            return Refused("changed-meanwhile", $"Somebody has changed this configuration meanwhile: its version is {gateway.Desired?.Version ?? 0}, not {expected}.");
        }

        // Above whatever the board has, too: a hub restored from an old backup must not ask for a version that the board has left behind [GW-41].
        var version = Math.Max(Math.Max(gateway.Desired?.Version ?? 0, gateway.ConfigVersion), gateway.ReportedVersion) + 1;
        var desired = new DesiredConfiguration(version, settings, actor, now.Utc);
        gateway.Desired = desired;
        gateway.Changed = true;
        core.Store.SaveDesired(device, desired);
        core.Store.AddDiary(device, now.Utc, "desired", $"version {version} by {actor}");
        core.Store.Audit(now.Utc, actor, "gateway.configured", $"gateway/{device}", $"version {version}: {settings.ToJson()}");
        gateway.DesiredAgainMs = now.MonotonicMs;
        core.Effects.Messages.Add(ConfigurationPayload.Of(device, core.Identity.HubText, desired, key));
        return new CommandOutcome(true, version, null);
    }

    private static CommandOutcome NoSuchGateway(string device) => Refused("no-such-gateway", $"No gateway {device} is provisioned.");

    private static CommandOutcome Refused(string name, string text) => new(false, 0, new Refusal(name, text));

    /// <summary>
    /// A board's report of what became of a desired configuration is said once; if it was lost on a connection that lives on, the hub would wait until the next birth.
    /// Hearing the same version again, the board reports again [GW-43].
    /// </summary>
    public void SayAgain(GatewayEntry gateway, HubTime now)
    {
        if (gateway is { Link: LinkState.Up, Revoked: false, Desired: { } desired, Progress: ConfigurationProgress.Pending or ConfigurationProgress.Trial }
            && now.MonotonicMs - gateway.DesiredAgainMs >= DesiredAgainEveryMs && core.Devices.KeyOf(gateway.Device) is { } key)
        {
            gateway.DesiredAgainMs = now.MonotonicMs;
            core.Effects.Messages.Add(ConfigurationPayload.Of(gateway.Device, core.Identity.HubText, desired, key));
        }
    }
}
