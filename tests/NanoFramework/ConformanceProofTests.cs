using Gateway.NanoFramework.Tests.Conformance;

namespace Gateway.NanoFramework.Tests;

/// <summary>The API test and the killer scan can fail: each bad snippet fails, for exactly its reason.</summary>
public sealed class ConformanceProofTests
{
    static readonly string folder = Path.Combine(Checkout.Root, "tests", "NanoFramework", "Fixtures");

    public static TheoryData<string> NotInApi() => Snippets("NotInApi");

    public static TheoryData<string> Killers() => Snippets("Killers");

    [Theory]
    [MemberData(nameof(NotInApi))]
    public void What_the_board_lacks_is_a_compiler_error_with_file_and_line(string snippet)
    {
        var (path, text) = Read("NotInApi", snippet);
        var expected = text.Split('\n')[0].Replace("// expects: ", "").Trim();

        var errors = BoardCompilation.Errors(BoardCompilation.Of("Snippet", [(path, text)]), out _);

        Assert.Contains(errors, error => error.Contains($" {expected} ") || error.StartsWith(expected, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.Matches($@"^({snippet}\.cs\(\d+\): )?CS\d+ ", error));
    }

    [Theory]
    [MemberData(nameof(Killers))]
    public void What_kills_the_runtime_compiles_and_is_found_by_its_name(string snippet)
    {
        var (path, text) = Read("Killers", snippet);
        var rule = Declared(text, "// expects: ") ?? snippet;
        var allowed = Declared(text, "// allows: ");

        Assert.Empty(BoardCompilation.Errors(BoardCompilation.Of("Snippet", [(path, text)]), out var image));
        var findings = KillerScan.Of(image);

        Assert.Contains(findings, finding => finding.StartsWith(rule + ":", StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.True(finding.StartsWith(rule + ":", StringComparison.Ordinal) || (allowed is not null && finding.StartsWith(allowed + ":", StringComparison.Ordinal)), finding));
    }

    [Fact]
    public void Language_that_works_on_the_board_passes_both()
    {
        var (path, text) = Read("Good", "works");
        var compilation = BoardCompilation.Of("Snippet", [(path, text)]);

        Assert.Empty(BoardCompilation.Errors(compilation, out var image));
        Assert.Empty(KillerScan.Of(image));
    }

    static string? Declared(string text, string mark) => text.Split('\n')[0] is var first && first.StartsWith(mark, StringComparison.Ordinal) ? first[mark.Length..].Trim() : null;

    static (string Path, string Text) Read(string kind, string snippet) => ($"{snippet}.cs", File.ReadAllText(Path.Combine(folder, kind, snippet + ".cs")));

    static TheoryData<string> Snippets(string kind) => [.. Directory.GetFiles(Path.Combine(folder, kind)).Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];
}
