using Gateway.Firmware.Journal;

namespace Gateway.Firmware.Supervision
{
    /// <summary>The faults that are on. Beginning and end of each is a <c>fault</c> signal; those that a silent call could cause stay off the lamp (I7).</summary>
    public sealed class Faults
    {
        private readonly EventQueue _events;
        private uint _on;
        private uint _hidden;

        public Faults(EventQueue events)
        {
            _events = events;
        }

        /// <summary>All faults that are on, one bit each.</summary>
        public uint On
        {
            get { return _on; }
        }

        /// <summary>Some fault is on that the lamp may show.</summary>
        public bool IsVisible
        {
            get { return (_on & ~_hidden) != 0; }
        }

        /// <summary>Tells the hub the fault's state even if it did not change, with a number that says more: for what is looked at by schedule.</summary>
        public void Report(int fault, bool on, int value, long nowMs)
        {
            uint bit = 1u << fault;
            _on = on ? _on | bit : _on & ~bit;
            _hidden &= ~bit;
            _events.Post(SignalKind.Fault, 0, on ? SignalState.Alarm : SignalState.Normal, value, SignalDetail.OfFault(fault), false, nowMs, nowMs);
        }

        public void Set(int fault, bool on, long nowMs)
        {
            Set(fault, on, false, nowMs);
        }

        /// <param name="hidden">It came from a silent call: reported to the hub, shown nowhere.</param>
        public void Set(int fault, bool on, bool hidden, long nowMs)
        {
            Set(fault, on, hidden, 0, 0, nowMs);
        }

        /// <summary>A fault of one zone, with a measurement.</summary>
        public void Set(int fault, bool on, int zone, int value, long nowMs)
        {
            Set(fault, on, false, zone, value, nowMs);
        }

        /// <summary>Shown at the box only: the zones' own signals tell the hub which of them it is.</summary>
        public void Mark(int fault, bool on)
        {
            uint bit = 1u << fault;
            _on = on ? _on | bit : _on & ~bit;
        }

        private void Set(int fault, bool on, bool hidden, int zone, int value, long nowMs)
        {
            uint bit = 1u << fault;
            if (!hidden)
            {
                _hidden &= ~bit;
            }

            if (((_on & bit) != 0) == on)
            {
                return;
            }

            _on ^= bit;
            _hidden = hidden ? _hidden | bit : _hidden & ~bit;
            _events.Post(SignalKind.Fault, zone, on ? SignalState.Alarm : SignalState.Normal, value, SignalDetail.OfFault(fault), false, nowMs, nowMs);
        }
    }
}
