namespace Gateway.Firmware.Ports
{
    /// <summary>Random numbers for nonces, epochs and jitter. On ESP32 the hardware generator (a seed is ignored there); in simulation seeded.</summary>
    public interface IRandom
    {
        void Fill(byte[] buffer);
    }
}
