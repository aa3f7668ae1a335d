using Gateway.Hub.Fleet;
using Gateway.Hub.Incidents;

namespace Gateway.Hub.Ingest;

/// <summary>
/// Links that stay lost become an incident, one for a whole station however many there are (I12), and leave it by themselves when they are back (I11).
/// Nothing of it is stored: after a restart the open incidents say which are known.
/// </summary>
internal sealed class LinkAlarms(CoreState core, IncidentDesk desk)
{
    /// <summary>Lane of these facts: the hub's own, in no journal.</summary>
    public const string HubLane = "hub";

    /// <summary>Looks for links that have been lost for long enough.</summary>
    public void Tick(HubTime now)
    {
        foreach (var gateway in core.Gateways.Values)
        {
            if (gateway is { Link: LinkState.Lost, Revoked: false, LinkAlarmed: false } && now.MonotonicMs - gateway.LostMs >= core.Stations.OfDevice(gateway.Device).Targets.LinkLostS * 1_000L)
            {
                gateway.LinkAlarmed = true;
                desk.TakeHubFact(FactsOf(gateway, "alarm", now), now);
            }
        }
    }

    /// <summary>Links that came back in this batch.</summary>
    public void EndBatch(HubTime now)
    {
        foreach (var gateway in core.LinksBack)
        {
            gateway.LinkAlarmed = false;
            desk.TakeHubFact(FactsOf(gateway, "normal", now), now);
        }

        core.LinksBack.Clear();
    }

    private static SignalFacts FactsOf(GatewayEntry gateway, string state, HubTime now) => new(
        new SignalIdentity(gateway.Device, HubLane, 0, 0), SignalKinds.LinkLost, 0, state, 0, 1, 0, "", gateway.LinkSince, now.Utc, false, false, false);
}
