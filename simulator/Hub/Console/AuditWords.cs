using System.Text.Json;
using Gateway.Hub.Audit;

namespace Gateway.Hub.Console;

/// <summary>The content of an audit entry for people: members and values in a line, without those that have a column of their own. The chain holds the text as it was written.</summary>
public static class AuditWords
{
    /// <summary>More of one entry is behind a click: a page has a hundred.</summary>
    private const int CharsMax = 300;

    private static readonly HashSet<string> Columns = new(StringComparer.Ordinal) { "type", "at", "actor" };

    public static string Of(AuditEntry entry) => Line(entry) is var line && line.Length <= CharsMax ? line : line[..CharsMax] + "…";

    /// <summary>The line is not all of it.</summary>
    public static bool IsMore(AuditEntry entry) => Line(entry).Length > CharsMax;

    private static string Line(AuditEntry entry) => Line(entry.Content) ?? entry.Content;

    private static string? Line(string content)
    {
        if (!content.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(content);
            return string.Join("; ", Members(json.RootElement, "").Where(member => !Columns.Contains(member.Name)).Select(member => $"{member.Name}: {member.Value}"));
        }
        catch (JsonException)
        {
            // A content that only begins like an object is shown as it is.
            return null;
        }
    }

    /// <summary>What is empty says nothing; what lies deeper is named by its way.</summary>
    private static IEnumerable<(string Name, string Value)> Members(JsonElement value, string name)
    {
        var inside = name.Length == 0 ? "" : name + ".";
        return value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Members(member.Value, inside + member.Name)),
            JsonValueKind.Array => value.GetArrayLength() == 0 ? []
                : value.EnumerateArray().All(element => element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) ? [(name, string.Join(", ", value.EnumerateArray()))]
                : value.EnumerateArray().SelectMany((element, at) => Members(element, $"{inside}{at + 1}")),
            JsonValueKind.Null => [],
            _ => value.ToString() is { Length: > 0 } text ? [(name, text)] : [],
        };
    }
}
