using Gateway.Firmware.Ports;
using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <summary>Milliseconds since the boot of a virtual board.</summary>
sealed class IncarnationClock(Incarnation incarnation) : IClock
{
    public long NowMs
    {
        get
        {
            incarnation.Enter();
            return incarnation.UpMs;
        }
    }
}
