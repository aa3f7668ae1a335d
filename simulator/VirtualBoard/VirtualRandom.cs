using System.Security.Cryptography;
using Gateway.Firmware.Ports;
using Gateway.NanoFramework.Board;

namespace Gateway.VirtualBoard;

/// <summary>Chance for a real-time board, as good as the chip's generator: nonces and epochs must not repeat between boards.</summary>
sealed class VirtualRandom(Incarnation incarnation) : IRandom
{
    public void Fill(byte[] buffer)
    {
        incarnation.Enter();
        RandomNumberGenerator.Fill(buffer);
    }
}
