using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;

namespace Gateway.World.Scenarios;

/// <summary>
/// A box as the hub meets it on the wire: signed messages of PROTOCOL.md go up, and what comes down is remembered. Not the firmware: whole worlds of that are
/// <see cref="Simulation"/>'s; here it is the station that is looked at, over months.
/// </summary>
internal sealed class ScenarioBoard
{
    /// <summary>The slowest heartbeat that a board may have, s: the supervision window is then 154 s. Months of them are most of a scenario's cost.</summary>
    public const int HeartbeatS = 60;

    private const uint CallEpoch = 0x5f0e2b91;
    private const uint EventEpoch = 0xc30a77d4;
    private const uint VolatileEpoch = 0x09ab3cde;
    private const ulong SessionId = 0xa1b2c3d4e5f60718;

    private readonly MessageKey _key;
    private readonly Dictionary<int, (uint Call, int Count)> _latched = [];
    private readonly List<byte[]> _results = [];
    private readonly DateTimeOffset _bootAt;
    private uint _callSeq;
    private uint _eventSeq;
    private long _heartbeatN;
    private long _resultN;
    private bool _annunciates;

    public ScenarioBoard(Board board, DateTimeOffset now)
    {
        Board = board;
        _bootAt = now.AddSeconds(-10);
        _key = new MessageKey(SHA256.HashData(Encoding.ASCII.GetBytes("scenario key of " + board.DeviceId)));
        var salt = new byte[DeviceCredentials.SaltBytes];
        Credentials = new DeviceCredentials(board.DeviceId, _key, salt, DeviceCredentials.HashPassword(salt, "scenario"u8), Revoked: false);
    }

    public Board Board { get; }

    public string Device => Board.DeviceId;

    public DeviceCredentials Credentials { get; }

    /// <summary>Its link is up; while it is not, nothing leaves the box.</summary>
    public bool IsLinked { get; set; } = true;

    /// <summary>The newest notice about a call, as the button shows it; empty when there was none.</summary>
    public string Shown { get; private set; } = "";

    public int? ShownEtaMin { get; private set; }

    /// <summary>The box sounds for its neighbours.</summary>
    public bool Sounds { get; private set; }

    /// <summary>It annunciates: the station's board for a call that nobody takes, another one for a responder.</summary>
    public bool Annunciates => _annunciates;

    /// <summary>How often the box was asked to call somebody who was sent.</summary>
    public int Called { get; private set; }

    /// <summary>The key is turned: what sounds is silent. False when nothing sounded.</summary>
    public bool Silence()
    {
        var sounded = Sounds || _annunciates;
        (Sounds, _annunciates) = (false, false);
        return sounded;
    }

    public byte[] Birth(ulong hub, DateTimeOffset now)
    {
        var writer = Begin();
        writer.Text("state", "online");
        writer.Text("session", Hex(SessionId));
        writer.Text("will", Hex(SessionId));
        writer.Text("hub", Hex(hub));
        Time(ref writer, now);
        writer.Text("fw", "1.0.0");
        Lane(ref writer, "call", CallEpoch, _callSeq);
        Lane(ref writer, "event", EventEpoch, _eventSeq);
        writer.Text("volatileEpoch", VolatileEpoch.ToString("x8", CultureInfo.InvariantCulture));
        writer.Integer("config", 0);
        writer.Integer("heartbeatS", HeartbeatS);
        writer.Text("restart", "power");
        writer.Boolean("virtual", false);
        return writer.Close(_key, Topics.Of(Device, "status"));
    }

    /// <summary>Authentic by construction: these carry nothing that a scenario is about, and there are hundreds of thousands of them.</summary>
    public HeartbeatMessage Heartbeat(DateTimeOffset now) => new(
        Device, ReadOnlyMemory<byte>.Empty, SessionId, ++_heartbeatN, new BoardTime(1, UpMs(now), now.ToUnixTimeMilliseconds(), BoardClock.Synced), true, 12_800, 61_440, 0, 0, 0, 0, 0, 0);

    /// <summary>A change at a zone. A help or silent call latches: further presses count on it.</summary>
    public byte[] Signal(Zone zone, string kind, string state, DateTimeOffset now)
    {
        var isCall = zone.LifeSafety || kind is "help" or "silent" or "cancel" or "reset";
        var seq = isCall ? ++_callSeq : ++_eventSeq;
        var (call, count) = (0u, 1);
        if (kind is "help" or "silent" && state == "alarm")
        {
            (call, count) = _latched.TryGetValue(zone.Number, out var latched) ? (latched.Call, latched.Count + 1) : (seq, 1);
            _latched[zone.Number] = (call, count);
        }
        else if (kind is "cancel" or "reset" && _latched.Remove(zone.Number, out var over))
        {
            call = over.Call;
        }

        var writer = Begin();
        writer.Text("lane", isCall ? "call" : "event");
        writer.Text("epoch", (isCall ? CallEpoch : EventEpoch).ToString("x8", CultureInfo.InvariantCulture));
        writer.Integer("seq", seq);
        writer.Text("kind", kind);
        writer.Integer("zone", zone.Number);
        writer.Text("state", state);
        writer.Integer("call", call);
        writer.Integer("count", count);
        writer.Integer("value", 0);
        writer.Text("detail", "");
        Time(ref writer, now);
        writer.Boolean("test", false);
        return writer.Close(_key, Topics.Of(Device, "signal"));
    }

    /// <summary>What the hub sent down; commands are carried out and answered.</summary>
    public void Take(string leaf, byte[] payload)
    {
        var body = JsonDocument.Parse(payload).RootElement;
        if (leaf == "notice")
        {
            Shown = body.GetProperty("stage").GetString()!;
            ShownEtaMin = body.TryGetProperty("etaMin", out var eta) ? eta.GetInt32() : null;
        }
        else if (leaf == "command" && IsLinked)
        {
            Obey(body);
        }
    }

    /// <summary>Answers to commands that have not left yet.</summary>
    public IReadOnlyList<byte[]> TakeResults()
    {
        var results = _results.ToList();
        _results.Clear();
        return results;
    }

    private void Obey(JsonElement command)
    {
        switch (command.GetProperty("command").GetString())
        {
            case "watchAlert" or "siren":
                Sounds = command.GetProperty("seconds").GetInt32() > 0;
                break;
            case "annunciate":
                _annunciates = command.GetProperty("seconds").GetInt32() > 0;
                Called += _annunciates ? 1 : 0;
                break;
            case "resetLatch":
                _latched.Clear();
                break;
        }

        var writer = Begin();
        writer.Text("session", Hex(SessionId));
        writer.Integer("n", ++_resultN);
        writer.Text("id", command.GetProperty("id").GetString());
        writer.Text("result", "done");
        writer.Text("reason", "");
        _results.Add(writer.Close(_key, Topics.Of(Device, "result")));
    }

    private static PayloadWriter Begin() => new(new byte[Topics.UplinkBytesMax]);

    private static void Lane(ref PayloadWriter writer, string lane, uint epoch, uint written)
    {
        writer.Text(lane + "Epoch", epoch.ToString("x8", CultureInfo.InvariantCulture));
        writer.Integer(lane + "Oldest", written + 1);
        writer.Integer(lane + "Next", written + 1);
    }

    private void Time(ref PayloadWriter writer, DateTimeOffset now)
    {
        writer.Integer("boot", 1);
        writer.Integer("up", UpMs(now));
        writer.Integer("at", now.ToUnixTimeMilliseconds());
        writer.Text("clock", "synced");
    }

    private long UpMs(DateTimeOffset now) => (long)(now - _bootAt).TotalMilliseconds;

    private static string Hex(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture);
}
