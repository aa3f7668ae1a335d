using System.Globalization;

namespace Gateway.Mqtt.Sockets;

/// <summary>
/// How many files, sockets among them, this process may have open. The runtime itself cannot live without a free one: when none was left it ended with
/// "Out of memory" (tried with 300 and 400 connections). So connections must be bounded well below.
/// </summary>
public static class OpenFiles
{
    /// <summary>Kept free for the program, its database and its other ports. Source: an idle hub has some 250 open (`ls /proc/PID/fd`).</summary>
    public const int Reserve = 1_024;

    private const string LimitsFile = "/proc/self/limits";
    private const string Line = "Max open files";

    /// <summary>The system's limit for this process; null where there is none to read (Windows has no such limit).</summary>
    public static long? Max { get; } = Read();

    /// <summary>More sockets than this are closed as they come, whoever they are for.</summary>
    public static int ConnectionsMax { get; } = Max is null ? int.MaxValue : Bound(int.MaxValue) + (int)Math.Min(Reserve / 4, (Max ?? 0) / 8);

    /// <summary>So many connections, or what is left beside <see cref="Reserve"/>, but a quarter of the limit at least.</summary>
    public static int Bound(int connections) => Bound(connections, Max);

    internal static int Bound(int connections, long? max) => max is { } files ? (int)Math.Min(connections, Math.Max(files - Reserve, files / 4)) : connections;

    internal static long? Parse(string limits) =>
        limits.Split('\n').FirstOrDefault(static line => line.StartsWith(Line, StringComparison.Ordinal)) is { } line
        && long.TryParse(line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long files) ? files : null;

    private static long? Read()
    {
        try
        {
            return File.Exists(LimitsFile) ? Parse(File.ReadAllText(LimitsFile)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // nothing is known: the configured bound holds alone
        }
    }
}
