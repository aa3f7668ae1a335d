using Gateway.Firmware.Configuration;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Delivery
{
    /// <summary>Writes births, heartbeats, results and what is reported of the configuration, and hands them to the link (PROTOCOL.md, sections 5, 6, 9 and 10).</summary>
    public sealed class Uplink
    {
        private readonly GatewaySettings _settings;
        private readonly Topics _topics;
        private readonly PayloadWriter _writer;
        private readonly Session _session;
        private readonly SignalJournal _journal;
        private readonly VolatileLane _volatile;
        private readonly WallTime _time;
        private readonly BoardFacts _facts;
        private readonly BacklogAge _callAge = new BacklogAge();
        private readonly BacklogAge _eventAge = new BacklogAge();

        public Uplink(
            GatewaySettings settings,
            Topics topics,
            PayloadWriter writer,
            Session session,
            SignalJournal journal,
            VolatileLane volatileLane,
            WallTime time,
            BoardFacts facts)
        {
            _settings = settings;
            _topics = topics;
            _writer = writer;
            _session = session;
            _journal = journal;
            _volatile = volatileLane;
            _time = time;
            _facts = facts;
        }

        /// <summary>The first message of a session ([GW-2]). False when the link would not take it.</summary>
        public bool TryBirth(ILink link, long nowMs)
        {
            _writer.Begin();
            _writer.Text("state", "online");
            _writer.Text("session", _session.Nonce);
            _writer.Text("will", _session.Will);
            _writer.Text("hub", _settings.Hub);
            Now(nowMs);
            _writer.Text("fw", BoardFacts.FirmwareVersion);
            _writer.Hex("callEpoch", _journal.Calls.Epoch);
            _writer.Number("callOldest", _journal.Calls.FirstToSend);
            _writer.Number("callNext", _journal.Calls.Next);
            _writer.Hex("eventEpoch", _journal.Events.Epoch);
            _writer.Number("eventOldest", _journal.Events.FirstToSend);
            _writer.Number("eventNext", _journal.Events.Next);
            _writer.Hex("volatileEpoch", _volatile.Epoch);
            _writer.Number("volatileOldest", _volatile.Acknowledged + 1);
            _writer.Number("config", _settings.Version);
            _writer.Number("heartbeatS", _settings.HeartbeatS);
            _writer.Text("restart", _facts.RestartReason);
            _writer.Flag("virtual", _settings.Virtual);
            _writer.End(_topics.Status);
            return link.TryPublish(_topics.Status.Name, _writer.Buffer, _writer.Count, true, true);
        }

        /// <summary>The board's own goodbye before an orderly end: the same message as the will ([GW-27]).</summary>
        public bool TryGoodbye(ILink link)
        {
            _writer.Begin();
            _writer.Text("state", "offline");
            _writer.Text("session", _session.Will);
            _writer.End(_topics.Status);
            return link.TryPublish(_topics.Status.Name, _writer.Buffer, _writer.Count, true, true);
        }

        public bool TryHeartbeat(ILink link, int refused, long nowMs)
        {
            _writer.Begin();
            _writer.Text("session", _session.Nonce);
            _writer.Number("n", _session.NextHeartbeat());
            Now(nowMs);
            _writer.Flag("mains", _facts.MainsPresent);
            _writer.Number("batteryMv", _facts.BatteryMv);
            _writer.Number("heapFree", _facts.HeapFreeBytes);
            _writer.Number("callBacklog", _journal.Calls.Backlog + (uint)_volatile.Backlog);
            _writer.Number("callOldestS", _callAge.Seconds(_journal.Calls.Acknowledged, _journal.Calls.Backlog, nowMs));
            _writer.Number("eventBacklog", _journal.Events.Backlog);
            _writer.Number("eventOldestS", _eventAge.Seconds(_journal.Events.Acknowledged, _journal.Events.Backlog, nowMs));
            _writer.Number("overruns", _facts.Overruns);
            _writer.Number("refused", refused);
            _writer.End(_topics.Heartbeat);
            if (!link.TryPublish(_topics.Heartbeat.Name, _writer.Buffer, _writer.Count, false, false))
            {
                return false;
            }

            _session.HeartbeatSent();
            return true;
        }

        public bool TryResult(ILink link, string id, string result, string reason)
        {
            _writer.Begin();
            _writer.Text("session", _session.Nonce);
            _writer.Number("n", _session.NextResult());
            _writer.Text("id", id);
            _writer.Text("result", result);
            _writer.Text("reason", reason);
            _writer.End(_topics.Result);
            if (!link.TryPublish(_topics.Result.Name, _writer.Buffer, _writer.Count, true, false))
            {
                return false;
            }

            _session.ResultSent();
            return true;
        }

        /// <summary>What became of the newest desired configuration, and all settings in force that are no secret (section 10).</summary>
        public bool TryReportConfig(ILink link, ConfigurationDesk configuration)
        {
            _writer.Begin();
            _writer.Text("session", _session.Nonce);
            _writer.Number("schema", SettingsTable.Schema);
            _writer.Number("version", configuration.Report.Version);
            _writer.Text("state", ConfigurationState.Name(configuration.Report.State));
            _writer.Text("reason", configuration.Report.Reason);
            _writer.Number("inForce", _settings.Version);
            _writer.Flag("local", configuration.IsLocal);
            if (configuration.Report.Sum != 0)
            {
                _writer.Hex("sum", configuration.Report.Sum);
            }

            for (int i = 0; i < configuration.Table.Count; i++)
            {
                Setting setting = configuration.Table.At(i);
                if (setting.IsHubs)
                {
                    Write(setting);
                }
            }

            _writer.End(_topics.ConfigReported);
            return link.TryPublish(_topics.ConfigReported.Name, _writer.Buffer, _writer.Count, true, true);
        }

        private void Write(Setting setting)
        {
            if (setting.Type == Setting.Number)
            {
                _writer.Number(setting.Name, SettingsFields.NumberOf(_settings, setting.Name));
            }
            else if (setting.Type == Setting.Flag)
            {
                _writer.Flag(setting.Name, SettingsFields.FlagOf(_settings, setting.Name));
            }
            else if (SettingsFields.TextOf(_settings, setting.Name) != null)
            {
                _writer.Text(setting.Name, SettingsFields.TextOf(_settings, setting.Name));
            }
        }

        private void Now(long nowMs)
        {
            _writer.Number("boot", _facts.Boot);
            _writer.Number("up", nowMs);
            _writer.Number("at", _time.At(nowMs, nowMs));
            _writer.Text("clock", ClockQuality.Name(_time.Quality));
        }
    }
}
