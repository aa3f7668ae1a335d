namespace Gateway.Hub.Tests.Support;

/// <summary>A folder of its own for one test, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("gateway-hub-").FullName;

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
