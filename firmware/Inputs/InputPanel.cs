using Gateway.Firmware.Configuration;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>Samples every input once per step and hands on what changed: presses to the call desk, zones to their lane, the rest to the event queue.</summary>
    public sealed class InputPanel
    {
        private readonly GatewaySettings _settings;
        private readonly IInputs _inputs;
        private readonly CallDesk _calls;
        private readonly EventQueue _events;
        private readonly Faults _faults;
        private readonly TestMode _test;
        private readonly BoardFacts _facts;
        private readonly DebouncedInput _help;
        private readonly DebouncedInput _silent;
        private readonly DebouncedInput _cancel;
        private readonly DebouncedInput _resetKey;
        private readonly DebouncedInput _patrol;
        private readonly HelpLine _helpLine;
        private readonly ZonePanel _zones;
        private readonly BatteryGauge _battery;
        private bool _keyTurned;

        public InputPanel(
            GatewaySettings settings,
            IInputs inputs,
            IAnalog analog,
            CallDesk calls,
            EventQueue events,
            Faults faults,
            TestMode test,
            BoardFacts facts,
            WallTime time)
        {
            _settings = settings;
            _inputs = inputs;
            _calls = calls;
            _events = events;
            _faults = faults;
            _test = test;
            _facts = facts;
            _battery = new BatteryGauge(settings, analog, events, facts);
            _helpLine = new HelpLine(settings, analog, faults);
            _zones = new ZonePanel(settings, inputs, analog, new ZoneOutlet(calls, events), faults, test, time);
            _help = Button(InputId.Help, true);
            _silent = Button(InputId.Silent, true);
            _cancel = Button(InputId.Cancel, false);
            _resetKey = Button(InputId.ResetKey, false);
            _patrol = Button(InputId.PatrolKey, false);
        }

        /// <summary>Safe mode: buttons, keys, life-safety zones, mains and battery only.</summary>
        public bool CallsOnly { get; set; }

        /// <summary>The reset key was turned since this was last asked.</summary>
        public bool TakeKeyTurned()
        {
            bool turned = _keyTurned;
            _keyTurned = false;
            return turned;
        }

        /// <summary>Some input is being judged: sample fast.</summary>
        public bool IsQualifying
        {
            get { return IsPressQualifying || _helpLine.IsQualifying || _cancel.IsQualifying || _resetKey.IsQualifying || _patrol.IsQualifying; }
        }

        /// <summary>A help or silent press is being judged: nothing routine may go to flash now.</summary>
        public bool IsPressQualifying
        {
            get { return (_help.IsQualifying && !_help.IsOn) || (_silent.IsQualifying && !_silent.IsOn); }
        }

        /// <summary>See <see cref="GatewayApp.RestsUntil"/>. A button that is held may be stuck after a while; safe mode samples less and ends.</summary>
        public long RestsUntil(long nowMs)
        {
            // The end of a press is judged, too, and the loop need not hurry for it.
            bool isAtRest = !IsQualifying && !_help.IsQualifying && !_silent.IsQualifying && !CallsOnly && _helpLine.IsAtRest && _zones.AreAtRest;
            if (!isAtRest)
            {
                return nowMs;
            }

            long help = StuckMs(_help, nowMs);
            long silent = StuckMs(_silent, nowMs);
            long stuck = help < silent ? help : silent;
            return stuck < _battery.DueMs ? stuck : _battery.DueMs;
        }

        /// <summary>See <see cref="GatewayApp.Rested"/>.</summary>
        public void Rested(long nowMs)
        {
            _help.Rested(nowMs);
            _silent.Rested(nowMs);
            _cancel.Rested(nowMs);
            _resetKey.Rested(nowMs);
            _patrol.Rested(nowMs);
            _zones.Rested(nowMs);
            _battery.Rested(nowMs);
        }

        /// <summary>Takes over the settings in force. A button that is held stays held.</summary>
        public void Configure(long nowMs)
        {
            _help.SetTimes(_settings.GlitchMs, _settings.DebounceMs);
            _silent.SetTimes(_settings.GlitchMs, _settings.DebounceMs);
            _cancel.SetTimes(_settings.GlitchMs, _settings.DebounceMs);
            _resetKey.SetTimes(_settings.GlitchMs, _settings.DebounceMs);
            _patrol.SetTimes(_settings.GlitchMs, _settings.DebounceMs);
            _zones.Configure(nowMs);
            _battery.Configure();
        }

        public void Sample(long nowMs)
        {
            // The order is the priority: a press first, so that its append comes before anything else in this step.
            _helpLine.Sample(nowMs);
            if (_help.Sample(_inputs, _helpLine.IsPressed, nowMs) && _help.IsOn)
            {
                _calls.PressHelp(_help.ChangedMs, _test.IsButtonUnderTest(CallDesk.HelpZone, nowMs), nowMs);
            }

            if (_silent.Sample(_inputs, nowMs) && _silent.IsOn)
            {
                _calls.PressSilent(_silent.ChangedMs, _test.IsButtonUnderTest(CallDesk.SilentZone, nowMs), nowMs);
            }

            _faults.Set(FaultId.HelpStuck, IsStuck(_help, nowMs), nowMs);
            _faults.Set(FaultId.SilentStuck, IsStuck(_silent, nowMs), true, nowMs);
            SampleKeys(nowMs);
            _zones.Sample(CallsOnly, nowMs);
            if (!IsPressQualifying)
            {
                _zones.Tell(nowMs);
            }

            _facts.MainsPresent = _zones.IsMainsPresent;
            _battery.Sample(nowMs);

            // The battery's own signal tells the hub, which makes one incident of all batteries that sink in an outage (I12): a fault beside it would ring once for each box.
            _faults.Mark(FaultId.Battery, _battery.IsLow);
        }

        private void SampleKeys(long nowMs)
        {
            if (_cancel.Sample(_inputs, nowMs) && _cancel.IsOn)
            {
                _calls.Cancel(nowMs);
            }

            if (_resetKey.Sample(_inputs, nowMs) && _resetKey.IsOn)
            {
                _keyTurned = true;
                _calls.ResetByKey(nowMs);
            }

            if (!CallsOnly && _patrol.Sample(_inputs, nowMs) && _patrol.IsOn)
            {
                _events.Post(SignalKind.Patrol, 0, SignalState.Normal, 0, SignalDetail.None, _test.IsSensorUnderTest(0, nowMs), _patrol.ChangedMs, nowMs);
            }
        }

        private bool IsStuck(DebouncedInput button, long nowMs)
        {
            return button.IsOn && nowMs - button.ChangedMs >= _settings.StuckS * 1000L;
        }

        /// <summary>When a button that is held will be stuck; long.MaxValue when it is, or is not held, ms.</summary>
        private long StuckMs(DebouncedInput button, long nowMs)
        {
            return button.IsOn && !IsStuck(button, nowMs) ? button.ChangedMs + (_settings.StuckS * 1000L) : long.MaxValue;
        }

        private DebouncedInput Button(int input, bool takesMissedPulses)
        {
            return new DebouncedInput(input, _settings.GlitchMs, _settings.DebounceMs, takesMissedPulses, false);
        }
    }
}
