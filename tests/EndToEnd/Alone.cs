namespace Gateway.EndToEnd.Tests;

/// <summary>Tests whose figures are of a machine that does nothing else for this suite.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
