namespace Gateway.Hub.Stations;

/// <summary>A text of the station's data in the languages its people use. Language is data: a text that is missing in one is taken from another.</summary>
/// <param name="Zh">Chinese; always there.</param>
/// <param name="En">English; empty when nobody has written it.</param>
/// <param name="Mn">Mongolian; empty when nobody who speaks it has written it.</param>
public sealed record LocalText(string Zh, string En = "", string Mn = "")
{
    public static LocalText Empty { get; } = new("");

    /// <summary>The text for a BCP 47 tag such as <c>zh-CN</c>; Chinese, then English, when it is missing.</summary>
    public string For(string tag)
    {
        var wanted = tag.Split('-')[0] switch { "en" => En, "mn" => Mn, _ => Zh };
        return wanted.Length > 0 ? wanted : Zh.Length > 0 ? Zh : En;
    }
}
