using System.Threading;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// A thread that looks every second whether the others are alive. The API gives no hardware watchdog: if the interpreter itself stands still, only the
    /// chip's own watchdog (ESP-IDF, task watchdog) can help, and it leaves no name.
    /// </summary>
    public sealed class Watchdog
    {
        private const int EveryMs = 1000;

        private readonly CheckIns checkIns;
        private readonly Supervisor supervisor;
        private readonly IClock clock;
        private readonly AutoResetEvent never = new AutoResetEvent(false);

        public Watchdog(CheckIns checkIns, Supervisor supervisor, IClock clock)
        {
            this.checkIns = checkIns;
            this.supervisor = supervisor;
            this.clock = clock;
        }

        public void Start()
        {
            checkIns.Watch(LoopId.Watchdog, Supervisor.WatchdogLimitMs, clock.NowMs);
            new Thread(Run).Start();
        }

        private void Run()
        {
            // Nothing in here can throw but the restart itself, and that is the end of this thread.
            while (supervisor.Check(clock.NowMs) == 0)
            {
                checkIns.Seen(LoopId.Watchdog, clock.NowMs);
                never.WaitOne(EveryMs, false);
            }
        }
    }
}
