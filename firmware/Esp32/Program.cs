using System.Device.Gpio;
using System.Threading;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Service;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Esp32
{
    /// <summary>Composition root: builds the box from its parts and lets it run. No decision is made here.</summary>
    public static class Program
    {
        public static void Main()
        {
            IClock clock = new TickClock();
            ILog log = new DebugLog();
            IFlash flash = new LittleFsFlash("I:\\");
            ConfigurationDesk configuration = new ConfigurationDesk(flash);
            if (configuration.Error != null)
            {
                new FirstProvisioning(configuration, new ComServicePort(), clock, new PowerReboot(), log).Run();
                return;
            }

            NetworkBringUp.Start(configuration.Settings, log);
            Compose(configuration, clock, flash, new UtcWallClock(), new HardwareRandom(), new PowerReboot(), log).Run();
        }

        /// <summary>
        /// Everything behind the ports that need a twin on a virtual board (files, wall clock, chance, restart) comes in; pins, voltages and the MQTT client are made here on both.
        /// </summary>
        public static MainLoop Compose(ConfigurationDesk configuration, IClock clock, IFlash flash, IWallClock wallClock, IRandom random, IReboot reboot, ILog log)
        {
            AutoResetEvent wake = new AutoResetEvent(false);
            CheckIns checkIns = new CheckIns();
            Supervisor supervisor = new Supervisor(checkIns, flash, reboot, log);
            GpioController pins = new GpioController();
            GatewayApp app = new GatewayApp(
                configuration,
                clock,
                wallClock,
                flash,
                new GpioInputs(pins, clock, wake),
                new AdcAnalog(),
                new GpioIndicators(pins),
                new M2MqttLink(wake, clock, checkIns, log),
                random,
                reboot,
                log);
            new Watchdog(checkIns, supervisor, clock).Start();
            ServiceDesk service = new ServiceDesk(new ComServicePort(), configuration, app);
            return new MainLoop(app, service, clock, log, wake, checkIns, supervisor);
        }
    }
}
