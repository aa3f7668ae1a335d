using System.Net;
using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <param name="Id">The name under which people see the board; the firmware takes its device id from its own provisioning.</param>
/// <param name="FlashFolder">Where the flash image lives; it survives power cuts and restarts of the host.</param>
public sealed record RealTimeBoardOptions(string Id, string FlashFolder)
{
    public BoardCosts Costs { get; init; } = BoardCosts.None;

    /// <summary>
    /// How long the pulse stretcher on the carrier holds the help line after a press, ms: 3,880..6,000 by hardware/TABLES.md; 0 is a board without it, where each press is
    /// seen for itself.
    /// </summary>
    public int StretchMs { get; init; }

    /// <summary>What lies behind the network plug (<see cref="VirtualNetwork.Route"/>).</summary>
    public Func<IPEndPoint, IPEndPoint> Route { get; init; } = static to => to;
}
