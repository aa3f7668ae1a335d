using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>The orderly end that the hub asks for: the answer and a goodbye leave, then the board restarts ([GW-27]).</summary>
    public sealed class Farewell
    {
        /// <summary>The answer and the goodbye have this long to leave, ms.</summary>
        public const int GoodbyeMs = 1000;

        /// <summary>How long a restart waits for a link that has no room for its goodbye, ms: without it the board would look lost.</summary>
        public const int GoodbyeWaitMsMax = 10000;

        private readonly Commands _commands;
        private readonly Uplink _uplink;
        private long _restartMs = long.MaxValue;

        public Farewell(Commands commands, Uplink uplink)
        {
            _commands = commands;
            _uplink = uplink;
        }

        /// <summary>Nothing else is begun any more: a heartbeat or a birth behind the goodbye would show the board as present again.</summary>
        public bool HasBegun
        {
            get { return _restartMs != long.MaxValue; }
        }

        /// <summary>The link had no room for the goodbye: it goes before what the journal keeps.</summary>
        public bool IsOwed { get; private set; }

        /// <summary>When the board restarts; long.MaxValue when nobody asked for it, ms.</summary>
        public long DueMs
        {
            get { return _restartMs; }
        }

        public bool IsDue { get; private set; }

        public void Step(ILink link, long nowMs)
        {
            bool begins = _commands.RebootRequested && !HasBegun;
            if (begins || IsOwed)
            {
                IsOwed = !_uplink.TryGoodbye(link);
                _restartMs = !IsOwed ? nowMs + GoodbyeMs : begins ? nowMs + GoodbyeWaitMsMax : _restartMs;
            }

            IsDue = nowMs >= _restartMs;
        }

        /// <summary>Nobody hears a goodbye any more: the restart need not wait for it.</summary>
        public void LinkIsDown()
        {
            IsDue = _commands.RebootRequested;
        }
    }
}
