using Gateway.Firmware.Ports;
using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <summary>The wall clock of a virtual board: the host's, shifted, and unset until "SNTP" lands.</summary>
sealed class VirtualWallClock(Incarnation incarnation, RealTimeBoard board) : IWallClock
{
    public bool IsSynchronized
    {
        get
        {
            incarnation.Enter();
            return board.HasTimeInThisBoot();
        }
    }

    /// <summary>Every boot of a virtual board is a cold one.</summary>
    public bool IsKept => false;

    public long UnixMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + (long)board.WallClockOffset.TotalMilliseconds;
}
