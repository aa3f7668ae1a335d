using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Gateway.Cli.Commands;

/// <summary>Options that take a number within bounds. Whatever else is typed gets one sentence, with the bounds in it.</summary>
internal static class NumberOption
{
    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>; <paramref name="ifAbsent"/> gives the value when the option is not there.</summary>
    public static Option<T> Create<T>(string name, string description, T min, T max, Func<T> ifAbsent)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => ifAbsent(),
            CustomParser = result => Parse(result, name, min, max).GetValueOrDefault(),
        };

    /// <summary>The same, null when the option is not there.</summary>
    public static Option<T?> CreateOptional<T>(string name, string description, T min, T max)
        where T : struct, INumber<T> => new(name) { Description = description, CustomParser = result => Parse(result, name, min, max) };

    private static T? Parse<T>(ArgumentResult result, string name, T min, T max)
        where T : struct, INumber<T>
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {min} to {max}, not '{text}'."));
        return null;
    }
}
