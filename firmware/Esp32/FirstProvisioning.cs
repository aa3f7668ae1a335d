using System.Threading;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Service;

namespace Gateway.Firmware.Esp32
{
    /// <summary>A board that has no usable settings: it talks at the service header until it has some, then restarts. It sends no call, and says so there.</summary>
    public sealed class FirstProvisioning
    {
        private const int PollMs = 20;

        private readonly ServiceDesk service;
        private readonly IClock clock;
        private readonly IReboot reboot;
        private readonly ILog log;
        private readonly AutoResetEvent never = new AutoResetEvent(false);

        public FirstProvisioning(ConfigurationDesk configuration, IServicePort port, IClock clock, IReboot reboot, ILog log)
        {
            service = new ServiceDesk(port, configuration, null);
            this.clock = clock;
            this.reboot = reboot;
            this.log = log;
            log.Line("not provisioned: " + configuration.Error);
        }

        /// <summary>Returns when the board is to restart; on the board it does not return.</summary>
        public void Run()
        {
            while (!service.RestartDue)
            {
                service.Step(clock.NowMs);
                never.WaitOne(PollMs, false);
            }

            log.Line("provisioned: restart");
            reboot.Reboot();
        }
    }
}
