using System.Collections.Immutable;
using Gateway.Hub.Delivery;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Fleet;
using Gateway.Hub.Stations;
using Gateway.Hub.Webhooks;

namespace Gateway.Hub.Ingest;

/// <summary>What the parts of the core share. One thread at a time.</summary>
internal sealed class CoreState(IHubStore store, StationBook stations, HubIdentity identity, DeviceRegistry devices, IngestCounters counters, bool allowVirtualBoards)
{
    public IHubStore Store { get; } = store;

    /// <summary>With their moving call points where they stand now.</summary>
    public StationBook Stations { get; set; } = stations.With(store.LoadMoved());

    public Station StationOf(Incidents.Incident incident) => Stations.Of(incident);

    /// <summary>The station, and whoever of its neighbours may come to help.</summary>
    public Station AidOf(Incidents.Incident incident) => Stations.WithAid(Stations.Of(incident));

    public HubIdentity Identity { get; } = identity;

    public DeviceRegistry Devices { get; } = devices;

    public SharedWords Words { get; } = new();

    public IngestCounters Counters { get; } = counters;

    public bool AllowVirtualBoards { get; } = allowVirtualBoards;

    public HubEffects Effects { get; } = new();

    /// <summary>What boards and strangers do that the audit chain must know.</summary>
    public FactBook Facts { get; } = new(store.Audit);

    public Dictionary<string, GatewayEntry> Gateways { get; } = new(StringComparer.Ordinal);

    /// <summary>The gateways whose part of the snapshot is out of date.</summary>
    public List<GatewayEntry> ChangedGateways { get; } = [];

    public Dictionary<long, LaneCursor> Lanes { get; } = [];

    /// <summary>Lanes that owe a receipt at the end of this batch.</summary>
    public HashSet<LaneCursor> Receipts { get; } = [];

    /// <summary>Cursors that changed since the store's last checkpoint.</summary>
    public HashSet<LaneCursor> ChangedCursors { get; } = [];

    /// <summary>The work beside incidents.</summary>
    public Work.WorkDesk Work { get; set; } = null!;

    /// <summary>Gateways whose link came back, or is no longer expected, in this batch.</summary>
    public HashSet<GatewayEntry> LinksBack { get; } = [];

    /// <summary>What was said of responders for this shift.</summary>
    public ImmutableDictionary<string, DutyEntry> Duty { get; set; } = ImmutableDictionary.Create<string, DutyEntry>(StringComparer.Ordinal);

    /// <summary>Where events go.</summary>
    public IReadOnlyList<WebhookTarget> Webhooks { get; init; } = [];

    /// <summary>Counts a refusal that the core itself decided, and notes it for the audit: these are foreign or replayed.</summary>
    public void Refuse(GatewayEntry gateway, string name, HubTime now)
    {
        Counters.Refuse(gateway.Device, name);
        NoteRefused(gateway.Device, name, 1, now);
    }

    /// <summary>With the count since the start of the hub: true also when it is written a second time, after a commit that failed.</summary>
    public void NoteRefused(string device, string name, long times, HubTime now) =>
        Facts.Note(device, FactBook.Refused, FormattableString.Invariant($"{name}, {Counters.RefusedCount(device, name)} since the start of the hub"), now, name, times);

    /// <summary>The cursor of a lane and epoch, made when it is new.</summary>
    public LaneCursor LaneOf(GatewayEntry gateway, Lane lane, uint epoch, HubTime now)
    {
        if (gateway.LaneOf(lane, epoch) is { } known)
        {
            return known;
        }

        var cursor = new LaneCursor(Store.AddLane(gateway.Device, lane, epoch, now.Utc), gateway.Device, lane, epoch);
        gateway.AddLane(cursor);
        Lanes.Add(cursor.Id, cursor);
        return cursor;
    }

    /// <summary>Gives up a range of a lane: what was never seen in it is recorded as missing, shown, and no longer waited for.</summary>
    public void GiveUp(GatewayEntry gateway, LaneCursor cursor, SeqRange range, string cause, HubTime now)
    {
        var missing = cursor.Account(range);
        ChangedCursors.Add(cursor);
        foreach (var part in missing)
        {
            Store.AddMissing(cursor.Id, part, now.Utc, cause);
            var text = $"{LaneNames.Of(cursor.Lane)} {cursor.Epoch:x8}: {part.First}..{part.Last} ({cause})";
            Store.AddDiary(gateway.Device, now.Utc, "missing", text);
            Facts.Note(gateway.Device, FactBook.Missing, text, now);
            gateway.MissingCount += part.Count;
            gateway.Changed = true;
        }
    }

    /// <summary>Gives up all holes of a lane that the board has left, at most <see cref="LaneCursor.AheadRangesMax"/>: nobody will ever fill them.</summary>
    public void GiveUpHoles(GatewayEntry gateway, LaneCursor left, HubTime now)
    {
        while (left.LowestHole is { } hole)
        {
            GiveUp(gateway, left, hole, "epoch", now);
        }
    }

    /// <summary>Something fresh and authentic came: the link is there. Replays and duplicates must not come here.</summary>
    public void Heard(GatewayEntry gateway, HubTime now, bool mayRestore)
    {
        if (gateway.Link != LinkState.Up && !mayRestore)
        {
            return;
        }

        gateway.HeardMs = now.MonotonicMs;
        gateway.Pulse.HeardAt = now.Utc;
        if (gateway.Link != LinkState.Up)
        {
            SetLink(gateway, LinkState.Up, now, "");
        }
    }

    public void SetLink(GatewayEntry gateway, LinkState link, HubTime now, string reason)
    {
        if (link == LinkState.Up)
        {
            LinksBack.Add(gateway);
        }

        gateway.LostMs = now.MonotonicMs;
        gateway.Link = link;
        gateway.LinkSince = now.Utc;
        gateway.Changed = true;
        Store.AddDiary(gateway.Device, now.Utc, link == LinkState.Up ? "linkUp" : "linkLost", reason);
    }

    public void Publish(string topic, byte[] payload, bool retain = false) => Effects.Messages.Add(new OutgoingMessage(topic, payload, retain));

    /// <summary>The writer of what goes down to this board; null when it has no session in this run, or no credentials.</summary>
    public Downlink? DownlinkTo(GatewayEntry gateway) =>
        gateway.Session is { } session && Devices.KeyOf(gateway.Device) is { } key ? new Downlink(this, gateway, session, key) : null;
}
