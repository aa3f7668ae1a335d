using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Hardware.Tests;

/// <summary>Runs a deck of hardware/decks with changed parameters and reads the values that it prints.</summary>
public static partial class Spice
{
    private const int DeadlineMs = 30_000;

    public static Dictionary<string, double> Run(string deck, params (string Name, string Value)[] parameters)
    {
        var path = Find() ?? throw new InvalidOperationException("call SkipWithoutSpice first");
        var text = Text(deck);
        foreach (var (name, value) in parameters)
        {
            var changed = Regex.Replace(text, $@"(?<=\b){Regex.Escape(name)}=[^\s;]+", $"{name}={value}");
            Assert.True(changed != text || text.Contains($"{name}={value}", StringComparison.Ordinal), $"{deck} has no parameter {name}");
            text = changed;
        }

        var file = Path.Combine(Path.GetTempPath(), $"deck-{Guid.NewGuid():N}.cir");
        File.WriteAllText(file, text);
        try
        {
            return Read(path, file, deck);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static void SkipWithoutSpice()
    {
        if (Find() is null)
        {
            Assert.Skip("ngspice is not installed: apt-get install ngspice");
        }
    }

    /// <summary>The ".param Name=value ; netlist R1" lines of a deck: name, value, reference.</summary>
    public static IEnumerable<(string Name, string Value, string Reference)> Parameters(string deck) =>
        Parameter().Matches(Text(deck)).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value));

    public static string Text(string deck) => Room.Read($"hardware/decks/{deck}");

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, "ngspice"), Path.Combine(folder, "ngspice.exe") })
        .FirstOrDefault(File.Exists);

    private static Dictionary<string, double> Read(string ngspice, string file, string deck)
    {
        var start = new ProcessStartInfo(ngspice, ["-b", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(DeadlineMs))
        {
            process.Kill();
            Assert.Fail($"{deck}: ngspice gave no answer in {DeadlineMs} ms");
        }

        var all = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        var values = new Dictionary<string, double>();
        foreach (Match match in Result().Matches(all))
        {
            values[match.Groups[1].Value] = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        }

        Assert.True(values.Count > 0 && !all.Contains("aborted", StringComparison.Ordinal), $"{deck}: {all}");
        return values;
    }

    [GeneratedRegex(@"^\.param (\w+)=(\S+)\s*; netlist (\w+)", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(v\(\w+\)|\w+)\s+=\s+(-?\d\S*)", RegexOptions.Multiline)]
    private static partial Regex Result();
}
