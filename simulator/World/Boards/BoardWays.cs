using System.Globalization;
using Gateway.Firmware.Configuration;
using Gateway.World.Network;

namespace Gateway.World.Boards;

/// <content>Where it looks for the hub: the addresses of its settings, one or two, of which each leads to the hub or nowhere, and may be dead.</content>
public sealed partial class SimulatedBoard
{
    /// <summary>The settings of this boot; null before the first.</summary>
    private GatewaySettings? _settings;

    public HubAddresses Addresses { get; }

    /// <summary>It was provisioned with a second address of the hub.</summary>
    public bool HasSecondAddress { get; init; }

    /// <summary>What a provisioning file says of the way to the hub.</summary>
    public static string WayProvisioned(bool withSecond)
    {
        var ((host, port), (host2, port2)) = (HubAddresses.All[HubAddresses.First], HubAddresses.All[HubAddresses.Second]);
        var first = string.Create(CultureInfo.InvariantCulture, $"\"host\":\"{host}\",\"port\":{port}");
        return withSecond ? string.Create(CultureInfo.InvariantCulture, $"{first},\"host2\":\"{host2}\",\"port2\":{port2}") : first;
    }

    /// <summary>It tries to reach the hub, and not only addresses where nobody is, as settings under trial may want it.</summary>
    public bool SeeksHub => _link?.SeeksHub ?? false;

    /// <summary>One of the addresses in force leads to the hub.</summary>
    internal bool LeadsToHub => _settings is null || Ways(_settings).Any(static way => HubAddresses.PlaceOf(way.Host, way.Port) >= 0);

    /// <summary>And at one of those the hub can be reached now.</summary>
    public bool HasWay => _settings is not { } settings || Addresses.IsReached(settings.Host, settings.Port)
        || (settings.Host2 is { } second && Addresses.IsReached(second, settings.Port2));

    /// <summary>The addresses in force.</summary>
    public List<(string Host, int Port)> WaysInForce => _settings is null ? [] : [.. Ways(_settings)];

    /// <summary>Under these settings, which go over its provisioning file, it could find the hub.</summary>
    public bool FindsHubUnder(IReadOnlyDictionary<string, object> members)
    {
        var (first, second) = (HubAddresses.All[HubAddresses.First], HubAddresses.All[HubAddresses.Second]);
        var host = members.TryGetValue("host", out var asked) ? (string)asked : first.Host;
        var host2 = members.TryGetValue("host2", out var asked2) ? (string)asked2 : HasSecondAddress ? second.Host : null;
        return HubAddresses.PlaceOf(host, first.Port) >= 0 || HubAddresses.PlaceOf(host2, second.Port) >= 0;
    }

    /// <summary>Nothing gets to the hub by this address any more, or all does again. A connection by it is dead, and neither end knows.</summary>
    public void SetAddress(int place, AddressState state)
    {
        Addresses.Become(place, state);
        World.Trace.Add(Number, "address", place, (long)state);
        if (state != AddressState.Reached)
        {
            _link?.ForgetAt(place);
        }
    }

    private static IEnumerable<(string Host, int Port)> Ways(GatewaySettings settings)
    {
        yield return (settings.Host, settings.Port);
        if (settings.Host2 is not null)
        {
            yield return (settings.Host2, settings.Port2);
        }
    }
}
