using System.Runtime.CompilerServices;

namespace Gateway.Hub.Tests.Console;

/// <summary>The sources of the hub, for tests that read them.</summary>
internal static class Sources
{
    public static string HubFolder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "simulator", "Hub"));

    /// <summary>The contents of the files of Api, Console and Accounts that match one of the patterns.</summary>
    public static IEnumerable<string> Files(params string[] patterns) => Files(["Api", "Console", "Accounts"], patterns);

    public static IEnumerable<string> Files(string[] rooms, params string[] patterns) =>
        from room in rooms
        from pattern in patterns
        from file in Directory.EnumerateFiles(Path.Combine(HubFolder, room), pattern, SearchOption.AllDirectories)
        select File.ReadAllText(file);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
