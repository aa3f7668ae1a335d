using Gateway.Firmware.Ports;
using Gateway.Hub.Ingest;

namespace Gateway.World;

/// <summary>
/// Where a test plants a fault: each function gets a port and gives back what the firmware or the hub sees in its place. All null in a real run.
/// </summary>
public sealed record Wrappers
{
    public Func<IFlash, IFlash>? Flash { get; init; }

    public Func<IInputs, IInputs>? Inputs { get; init; }

    public Func<IIndicators, IIndicators>? Indicators { get; init; }

    public Func<ILink, ILink>? Link { get; init; }

    public Func<IRandom, IRandom>? Random { get; init; }

    /// <summary>Once per start of the hub's core.</summary>
    public Func<IHubStore, IHubStore>? Store { get; init; }

    /// <summary>The hub's clock never ticks: nothing escalates and no link is ever lost.</summary>
    public bool StopsHubClock { get; init; }
}
