using System.Text.RegularExpressions;

namespace Gateway.Hub.Fleet;

/// <summary>A zone of a board, written as words: INPUT KIND [life] [disarm=HHMM-HHMM] [name=TEXT] (PROTOCOL.md section 10).</summary>
public static partial class ZoneText
{
    private static readonly string[] MayBeLife = ["door", "pen", "water", "sensor"];

    /// <summary>The input of a well-formed zone; null for anything else, the empty text too.</summary>
    public static string? InputOf(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var kind = match.Groups["kind"].Value;
        var isLife = match.Groups["life"].Success;
        var disarms = match.Groups["disarm"].Success;
        return (isLife && !MayBeLife.Contains(kind)) || (disarms && (kind != "door" || isLife)) ? null : match.Groups["input"].Value;
    }

    [GeneratedRegex("\\A(?<input>contact[12]|loop[1-4]) (?<kind>smoke|gas|door|pen|water|sensor|tamper|mains|patrol)(?<life> life)?(?<disarm> disarm=([01][0-9]|2[0-3])[0-5][0-9]-([01][0-9]|2[0-3])[0-5][0-9])?( name=.+)?\\z")]
    private static partial Regex Form();
}
