using System.Collections;
using System.Text;
using Gateway.Firmware.Delivery;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>
    /// The hub's side of the protocol, as little as a test of the board needs: checks each MAC, keeps one copy of each signal, answers
    /// births and signals with receipts. It keeps what it has when the board or the link goes.
    /// </summary>
    public sealed class FakeHub
    {
        private readonly FakeLink _link;
        private readonly Topics _topics;
        private readonly string _hub;
        private readonly Authenticator _authenticator;
        private readonly PayloadWriter _writer;
        private readonly FlatJson _json = new FlatJson();
        private readonly string[] _laneNames = new string[] { "call", "event", "volatile" };
        private readonly uint[] _epochs = new uint[3];
        private readonly uint[] _through = new uint[3];
        private long _n;

        public FakeHub(FakeLink link, string device, string hub, byte[] key)
        {
            _link = link;
            _hub = hub;
            _topics = new Topics(device);
            _authenticator = new Authenticator(key);
            _writer = new PayloadWriter(_authenticator);
        }

        /// <summary>Payloads of signals, each identity once, in order of arrival.</summary>
        public readonly ArrayList Signals = new ArrayList();

        private readonly ArrayList _identities = new ArrayList();

        public readonly ArrayList Births = new ArrayList();
        public readonly ArrayList Heartbeats = new ArrayList();
        public readonly ArrayList Results = new ArrayList();

        /// <summary>Reported configurations.</summary>
        public readonly ArrayList Reports = new ArrayList();

        public int Goodbyes;
        public int Duplicates;
        public int Conflicts;
        public int BadMacs;
        public string Session;

        /// <summary>False: it takes everything and says nothing, as behind a broker while the hub is away.</summary>
        public bool Answers = true;

        /// <summary>Takes all that was published and answers.</summary>
        public void Step()
        {
            while (_link.Up.Count > 0)
            {
                FakeMessage message = (FakeMessage)_link.Up[0];
                _link.Up.RemoveAt(0);
                Take(message);
            }
        }

        public uint Through(int lane)
        {
            return _through[lane];
        }

        public void SendReceipt(int lane)
        {
            SendReceipt(lane, _epochs[lane], _through[lane], Session, _hub);
        }

        public void SendReceipt(int lane, uint epoch, uint through, string session, string hub)
        {
            Begin(hub, session);
            _writer.Text("lane", _laneNames[lane]);
            _writer.Hex("epoch", epoch);
            _writer.Number("through", through);
            _writer.Number("at", 1795309378401);
            Send(_topics.Receipt);
        }

        public void SendNotice(int lane, uint seq, string stage)
        {
            Begin(_hub, Session);
            _writer.Text("lane", _laneNames[lane]);
            _writer.Hex("epoch", _epochs[lane]);
            _writer.Number("seq", seq);
            _writer.Text("stage", stage);
            Send(_topics.Notice);
        }

        /// <summary>Starts a command; the caller adds its members and calls <see cref="EndCommand"/>.</summary>
        public PayloadWriter BeginCommand(string id, string command, long untilUpMs)
        {
            Begin(_hub, Session);
            _writer.Text("id", id);
            _writer.Text("command", command);
            _writer.Number("untilUp", untilUpMs);
            return _writer;
        }

        public void EndCommand()
        {
            Send(_topics.Command);
        }

        /// <summary>A desired configuration: the members after the version, each with its comma before it.</summary>
        public void SendConfig(int version, string members)
        {
            string head = "{\"v\":1,\"hub\":\"" + _hub + "\",\"schema\":1,\"version\":" + version.ToString() + members;
            byte[] bytes = Encoding.UTF8.GetBytes(head);
            byte[] mac = _authenticator.Compute(_topics.Config, bytes, bytes.Length);
            char[] digits = new char[2 * mac.Length];
            for (int i = 0; i < mac.Length; i++)
            {
                digits[2 * i] = (char)Authenticator.HexDigit(mac[i] >> 4);
                digits[(2 * i) + 1] = (char)Authenticator.HexDigit(mac[i] & 15);
            }

            _link.Send(_topics.Config.Name, head + ",\"mac\":\"" + new string(digits) + "\"}");
        }

        /// <summary>The newest reported configuration; empty before the first.</summary>
        public string Report
        {
            get { return Reports.Count == 0 ? "" : (string)Reports[Reports.Count - 1]; }
        }

        public uint Epoch(int lane)
        {
            return _epochs[lane];
        }

        public void SendHubStatus(string run)
        {
            _link.Send(Topics.HubStatus, "{\"v\":1,\"hub\":\"" + _hub + "\",\"run\":\"" + run + "\",\"state\":\"online\",\"at\":1795309200000}");
        }

        /// <summary>How many signals contain both texts, such as <c>"kind":"help"</c>.</summary>
        public int Count(string a, string b)
        {
            int count = 0;
            for (int i = 0; i < Signals.Count; i++)
            {
                string payload = (string)Signals[i];
                if (payload.IndexOf(a) >= 0 && payload.IndexOf(b) >= 0)
                {
                    count++;
                }
            }

            return count;
        }

        private void Take(FakeMessage message)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(message.Payload);
            Topic topic = TopicOf(message.Topic);
            if (!_authenticator.IsAuthentic(topic, bytes, bytes.Length) || !_json.Parse(bytes, bytes.Length))
            {
                BadMacs++;
                return;
            }

            if (topic == _topics.Signal)
            {
                TakeSignal(message.Payload);
            }
            else if (topic == _topics.Status && _json.IsText("state", "online"))
            {
                TakeBirth(message.Payload);
            }
            else if (topic == _topics.Status)
            {
                Goodbyes++;
            }
            else if (topic == _topics.Heartbeat)
            {
                Heartbeats.Add(message.Payload);
            }
            else if (topic == _topics.Result)
            {
                Results.Add(message.Payload);
            }
            else if (topic == _topics.ConfigReported)
            {
                Reports.Add(message.Payload);
            }
        }

        private void TakeBirth(string payload)
        {
            Births.Add(payload);
            _json.TryText("session", 16, 16, out Session);
            _n = 0;
            for (int lane = 0; lane < 3; lane++)
            {
                _json.TryHex(_laneNames[lane] + "Epoch", out uint epoch);
                if (epoch != _epochs[lane])
                {
                    _epochs[lane] = epoch;
                    _through[lane] = 0;
                }

                if (_json.TryNumber(_laneNames[lane] + "Oldest", 1, 4294967295, out long oldest) && oldest - 1 > _through[lane])
                {
                    _through[lane] = (uint)(oldest - 1);
                }

                if (Answers)
                {
                    SendReceipt(lane);
                }
            }
        }

        private void TakeSignal(string payload)
        {
            int lane = _json.IsText("lane", "call") ? 0 : _json.IsText("lane", "event") ? 1 : 2;
            _json.TryHex("epoch", out uint epoch);
            _json.TryNumber("seq", 1, 4294967295, out long seq);
            bool isGap = _json.IsText("kind", "gap");
            string identity = _laneNames[lane] + "-" + epoch.ToString() + "-" + seq.ToString() + (isGap ? "-gap" : "");
            int at = _identities.IndexOf(identity);
            if (at >= 0)
            {
                Duplicates++;
                if ((string)Signals[at] != payload)
                {
                    Conflicts++;
                }
            }
            else
            {
                _identities.Add(identity);
                Signals.Add(payload);
            }

            bool follows = seq == _through[lane] + 1 || (isGap && _json.TryNumber("first", 1, seq, out long first) && first <= _through[lane] + 1);
            if (epoch == _epochs[lane] && follows && seq > _through[lane])
            {
                _through[lane] = (uint)seq;
            }

            if (Answers)
            {
                SendReceipt(lane);
            }
        }

        private void Begin(string hub, string session)
        {
            _writer.Begin();
            _writer.Text("hub", hub);
            _writer.Text("session", session);
            _writer.Number("n", ++_n);
        }

        private void Send(Topic topic)
        {
            _writer.End(topic);
            _link.Send(topic.Name, _writer.Written());
        }

        private Topic TopicOf(string name)
        {
            if (name == _topics.Signal.Name)
            {
                return _topics.Signal;
            }

            if (name == _topics.Status.Name)
            {
                return _topics.Status;
            }

            if (name == _topics.ConfigReported.Name)
            {
                return _topics.ConfigReported;
            }

            return name == _topics.Heartbeat.Name ? _topics.Heartbeat : _topics.Result;
        }
    }
}
