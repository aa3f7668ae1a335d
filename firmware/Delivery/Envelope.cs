using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>Judges what receipts, notices and commands have in common: size, MAC, form, version, hub, session, in that order.</summary>
    public sealed class Envelope
    {
        private readonly GatewaySettings _settings;
        private readonly Authenticator _authenticator;
        private readonly Session _session;

        public Envelope(GatewaySettings settings, Authenticator authenticator, Session session)
        {
            _settings = settings;
            _authenticator = authenticator;
            _session = session;
        }

        /// <summary>All that receipts, notices and commands have in common, up to the session.</summary>
        public int Judge(Topic topic, LinkMessage message, FlatJson json)
        {
            if (message.Count > Inbox.BytesMax)
            {
                return Refusal.TooLarge;
            }

            if (!_authenticator.IsAuthentic(topic, message.Payload, message.Count))
            {
                return Refusal.BadMac;
            }

            if (!json.Parse(message.Payload, message.Count))
            {
                return Refusal.NotJson;
            }

            if (!json.TryNumber("v", 1, 1, out long _))
            {
                return json.Has("v") ? Refusal.UnknownVersion : Refusal.MissingMember;
            }

            if (!json.IsText("hub", _settings.Hub))
            {
                return Refusal.WrongHub;
            }

            return _session.IsBorn && json.IsText("session", _session.Nonce) ? Refusal.None : Refusal.StaleSession;
        }
    }
}
