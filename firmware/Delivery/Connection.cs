using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// Keeps the link up: opens it with a signed will, waits between attempts, changes to the other address of the hub after a failure.
    /// </summary>
    public sealed class Connection
    {
        /// <summary>An attempt that takes longer is ended (TCP, TLS, CONNECT and SUBSCRIBE together), ms.</summary>
        public const int AttemptMsMax = 30000;

        private readonly GatewaySettings _settings;
        private readonly ILink _link;
        private readonly Topics _topics;
        private readonly PayloadWriter _writer;
        private readonly Backoff _backoff;
        private readonly LinkRequest _request = new LinkRequest();
        private LinkState _seen = LinkState.Down;
        private bool _usesSecond;
        private long _attemptMs;

        public Connection(GatewaySettings settings, ILink link, Topics topics, PayloadWriter writer, Backoff backoff)
        {
            _settings = settings;
            _link = link;
            _topics = topics;
            _writer = writer;
            _backoff = backoff;
        }

        /// <summary>When something is due although the link reports nothing; long.MaxValue while it is up.</summary>
        public long DueMs
        {
            get { return _seen == LinkState.Up ? long.MaxValue : _seen == LinkState.Connecting ? _attemptMs + AttemptMsMax : _backoff.DueMs; }
        }

        /// <summary>Follows the link. True in the step in which it came up.</summary>
        public bool Step(Session session, bool callWaits, long nowMs)
        {
            LinkState state = _link.State;
            bool cameUp = state == LinkState.Up && _seen != LinkState.Up;
            if (state == LinkState.Down && _seen != LinkState.Down)
            {
                Lost(callWaits, nowMs);
            }
            else if (state == LinkState.Connecting && nowMs - _attemptMs >= AttemptMsMax)
            {
                _link.Close();
                Lost(callWaits, nowMs);
                state = LinkState.Down;
            }
            else if (cameUp)
            {
                _backoff.Succeeded();
            }

            _seen = state;
            if (state == LinkState.Down && nowMs >= _backoff.DueMs)
            {
                Open(session, nowMs);
            }

            return cameUp;
        }

        /// <summary>A new call waits: try at once.</summary>
        public void Hurry(long nowMs)
        {
            if (_seen == LinkState.Down)
            {
                _backoff.Hurry(nowMs);
            }
        }

        /// <summary>The way to the hub was changed: what there is ends, and the first address is tried as soon as the spacing allows.</summary>
        public void Reopen(long nowMs)
        {
            _link.Close();
            _seen = LinkState.Down;
            _usesSecond = false;
            _backoff.Restart(nowMs);
        }

        private void Lost(bool callWaits, long nowMs)
        {
            _backoff.Failed(nowMs, callWaits);
            _usesSecond = _settings.Host2 != null && !_usesSecond;
        }

        private void Open(Session session, long nowMs)
        {
            session.Prepare();
            _writer.Begin();
            _writer.Text("state", "offline");
            _writer.Text("session", session.Will);
            _writer.End(_topics.Status);
            _request.Host = _usesSecond ? _settings.Host2 : _settings.Host;
            _request.Port = _usesSecond ? _settings.Port2 : _settings.Port;
            _request.UseTls = _settings.UseTls;
            _request.CaCertificatePem = _settings.CaCertificatePem;
            _request.ClientId = _settings.Device;
            _request.User = _settings.User;
            _request.Password = _settings.Password;
            _request.KeepAliveS = _settings.KeepAliveS;
            _request.WillTopic = _topics.Status.Name;
            _request.WillMessage = _writer.Written();
            _request.Subscriptions = _topics.Subscriptions;
            _attemptMs = nowMs;
            _backoff.Attempted(nowMs);
            _seen = LinkState.Connecting;
            _link.Open(_request);
        }
    }
}
