using System;
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
        /// <summary>Between a start that failed and the next: a flash or a converter that is asked without pause may never come to itself, ms.</summary>
        public const int StartAgainMs = 5000;

        public static void Main()
        {
            ILog log = new DebugLog();
            IReboot reboot = new PowerReboot();
            try
            {
                Start(log, reboot);
            }
            catch (Exception e)
            {
                // A flash that cannot be listed, a pin that is taken: nobody is watching yet, and a program that ends leaves a dead box.
                StartAgain(e, log, reboot);
            }
        }

        /// <summary>What becomes of a start that threw: it is logged, and the board restarts.</summary>
        public static void StartAgain(Exception e, ILog log, IReboot reboot)
        {
            log.Line("start: " + e.Message);
            new AutoResetEvent(false).WaitOne(StartAgainMs, false);
            reboot.Reboot();
        }

        private static void Start(ILog log, IReboot reboot)
        {
            IClock clock = new TickClock();
            IFlash flash = new LittleFsFlash("I:\\");
            ConfigurationDesk configuration = new ConfigurationDesk(flash);
            if (configuration.Error != null)
            {
                new FirstProvisioning(configuration, new ComServicePort(), clock, reboot, log).Run();
                return;
            }

            NetworkBringUp.Start(configuration.Settings, log);
            Compose(configuration, clock, flash, new UtcWallClock(), new HardwareRandom(), reboot, log).Run();
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
