using System.Threading;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Service;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// A board that has no usable settings: it talks at the service header until it has some, then restarts. It sends no call, and says so there. Settings that are
    /// there and could not be read may be read next time: unless somebody is typing others, it restarts and tries again.
    /// </summary>
    public sealed class FirstProvisioning
    {
        private const int PollMs = 20;

        /// <summary>Long enough to begin typing at the service header; short enough for a village that waits, ms.</summary>
        public const int RetryMs = 60000;

        private readonly ConfigurationDesk configuration;
        private readonly ServiceDesk service;
        private readonly IClock clock;
        private readonly IReboot reboot;
        private readonly ILog log;
        private readonly AutoResetEvent never = new AutoResetEvent(false);
        private readonly long retryAtMs;

        public FirstProvisioning(ConfigurationDesk configuration, IServicePort port, IClock clock, IReboot reboot, ILog log)
        {
            this.configuration = configuration;
            service = new ServiceDesk(port, configuration, null);
            this.clock = clock;
            this.reboot = reboot;
            this.log = log;
            retryAtMs = clock.NowMs + RetryMs;
            log.Line("not provisioned: " + configuration.Error);
        }

        /// <summary>Returns when the board is to restart; on the board it does not return.</summary>
        public void Run()
        {
            while (!Step(clock.NowMs))
            {
                never.WaitOne(PollMs, false);
            }

            reboot.Reboot();
        }

        /// <summary>True when the board is to restart.</summary>
        public bool Step(long nowMs)
        {
            service.Step(nowMs);
            if (service.RestartDue)
            {
                log.Line("provisioned: restart");
                return true;
            }

            if (configuration.IsDamaged && configuration.DraftCount == 0 && nowMs >= retryAtMs)
            {
                log.Line("not provisioned: try again");
                return true;
            }

            return false;
        }
    }
}
