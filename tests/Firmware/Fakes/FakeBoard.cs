using System;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>A board on a virtual clock with a hub at the other end of its link. Only the flash survives <see cref="Reboot"/>.</summary>
    public sealed class FakeBoard
    {
        public const string Device = "sumitu-01";
        public const string HubId = "7d1f0c2a94b36e58";

        /// <summary>As a provisioning file would give them; read at a boot.</summary>
        public readonly GatewaySettings Settings = new GatewaySettings();
        public readonly FakeFlash Flash = new FakeFlash();
        public readonly FakeClock Clock = new FakeClock();
        public readonly FakeReboot Restarts = new FakeReboot();
        public readonly FakeLog Log;
        public readonly FakeLink Link;
        public readonly FakeHub Hub;
        public readonly FakeAnalog Analog = new FakeAnalog();
        public FakeWallClock Wall;
        public FakeInputs Inputs;
        public FakeIndicators Lamps;
        public GatewayApp App;
        public ConfigurationDesk Configuration;

        private readonly FakeRandom _random = new FakeRandom(20260101);

        public FakeBoard()
        {
            Settings.Device = Device;
            Settings.User = Device;
            Settings.Hub = HubId;
            Settings.Key = PrintedTestKey();
            Settings.Host = "10.0.0.1";
            Settings.Password = "a-password-of-a-test";
            Log = new FakeLog(Flash);
            Link = new FakeLink(Flash);
            Hub = new FakeHub(Link, Device, HubId, Settings.Key);
            Wall = new FakeWallClock(Clock);
        }

        /// <summary>The printed test key of PROTOCOL.md.</summary>
        public static byte[] PrintedTestKey()
        {
            byte[] key = new byte[32];
            for (int i = 0; i < key.Length; i++)
            {
                key[i] = (byte)i;
            }

            return key;
        }

        public void Boot()
        {
            Clock.NowMs = 0;
            Flash.PowerOn();
            Link.Drop();
            Link.Up.Clear();
            Inputs = new FakeInputs();
            Lamps = new FakeIndicators();
            Configuration = new ConfigurationDesk(Flash, Settings);
            App = new GatewayApp(Configuration, Clock, Wall, Flash, Inputs, Analog, Lamps, Link, _random, Restarts, Log);
        }

        public void Reboot()
        {
            Flash.PowerOff();
            Boot();
        }

        /// <summary>One step of the board, then of the hub; the clock goes on to when the board wants its next step, at most to <paramref name="untilMs"/>.</summary>
        public void StepOnce(long untilMs)
        {
            long next = App.Step(Clock.NowMs);
            Hub.Step();
            if (next <= Clock.NowMs)
            {
                next = Clock.NowMs + 1;
            }

            Clock.NowMs = next < untilMs ? next : untilMs;
        }

        public void Run(long ms)
        {
            long until = Clock.NowMs + ms;
            while (Clock.NowMs < until)
            {
                StepOnce(until);
            }

            App.Step(Clock.NowMs);
            Hub.Step();
            App.Step(Clock.NowMs);
        }

        /// <summary>Presses an input for <paramref name="holdMs"/>, with the steps that its edges cause.</summary>
        public void Press(int input, long holdMs)
        {
            Inputs.Set(input, true, Clock.NowMs);
            Run(holdMs);
            Inputs.Set(input, false, Clock.NowMs);
            Run(60);
        }

        public void PressHelp()
        {
            Press(InputId.Help, 100);
        }

        public bool IsOn(int indicator)
        {
            return Lamps.On[indicator];
        }
    }
}
