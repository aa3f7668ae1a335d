namespace Gateway.EndToEnd.Tests;

/// <summary>A data folder of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gateway-demo-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
