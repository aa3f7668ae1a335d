using System;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// The wall clock that SNTP sets. The API does not say when it has: before that the ESP32 counts from 1970, so a year from 2024 on means that it was set. After a warm
    /// restart the chip's own clock goes on from the time that SNTP had set.
    /// </summary>
    public sealed class UtcWallClock : IWallClock
    {
        private const int FirstBelievableYear = 2024;

        public bool IsSynchronized
        {
            get { return DateTime.UtcNow.Year >= FirstBelievableYear; }
        }

        public long UnixMs
        {
            get { return (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond; }
        }
    }
}
