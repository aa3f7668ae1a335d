using System.Text.RegularExpressions;

namespace Gateway.House.Tests;

/// <summary>An example of firmware/PROTOCOL.md: topic and payload as printed.</summary>
internal sealed record ProtocolExample(string Topic, string Payload)
{
    /// <summary>The topic with the device's place left open, as in the channel's address.</summary>
    public string Address => Regex.Replace(Topic, "^gw/[^/]+/", "gw/{device}/");
}

/// <summary>firmware/PROTOCOL.md as the tests read it: its sections, tables, examples, assertions.</summary>
internal sealed partial class ProtocolDocument
{
    private readonly string text = Checkout.Read("firmware/PROTOCOL.md");

    public IReadOnlyList<ProtocolExample> Examples =>
        [.. Example().Matches(text).Select(match => new ProtocolExample(match.Groups[1].Value, match.Groups[2].Value))];

    /// <summary>Numbers of the assertions in the order in which they are stated.</summary>
    public IReadOnlyList<int> Assertions => [.. Assertion().Matches(text).Select(match => int.Parse(match.Groups[1].Value))];

    /// <summary>Numbers of the assertions that are cited anywhere in it.</summary>
    public IReadOnlyList<int> Citations => [.. Citation().Matches(text).Select(match => int.Parse(match.Groups[1].Value))];

    public byte[] TestKey => Convert.FromHexString(PrintedKey().Match(text).Groups[1].Value);

    /// <summary>The rows of a section's tables, one after the other: cells without their outer spaces, header rows left out.</summary>
    public IReadOnlyList<IReadOnlyList<string[]>> Tables(int section)
    {
        var body = Regex.Match(text, $@"^## {section}\. .*?$(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        var tables = new List<IReadOnlyList<string[]>>();
        foreach (Match table in Table().Matches(body))
        {
            var rows = table.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Cells).ToList();
            tables.Add(rows[2..]);
        }

        return tables;
    }

    /// <summary>What stands between backticks.</summary>
    public static IReadOnlyList<string> Names(string cell) => [.. Quoted().Matches(cell).Select(match => match.Groups[1].Value)];

    private static string[] Cells(string row) => [.. row.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    [GeneratedRegex(@"^`((?:gw|hub)/[^`\n]+)`\n\n```json\n(.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^- \*\*\[GW-(\d+)\]\*\*", RegexOptions.Multiline)]
    private static partial Regex Assertion();

    [GeneratedRegex(@"\[GW-(\d+)\]")]
    private static partial Regex Citation();

    [GeneratedRegex(@"^`([0-9a-f]{64})`", RegexOptions.Multiline)]
    private static partial Regex PrintedKey();

    [GeneratedRegex(@"(?:^\|.*\|\n)+", RegexOptions.Multiline)]
    private static partial Regex Table();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
