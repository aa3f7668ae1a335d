using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Inputs
{
    /// <summary>What a zone listens to: a contact at a pin, or a supervised loop. One state of four, with the moment it began.</summary>
    public sealed class ZoneSource
    {
        private readonly DebouncedInput _contact;
        private readonly bool _alarmLevel;
        private readonly SupervisedLoop _loop;
        private readonly int _holdMs;

        private ZoneSource(DebouncedInput contact, bool alarmLevel, SupervisedLoop loop, int holdMs)
        {
            _contact = contact;
            _alarmLevel = alarmLevel;
            _loop = loop;
            _holdMs = holdMs;
        }

        /// <param name="alarmLevel">Which level of the pin is the alarm; the other one is assumed before the first sample.</param>
        public static ZoneSource Contact(int input, bool alarmLevel, int holdMs)
        {
            return new ZoneSource(new DebouncedInput(input, holdMs, holdMs, false, !alarmLevel), alarmLevel, null, holdMs);
        }

        public static ZoneSource Loop(IAnalog analog, int channel, int holdMs)
        {
            return new ZoneSource(null, false, new SupervisedLoop(analog, channel), holdMs);
        }

        /// <summary>A <see cref="SignalState"/>: Alarm, Normal, and of a loop Open and Short.</summary>
        public int State
        {
            get { return _contact != null ? (_contact.IsOn == _alarmLevel ? SignalState.Alarm : SignalState.Normal) : StateOf(_loop.Band); }
        }

        public long ChangedMs
        {
            get { return _contact != null ? _contact.ChangedMs : _loop.ChangedMs; }
        }

        /// <summary>mV at the pin of a loop; 0 of a contact.</summary>
        public int Millivolts
        {
            get { return _contact != null || _loop.Millivolts < 0 ? 0 : _loop.Millivolts; }
        }

        /// <summary>A change is being judged.</summary>
        public bool IsQualifying
        {
            get { return _contact != null ? _contact.IsQualifying : _loop.IsQualifying; }
        }

        /// <summary>See <see cref="DebouncedInput.Rested"/>; a loop keeps no time of its samples.</summary>
        public void Rested(long nowMs)
        {
            if (_contact != null)
            {
                _contact.Rested(nowMs);
            }
        }

        /// <summary>Samples once. True when the state has changed.</summary>
        public bool Sample(IInputs inputs, long nowMs)
        {
            if (_contact != null)
            {
                return _contact.Sample(inputs, nowMs);
            }

            int before = StateOf(_loop.Band);
            return _loop.Sample(_holdMs, nowMs) && StateOf(_loop.Band) != before;
        }

        private static int StateOf(int band)
        {
            switch (band)
            {
                case LoopBand.Normal: return SignalState.Normal;
                case LoopBand.Short: return SignalState.Short;
                case LoopBand.Open: return SignalState.Open;
                default: return SignalState.Alarm;
            }
        }
    }
}
