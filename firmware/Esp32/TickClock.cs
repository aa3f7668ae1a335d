using System;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>Milliseconds since this boot, counted from the creation of the clock: the first thing that Main does.</summary>
    public sealed class TickClock : IClock
    {
        private readonly long startMs = Environment.TickCount64;

        public long NowMs
        {
            get { return Environment.TickCount64 - startMs; }
        }
    }
}
