using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>
    /// The backup battery: good, low or critical, with a hysteresis upwards so that a sagging battery does not chatter. A reading below
    /// 5 V means that none is fitted, or that its channel cannot be read.
    /// </summary>
    public sealed class BatteryGauge
    {
        /// <summary>The channel of IAnalog that the divider is on.</summary>
        public const int Channel = 4;

        /// <summary>A battery changes slowly; this bounds the reads and the records, ms.</summary>
        public const int PeriodMs = 10000;

        public const int FittedMvMin = 5000;
        public const int HysteresisMv = 300;

        private readonly IAnalog _analog;
        private readonly EventQueue _events;
        private readonly BoardFacts _facts;
        private long _dueMs;
        private int _state = SignalState.Normal;

        public BatteryGauge(IAnalog analog, EventQueue events, BoardFacts facts)
        {
            _analog = analog;
            _events = events;
            _facts = facts;
        }

        public bool IsLow
        {
            get { return _state != SignalState.Normal; }
        }

        public void Sample(long nowMs)
        {
            if (nowMs < _dueMs)
            {
                return;
            }

            _dueMs = nowMs + PeriodMs;
            int pinMv = Channel < _analog.Count ? _analog.ReadMillivolts(Channel) : -1;
            int mv = pinMv < 0 ? 0 : (int)((long)pinMv * LoopThresholds.BatteryScalePermille / 1000);
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

        private int StateOf(int mv)
        {
            int critical = LoopThresholds.BatteryCriticalMillivolts + (_state == SignalState.Critical ? HysteresisMv : 0);
            int low = LoopThresholds.BatteryLowMillivolts + (_state != SignalState.Normal ? HysteresisMv : 0);
            return mv < critical ? SignalState.Critical : mv < low ? SignalState.Low : SignalState.Normal;
        }
    }
}
