using System.Diagnostics;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>Lines for the technician on the debugger's output (COM1).</summary>
    public sealed class DebugLog : ILog
    {
        public void Line(string text)
        {
            Debug.WriteLine(text);
        }
    }
}
