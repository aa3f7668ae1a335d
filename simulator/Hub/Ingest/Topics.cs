namespace Gateway.Hub.Ingest;

/// <summary>The topics of PROTOCOL.md section 1.</summary>
public static class Topics
{
    public const string HubStatus = "hub/status";
    public const int DeviceCharsMin = 3;
    public const int DeviceCharsMax = 32;
    public const int UplinkBytesMax = 1_024;
    public const int ReportedBytesMax = 2_048;
    public const int DownlinkBytesMax = 1_024;
    public const int ConfigBytesMax = 4_096;

    public static readonly IReadOnlyList<string> Uplink = ["signal", "status", "heartbeat", "result", "config/reported"];
    public static readonly IReadOnlyList<string> Downlink = ["receipt", "notice", "command", "config"];

    public static string Of(string device, string leaf) => $"gw/{device}/{leaf}";

    /// <summary>Splits `gw/{device}/{leaf}`. False for anything else.</summary>
    public static bool TrySplit(string topic, out string device, out string leaf)
    {
        device = leaf = "";
        if (!topic.StartsWith("gw/", StringComparison.Ordinal))
        {
            return false;
        }

        var end = topic.IndexOf('/', 3);
        if (end < 0 || !IsDevice(topic.AsSpan(3, end - 3)))
        {
            return false;
        }

        device = topic[3..end];
        leaf = topic[(end + 1)..];
        return true;
    }

    public static bool IsDevice(ReadOnlySpan<char> name)
    {
        if (name.Length is < DeviceCharsMin or > DeviceCharsMax)
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
