using System.Device.Gpio;
using System.Threading;
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
            NetworkBringUp.StartWifi(log);
            NetworkBringUp.StartSntp(null, log);
            Compose(clock, new LittleFsFlash("I:\\"), new UtcWallClock(), new HardwareRandom(), new PowerReboot(), log, false).Run();
        }

        /// <summary>
        /// Everything behind the ports that need a twin on a virtual board (files, wall clock, chance, restart) comes in; pins, voltages and the MQTT client are made here on both.
        /// </summary>
        /// <param name="isVirtual">The board says in its birth that it is a virtual one.</param>
        public static MainLoop Compose(IClock clock, IFlash flash, IWallClock wallClock, IRandom random, IReboot reboot, ILog log, bool isVirtual)
        {
            AutoResetEvent wake = new AutoResetEvent(false);
            GpioController pins = new GpioController();
            GatewayApp app = new GatewayApp(
                clock,
                flash,
                new GpioInputs(pins, clock, wake),
                new GpioIndicators(pins),
                new AdcAnalog(),
                new M2MqttLink(wake, log),
                wallClock,
                random,
                reboot,
                log,
                isVirtual);
            return new MainLoop(app, clock, log, wake);
        }
    }
}
