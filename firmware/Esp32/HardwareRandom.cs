using System;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>The hardware generator of the ESP32; System.Random stands before it there and ignores its seed.</summary>
    public sealed class HardwareRandom : IRandom
    {
        private readonly Random random = new Random();

        public void Fill(byte[] buffer)
        {
            random.NextBytes(buffer);
        }
    }
}
