using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <param name="Id">The name under which people see the board; the firmware takes its device id from its own provisioning.</param>
/// <param name="FlashFolder">Where the flash image lives; it survives power cuts and restarts of the host.</param>
public sealed record RealTimeBoardOptions(string Id, string FlashFolder)
{
    public BoardCosts Costs { get; init; } = BoardCosts.None;
}
