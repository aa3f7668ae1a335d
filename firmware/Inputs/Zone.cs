using Gateway.Firmware.Configuration;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>
    /// One zone: what it listens to, what was told of it, and when the next may be told. The first change is told at once, further ones at most once per
    /// spacing, the newest state last: none is lost, and no sensor floods its lane.
    /// </summary>
    public sealed class Zone
    {
        /// <summary>Between two signals of one zone in the call lane, as of one button ([GW-21]), ms.</summary>
        public const int CallSpacingMs = CallDesk.RepeatMs;

        /// <summary>The same in the event lane, where bouncing also shuts a zone down, ms.</summary>
        public const int EventSpacingMs = 1000;

        private readonly int _number;
        private readonly int _kind;
        private readonly bool _isLife;
        private readonly ZoneSource _source;
        private readonly Swinger _swinger;
        private readonly ZoneSettings _settings;
        private int _told = SignalState.Normal;
        private bool _toldTest;
        private long _toldMs = long.MinValue / 2;
        private long _alarmMs;
        private int _alarms;
        private int _alarmsTold;
        private bool _hasRested;

        /// <param name="settings">Null for what belongs to the box itself: no schedule, no shutdown.</param>
        public Zone(int number, int kind, bool isLife, ZoneSource source, ZoneSettings settings)
        {
            _number = number;
            _kind = kind;
            _isLife = isLife;
            _source = source;
            _settings = settings;
            _swinger = settings != null && settings.MaySwing ? new Swinger() : null;
        }

        public int Number
        {
            get { return _number; }
        }

        public int Kind
        {
            get { return _kind; }
        }

        public bool IsLife
        {
            get { return _isLife; }
        }

        public int State
        {
            get { return _source.State; }
        }

        public bool HasLineFault
        {
            get { return _source.State == SignalState.Open || _source.State == SignalState.Short; }
        }

        public bool IsShut
        {
            get { return _swinger != null && _swinger.IsShut; }
        }

        /// <summary>As it was configured; null for a zone of the box itself.</summary>
        public ZoneSettings Settings
        {
            get { return _settings; }
        }

        /// <summary>Nothing is being judged, all is told, and time alone changes nothing: a shutdown ends by itself, and what was told as a test when that ends.</summary>
        public bool IsAtRest
        {
            get
            {
                bool isTold = _source.State == _told && _alarms == _alarmsTold && !_toldTest;
                return isTold && !_source.IsQualifying && !IsShut && !_hasRested;
            }
        }

        /// <summary>See <see cref="DebouncedInput.Rested"/>.</summary>
        public void Rested(long nowMs)
        {
            _source.Rested(nowMs);
        }

        /// <summary>Samples once and counts a new alarm.</summary>
        public void Sample(IInputs inputs, long nowMs)
        {
            bool changed = _source.Sample(inputs, nowMs);
            if (changed && _source.State == SignalState.Alarm)
            {
                _alarms = _alarms < CallDesk.CountMax ? _alarms + 1 : _alarms;
                _alarmMs = _source.ChangedMs;
            }

            if (_swinger != null && _swinger.Rest(_source.State == SignalState.Normal, changed, nowMs))
            {
                // The alarms of the time in between are what the shutdown was for.
                _alarmsTold = _alarms;
                _hasRested = true;
            }
        }

        /// <summary>True once when the shutdown has ended.</summary>
        public bool TakeRested()
        {
            bool hasRested = _hasRested;
            _hasRested = false;
            return hasRested;
        }

        /// <summary>Tells what is to be told now, if anything.</summary>
        /// <param name="isArmed">Outside of its disarm times, or the time is not known.</param>
        /// <param name="isTest">The zone is under test.</param>
        public void Tell(ZoneOutlet outlet, bool isArmed, bool isTest, int swingerAlarms, long nowMs)
        {
            if (IsShut || nowMs - _toldMs < (_isLife ? CallSpacingMs : EventSpacingMs))
            {
                return;
            }

            bool missedAlarm = _alarms != _alarmsTold;
            int state = missedAlarm ? SignalState.Alarm : _source.State;
            if (state == SignalState.Alarm && !isArmed && _told != SignalState.Alarm)
            {
                // Not counted either; what is still on when the zone is armed again is told then.
                state = _source.State == SignalState.Alarm ? SignalState.Normal : _source.State;
                _alarms = _source.State == SignalState.Alarm ? 1 : 0;
                _alarmsTold = _alarms;
                missedAlarm = false;
            }

            // What began under test ends under test; what is still on when the test ends is told again, for real.
            bool test = state == SignalState.Normal ? _toldTest : isTest;
            bool isReal = state != SignalState.Normal && _toldTest && !test;
            if (state == _told && !missedAlarm && !isReal)
            {
                return;
            }

            // Refused everywhere: tried again after the spacing, with what is so then.
            long occurredMs = state == _source.State ? _source.ChangedMs : _alarmMs;
            _toldMs = nowMs;
            if (!outlet.Put(this, state, _alarms < 1 ? 1 : _alarms, _source.Millivolts, test, occurredMs, nowMs))
            {
                return;
            }

            _told = state;
            _toldTest = test;
            _alarmsTold = _alarms;
            if (state == SignalState.Normal)
            {
                _alarms = 0;
                _alarmsTold = 0;
            }
            else if (_swinger != null && !test && _swinger.Count(swingerAlarms, nowMs))
            {
                outlet.PutSwinger(this, true, nowMs);
            }
        }
    }
}
