using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Inputs
{
    /// <summary>One line with end-of-line resistors on one channel of the converter. A band counts once it has been read for a while without a break.</summary>
    public sealed class SupervisedLoop
    {
        private readonly IAnalog _analog;
        private readonly int _channel;
        private int _reading = LoopBand.Normal;
        private long _sinceMs = -1;

        public SupervisedLoop(IAnalog analog, int channel)
        {
            _analog = analog;
            _channel = channel;
        }

        /// <summary>The <see cref="LoopBand"/> that counts.</summary>
        public int Band { get; private set; } = LoopBand.Normal;

        /// <summary>When that band was first read, ms.</summary>
        public long ChangedMs { get; private set; }

        /// <summary>The newest reading, mV at the pin; -1 when the channel cannot be read.</summary>
        public int Millivolts { get; private set; }

        /// <summary>The band read now; it does not count yet while <see cref="IsQualifying"/>.</summary>
        public int Reading
        {
            get { return _reading; }
        }

        public bool IsQualifying
        {
            get { return _sinceMs >= 0; }
        }

        /// <summary>Reads once. True when another band counts from now on.</summary>
        /// <param name="holdMs">How long a band must be read before it counts, ms.</param>
        public bool Sample(int holdMs, long nowMs)
        {
            Millivolts = _channel < _analog.Count ? _analog.ReadMillivolts(_channel) : -1;
            int band = LoopBand.Of(Millivolts, _reading);
            if (band != _reading)
            {
                _reading = band;
                _sinceMs = nowMs;
            }

            if (band == Band)
            {
                _sinceMs = -1;
                return false;
            }

            if (nowMs - _sinceMs < holdMs)
            {
                return false;
            }

            Band = band;
            ChangedMs = _sinceMs;
            _sinceMs = -1;
            return true;
        }
    }
}
