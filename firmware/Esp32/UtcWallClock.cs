using System;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// The wall clock that SNTP sets. The API does not say when it has. After a cold start the ESP32 counts from 1970, so a year from 2024 on means that it was set. After a
    /// warm restart the chip's own clock goes on: it is then only kept, until it moves against the monotonic clock, for only SNTP moves it.
    /// </summary>
    public sealed class UtcWallClock : IWallClock
    {
        private const int FirstBelievableYear = 2024;

        /// <summary>Both clocks run from the same crystal; a difference above their resolution is a correction, ms.</summary>
        private const int CorrectionMs = 20;

        private readonly bool wasSet;
        private readonly long offsetMs;
        private bool wasCorrected;

        public UtcWallClock()
        {
            wasSet = IsBelievable;
            offsetMs = UnixMs - Environment.TickCount64;
        }

        public bool IsSynchronized
        {
            get
            {
                if (!IsBelievable)
                {
                    return false;
                }

                long movedMs = UnixMs - Environment.TickCount64 - offsetMs;
                wasCorrected = wasCorrected || movedMs > CorrectionMs || movedMs < -CorrectionMs;
                return !wasSet || wasCorrected;
            }
        }

        public bool IsKept
        {
            get { return IsBelievable && !IsSynchronized; }
        }

        public long UnixMs
        {
            get { return (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond; }
        }

        private static bool IsBelievable
        {
            get { return DateTime.UtcNow.Year >= FirstBelievableYear; }
        }
    }
}
