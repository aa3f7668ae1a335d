using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Supervision
{
    /// <summary>
    /// Restarts the board when one of its loops stands still, and leaves its name for the next boot. Asked by two threads, the watchdog and the main loop,
    /// so that each of them is watched by the other.
    /// </summary>
    public sealed class Supervisor
    {
        /// <summary>
        /// The main loop: three times the longest stall that the runtime is known for, look-up 5 s + handshake 4 s + three erases of 400 ms; a stall stops
        /// the watchdog with everything else, and on its end any thread may run first, ms.
        /// </summary>
        public const int MainLimitMs = 30000;

        /// <summary>The watchdog wakes every second; the rest as for the main loop, ms.</summary>
        public const int WatchdogLimitMs = 30000;

        /// <summary>The link's worker: an attempt is given up after 30 s and gets a new worker, as often as there are spare ones, ms.</summary>
        public const int LinkLimitMs = 180000;

        private readonly CheckIns _checkIns;
        private readonly IFlash _flash;
        private readonly IReboot _reboot;
        private readonly ILog _log;

        public Supervisor(CheckIns checkIns, IFlash flash, IReboot reboot, ILog log)
        {
            _checkIns = checkIns;
            _flash = flash;
            _reboot = reboot;
            _log = log;
        }

        /// <summary>Restarts the board if a loop is stuck. Returns its number, or 0: on the board only 0 is ever returned.</summary>
        public int Check(long nowMs)
        {
            int loop = _checkIns.Stuck(nowMs);
            if (loop != 0)
            {
                _log.Line(FaultId.Name(LoopId.FaultOf(loop)) + ": restart");
                if (!StuckNote.Leave(_flash, loop))
                {
                    _log.Line("restart: no note");
                }

                _reboot.Reboot();
            }

            return loop;
        }
    }
}
