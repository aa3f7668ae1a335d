using Gateway.NanoFramework.Tests.Conformance;

namespace Gateway.NanoFramework.Tests;

/// <summary>The firmware uses only what the board's API has, in C# 9, and nothing that compiles but kills the runtime.</summary>
public sealed class FirmwareConformanceTests
{
    [Fact]
    public void Firmware_compiles_against_the_listed_API_alone()
    {
        var errors = BoardCompilation.Errors(BoardCompilation.OfFiles("Gateway.Firmware", BoardCompilation.FirmwareFiles()), out _);

        Assert.True(errors.Length == 0, string.Join("\n", errors));
    }

    [Fact]
    public void Firmware_has_nothing_that_compiles_and_kills_the_runtime()
    {
        BoardCompilation.Errors(BoardCompilation.OfFiles("Gateway.Firmware", BoardCompilation.FirmwareFiles()), out var image);

        var findings = KillerScan.Of(image);

        Assert.True(findings.Length == 0, string.Join("\n", findings));
    }

    [Fact]
    public void Unit_tests_of_the_firmware_compile_against_the_listed_API_and_run_on_the_runtime()
    {
        var files = BoardCompilation.FirmwareFiles().Concat(BoardCompilation.FilesOf("tests/Firmware/NFUnitTest.projitems"));

        var errors = BoardCompilation.Errors(BoardCompilation.OfFiles("NFUnitTest", files), out var image);

        Assert.True(errors.Length == 0, string.Join("\n", errors));
        var findings = KillerScan.Of(image);
        Assert.True(findings.Length == 0, string.Join("\n", findings));
    }

    [Fact]
    public void The_board_project_references_the_packages_of_its_packages_config_and_all_that_the_sources_need()
    {
        var folder = Path.Combine(Checkout.Root, "firmware");
        var packages = System.Xml.Linq.XDocument.Load(Path.Combine(folder, "packages.config")).Root!.Elements()
            .Select(p => $"{p.Attribute("id")!.Value}.{p.Attribute("version")!.Value}").Order(StringComparer.Ordinal);
        var references = System.Xml.Linq.XDocument.Load(Path.Combine(folder, "Gateway.Firmware.nfproj")).Descendants().Where(e => e.Name.LocalName == "Reference").ToList();
        var hinted = references.Select(r => r.Elements().Single(e => e.Name.LocalName == "HintPath").Value.Split('\\')[2]).Order(StringComparer.Ordinal);
        var assemblies = references.Select(r => r.Attribute("Include")!.Value.Split(',')[0]).ToHashSet();
        BoardCompilation.Errors(BoardCompilation.OfFiles("Gateway.Firmware", BoardCompilation.FirmwareFiles()), out var image);
        using var compiled = Mono.Cecil.AssemblyDefinition.ReadAssembly(new MemoryStream(image));
        var needed = compiled.MainModule.AssemblyReferences.Select(r => r.Name);

        Assert.Equal(packages, hinted);
        Assert.Empty(needed.Except(assemblies));
    }
}
