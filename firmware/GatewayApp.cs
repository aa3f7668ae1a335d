using Gateway.Firmware.Ports;

namespace Gateway.Firmware
{
    /// <summary>The gateway: one step samples, decides, journals, sends and indicates, in that order.</summary>
    public sealed class GatewayApp
    {
        private const int StepMs = 100;

        public GatewayApp(
            IClock clock, IFlash flash, IInputs inputs, IIndicators indicators, IAnalog analog, ILink link, IWallClock wallClock, IRandom random, IReboot reboot, ILog log, bool isVirtual)
        {
        }

        /// <summary>One step of the loop.</summary>
        /// <returns>The time at which the next step is due, ms of the monotonic clock.</returns>
        public long Step(long nowMs)
        {
            return nowMs + StepMs;
        }
    }
}
