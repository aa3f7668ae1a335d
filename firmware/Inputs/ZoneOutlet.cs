using Gateway.Firmware.Journal;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Inputs
{
    /// <summary>Where the signals of zones go: life-safety to the call desk, the rest to the event queue.</summary>
    public sealed class ZoneOutlet
    {
        private readonly CallDesk _calls;
        private readonly EventQueue _events;

        public ZoneOutlet(CallDesk calls, EventQueue events)
        {
            _calls = calls;
            _events = events;
        }

        /// <summary>False when it was refused and is to be told again.</summary>
        public bool Put(Zone zone, int state, int count, int value, bool test, long occurredMs, long nowMs)
        {
            if (zone.Kind == SignalKind.Patrol)
            {
                // A turn of the key is one fact; that it is turned back is none.
                if (state == SignalState.Alarm)
                {
                    _events.Post(SignalKind.Patrol, zone.Number, SignalState.Normal, 0, SignalDetail.None, test, occurredMs, nowMs);
                }

                return true;
            }

            if (zone.IsLife)
            {
                return _calls.Alarm(zone.Kind, zone.Number, state, count, value, test, occurredMs, nowMs);
            }

            _events.Post(zone.Kind, zone.Number, state, value, SignalDetail.None, test, occurredMs, nowMs);
            return true;
        }

        /// <summary>A zone bounces and is shut down, or has rested.</summary>
        public void PutSwinger(Zone zone, bool isShut, long nowMs)
        {
            int state = isShut ? SignalState.Alarm : SignalState.Normal;
            _events.Post(SignalKind.Fault, zone.Number, state, 0, SignalDetail.OfFault(FaultId.Swinger), false, nowMs, nowMs);
        }
    }
}
