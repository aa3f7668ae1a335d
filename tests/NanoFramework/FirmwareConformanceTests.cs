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
}
