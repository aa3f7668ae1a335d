using System;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Delivery;
using Gateway.Firmware.Feedback;
using Gateway.Firmware.Inputs;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware
{
    /// <summary>
    /// The firmware's core: one thread calls <see cref="Step"/>, which samples, decides, journals, sends and indicates, in that order, and
    /// blocks on nothing but flash. All state that must outlive a power cut is in the journal.
    /// </summary>
    public sealed class GatewayApp
    {
        /// <summary>The longest time between two steps: inputs without an interrupt are noticed within it, ms.</summary>
        public const int IdlePollMs = 50;

        /// <summary>While an input is being judged, ms.</summary>
        public const int QualifyPollMs = 5;

        /// <summary>A step that comes later than it asked for by more than this is an overrun: longer than one flash erase, ms.</summary>
        public const int OverrunMs = 100;

        private readonly ConfigurationDesk _configuration;
        private readonly ILog _log;
        private readonly IReboot _reboot;
        private readonly IFlash _flash;
        private readonly SelfTest _selfTest;
        private readonly int _stuckLoop;
        private readonly AppStatus _status = new AppStatus();
        private readonly BoardFacts _facts = new BoardFacts();
        private readonly CallView _view = new CallView();
        private readonly HealthView _health = new HealthView();
        private readonly TestMode _test = new TestMode();
        private readonly SignalJournal _journal;
        private readonly EventQueue _events;
        private readonly Faults _faults;
        private readonly CallDesk _calls;
        private readonly InputPanel _inputs;
        private readonly Panel _panel;
        private readonly HubLink _hub;
        private long _plannedMs = long.MaxValue;
        private bool _noteWaits;

        /// <summary>Opens the journal and this boot; bounded, see <see cref="SignalJournal.Recover"/>.</summary>
        public GatewayApp(
            ConfigurationDesk configuration,
            IClock clock,
            IWallClock wall,
            IFlash flash,
            IInputs inputs,
            IAnalog analog,
            IIndicators indicators,
            ILink link,
            IRandom random,
            IReboot reboot,
            ILog log)
        {
            GatewaySettings settings = configuration.Settings;
            _configuration = configuration;
            _log = log;
            _reboot = reboot;
            _flash = flash;
            long nowMs = clock.NowMs;
            WallTime time = new WallTime(wall);
            _journal = new SignalJournal(flash, random);
            _journal.Recover();
            _stuckLoop = StuckNote.Read(flash);
            _facts.Boot = _journal.Boot;
            _facts.RestartReason = RestartReason.Name(Supervision.Restart.Infer(_journal, _stuckLoop));
            VolatileLane volatileLane = new VolatileLane(_journal.DrawEpoch());
            _events = new EventQueue(_journal, time);
            _faults = new Faults(_events);
            _calls = new CallDesk(settings, _journal, volatileLane, time, _faults, _view);
            _inputs = new InputPanel(settings, inputs, analog, _calls, _events, _faults, _test, _facts, time);
            _panel = new Panel(settings, indicators);
            _hub = new HubLink(configuration, link, random, _journal, volatileLane, time, _facts, _calls, _panel, _test);
            _selfTest = new SelfTest(settings, _journal, analog, _events, _panel);
            ReportBoot(nowMs);
        }

        /// <summary>Refreshed at the end of each step.</summary>
        public AppStatus Status
        {
            get { return _status; }
        }

        /// <summary>The refusals of messages from outside by name, for the service header.</summary>
        public int Refused(int refusal)
        {
            return _hub.Inbox.Refused(refusal);
        }

        /// <summary>For the service header: cursors and what recovery found.</summary>
        public SignalJournal Journal
        {
            get { return _journal; }
        }

        /// <summary>A help or silent press is being judged: whoever else may write to flash waits.</summary>
        public bool IsPressQualifying
        {
            get { return _inputs.IsPressQualifying; }
        }

        /// <summary>The self-test, now. Empty when all is well, else the part that failed; the fault follows it.</summary>
        public string RunSelfTest(long nowMs)
        {
            int failed = _selfTest.Run(_hub.IsOnline, nowMs);
            _faults.Set(FaultId.SelfTest, failed != SelfTest.Passed, nowMs);
            return SelfTest.Name(failed);
        }

        /// <summary>Free managed heap as the composition root last measured it, bytes; 0 when it never did. It goes into heartbeats.</summary>
        public int HeapFreeBytes
        {
            get { return _facts.HeapFreeBytes; }
            set { _facts.HeapFreeBytes = value; }
        }

        /// <summary>
        /// One pass. Returns the monotonic time (ms) at which it wants to be called again at the latest; the caller waits until then or
        /// until an edge or a message wakes it.
        /// </summary>
        public long Step(long nowMs)
        {
            if (nowMs - _plannedMs > OverrunMs)
            {
                _facts.Overruns++;
            }

            try
            {
                _plannedMs = Pass(nowMs);
            }
            catch (Exception e)
            {
                // The one catch of the loop: whatever a part does, the next press is still taken.
                _status.StepErrors++;
                _log.Line("step: " + e.Message);
                _faults.Set(FaultId.StepError, true, nowMs);
                _plannedMs = nowMs + IdlePollMs;
            }

            return _plannedMs;
        }

        /// <summary>
        /// Until when a step would change nothing and tell nothing, as long as no input, message, link or setting changes; <paramref name="nowMs"/>: the next one
        /// may. To be asked behind a poll, a step that nothing woke: only that has sampled everything. A board polls all the same, for an interrupt may be
        /// missed. Who simulates months leaves those polls out, and says so with <see cref="Rested"/>.
        /// </summary>
        public long RestsUntil(long nowMs)
        {
            bool isAtRest = _events.Count == 0 && !_noteWaits && !_status.SafeMode && _configuration.IsAtRest;
            if (!isAtRest)
            {
                return nowMs;
            }

            long until = Sooner(Sooner(_inputs.RestsUntil(nowMs), _calls.DueMs), _test.EndsMs(nowMs));
            until = Sooner(until, Sooner(_hub.RestsUntilMs, _view.DueMs));
            until = Sooner(until, Sooner(_panel.DueMs(nowMs), _journal.TidyDueMs));
            return Sooner(until, nowMs < Supervision.Restart.LongBootMs ? Sooner(_selfTest.DueMs, Supervision.Restart.LongBootMs) : _selfTest.DueMs);
        }

        /// <summary>When the last step wanted the next one, the next poll left aside; long.MaxValue: never, ms.</summary>
        public long WantsMs { get; private set; }

        /// <summary>All polls until <paramref name="nowMs"/>, the last of them then, are taken for done: all were before <see cref="RestsUntil"/>.</summary>
        public void Rested(long nowMs)
        {
            _plannedMs = nowMs + IdlePollMs;
            _inputs.Rested(nowMs);
            _hub.Rested(nowMs);
        }

        private long Pass(long nowMs)
        {
            _inputs.Sample(nowMs);
            if (!_inputs.IsPressQualifying)
            {
                // A counted repeat may wait some ms more: an erase now could outlast the press that is being judged.
                _calls.Tick(nowMs);
            }

            if (_inputs.TakeKeyTurned())
            {
                TakeKey(nowMs);
            }

            if (_calls.TakeHurry())
            {
                _hub.Hurry(nowMs);
            }

            bool isQualifying = _inputs.IsQualifying;
            long next = _inputs.IsPressQualifying ? long.MaxValue : _calls.DueMs;
            next = Sooner(next, _hub.Step(nowMs));
            if (!_inputs.IsPressQualifying)
            {
                Housekeep(nowMs);
            }

            _view.Tick(nowMs);
            _health.Online = _hub.IsOnline;
            _health.MainsPresent = _facts.MainsPresent;
            _health.HasFault = _faults.IsVisible;
            WantsMs = Sooner(next, _panel.Show(_view, _health, nowMs));
            Report(nowMs);
            if (_hub.RebootDue)
            {
                Reboot();
            }

            return Sooner(WantsMs, nowMs + (isQualifying ? QualifyPollMs : IdlePollMs));
        }

        /// <summary>A person is there. What the reset key does beside the reset.</summary>
        private void TakeKey(long nowMs)
        {
            if (_panel.Silence(nowMs))
            {
                _events.Post(SignalKind.Acknowledge, 0, SignalState.Normal, 0, SignalDetail.Key, false, nowMs, nowMs);
            }

            if (_status.SafeMode)
            {
                // All parts on again. The count of short boots stays until this boot has lasted.
                SetSafeMode(false, nowMs);
            }
        }

        /// <summary>All routine writes to flash: never while a press is being qualified, never more than one queue entry and one tidying a step.</summary>
        private void Housekeep(long nowMs)
        {
            bool wrote = _events.Flush(nowMs);
            _faults.Set(FaultId.EventOverflow, _events.Dropped > 0, nowMs);
            if (!wrote)
            {
                wrote = _configuration.Step(_journal.Calls.Backlog > 0 || _hub.VolatileBacklog > 0, nowMs);
            }

            if (_configuration.HasChanged)
            {
                Reconfigure(nowMs);
            }

            if (!wrote)
            {
                _journal.Tidy(nowMs);
            }

            if (_hub.Commands.SelfTestRequested)
            {
                _hub.Commands.SelfTestEnded(RunSelfTest(nowMs));
            }
            else if (_selfTest.IsDue(nowMs) && !_status.SafeMode)
            {
                int failed = _selfTest.Run(_hub.IsOnline, nowMs);
                _faults.Report(FaultId.SelfTest, failed != SelfTest.Passed, failed, nowMs);
            }

            if (_noteWaits && _events.Count == 0)
            {
                _noteWaits = !StuckNote.Drop(_flash);
            }

            if (nowMs >= Supervision.Restart.LongBootMs)
            {
                _journal.ForgetShortBoots();
                SetSafeMode(false, nowMs);
                if (_stuckLoop != 0)
                {
                    _faults.Set(LoopId.FaultOf(_stuckLoop), false, nowMs);
                }
            }
        }

        /// <summary>Most parts read the settings when they need them; these hold on to some.</summary>
        private void Reconfigure(long nowMs)
        {
            _inputs.Configure(nowMs);
            _hub.Reconfigured(_configuration.HasLinkChanged, nowMs);
            _configuration.ChangeTaken();
        }

        /// <summary>In safe mode the call path runs and little else (README.md): a part that crashes the board is likely to be one that is off then.</summary>
        private void SetSafeMode(bool on, long nowMs)
        {
            _status.SafeMode = on;
            _inputs.CallsOnly = on;
            _hub.Commands.CallsOnly = on;
            _faults.Set(FaultId.SafeMode, on, nowMs);
        }

        private void ReportBoot(long nowMs)
        {
            _events.Post(SignalKind.Restart, 0, SignalState.Normal, 0, SignalDetail.OfRestart(Supervision.Restart.Infer(_journal, _stuckLoop)), false, nowMs, nowMs);
            if (_stuckLoop != 0)
            {
                _faults.Set(LoopId.FaultOf(_stuckLoop), true, nowMs);
                _noteWaits = true;
            }

            SetSafeMode(Supervision.Restart.IsCrashLoop(_journal), nowMs);
            _faults.Set(FaultId.Configuration, _configuration.IsDamaged, nowMs);
            _faults.Set(FaultId.JournalDamage, _journal.Report.HasDamage, nowMs);
            _calls.ResumeAfterBoot(nowMs);
            _status.Boot = _journal.Boot;
            _status.RestartReason = _facts.RestartReason;
        }

        private void Report(long nowMs)
        {
            _status.Boot = _journal.Boot;
            _status.CallBacklog = _journal.Calls.Backlog;
            _status.EventBacklog = _journal.Events.Backlog;
            _status.VolatileBacklog = _hub.VolatileBacklog;
            _status.Latched = _calls.Help.IsLatched;
            _status.LatchedCall = _calls.Help.Latch.Call;
            _status.LatchedEpoch = _calls.Help.IsVolatile ? _calls.Help.Latch.VolatileEpoch : _journal.Calls.Epoch;
            _status.LatchedCount = _calls.Help.Count;
            _status.Stage = CallStage.Name(_view.Stage);
            _status.Link = _hub.LinkState;
            _status.Online = _hub.IsOnline;
            _status.MainsPresent = _facts.MainsPresent;
            _status.Faults = _faults.On;
            _status.Overruns = _facts.Overruns;
            _status.Refused = _hub.Inbox.RefusedTotal;
            _status.TestMode = _test.EndsMs(nowMs) != long.MaxValue;
        }

        /// <summary>An orderly restart, now: a person at the box asked for it.</summary>
        public void Restart()
        {
            Reboot();
        }

        private void Reboot()
        {
            // A cut before the marker is durable makes this restart look like lost power, which is all that it costs.
            if (!_journal.SaveMarker(RestartReason.Orderly))
            {
                _log.Line("restart: no marker");
            }

            _reboot.Reboot();
        }

        private static long Sooner(long a, long b)
        {
            return a < b ? a : b;
        }
    }
}
