using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware
{
    /// <summary>The firmware's core: one thread calls <see cref="Step"/>, which never blocks on anything but flash.</summary>
    public sealed class GatewayApp
    {
        private readonly AppStatus _status = new AppStatus();

        public GatewayApp(
            GatewaySettings settings,
            IClock clock,
            IWallClock wall,
            IFlash flash,
            IInputs inputs,
            IAnalog analog,
            IIndicators indicators,
            ILink link,
            IRandom random,
            IReboot reboot,
            ILog log)
        {
        }

        public AppStatus Status
        {
            get { return _status; }
        }

        /// <summary>Free managed heap as the composition root last measured it, bytes; 0 when it never did. It goes into heartbeats.</summary>
        public int HeapFreeBytes { get; set; }

        /// <summary>
        /// Sample, decide, journal, send, indicate. Returns the monotonic time (ms) at which it wants to be called again at the latest;
        /// the caller waits until then or until an edge or a message wakes it.
        /// </summary>
        public long Step(long nowMs)
        {
            return nowMs + 50;
        }
    }
}
