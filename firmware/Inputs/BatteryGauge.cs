using Gateway.Firmware.Configuration;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>
    /// The backup battery: good, low or critical, from the mean of the last readings and with a hysteresis upwards, so that neither noise nor a
    /// sagging battery chatters. Readings below 5 V mean that none is fitted, or that its channel cannot be read.
    /// </summary>
    public sealed class BatteryGauge
    {
        /// <summary>The channel of IAnalog that the divider is on.</summary>
        public const int Channel = 4;

        /// <summary>Between two readings, ms; a battery changes slowly.</summary>
        public const int PeriodMs = 2000;

        /// <summary>Readings in the mean: 16 s, longer than a siren's start pulls it down.</summary>
        public const int Readings = 8;

        public const int FittedMvMin = 5000;
        public const int HysteresisMv = 300;

        private readonly GatewaySettings _settings;
        private readonly IAnalog _analog;
        private readonly EventQueue _events;
        private readonly BoardFacts _facts;
        private readonly int[] _pinMv = new int[Readings];
        private int _count;
        private int _next;
        private int _equal;
        private long _dueMs;
        private int _state = SignalState.Normal;

        public BatteryGauge(GatewaySettings settings, IAnalog analog, EventQueue events, BoardFacts facts)
        {
            _settings = settings;
            _analog = analog;
            _events = events;
            _facts = facts;
        }

        public bool IsLow
        {
            get { return _state != SignalState.Normal; }
        }

        /// <summary>When the next reading is due that can change something, ms: never while all of the mean are equal, unless the battery is another one then.</summary>
        public long DueMs
        {
            get { return _equal < Readings ? _dueMs : long.MaxValue; }
        }

        /// <summary>See <see cref="GatewayApp.Rested"/>.</summary>
        public void Rested(long nowMs)
        {
            if (nowMs >= _dueMs)
            {
                _dueMs = NextMs(nowMs);
            }
        }

        /// <summary>The settings in force are others: each reading counts again.</summary>
        public void Configure()
        {
            _equal = 0;
        }

        public void Sample(long nowMs)
        {
            if (nowMs < _dueMs)
            {
                return;
            }

            _dueMs = NextMs(nowMs);
            int mv = Millivolts(Mean(Channel < _analog.Count ? _analog.ReadMillivolts(Channel) : -1));
            if (mv < FittedMvMin)
            {
                _facts.BatteryMv = 0;
                return;
            }

            _facts.BatteryMv = mv;
            int state = StateOf(mv);
            if (state != _state)
            {
                _state = state;
                _events.Post(SignalKind.Battery, 0, state, mv, SignalDetail.None, false, nowMs, nowMs);
            }
        }

        /// <summary>Readings lie on a grid of their own: a late one does not put off those behind it.</summary>
        private long NextMs(long nowMs)
        {
            return _dueMs + ((((nowMs - _dueMs) / PeriodMs) + 1) * PeriodMs);
        }

        /// <summary>The mean with one more reading; one that failed begins anew.</summary>
        private int Mean(int pinMv)
        {
            if (pinMv < 0)
            {
                _count = 0;
                _equal = 0;
                return 0;
            }

            bool isAsBefore = _equal > 0 && pinMv == _pinMv[(_next + Readings - 1) % Readings];
            _equal = !isAsBefore ? 1 : _equal < Readings ? _equal + 1 : Readings;
            _pinMv[_next] = pinMv;
            _next = (_next + 1) % Readings;
            _count = _count < Readings ? _count + 1 : Readings;
            int sum = 0;
            for (int i = 1; i <= _count; i++)
            {
                sum += _pinMv[(_next + Readings - i) % Readings];
            }

            return sum / _count;
        }

        /// <summary>At the battery: the divider's scale, and this box's own correction.</summary>
        private int Millivolts(int pinMv)
        {
            return (int)((long)pinMv * LoopThresholds.BatteryScalePermille / 1000 * _settings.BatteryPermille / 1000);
        }

        private int StateOf(int mv)
        {
            int critical = _settings.BatteryCriticalMv + (_state == SignalState.Critical ? HysteresisMv : 0);
            int low = _settings.BatteryLowMv + (_state != SignalState.Normal ? HysteresisMv : 0);
            return mv < critical ? SignalState.Critical : mv < low ? SignalState.Low : SignalState.Normal;
        }
    }
}
