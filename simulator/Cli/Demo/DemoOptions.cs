namespace Gateway.Cli.Demo;

/// <summary>What the command line asked of a demo.</summary>
/// <param name="Boards">How many virtual boards, from the first of the station file; null for all of them.</param>
/// <param name="History">Make up a past of some months first, in a data folder that has no data yet.</param>
internal sealed record DemoOptions(int ConsolePort, int MqttPort, string DataFolder, int? Boards, bool NoHub, bool NoBrowser, bool History = false)
{
    /// <summary>Station files, or names of those that come with the program; empty for Sumitu.</summary>
    public IReadOnlyList<string> Stations { get; init; } = [];

    public const int DefaultConsolePort = 5080;

    /// <summary>Not 1883: a developer's machine often has a broker of its own there.</summary>
    public const int DefaultMqttPort = 18830;

    /// <summary>
    /// One folder per user, wherever the command is started. Not verified, because on a fresh machine the parent does not exist yet, and the answer would
    /// be an empty path: the data would lie wherever the command was started.
    /// </summary>
    public static string DefaultDataFolder { get; } = Path.GetFullPath(Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "emergency-gateway-demo"));
}
