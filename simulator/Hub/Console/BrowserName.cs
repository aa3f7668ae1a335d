namespace Gateway.Hub.Console;

/// <summary>A browser as its owner knows it, out of what it says of itself: "Firefox · Android". A guess for the eye alone; nothing is decided by it.</summary>
public static class BrowserName
{
    /// <summary>The first that occurs wins: every browser also names those that it wants to be taken for.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Macintosh", "macOS"), ("Linux", "Linux")];

    /// <summary>What it says itself, where it is none that is known.</summary>
    public static string Of(string agent)
    {
        var browser = Browsers.FirstOrDefault(entry => agent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
        var system = Systems.FirstOrDefault(entry => agent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
        return browser is null ? agent : system is null ? browser : $"{browser} · {system}";
    }
}
