using Gateway.Firmware.Ports;

namespace Gateway.World.Journal;

/// <summary>The board's random numbers in simulation: the seed decides.</summary>
public sealed class SeededRandom(int seed) : IRandom
{
    readonly Random random = new(seed);

    public void Fill(byte[] buffer) => random.NextBytes(buffer);
}
