using Gateway.Firmware.Configuration;
using Gateway.Firmware.Feedback;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// Judges what comes down: size, MAC, form, version, hub, session, number, and only then its meaning. A refused message changes
    /// nothing and is counted by name.
    /// </summary>
    public sealed class Inbox
    {
        /// <summary>PROTOCOL.md, section 1; the configuration's bound is that of <see cref="LinkMessage"/>.</summary>
        public const int BytesMax = 1024;

        /// <summary>Messages taken per step.</summary>
        public const int PerStepMax = 8;

        private readonly GatewaySettings _settings;
        private readonly Topics _topics;
        private readonly Authenticator _authenticator;
        private readonly Session _session;
        private readonly SignalJournal _journal;
        private readonly Outbox[] _outboxes;
        private readonly CallDesk _calls;
        private readonly WallTime _time;
        private readonly Commands _commands;
        private readonly ConfigurationDesk _configuration;
        private readonly LinkMessage _message = new LinkMessage();
        private readonly FlatJson _json = new FlatJson();
        private readonly int[] _refused = new int[Refusal.Count];
        private readonly Envelope _envelope;
        private readonly HubRun _hubRun;

        public Inbox(
            GatewaySettings settings,
            Topics topics,
            Authenticator authenticator,
            Session session,
            SignalJournal journal,
            Outbox[] outboxes,
            CallDesk calls,
            WallTime time,
            Commands commands,
            ConfigurationDesk configuration)
        {
            _settings = settings;
            _topics = topics;
            _authenticator = authenticator;
            _session = session;
            _journal = journal;
            _outboxes = outboxes;
            _calls = calls;
            _time = time;
            _commands = commands;
            _configuration = configuration;
            _envelope = new Envelope(settings, authenticator, session);
            _hubRun = new HubRun(settings);
        }

        /// <summary>Messages refused since boot, all names together.</summary>
        public int RefusedTotal { get; private set; }

        /// <summary>When the newest authentic message came down, ms; the hub's retained status has no authority and does not count.</summary>
        public long HeardMs { get; private set; }

        /// <summary>Some authentic message came down in this boot.</summary>
        public bool HasHeard { get; private set; }

        /// <summary>What is known of the hub's runs in this connection ([GW-29]).</summary>
        public HubRun HubRun
        {
            get { return _hubRun; }
        }

        public int Refused(int refusal)
        {
            return _refused[refusal];
        }

        /// <summary>Takes what is there. True when there may be more.</summary>
        public bool Step(ILink link, long nowMs)
        {
            for (int i = 0; i < PerStepMax; i++)
            {
                if (!link.TryReceive(_message))
                {
                    return false;
                }

                int refusal = Take(nowMs);
                if (refusal != Refusal.None)
                {
                    _refused[refusal]++;
                    RefusedTotal++;
                }
                else if (_message.Topic != Topics.HubStatus)
                {
                    HeardMs = nowMs;
                    HasHeard = true;
                }
            }

            return true;
        }

        private int Take(long nowMs)
        {
            if (_message.Topic == Topics.HubStatus)
            {
                return _message.Count > BytesMax ? Refusal.TooLarge : _hubRun.Take(_json, _message);
            }

            if (_message.Topic == _topics.Receipt.Name)
            {
                int refusal = _envelope.Judge(_topics.Receipt, _message, _json);
                return refusal != Refusal.None ? refusal : TakeReceipt(nowMs);
            }

            if (_message.Topic == _topics.Notice.Name)
            {
                int refusal = _envelope.Judge(_topics.Notice, _message, _json);
                return refusal != Refusal.None ? refusal : TakeNotice(nowMs);
            }

            if (_message.Topic == _topics.Command.Name)
            {
                int refusal = _envelope.Judge(_topics.Command, _message, _json);
                return refusal != Refusal.None ? refusal : TakeCommand(nowMs);
            }

            return _message.Topic == _topics.Config.Name ? TakeConfig() : Refusal.UnknownTopic;
        }

        /// <summary>Retained and of no session: its own version orders it ([GW-41]).</summary>
        private int TakeConfig()
        {
            if (!_authenticator.IsAuthentic(_topics.Config, _message.Payload, _message.Count))
            {
                return Refusal.BadMac;
            }

            if (!_json.Parse(_message.Payload, _message.Count))
            {
                return Refusal.NotJson;
            }

            if (!_json.TryNumber("v", 1, 1, out long _))
            {
                return _json.Has("v") ? Refusal.UnknownVersion : Refusal.MissingMember;
            }

            return _json.IsText("hub", _settings.Hub) ? _configuration.TakeDesired(_json, _message.Payload, _message.Count - Authenticator.TailBytes) : Refusal.WrongHub;
        }

        private int TakeReceipt(long nowMs)
        {
            if (!_json.TryNumber("n", 1, FlatJson.NumberMax, out long n)
                || !_json.TryHex("epoch", out uint epoch)
                || !_json.TryNumber("through", 0, 4294967295, out long through)
                || !_json.TryNumber("at", 0, FlatJson.NumberMax, out long at)
                || !TryLane(out int lane))
            {
                return Refusal.MissingMember;
            }

            if (!_session.TakeReceiptN(n))
            {
                return Refusal.Replayed;
            }

            IRecordSource source = _outboxes[lane].Source;
            if (epoch != source.Epoch)
            {
                return Refusal.WrongEpoch;
            }

            if (through >= source.Next)
            {
                return Refusal.Beyond;
            }

            _configuration.Heard();
            _time.TakeHubTime(at, nowMs);
            if (lane == LaneId.Volatile)
            {
                source.Acknowledge((uint)through);
            }
            else
            {
                _journal.Acknowledge(lane == LaneId.Call ? _journal.Calls : _journal.Events, (uint)through, nowMs);
            }

            _outboxes[lane].Receipted(nowMs);
            _calls.FollowReceipts(nowMs);
            return Refusal.None;
        }

        private int TakeNotice(long nowMs)
        {
            if (!_json.TryNumber("n", 1, FlatJson.NumberMax, out long n)
                || !_json.TryHex("epoch", out uint epoch)
                || !_json.TryNumber("seq", 1, 4294967295, out long seq)
                || !TryLane(out int lane)
                || !TryStage(out int stage))
            {
                return Refusal.MissingMember;
            }

            if (!_session.TakeNoticeN(n))
            {
                return Refusal.Replayed;
            }

            if (stage == CallStage.Idle)
            {
                // "refused": the hub did not understand a signal; a matter for the technician, not for the lamps.
                return Refusal.None;
            }

            return _calls.Notice(lane, epoch, (uint)seq, stage, nowMs) ? Refusal.None : Refusal.NotLatched;
        }

        private int TakeCommand(long nowMs)
        {
            if (!_json.TryNumber("n", 1, FlatJson.NumberMax, out long n)
                || !_json.TryText("id", 1, 32, out string id)
                || !_json.TryText("command", 1, 32, out string command)
                || !_json.TryNumber("untilUp", 0, FlatJson.NumberMax, out long untilUpMs))
            {
                return Refusal.MissingMember;
            }

            if (!SettingsText.IsName(id))
            {
                return Refusal.MissingMember;
            }

            if (!_session.TakeCommandN(n))
            {
                return Refusal.Replayed;
            }

            _commands.Take(_json, id, command, untilUpMs, nowMs);
            return Refusal.None;
        }

        private bool TryLane(out int lane)
        {
            for (lane = 0; lane < LaneId.Count; lane++)
            {
                if (_json.IsText("lane", LaneId.Name(lane)))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Idle stands for "refused".</summary>
        private bool TryStage(out int stage)
        {
            for (stage = CallStage.Cancelled; stage <= CallStage.Closed; stage++)
            {
                if (_json.IsText("stage", CallStage.Name(stage)))
                {
                    return true;
                }
            }

            stage = CallStage.Idle;
            return _json.IsText("stage", "refused");
        }
    }
}
