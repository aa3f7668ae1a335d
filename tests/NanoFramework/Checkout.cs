namespace Gateway.NanoFramework.Tests;

/// <summary>The checkout that the tests read as text: found upward from the test assembly by the solution's name.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln"))) return folder.FullName;
        throw new InvalidOperationException("No Gateway.sln above " + AppContext.BaseDirectory);
    }
}
