namespace Gateway.Mqtt.Tests.Endpoint;

/// <summary>Tests that measure this process and therefore run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
