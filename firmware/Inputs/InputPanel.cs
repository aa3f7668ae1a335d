using Gateway.Firmware.Configuration;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>Samples every input once per step and hands on what changed: presses to the call desk, the rest to the event queue.</summary>
    public sealed class InputPanel
    {
        /// <summary>Zones of the two door contacts.</summary>
        public const int Contact1Zone = 3;

        public const int Contact2Zone = 4;

        /// <summary>A door must stay for this long before it counts, ms: slower than a rattle in the wind, faster than a person.</summary>
        public const int ContactMs = 200;

        /// <summary>Mains flickers when big motors start; a second separates that from an outage, ms.</summary>
        public const int MainsMs = 1000;

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
        private readonly DebouncedInput _contact1;
        private readonly DebouncedInput _contact2;
        private readonly DebouncedInput _tamper;
        private readonly DebouncedInput _patrol;
        private readonly DebouncedInput _mains;
        private readonly BatteryGauge _battery;
        private bool _keyTurned;

        public InputPanel(GatewaySettings settings, IInputs inputs, IAnalog analog, CallDesk calls, EventQueue events, Faults faults, TestMode test, BoardFacts facts)
        {
            _settings = settings;
            _battery = new BatteryGauge(analog, events, facts);
            _inputs = inputs;
            _calls = calls;
            _events = events;
            _faults = faults;
            _test = test;
            _facts = facts;
            _help = new DebouncedInput(InputId.Help, settings.GlitchMs, settings.DebounceMs, true, false);
            _silent = new DebouncedInput(InputId.Silent, settings.GlitchMs, settings.DebounceMs, true, false);
            _cancel = new DebouncedInput(InputId.Cancel, settings.GlitchMs, settings.DebounceMs, false, false);
            _resetKey = new DebouncedInput(InputId.ResetKey, settings.GlitchMs, settings.DebounceMs, false, false);
            _contact1 = new DebouncedInput(InputId.Contact1, ContactMs, ContactMs, false, false);
            _contact2 = new DebouncedInput(InputId.Contact2, ContactMs, ContactMs, false, false);
            _tamper = new DebouncedInput(InputId.Tamper, ContactMs, ContactMs, false, false);
            _patrol = new DebouncedInput(InputId.PatrolKey, settings.GlitchMs, settings.DebounceMs, false, false);
            _mains = new DebouncedInput(InputId.MainsPresent, MainsMs, MainsMs, false, true);
        }

        /// <summary>Takes over the settings in force.</summary>
        public void Configure()
        {
        }

        /// <summary>Safe mode: buttons, keys, mains and battery only; no sensor is looked at.</summary>
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
            get { return IsPressQualifying || _cancel.IsQualifying || _resetKey.IsQualifying || _patrol.IsQualifying; }
        }

        /// <summary>A help or silent press is being judged: nothing routine may go to flash now.</summary>
        public bool IsPressQualifying
        {
            get { return (_help.IsQualifying && !_help.IsOn) || (_silent.IsQualifying && !_silent.IsOn); }
        }

        public void Sample(long nowMs)
        {
            // The order is the priority: a press first, so that its append comes before anything else in this step.
            if (_help.Sample(_inputs, nowMs) && _help.IsOn)
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
            if (!CallsOnly)
            {
                SampleContact(_contact1, SignalKind.Door, Contact1Zone, nowMs);
                SampleContact(_contact2, SignalKind.Door, Contact2Zone, nowMs);
                SampleContact(_tamper, SignalKind.Tamper, 0, nowMs);
            }

            _battery.Sample(nowMs);
            _faults.Set(FaultId.Battery, _battery.IsLow, nowMs);
            if (_mains.Sample(_inputs, nowMs))
            {
                _facts.MainsPresent = _mains.IsOn;
                Post(SignalKind.Mains, 0, _mains.IsOn ? SignalState.Normal : SignalState.Alarm, _mains.ChangedMs, nowMs);
            }
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
                Post(SignalKind.Patrol, 0, SignalState.Normal, _patrol.ChangedMs, nowMs);
            }
        }

        private void SampleContact(DebouncedInput contact, int kind, int zone, long nowMs)
        {
            if (contact.Sample(_inputs, nowMs))
            {
                Post(kind, zone, contact.IsOn ? SignalState.Alarm : SignalState.Normal, contact.ChangedMs, nowMs);
            }
        }

        private bool IsStuck(DebouncedInput button, long nowMs)
        {
            return button.IsOn && nowMs - button.ChangedMs >= _settings.StuckS * 1000L;
        }

        private void Post(int kind, int zone, int state, long occurredMs, long nowMs)
        {
            _events.Post(kind, zone, state, 0, SignalDetail.None, _test.IsSensorUnderTest(zone, nowMs), occurredMs, nowMs);
        }
    }
}
