using System;
using System.Threading;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Service;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Esp32
{
    /// <summary>The board's one loop: step, then wait for the time that the step named or for an edge, a message or a change of the link.</summary>
    public sealed class MainLoop
    {
        /// <summary>The longest wait, in case a step names none.</summary>
        public const int WaitMsMax = 1000;

        /// <summary>After a step that threw: a fault that persists must not keep the processor from everything else.</summary>
        public const int WaitAfterFaultMs = 100;

        private const int MeasureHeapEveryMs = 60000;

        private readonly GatewayApp app;
        private readonly ServiceDesk service;
        private readonly IClock clock;
        private readonly ILog log;
        private readonly AutoResetEvent wake;
        private readonly CheckIns checkIns;
        private readonly Supervisor supervisor;
        private long measureHeapAtMs;
        private int faultCount;

        public MainLoop(GatewayApp app, ServiceDesk service, IClock clock, ILog log, AutoResetEvent wake, CheckIns checkIns, Supervisor supervisor)
        {
            this.app = app;
            this.service = service;
            this.clock = clock;
            this.log = log;
            this.wake = wake;
            this.checkIns = checkIns;
            this.supervisor = supervisor;
            checkIns.Watch(LoopId.Main, Supervisor.MainLimitMs, clock.NowMs);
        }

        public GatewayApp App
        {
            get { return app; }
        }

        /// <summary>Steps that threw since the boot.</summary>
        public int FaultCount
        {
            get { return faultCount; }
        }

        /// <summary>Does not return.</summary>
        public void Run()
        {
            while (true)
            {
                int waitMs = StepOnce();
                if (waitMs > 0)
                {
                    wake.WaitOne(waitMs, false);
                }
            }
        }

        /// <summary>The only way to ask is to collect, which stops every thread for some milliseconds: rarely, and before a step rather than inside.</summary>
        private void MeasureHeap(long nowMs)
        {
            if (nowMs >= measureHeapAtMs && !app.Status.SafeMode)
            {
                measureHeapAtMs = nowMs + MeasureHeapEveryMs;
                app.HeapFreeBytes = (int)nanoFramework.Runtime.Native.GC.Run(false);
            }
        }

        /// <summary>The service header comes after the step, and never while a press is being judged: it may write to flash.</summary>
        private void Serve(long nowMs)
        {
            service.Step(nowMs);
            if (service.RestartDue)
            {
                app.Restart();
            }
        }

        private int StepOnce()
        {
            try
            {
                checkIns.Seen(LoopId.Main, clock.NowMs);
                supervisor.Check(clock.NowMs);
                MeasureHeap(clock.NowMs);
                long nextMs = app.Step(clock.NowMs);
                if (!app.IsPressQualifying)
                {
                    Serve(clock.NowMs);
                }

                long waitMs = nextMs - clock.NowMs;
                int waitMsMax = service.IsBusy ? ServiceDesk.OutputPollMs : WaitMsMax;
                return waitMs > waitMsMax ? waitMsMax : (int)waitMs;
            }
            catch (Exception e)
            {
                faultCount++;
                log.Line("step: " + e.Message);
                return WaitAfterFaultMs;
            }
        }
    }
}
