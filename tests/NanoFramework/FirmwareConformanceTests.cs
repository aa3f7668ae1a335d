using Gateway.NanoFramework.Tests.Conformance;

namespace Gateway.NanoFramework.Tests;

/// <summary>The firmware uses only what the board's API has, in C# 9, and nothing that compiles but kills the runtime.</summary>
public sealed class FirmwareConformanceTests
{
    [Fact]
    public void Firmware_compiles_against_the_listed_API_alone()
    {
        var errors = BoardCompilation.Errors(BoardCompilation.OfFiles("Gateway.Firmware", BoardCompilation.FirmwareFiles()));

        Assert.True(errors.Length == 0, string.Join("\n", errors));
    }
}
