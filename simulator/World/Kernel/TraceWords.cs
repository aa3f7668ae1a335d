using System.Globalization;
using Gateway.Hub.Ingest;
using Gateway.World.Network;

namespace Gateway.World.Kernel;

/// <summary>The two numbers of a note in words, so that a trace is read without the sources.</summary>
internal static class TraceWords
{
    private static readonly string[] Inputs = ["help button", "hidden switch", "cancel button", "reset key", "contact 1", "contact 2", "tamper", "patrol key", "mains"];
    private static readonly string[] Lamps = ["red (written down)", "received", "accepted", "on the way", "health", "buzzer", "siren"];

    public static string Of(string what, long a, long b) => what switch
    {
        "input" => Say($"{Name(Inputs, a)} {(b == 1 ? "on" : "off")}"),
        Trace.LampNote => Say($"{Name(Lamps, a)} {(b == 1 ? "on" : "off")}"),
        "line" => Say($"on channel {a}: {b} mV,"),
        "path" => Say($"{(PathState)a}"),
        "stalls" => Say($"for {a / VirtualTime.Ms} ms"),
        "pushed help" or "pushed silent" => Say($"press {a}, at {b} ms of its clock"),
        "latched" => Say($"call {a}, {b} presses"),
        "sends a signal" => Say($"of {a} bytes"),
        "committed" => b == 0 ? Say($"number {a}:") : Say($"number {a} of call {b}:"),
        "receipt" => Say($"through {a} in the lane {(Lane)b}"),
        "commit" => Say($"of {a} inputs; {b} signals on the disk"),
        "commit cut" => Say($"after {a} bytes, {b} kept"),
        "incident" => Say($"{a}, version {b},"),
        "command" => Say($"on incident {a}:"),
        "power on" or "power off" => Say($"(incarnation {a})"),
        "starts" => Say($"(process {a})"),
        "dies" => a == 1 ? "with its machine" : "alone",
        _ => a != 0 || b != 0 ? Say($"{a} {b}") : "",
    };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Name(string[] names, long number) => number >= 0 && number < names.Length ? names[number] : number.ToString(CultureInfo.InvariantCulture);
}
