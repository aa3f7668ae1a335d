using Gateway.Firmware.Ports;
using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <summary>Lines of the firmware go to the board's bounded log.</summary>
sealed class VirtualLog(Incarnation incarnation, RealTimeBoard board) : ILog
{
    public void Line(string text)
    {
        incarnation.Enter();
        board.AddLogLine($"{incarnation.UpMs,8} {text}");
    }
}
