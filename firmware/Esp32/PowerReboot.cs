using Gateway.Firmware.Ports;
using nanoFramework.Runtime.Native;

namespace Gateway.Firmware.Esp32
{
    /// <summary>Restarts the chip, not only the managed code, so that a stuck network driver restarts too.</summary>
    public sealed class PowerReboot : IReboot
    {
        public void Reboot()
        {
            Power.RebootDevice();
        }
    }
}
