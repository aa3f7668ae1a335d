using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Gateway.Hub.Console.Field;

/// <summary>Short phrases in traditional Mongolian, written vertically beside the words of the reader's language. Data: <c>Phrases/mn-Mong.json</c>; README.md lists what no native speaker has reviewed.</summary>
public static class Phrases
{
    /// <summary>Debian's <c>fonts-noto-core</c>; a hub without it leaves the script to the phone's own fonts.</summary>
    private const string FontPath = "/usr/share/fonts/truetype/noto/NotoSansMongolian-Regular.ttf";

    /// <summary>Key to phrase, as JSON without markup characters.</summary>
    public static string Json { get; } = Read();

    public static bool HasFont { get; } = File.Exists(FontPath);

    public static IResult Font() => Results.File(FontPath, "font/ttf");

    private static string Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("phrases/mn-Mong.json")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
