using System.Globalization;

namespace Gateway.Hub.Console;

/// <summary>
/// A number in the address of a page. Pages take it as text: what is no number is as if it were not there, like every other word of an address that says nothing,
/// while a parameter of a number's type would end the whole request.
/// </summary>
internal static class QueryNumber
{
    public static long? Of(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
