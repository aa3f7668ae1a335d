namespace Gateway.Firmware.Inputs
{
    /// <summary>Counts the alarms of one zone: too many within a time shut it down until it has rested as long.</summary>
    public sealed class Swinger
    {
        /// <summary>The time in which alarms are counted, and for which a zone must rest, ms: a gate in a storm, not a busy shop.</summary>
        public const int WindowMs = 600000;

        private readonly long[] _alarmMs = new long[Configuration.SettingsBounds.SwingerAlarmsMax];
        private int _count;
        private int _next;
        private long _restSinceMs;

        public bool IsShut { get; private set; }

        /// <summary>One more was told. True when it shuts the zone down.</summary>
        /// <param name="alarmsMax">So many within the window; 0: never.</param>
        public bool Count(int alarmsMax, long nowMs)
        {
            if (alarmsMax == 0)
            {
                return false;
            }

            _alarmMs[_next] = nowMs;
            _next = (_next + 1) % _alarmMs.Length;
            _count = _count < _alarmMs.Length ? _count + 1 : _count;
            if (_count < alarmsMax || nowMs - _alarmMs[(_next + _alarmMs.Length - alarmsMax) % _alarmMs.Length] >= WindowMs)
            {
                return false;
            }

            IsShut = true;
            _restSinceMs = nowMs;
            return true;
        }

        /// <summary>While shut: follows whether the zone rests. True when it has rested long enough and is taken up again.</summary>
        public bool Rest(bool isAtRest, bool hasChanged, long nowMs)
        {
            if (!isAtRest || hasChanged)
            {
                _restSinceMs = nowMs;
            }

            if (!IsShut || nowMs - _restSinceMs < WindowMs)
            {
                return false;
            }

            IsShut = false;
            _count = 0;
            return true;
        }
    }
}
