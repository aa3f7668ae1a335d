using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;

namespace Gateway.Loads.Boards;

/// <summary>What happened, as a signal says it.</summary>
internal readonly record struct LightEvent(string Kind, int Zone, string State, uint Call = 0, int Count = 1, int Value = 0, string Detail = "");

/// <summary>Composes what a light board says, with real MACs (PROTOCOL.md sections 3 to 9).</summary>
internal sealed class LightPayloads(ProvisioningFile file, TimeProvider clock)
{
    public const int HeartbeatS = 5;

    private const string Firmware = "light-1";

    private readonly MessageKey _key = new(Convert.FromHexString(file.Key));
    private readonly long _started = clock.GetTimestamp();

    public uint Boot { get; } = (uint)clock.GetUtcNow().ToUnixTimeSeconds();

    public string Topic(string leaf) => Topics.Of(file.Device, leaf);

    /// <summary>False for what did not come from this board's hub [GW-10].</summary>
    public bool Verifies(string topic, ReadOnlySpan<byte> payload) => _key.Verifies(topic, payload);

    public byte[] Offline(string session)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
        writer.Text("state", "offline");
        writer.Text("session", session);
        return writer.Close(_key, Topic("status"));
    }

    public byte[] Birth(string session, string will, LightLane call, LightLane events, string volatileEpoch)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
        writer.Text("state", "online");
        writer.Text("session", session);
        writer.Text("will", will);
        writer.Text("hub", file.Hub);
        Time(ref writer);
        writer.Text("fw", Firmware);
        writer.Text("callEpoch", call.Epoch.ToString("x8"));
        writer.Integer("callOldest", call.Oldest);
        writer.Integer("callNext", call.Next);
        writer.Text("eventEpoch", events.Epoch.ToString("x8"));
        writer.Integer("eventOldest", events.Oldest);
        writer.Integer("eventNext", events.Next);
        writer.Text("volatileEpoch", volatileEpoch);
        writer.Integer("config", 0);
        writer.Integer("heartbeatS", HeartbeatS);
        writer.Text("restart", "power");
        writer.Boolean("virtual", true);
        return writer.Close(_key, Topic("status"));
    }

    public byte[] Signal(LightLane lane, in LightEvent what)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
        writer.Text("lane", lane.Name);
        writer.Text("epoch", lane.Epoch.ToString("x8"));
        writer.Integer("seq", lane.Next);
        writer.Text("kind", what.Kind);
        writer.Integer("zone", what.Zone);
        writer.Text("state", what.State);
        writer.Integer("call", what.Call);
        writer.Integer("count", what.Count);
        writer.Integer("value", what.Value);
        writer.Text("detail", what.Detail);
        Time(ref writer);
        writer.Boolean("test", false);
        return writer.Close(_key, Topic("signal"));
    }

    public byte[] Heartbeat(string session, long n, LightLane call, LightLane events)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
        writer.Text("session", session);
        writer.Integer("n", n);
        Time(ref writer);
        writer.Boolean("mains", true);
        writer.Integer("batteryMv", 12_800);
        writer.Integer("heapFree", 65_536);
        writer.Integer("callBacklog", call.Backlog);
        writer.Integer("callOldestS", 0);
        writer.Integer("eventBacklog", events.Backlog);
        writer.Integer("eventOldestS", 0);
        writer.Integer("overruns", 0);
        writer.Integer("refused", 0);
        return writer.Close(_key, Topic("heartbeat"));
    }

    public byte[] Result(string session, long n, string id, string result)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.UplinkBytesMax]);
        writer.Text("session", session);
        writer.Integer("n", n);
        writer.Text("id", id);
        writer.Text("result", result);
        writer.Text("reason", "");
        return writer.Close(_key, Topic("result"));
    }

    private void Time(ref PayloadWriter writer)
    {
        writer.Integer("boot", Boot);
        writer.Integer("up", (long)clock.GetElapsedTime(_started).TotalMilliseconds);
        writer.Integer("at", clock.GetUtcNow().ToUnixTimeMilliseconds());
        writer.Text("clock", "synced");
    }
}
