using System.Device.Gpio;
using System.Threading;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

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
            if (!SettingsStore.Load(flash, out GatewaySettings settings, out string error))
            {
                log.Line("not provisioned: " + error);
                return;
            }

            NetworkBringUp.Start(settings, log);
            Compose(settings, clock, flash, new UtcWallClock(), new HardwareRandom(), new PowerReboot(), log).Run();
        }

        /// <summary>
        /// Everything behind the ports that need a twin on a virtual board (files, wall clock, chance, restart) comes in; pins, voltages and the MQTT client are made here on both.
        /// </summary>
        public static MainLoop Compose(GatewaySettings settings, IClock clock, IFlash flash, IWallClock wallClock, IRandom random, IReboot reboot, ILog log)
        {
            AutoResetEvent wake = new AutoResetEvent(false);
            GpioController pins = new GpioController();
            GatewayApp app = new GatewayApp(
                settings,
                clock,
                wallClock,
                flash,
                new GpioInputs(pins, clock, wake),
                new AdcAnalog(),
                new GpioIndicators(pins),
                new M2MqttLink(wake, log),
                random,
                reboot,
                log);
            return new MainLoop(app, clock, log, wake);
        }
    }
}
