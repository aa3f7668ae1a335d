namespace Gateway.NanoFramework.Tests.Board;

/// <summary>
/// Tests in real time whose edges a pool of threads tells: beside others that fill the pool, an edge may be told later than the firmware allows after a stall
/// (250 ms), which no board's runtime does.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
