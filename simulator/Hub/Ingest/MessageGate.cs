using System.Text;

namespace Gateway.Hub.Ingest;

/// <summary>What the gate made of a publish: a message, or the name of a refusal (and the member it is about, where there is one).</summary>
public readonly record struct GateResult(UplinkMessage? Message, string? Refusal, string? Member = null);

/// <summary>
/// The stateless half of ingest: topic, size, form, MAC, version, members, in that order. Thread-safe: it runs on the connections' threads,
/// so that the single writer only ever sees authentic and well-formed messages. It never throws for bytes that came from outside.
/// </summary>
public sealed class MessageGate(Func<string, MessageKey?> keyOf)
{
    private static readonly string[] Lanes = ["call", "event", "volatile"];
    private static readonly string[] Clocks = ["synced", "estimated", "none"];
    private static readonly string[] BirthStates = ["online", "offline"];
    private static readonly string[] Results = ["done", "refused", "expired", "failed"];
    private static readonly string[] ConfigStates = ["applied", "trial", "refused", "rolledBack"];

    /// <summary>The kinds and states of the protocol, so that a signal's words need no new strings.</summary>
    private static readonly string[] KnownWords =
    [
        "help", "silent", "cancel", "reset", "smoke", "gas", "door", "pen", "water", "sensor", "tamper", "mains", "battery", "patrol", "fault", "restart", "acknowledge",
        "gap", "alarm", "normal", "open", "short", "low", "critical", "",
    ];

    public GateResult Judge(string topic, ReadOnlyMemory<byte> payload)
    {
        if (!Topics.TrySplit(topic, out var device, out var leaf) || !Topics.Uplink.Contains(leaf))
        {
            return new(null, MessageRefusals.UnknownTopic);
        }

        if (keyOf(device) is not { } key)
        {
            return new(null, MessageRefusals.UnknownDevice);
        }

        if (payload.Length > (leaf == "config/reported" ? Topics.ReportedBytesMax : Topics.UplinkBytesMax))
        {
            return new(null, MessageRefusals.TooLarge);
        }

        if (!FlatObject.TryParse(payload.Span, out var parsed))
        {
            return new(null, MessageRefusals.NotJson);
        }

        if (!key.Verifies(topic, payload.Span))
        {
            return new(null, MessageRefusals.BadMac);
        }

        var reader = new MemberReader(parsed);
        var version = reader.Integer("v"u8, -FlatObject.IntegerMax, FlatObject.IntegerMax);
        if (reader.Refusal is null && version != 1)
        {
            return new(null, MessageRefusals.UnknownVersion);
        }

        var message = leaf switch
        {
            "signal" => ReadSignal(device, payload, ref reader),
            "status" => ReadStatus(device, payload, ref reader),
            "heartbeat" => ReadHeartbeat(device, payload, ref reader),
            "result" => ReadResult(device, payload, ref reader),
            _ => ReadConfigReported(device, payload, ref reader),
        };
        return reader.Refusal is null ? new(message, null) : new(null, reader.Refusal, reader.Member);
    }

    /// <summary>Reads a stored signal again, for showing it. The bytes passed the gate when they came.</summary>
    public static SignalMessage? ReadStored(string device, ReadOnlyMemory<byte> payload)
    {
        if (!FlatObject.TryParse(payload.Span, out var parsed))
        {
            return null;
        }

        var reader = new MemberReader(parsed);
        var message = ReadSignal(device, payload, ref reader) as SignalMessage;
        return reader.Refusal is null ? message : null;
    }

    /// <summary>Reads a stored birth again; null when it is none that this version understands.</summary>
    public static BirthMessage? ReadStoredBirth(string device, ReadOnlyMemory<byte> payload)
    {
        if (!FlatObject.TryParse(payload.Span, out var parsed))
        {
            return null;
        }

        var reader = new MemberReader(parsed);
        var message = ReadStatus(device, payload, ref reader) as BirthMessage;
        return reader.Refusal is null ? message : null;
    }

    private static UplinkMessage ReadSignal(string device, ReadOnlyMemory<byte> payload, ref MemberReader reader)
    {
        var lane = (Lane)reader.OneOf("lane"u8, Lanes);
        var epoch = reader.Epoch("epoch"u8);
        var seq = (uint)reader.Integer("seq"u8, 1, uint.MaxValue);
        var kind = Word(reader.Text("kind"u8, 1, FlatObject.TextCharsMax));
        if (kind == "gap")
        {
            return ReadGap(device, payload, lane, epoch, seq, ref reader);
        }

        var zone = (int)reader.Integer("zone"u8, 0, 32);
        var state = Word(reader.Text("state"u8, 1, FlatObject.TextCharsMax));
        var call = (uint)reader.Integer("call"u8, 0, uint.MaxValue);
        var count = (int)reader.Integer("count"u8, 1, ushort.MaxValue);
        var value = (int)reader.Integer("value"u8, -int.MaxValue, int.MaxValue);
        var detail = reader.Name("detail"u8, 0, 32);
        var time = ReadTime(ref reader);
        var test = reader.Boolean("test"u8);
        return new SignalMessage(device, payload, lane, epoch, seq, kind, zone, state, call, count, value, detail, time, test);
    }

    private static GapMessage ReadGap(string device, ReadOnlyMemory<byte> payload, Lane lane, uint epoch, uint last, ref MemberReader reader)
    {
        // A volatile lane never misses anything [GW-20], and a gap that ends before it begins says nothing.
        if (lane == Lane.Volatile)
        {
            reader.Refuse(MessageRefusals.OutOfRange, "lane"u8);
        }

        var first = (uint)reader.Integer("first"u8, 1, uint.MaxValue);
        if (first > last)
        {
            reader.Refuse(MessageRefusals.OutOfRange, "first"u8);
        }

        return new GapMessage(device, payload, lane, epoch, first, last);
    }

    private static UplinkMessage ReadStatus(string device, ReadOnlyMemory<byte> payload, ref MemberReader reader)
    {
        var online = reader.OneOf("state"u8, BirthStates) == 0;
        var session = reader.Hex("session"u8, 16);
        if (!online)
        {
            return new OfflineMessage(device, payload, session);
        }

        var will = reader.Hex("will"u8, 16);
        var hub = reader.Hex("hub"u8, 16);
        var time = ReadTime(ref reader);
        var firmware = Encoding.ASCII.GetString(reader.Text("fw"u8, 1, 16));
        var call = ReadBirthLane(ref reader, "callEpoch"u8, "callOldest"u8, "callNext"u8);
        var events = ReadBirthLane(ref reader, "eventEpoch"u8, "eventOldest"u8, "eventNext"u8);
        var volatileEpoch = reader.Epoch("volatileEpoch"u8);
        var volatileOldest = reader.Has("volatileOldest"u8) ? (uint)reader.Integer("volatileOldest"u8, 1, uint.MaxValue) : 1;
        var config = (int)reader.Integer("config"u8, 0, int.MaxValue);
        var heartbeatS = (int)reader.Integer("heartbeatS"u8, 5, 60);
        var restart = Encoding.ASCII.GetString(reader.Text("restart"u8, 1, 16));
        var isVirtual = reader.Boolean("virtual"u8);
        return new BirthMessage(
            device, payload, session, will, hub, time, firmware, call, events, volatileEpoch, config, heartbeatS, restart, isVirtual) { VolatileOldest = volatileOldest };
    }

    private static BirthLane ReadBirthLane(ref MemberReader reader, ReadOnlySpan<byte> epochName, ReadOnlySpan<byte> oldestName, ReadOnlySpan<byte> nextName)
    {
        var epoch = reader.Epoch(epochName);
        var oldest = (uint)reader.Integer(oldestName, 1, uint.MaxValue);
        var next = (uint)reader.Integer(nextName, 1, uint.MaxValue);
        if (oldest > next)
        {
            reader.Refuse(MessageRefusals.OutOfRange, oldestName);
        }

        return new BirthLane(epoch, oldest, next);
    }

    private static HeartbeatMessage ReadHeartbeat(string device, ReadOnlyMemory<byte> payload, ref MemberReader reader)
    {
        var session = reader.Hex("session"u8, 16);
        var n = reader.Integer("n"u8, 1, FlatObject.IntegerMax);
        var time = ReadTime(ref reader);
        var mains = reader.Boolean("mains"u8);
        var batteryMv = (int)reader.Integer("batteryMv"u8, 0, 60_000);
        var heapFree = (int)reader.Integer("heapFree"u8, 0, int.MaxValue);
        var callBacklog = (int)reader.Integer("callBacklog"u8, 0, int.MaxValue);
        var callOldestS = (int)reader.Integer("callOldestS"u8, 0, int.MaxValue);
        var eventBacklog = (int)reader.Integer("eventBacklog"u8, 0, int.MaxValue);
        var eventOldestS = (int)reader.Integer("eventOldestS"u8, 0, int.MaxValue);
        var overruns = (int)reader.Integer("overruns"u8, 0, int.MaxValue);
        var refused = (int)reader.Integer("refused"u8, 0, int.MaxValue);
        return new HeartbeatMessage(
            device, payload, session, n, time, mains, batteryMv, heapFree, callBacklog, callOldestS, eventBacklog, eventOldestS, overruns, refused);
    }

    private static ResultMessage ReadResult(string device, ReadOnlyMemory<byte> payload, ref MemberReader reader)
    {
        var session = reader.Hex("session"u8, 16);
        var n = reader.Integer("n"u8, 1, FlatObject.IntegerMax);
        var id = reader.Name("id"u8, 1, 32, mayBeUpperCase: false);
        var result = Results[reader.OneOf("result"u8, Results)];
        var reason = Encoding.ASCII.GetString(reader.Text("reason"u8, 0, 32));
        return new ResultMessage(device, payload, session, n, id, result, reason);
    }

    private static ConfigReportedMessage ReadConfigReported(string device, ReadOnlyMemory<byte> payload, ref MemberReader reader)
    {
        var session = reader.Hex("session"u8, 16);
        reader.Integer("schema"u8, 1, 255);
        var version = (int)reader.Integer("version"u8, 0, int.MaxValue);
        var state = ConfigStates[reader.OneOf("state"u8, ConfigStates)];
        var reason = Encoding.ASCII.GetString(reader.Text("reason"u8, 0, 32));
        var inForce = (int)reader.Integer("inForce"u8, 0, int.MaxValue);
        reader.Boolean("local"u8);
        uint? sum = reader.Has("sum"u8) ? (uint)reader.Hex("sum"u8, 8) : null;
        return new ConfigReportedMessage(device, payload, session, version, state, reason, inForce) { Sum = sum };
    }

    private static BoardTime ReadTime(ref MemberReader reader)
    {
        var boot = (uint)reader.Integer("boot"u8, 1, uint.MaxValue);
        var up = reader.Integer("up"u8, 0, FlatObject.IntegerMax);
        var at = reader.Integer("at"u8, 0, FlatObject.IntegerMax);
        return new BoardTime(boot, up, at, (BoardClock)reader.OneOf("clock"u8, Clocks));
    }

    private static string Word(ReadOnlySpan<byte> text)
    {
        foreach (var word in KnownWords)
        {
            if (Ascii.Equals(text, word))
            {
                return word;
            }
        }

        return Encoding.ASCII.GetString(text);
    }
}
