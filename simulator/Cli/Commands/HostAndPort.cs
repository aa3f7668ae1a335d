using System.Globalization;

namespace Gateway.Cli.Commands;

/// <summary>`HOST:PORT` as it is typed; IPv6 in brackets.</summary>
internal static class HostAndPort
{
    /// <summary>Null when it is none.</summary>
    public static (string Host, int Port)? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? (text[..colon].Trim('[', ']'), port)
            : null;
    }
}
