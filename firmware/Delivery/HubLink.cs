using Gateway.Firmware.Configuration;
using Gateway.Firmware.Feedback;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// The board's side of PROTOCOL.md: connect, give birth, send the lanes (calls first), take what comes down, beat. Everything is polled;
    /// the link may lose anything at any time.
    /// </summary>
    public sealed class HubLink
    {
        /// <summary>Signals handed over per step: calls up to a whole window, events a few, so that a backlog does not hold up the next sample.</summary>
        public const int CallsPerStep = Outbox.WindowMax;

        public const int EventsPerStep = 4;

        /// <summary>The client's queue was full: try again after this, ms.</summary>
        public const int BusyRetryMs = 20;

        /// <summary>
        /// Something waits for its receipt and no authentic word came from the hub for this long: the connection is dead, though nobody said so, and a
        /// new one is made ([GW-15]). Three sendings have gone unanswered by then. The client's own ping does not notice it: it is sent only
        /// when nothing else is, ms.
        /// </summary>
        public const int SilenceMsMax = 15000;

        /// <summary>
        /// A first birth that gets no answer within this may be refused as replayed: a boot before whose writes the flash refused had the same number. It is
        /// given again under the next one ([GW-13]), then after twice as long: sooner than silence ends the connection, ms.
        /// </summary>
        public const int UnansweredMs = 6000;

        public const int UnansweredMsMax = 12000;

        /// <summary>
        /// What came down was more than the link could hold, and the hub takes it for told: a new birth lets it say everything again that is true now ([GW-29]),
        /// this long after the last one, and twice as long each time that it was too much again, ms.
        /// </summary>
        public const int AskAgainMs = 5000;

        public const int AskAgainMsMax = 320000;

        private readonly ConfigurationDesk _configuration;
        private readonly GatewaySettings _settings;
        private readonly ILink _link;
        private readonly SignalJournal _journal;
        private readonly VolatileLane _volatile;
        private readonly Backoff _backoff;
        private readonly Session _session;
        private readonly Connection _connection;
        private readonly Uplink _uplink;
        private readonly Commands _commands;
        private readonly Farewell _farewell;
        private readonly Inbox _inbox;
        private readonly Outbox[] _outboxes = new Outbox[LaneId.Count];
        private readonly BoardFacts _facts;
        private int _unansweredMs = UnansweredMs;
        private int _askAgainMs = AskAgainMs;
        private int _dropped;
        private long _droppedMs;
        private long _heartbeatMs;
        private long _answeredMs;
        private long _rebirthMs = long.MaxValue;
        private bool _isNewConnection = true;
        private long _dueMs;

        public HubLink(
            ConfigurationDesk configuration,
            ILink link,
            IRandom random,
            SignalJournal journal,
            VolatileLane volatileLane,
            WallTime time,
            BoardFacts facts,
            CallDesk calls,
            Panel panel,
            TestMode test)
        {
            GatewaySettings settings = configuration.Settings;
            _configuration = configuration;
            _settings = settings;
            _link = link;
            _journal = journal;
            _volatile = volatileLane;
            _facts = facts;
            Topics topics = new Topics(settings.Device);
            Authenticator authenticator = new Authenticator(settings.Key);
            PayloadWriter writer = new PayloadWriter(authenticator);
            _backoff = new Backoff(random);
            _session = new Session(random);
            _connection = new Connection(settings, link, topics, writer, _backoff);
            _uplink = new Uplink(settings, topics, writer, _session, journal, volatileLane, time, facts);
            _commands = new Commands(settings, calls, panel, test);
            _farewell = new Farewell(_commands, _uplink);
            _outboxes[LaneId.Call] = new Outbox(journal.Calls, writer, topics.Signal);
            _outboxes[LaneId.Event] = new Outbox(journal.Events, writer, topics.Signal);
            _outboxes[LaneId.Volatile] = new Outbox(volatileLane, writer, topics.Signal);
            _inbox = new Inbox(settings, topics, authenticator, _session, journal, _outboxes, calls, time, _commands, configuration);
        }

        public Inbox Inbox
        {
            get { return _inbox; }
        }

        public Commands Commands
        {
            get { return _commands; }
        }

        public LinkState LinkState
        {
            get { return _link.State; }
        }

        /// <summary>Between a birth and the loss of its connection.</summary>
        public bool IsOnline
        {
            get { return _session.IsBorn && _link.State == LinkState.Up; }
        }

        public int VolatileBacklog
        {
            get { return _volatile.Backlog; }
        }

        /// <summary>The orderly restart that the hub asked for is due.</summary>
        public bool RebootDue
        {
            get { return _farewell.IsDue; }
        }

        /// <summary>A call was made: if there is no connection, try at once.</summary>
        public void Hurry(long nowMs)
        {
            _connection.Hurry(nowMs);
        }

        /// <summary>Other settings are in force: a new birth says so, by another way if that changed.</summary>
        public void Reconfigured(bool hasLinkChanged, long nowMs)
        {
            if (hasLinkChanged)
            {
                _connection.Reopen(nowMs);
                _session.Ended();
                _rebirthMs = long.MaxValue;
            }
            else if (_session.IsBorn)
            {
                _rebirthMs = nowMs;
            }
        }

        /// <returns>When it wants to be called again, ms.</returns>
        public long Step(long nowMs)
        {
            _dueMs = Follow(nowMs);
            return _dueMs;
        }

        /// <summary>See <see cref="GatewayApp.RestsUntil"/>.</summary>
        public long RestsUntilMs
        {
            get
            {
                bool judgesSilence = IsOnline && IsWaiting;
                return judgesSilence && _answeredMs + SilenceMsMax < _dueMs ? _answeredMs + SilenceMsMax : _dueMs;
            }
        }

        /// <summary>See <see cref="GatewayApp.Rested"/>.</summary>
        public void Rested(long nowMs)
        {
            if (IsOnline && !IsWaiting)
            {
                _answeredMs = nowMs;
            }
        }

        private bool IsWaiting
        {
            get { return _outboxes[LaneId.Call].HasBacklog || _outboxes[LaneId.Volatile].HasBacklog || _outboxes[LaneId.Event].HasBacklog; }
        }

        private long Follow(long nowMs)
        {
            bool callWaits = _outboxes[LaneId.Call].HasBacklog || _outboxes[LaneId.Volatile].HasBacklog;
            if (_connection.Step(_session, callWaits, nowMs))
            {
                _inbox.HubRun.ConnectionBegins();
                _rebirthMs = long.MaxValue;
            }

            if (_link.State != LinkState.Up)
            {
                _session.Ended();
                _isNewConnection = true;
                _farewell.LinkIsDown();
                return _connection.DueMs;
            }

            if (_isNewConnection)
            {
                // Only here: a birth that is given again on the same connection is no answer, and a connection that swallows them all must end.
                _isNewConnection = false;
                _answeredMs = nowMs;
            }

            if (!_session.IsBorn && !GiveBirth(nowMs))
            {
                // Full of what nobody acknowledges: it may be dead, and then each birth that finds room again is no answer either.
                return CloseIfSilent(nowMs) ? nowMs : nowMs + BusyRetryMs;
            }

            bool more = _inbox.Step(_link, nowMs);
            if (CloseIfSilent(nowMs))
            {
                return nowMs;
            }

            bool leaves = _farewell.HasBegun;
            if (!leaves)
            {
                SkipBootIfUnanswered(nowMs);
                AskAgainIfDropped(nowMs);
                PlanRebirth(nowMs);
            }

            more = (_farewell.IsOwed ? _commands.SendResults(_uplink, _link) : Send(nowMs)) || more;
            if (!leaves)
            {
                Beat(nowMs);
            }

            _farewell.Step(_link, nowMs);
            return more || _farewell.IsOwed ? nowMs + BusyRetryMs : Due();
        }

        /// <summary>Only until the hub's first word in this boot: from then on the number is known to be good.</summary>
        private void SkipBootIfUnanswered(long nowMs)
        {
            if (!_inbox.HasHeard && _session.IsBorn && nowMs - _session.BornMs >= _unansweredMs)
            {
                _unansweredMs = _unansweredMs * 2 < UnansweredMsMax ? _unansweredMs * 2 : UnansweredMsMax;
                _journal.SkipBoot();
                _facts.Boot = _journal.Boot;
                _rebirthMs = nowMs;
            }
        }

        private void AskAgainIfDropped(long nowMs)
        {
            if (_link.DroppedCount == _dropped)
            {
                return;
            }

            _dropped = _link.DroppedCount;
            if (nowMs - _droppedMs >= 2 * AskAgainMsMax)
            {
                _askAgainMs = AskAgainMs;
            }

            _droppedMs = nowMs;
            if (_rebirthMs != long.MaxValue)
            {
                return; // it is planned already
            }

            long earliest = _session.BornMs + _askAgainMs;
            _rebirthMs = (earliest > nowMs ? earliest : nowMs) + _backoff.Jittered(2000);
            _askAgainMs = _askAgainMs * 2 < AskAgainMsMax ? _askAgainMs * 2 : AskAgainMsMax;
        }

        /// <summary>Ends a connection on which something waits and nothing has come for <see cref="SilenceMsMax"/>. False: it goes on.</summary>
        private bool CloseIfSilent(long nowMs)
        {
            bool isWaiting = IsWaiting;
            if (!isWaiting || _inbox.HeardMs > _answeredMs)
            {
                _answeredMs = isWaiting ? _inbox.HeardMs : nowMs;
            }

            bool isSilent = nowMs - _answeredMs >= SilenceMsMax;
            if (isSilent)
            {
                _link.Close();
                _isNewConnection = true;
            }

            return isSilent;
        }

        private bool GiveBirth(long nowMs)
        {
            if (!_uplink.TryBirth(_link, nowMs))
            {
                return false;
            }

            _session.Born(nowMs);
            _configuration.Born();
            _heartbeatMs = nowMs + (_settings.HeartbeatS * 1000L);
            for (int i = 0; i < LaneId.Count; i++)
            {
                _outboxes[i].Restart();
            }

            return true;
        }

        /// <summary>A hub that started anew gets a new birth, spread over 2 s and not before 5 s after the last one ([GW-29], [GW-44]).</summary>
        private void PlanRebirth(long nowMs)
        {
            if (_inbox.HubRun.IsNew)
            {
                _inbox.HubRun.Answered();
                long earliest = _session.BornMs + Session.BirthSpacingMs;
                _rebirthMs = (earliest > nowMs ? earliest : nowMs) + _backoff.Jittered(2000);
            }

            if (nowMs >= _rebirthMs)
            {
                _rebirthMs = long.MaxValue;
                _session.Renew();
                if (!GiveBirth(nowMs))
                {
                    _session.Ended();
                }
            }
        }

        /// <returns>True when there is more to send now.</returns>
        private bool Send(long nowMs)
        {
            if (!_session.IsBorn)
            {
                return true;
            }

            bool more = _outboxes[LaneId.Volatile].Pump(_link, nowMs, CallsPerStep);
            more = _outboxes[LaneId.Call].Pump(_link, nowMs, CallsPerStep) || more;
            if (!more)
            {
                more = _outboxes[LaneId.Event].Pump(_link, nowMs, EventsPerStep);
            }

            if (_configuration.Report.IsDue && _uplink.TryReportConfig(_link, _configuration))
            {
                _configuration.Report.Said();
            }

            return _commands.SendResults(_uplink, _link) || more;
        }

        private void Beat(long nowMs)
        {
            if (_session.IsBorn && nowMs >= _heartbeatMs)
            {
                // Dropped when the link will not take it ([GW-31]).
                _uplink.TryHeartbeat(_link, _inbox.RefusedTotal, nowMs);
                _heartbeatMs = nowMs + (_settings.HeartbeatS * 1000L);
            }
        }

        private long Due()
        {
            long due = _farewell.DueMs;
            if (!_farewell.HasBegun)
            {
                long unanswered = _inbox.HasHeard ? long.MaxValue : _session.BornMs + _unansweredMs;
                due = _heartbeatMs < _rebirthMs ? _heartbeatMs : _rebirthMs;
                due = unanswered < due ? unanswered : due;
            }

            for (int i = 0; i < LaneId.Count; i++)
            {
                due = _outboxes[i].DueMs < due ? _outboxes[i].DueMs : due;
            }

            return due;
        }
    }
}
