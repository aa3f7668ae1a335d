using System.Globalization;

namespace Gateway.Hub.Ingest;

/// <summary>A latch reset as the text that is stored of it: `resetLatch call 5f0e2b91 17`.</summary>
internal static class ResetText
{
    public static string Write(Lane lane, uint epoch, uint seq) => $"resetLatch {LaneNames.Of(lane)} {epoch:x8} {seq}";

    public static PendingReset Read(string id, string device, string text)
    {
        var parts = text.Split(' ');
        return new PendingReset(
            id, device, LaneNames.Parse(parts[1]), uint.Parse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            uint.Parse(parts[3], CultureInfo.InvariantCulture));
    }
}

/// <summary>The words of the lanes on the wire.</summary>
public static class LaneNames
{
    public static string Of(Lane lane) => lane switch { Lane.Call => "call", Lane.Event => "event", _ => "volatile" };

    public static Lane Parse(string word) => word switch { "call" => Lane.Call, "event" => Lane.Event, "volatile" => Lane.Volatile, _ => throw new FormatException($"no lane is called {word}") };
}
