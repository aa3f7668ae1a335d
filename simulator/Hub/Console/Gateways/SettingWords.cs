using System.Globalization;

namespace Gateway.Hub.Console.Gateways;

/// <summary>Values of settings as a form writes them.</summary>
public static class SettingWords
{
    /// <summary>true, false, the number or the text; empty for nothing.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
