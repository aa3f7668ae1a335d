namespace Gateway.House.Tests;

/// <summary>The checkout that the tests read as text: found upward from the test assembly by the solution's name.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>Files of the checkout below <paramref name="folder"/>, without build output, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "TestResults" or "node_modules"))
            .Where(path => endings.Length == 0 || endings.Any(path.EndsWith))
            .Order(StringComparer.Ordinal);

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No Gateway.sln above " + AppContext.BaseDirectory);
    }
}
