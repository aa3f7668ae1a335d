using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// Which run of the hub its retained status named last. Not authenticated, and so without authority: all that it can cause is a birth ([GW-44]).
    /// </summary>
    public sealed class HubRun
    {
        private readonly GatewaySettings _settings;
        private uint _run;
        private bool _isKnown;

        public HubRun(GatewaySettings settings)
        {
            _settings = settings;
        }

        /// <summary>The hub started anew in this connection: a birth is due ([GW-29]).</summary>
        public bool IsNew { get; private set; }

        /// <summary>A new connection: the first status of the hub in it is only noted.</summary>
        public void ConnectionBegins()
        {
            _isKnown = false;
            IsNew = false;
        }

        /// <summary>The birth is planned.</summary>
        public void Answered()
        {
            IsNew = false;
        }

        public int Take(FlatJson json, LinkMessage message)
        {
            if (!json.Parse(message.Payload, message.Count))
            {
                return Refusal.NotJson;
            }

            if (!json.IsText("hub", _settings.Hub))
            {
                return Refusal.WrongHub;
            }

            if (!json.TryHex("run", out uint run))
            {
                return Refusal.MissingMember;
            }

            IsNew = IsNew || (_isKnown && run != _run);
            _isKnown = true;
            _run = run;
            return Refusal.None;
        }
    }
}
