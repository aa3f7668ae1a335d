using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.House.Tests;

/// <summary>Type and bounds of one member, in one form for both documents: <c>int 0..32</c>, <c>bool</c>, <c>hex 16</c>, <c>enum a|b</c>, <c>chars 1..32 [a-z0-9-]</c>.</summary>
internal static partial class MemberBounds
{
    /// <summary>The form of a cell "type, bounds" of PROTOCOL.md; null when it refers to another place.</summary>
    public static string? OfCell(string cell)
    {
        if (cell == "boolean")
        {
            return "bool";
        }

        if (cell == "1")
        {
            return "int 1..1";
        }

        if (Hex().Match(cell) is { Success: true } hex)
        {
            return "hex " + hex.Groups[1].Value;
        }

        if (Words().IsMatch(cell))
        {
            return "enum " + string.Join('|', ProtocolDocument.Names(cell).Order(StringComparer.Ordinal));
        }

        if (PlusMinus().Match(cell) is { Success: true } both)
        {
            return $"int -{Number(both.Groups[1].Value)}..{Number(both.Groups[1].Value)}";
        }

        if (Range().Match(cell) is not { Success: true } range)
        {
            return null;
        }

        var bounds = $"{Number(range.Groups[1].Value)}..{Number(range.Groups[2].Value)}";
        var (chars, set) = (range.Groups[3].Value, range.Groups[4].Value);
        return chars.Length > 0 ? $"chars {bounds} [printable]" : set.Length > 0 ? $"chars {bounds} [{set.Replace(" ", "")}]" : $"int {bounds}";
    }

    /// <summary>The form of a property's schema; throws for one that bounds nothing.</summary>
    public static string OfSchema(YamlTree schema)
    {
        var type = schema["type"].Text;
        if (schema.Has("const"))
        {
            return type == "integer" ? $"int {schema["const"].Text}..{schema["const"].Text}" : "enum " + schema["const"].Text;
        }

        if (schema.Has("enum"))
        {
            return "enum " + string.Join('|', schema["enum"].Items.Select(item => item.Text).Order(StringComparer.Ordinal));
        }

        return type switch
        {
            "boolean" => "bool",
            "integer" => $"int {schema["minimum"].Text}..{schema["maximum"].Text}",
            "string" when HexPattern().Match(schema["pattern"].Text) is { Success: true } hex => "hex " + hex.Groups[1].Value,
            "string" => $"chars {schema["minLength"].Text}..{schema["maxLength"].Text} [{SetOf(schema["pattern"].Text)}]",
            _ => throw new InvalidOperationException($"a schema of type {type}"),
        };
    }

    /// <summary>Why a value is outside of its schema; null when it is inside.</summary>
    public static string? Offence(JsonElement value, YamlTree schema)
    {
        var matches = schema["type"].Text switch
        {
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && IsWithin(number, schema),
            _ => value.ValueKind == JsonValueKind.String && IsWithin(value.GetString()!, schema),
        };
        return matches ? null : $"{value.GetRawText()} is not {OfSchema(schema)}";
    }

    private static bool IsWithin(long number, YamlTree schema) => schema.Has("const")
        ? number == long.Parse(schema["const"].Text, CultureInfo.InvariantCulture)
        : number >= long.Parse(schema["minimum"].Text, CultureInfo.InvariantCulture) && number <= long.Parse(schema["maximum"].Text, CultureInfo.InvariantCulture);

    private static bool IsWithin(string text, YamlTree schema) =>
        (!schema.Has("const") || text == schema["const"].Text)
        && (!schema.Has("enum") || schema["enum"].Items.Any(item => item.Text == text))
        && (!schema.Has("pattern") || Regex.IsMatch(text, schema["pattern"].Text))
        && (!schema.Has("minLength") || text.Length >= int.Parse(schema["minLength"].Text, CultureInfo.InvariantCulture))
        && (!schema.Has("maxLength") || text.Length <= int.Parse(schema["maxLength"].Text, CultureInfo.InvariantCulture));

    private static string SetOf(string pattern) => pattern switch
    {
        @"^[ !#-\[\]-~]*$" => "printable",
        _ => Regex.Match(pattern, @"^\^\[([^\]]+)\]\*\$$") is { Success: true } set ? set.Groups[1].Value : throw new InvalidOperationException($"the pattern {pattern} is none that PROTOCOL.md can say"),
    };

    /// <summary>A number of the document: 65,535 or 2^53-1.</summary>
    private static string Number(string text)
    {
        if (Power().Match(text) is { Success: true } power)
        {
            return ((1L << int.Parse(power.Groups[1].Value, CultureInfo.InvariantCulture)) - 1).ToString(CultureInfo.InvariantCulture);
        }

        return text.Replace(",", "");
    }

    [GeneratedRegex(@"^(\d+) hex$")]
    private static partial Regex Hex();

    [GeneratedRegex(@"^\^(?:\(\?!0\{8\}\))?\[0-9a-f\]\{(\d+)\}\$$")]
    private static partial Regex HexPattern();

    [GeneratedRegex("^`[A-Za-z]+`(, `[A-Za-z]+`)*$")]
    private static partial Regex Words();

    [GeneratedRegex(@"^±([\d,]+)$")]
    private static partial Regex PlusMinus();

    [GeneratedRegex(@"^([\d,]+)\.\.([\d,]+|2\^\d+-1)(?:( chars)| of `([^`]+)`)?$")]
    private static partial Regex Range();

    [GeneratedRegex(@"^2\^(\d+)-1$")]
    private static partial Regex Power();
}
