using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Fleet;

namespace Gateway.Hub.Tests.Support;

/// <summary>Speaks as a board: composes the payloads of PROTOCOL.md, with MACs made here and not by the code under test.</summary>
internal sealed class TestBoard
{
    public TestBoard(string device, string hub, byte[] key)
    {
        Device = device;
        Hub = hub;
        Key = key;
    }

    public TestBoard(ProvisioningFile file)
        : this(file.Device, file.Hub, Convert.FromHexString(file.Key))
    {
    }

    public string Device { get; }

    public string Hub { get; set; }

    public byte[] Key { get; }

    public string CallEpoch { get; set; } = "5f0e2b91";

    public string EventEpoch { get; set; } = "c30a77d4";

    public string VolatileEpoch { get; set; } = "09ab3cde";

    public string Session { get; set; } = "a1b2c3d4e5f60718";

    public uint Boot { get; set; } = 7;

    public long UpMs { get; set; } = 5_210;

    public long HeartbeatN { get; set; }

    public string Topic(string leaf) => $"gw/{Device}/{leaf}";

    public byte[] Sign(string leaf, string body) => Sign(Key, Topic(leaf), body);

    /// <summary>Adds the tail of [GW-9] to a payload that still lacks it: the text up to, and without, the closing brace.</summary>
    public static byte[] Sign(byte[] key, string topic, string body)
    {
        byte[] input = [.. Encoding.ASCII.GetBytes(topic), 0, .. Encoding.ASCII.GetBytes(body)];
        var mac = HMACSHA256.HashData(key, input);
        return Encoding.ASCII.GetBytes($"{body},\"mac\":\"{Convert.ToHexStringLower(mac)}\"}}");
    }

    public byte[] Birth(uint callOldest = 1, uint callNext = 1, uint eventOldest = 1, uint eventNext = 1, bool isVirtual = false, int heartbeatS = 5, long at = 0, string clock = "none", uint? volatileOldest = null) =>
        Sign("status",
            $"{{\"v\":1,\"state\":\"online\",\"session\":\"{Session}\",\"will\":\"{Session}\",\"hub\":\"{Hub}\",\"boot\":{Boot},\"up\":{UpMs},\"at\":{at},\"clock\":\"{clock}\","
            + $"\"fw\":\"0.1.0\",\"callEpoch\":\"{CallEpoch}\",\"callOldest\":{callOldest},\"callNext\":{callNext},\"eventEpoch\":\"{EventEpoch}\",\"eventOldest\":{eventOldest},"
            + $"\"eventNext\":{eventNext},\"volatileEpoch\":\"{VolatileEpoch}\",{(volatileOldest is { } oldest ? $"\"volatileOldest\":{oldest}," : "")}\"config\":3,\"heartbeatS\":{heartbeatS},\"restart\":\"power\",\"virtual\":{(isVirtual ? "true" : "false")}");

    public byte[] Offline(string? session = null) => Sign("status", $"{{\"v\":1,\"state\":\"offline\",\"session\":\"{session ?? Session}\"");

    public byte[] Heartbeat(long? n = null, int callBacklog = 0, int eventBacklog = 0, string? session = null) =>
        Sign("heartbeat",
            $"{{\"v\":1,\"session\":\"{session ?? Session}\",\"n\":{n ?? ++HeartbeatN},\"boot\":{Boot},\"up\":{UpMs},\"at\":0,\"clock\":\"none\",\"mains\":true,\"batteryMv\":12840,"
            + $"\"heapFree\":61440,\"callBacklog\":{callBacklog},\"callOldestS\":0,\"eventBacklog\":{eventBacklog},\"eventOldestS\":0,\"overruns\":0,\"refused\":0");

    public byte[] Signal(
        uint seq, string kind = "help", int zone = 1, string state = "alarm", uint? call = null, int count = 1, string lane = "call", string? epoch = null, string detail = "",
        long at = 0, string clock = "none", bool test = false, int value = 0, uint? boot = null, long? up = null) =>
        Sign("signal",
            $"{{\"v\":1,\"lane\":\"{lane}\",\"epoch\":\"{epoch ?? EpochOf(lane)}\",\"seq\":{seq},\"kind\":\"{kind}\",\"zone\":{zone},\"state\":\"{state}\","
            + $"\"call\":{call ?? (lane == "call" ? seq : 0)},\"count\":{count},\"value\":{value},\"detail\":\"{detail}\",\"boot\":{boot ?? Boot},\"up\":{up ?? UpMs},\"at\":{at},"
            + $"\"clock\":\"{clock}\",\"test\":{(test ? "true" : "false")}");

    public byte[] Gap(uint first, uint last, string lane = "call") =>
        Sign("signal", $"{{\"v\":1,\"lane\":\"{lane}\",\"epoch\":\"{EpochOf(lane)}\",\"seq\":{last},\"kind\":\"gap\",\"first\":{first}");

    public byte[] Result(string id, string result = "done", string reason = "", long n = 1) =>
        Sign("result", $"{{\"v\":1,\"session\":\"{Session}\",\"n\":{n},\"id\":\"{id}\",\"result\":\"{result}\",\"reason\":\"{reason}\"");

    public byte[] ConfigReported(int version, string state = "applied", int? inForce = null, string? sum = null) =>
        Sign("config/reported", $"{{\"v\":1,\"session\":\"{Session}\",\"schema\":1,\"version\":{version},\"state\":\"{state}\",\"reason\":\"\",\"inForce\":{inForce ?? version},\"local\":false{(sum is null ? "" : $",\"sum\":\"{sum}\"")}");

    private string EpochOf(string lane) => lane switch { "call" => CallEpoch, "event" => EventEpoch, _ => VolatileEpoch };
}
