using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gateway.House.Tests;

/// <summary>What a reader of the folder may rely on.</summary>
public sealed partial class FileRules
{
    private static readonly string[] TopLevel = ["firmware", "simulator", "tests", "seeds", "hardware", "README.md", "Gateway.sln", "Directory.Build.props", "Directory.Packages.props"];

    [Theory]
    [InlineData("firmware/Gateway.Firmware.projitems", "firmware")]
    [InlineData("tests/Firmware/NFUnitTest.projitems", "tests/Firmware")]
    public void The_file_list_names_every_source_once_in_its_exact_case(string list, string folder)
    {
        var listed = XDocument.Parse(Checkout.Read(list)).Descendants()
            .Where(element => element.Name.LocalName == "Compile")
            .Select(element => folder + "/" + element.Attribute("Include")!.Value.Replace("$(MSBuildThisFileDirectory)", "").Replace('\\', '/'))
            .Order(StringComparer.Ordinal).ToList();
        var onDisk = Checkout.Files(folder, ".cs").Where(path => !path.Contains("/Properties/")).ToList();

        Assert.Equal(onDisk, listed);
    }

    [Fact]
    public void The_top_level_holds_only_the_agreed_rooms()
    {
        var odd = Directory.EnumerateFileSystemEntries(Checkout.Root)
            .Select(Path.GetFileName).OfType<string>()
            .Where(name => !name.StartsWith('.') && !TopLevel.Contains(name))
            .Where(name => name is not ("TestResults" or "data" or "bin" or "obj")).ToList();

        Assert.Empty(odd);
    }

    [Fact]
    public void Firmware_has_no_conditional_compilation()
    {
        var offences = Checkout.Files("firmware", ".cs").Where(path => ConditionalDirective().IsMatch(Checkout.Read(path))).ToList();

        Assert.Empty(offences);
    }

    [Fact]
    public void No_catch_block_is_empty()
    {
        var offences = new[] { "firmware", "simulator", "tests", "hardware" }
            .SelectMany(folder => Checkout.Files(folder, ".cs"))
            .Where(path => EmptyCatch().IsMatch(Checkout.Read(path)))
            .ToList();

        Assert.Empty(offences);
    }

    [Fact]
    public void Every_test_that_the_invariants_name_exists()
    {
        var sources = string.Join("\n", Checkout.Files("tests", ".cs").Select(Checkout.Read));
        var named = TestName().Matches(Checkout.Read("tests/INVARIANTS.md")).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.True(named.Count >= 13, $"only {named.Count} tests are named");
        var lost = named.Where(name => !Regex.IsMatch(sources, @"\b(void|Task)\s+" + name + @"\s*\(")).ToList();
        Assert.True(lost.Count == 0, "named in INVARIANTS.md, but no such test: " + string.Join(", ", lost));
    }

    [Fact]
    public void Relative_links_in_documents_lead_somewhere()
    {
        var broken = new List<string>();
        foreach (var document in new[] { "firmware", "simulator", "tests", "seeds", "hardware" }.SelectMany(folder => Checkout.Files(folder, ".md")).Append("README.md"))
        {
            var folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, document))!;
            foreach (Match link in Link().Matches(Checkout.Read(document)))
            {
                var target = link.Groups[1].Value.Split('#')[0];
                if (target.Length > 0 && !target.Contains("://") && !target.StartsWith("mailto:") && !Path.Exists(Path.Combine(folder, target)))
                {
                    broken.Add($"{document}: {target}");
                }
            }
        }

        Assert.True(broken.Count == 0, string.Join("\n", broken));
    }

    [GeneratedRegex(@"^\s*#\s*if\b", RegexOptions.Multiline)]
    private static partial Regex ConditionalDirective();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^)]*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+){2,})`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"!?\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
