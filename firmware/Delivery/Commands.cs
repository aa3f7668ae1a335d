using Gateway.Firmware.Configuration;
using Gateway.Firmware.Feedback;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// Executes each of the hub's commands once and answers it ([GW-40]). The answers of the last 16 are kept in RAM; the same id again
    /// gets the same answer and no second effect. One that expired, or came too soon after a press, is judged anew.
    /// </summary>
    public sealed class Commands
    {
        public const int KeptMax = 16;
        public const int IdentifySMax = 60;
        public const int SirenSMax = 600;
        public const int AnnunciateSMax = 3600;
        public const int WatchAlertSMax = 600;
        public const int TestMinutesMax = 120;
        public const int ZoneMax = 32;

        private const string Done = "done";
        private const string Refused = "refused";
        private const string Expired = "expired";
        private const string Failed = "failed";

        private readonly GatewaySettings _settings;
        private readonly CallDesk _calls;
        private readonly Panel _panel;
        private readonly TestMode _test;
        private readonly string[] _ids = new string[KeptMax];
        private readonly string[] _results = new string[KeptMax];
        private readonly string[] _reasons = new string[KeptMax];
        private readonly bool[] _waits = new bool[KeptMax];
        private int _next;

        public Commands(GatewaySettings settings, CallDesk calls, Panel panel, TestMode test)
        {
            _settings = settings;
            _calls = calls;
            _panel = panel;
            _test = test;
        }

        /// <summary>An orderly restart was asked for.</summary>
        public bool RebootRequested { get; private set; }

        /// <summary>A self-test was asked for; whoever runs it calls <see cref="SelfTestEnded"/>.</summary>
        public bool SelfTestRequested { get; private set; }

        /// <summary>Safe mode: only what ends a call or the safe mode is executed.</summary>
        public bool CallsOnly { get; set; }

        public void Take(FlatJson json, string id, string command, long untilUpMs, long nowMs)
        {
            int slot = -1;
            for (int i = 0; i < KeptMax; i++)
            {
                if (_ids[i] == id)
                {
                    if (!IsUndone(i))
                    {
                        _waits[i] = _results[i] != null;
                        return;
                    }

                    slot = i;
                }
            }

            if (slot < 0)
            {
                slot = TakeSlot();
                _ids[slot] = id;
            }

            _results[slot] = null;
            _waits[slot] = false;
            if (nowMs > untilUpMs)
            {
                Answer(slot, Expired, "");
                return;
            }

            string reason = Execute(json, command, nowMs);
            if (reason != null)
            {
                Answer(slot, reason.Length == 0 ? Done : reason == CallDesk.NotDurable ? Failed : Refused, reason);
            }
        }

        /// <summary>Sends the answers that wait. True when the link would not take one.</summary>
        public bool SendResults(Uplink uplink, ILink link)
        {
            for (int i = 0; i < KeptMax; i++)
            {
                if (_waits[i])
                {
                    if (!uplink.TryResult(link, _ids[i], _results[i], _reasons[i]))
                    {
                        return true;
                    }

                    _waits[i] = false;
                }
            }

            return false;
        }

        /// <summary>Answers whoever asked for one: two that came together are one test.</summary>
        /// <param name="failure">Empty when all is well, else what failed.</param>
        public void SelfTestEnded(string failure)
        {
            SelfTestRequested = false;
            for (int i = 0; i < KeptMax; i++)
            {
                // Nothing but a self-test is answered later.
                if (_ids[i] != null && _results[i] == null)
                {
                    Answer(i, failure.Length == 0 ? Done : Failed, failure);
                }
            }
        }

        /// <summary>The oldest place whose answer has left; when all are owed, the oldest.</summary>
        private int TakeSlot()
        {
            int slot = _next;
            for (int i = 1; i < KeptMax && IsOwed(slot); i++)
            {
                slot = (_next + i) % KeptMax;
            }

            slot = IsOwed(slot) ? _next : slot;
            _next = (slot + 1) % KeptMax;
            return slot;
        }

        private bool IsOwed(int i)
        {
            return _ids[i] != null && (_waits[i] || _results[i] == null);
        }

        /// <summary>Its answer said that it is not done, and may be later: the same command is judged anew.</summary>
        private bool IsUndone(int i)
        {
            return _results[i] == Expired || _reasons[i] == CallDesk.NotDurable || (_results[i] == Refused && _reasons[i] == CallDesk.PressedAgain);
        }

        private void Answer(int slot, string result, string reason)
        {
            _results[slot] = result;
            _reasons[slot] = reason;
            _waits[slot] = true;
        }

        /// <returns>Empty: done. Null: the answer comes later. Else why it is refused.</returns>
        private string Execute(FlatJson json, string command, long nowMs)
        {
            if (CallsOnly && command != "resetLatch" && command != "reboot")
            {
                return "safe-mode";
            }

            switch (command)
            {
                case "resetLatch":
                    return ResetLatch(json, nowMs);
                case "identify":
                    if (!json.TryNumber("seconds", 1, IdentifySMax, out long identifyS))
                    {
                        return "out-of-range";
                    }

                    _panel.Identify(nowMs + (identifyS * 1000));
                    return "";
                case "siren":
                    if (!json.TryNumber("seconds", 0, SirenSMax, out long sirenS))
                    {
                        return "out-of-range";
                    }

                    if (!_settings.Siren)
                    {
                        return "not-configured";
                    }

                    _panel.Siren(nowMs + (sirenS * 1000));
                    return "";
                case "annunciate":
                    return Annunciate(json, nowMs);
                case "watchAlert":
                    if (!json.TryNumber("seconds", 0, WatchAlertSMax, out long alertS))
                    {
                        return "out-of-range";
                    }

                    _panel.WatchAlert(nowMs + (alertS * 1000));
                    return "";
                case "testMode":
                    if (!json.TryNumber("zone", 0, ZoneMax, out long zone) || !json.TryNumber("minutes", 0, TestMinutesMax, out long minutes))
                    {
                        return "out-of-range";
                    }

                    _test.Set((int)zone, nowMs + (minutes * 60000));
                    return "";
                case "selfTest":
                    SelfTestRequested = true;
                    return null;
                case "reboot":
                    RebootRequested = true;
                    return "";
                default:
                    return "unknown-command";
            }
        }

        private string ResetLatch(FlatJson json, long nowMs)
        {
            if (!json.TryHex("epoch", out uint epoch) || !json.TryNumber("seq", 1, 4294967295, out long seq))
            {
                return "out-of-range";
            }

            int lane = json.IsText("lane", "volatile") ? Journal.LaneId.Volatile : Journal.LaneId.Call;
            return _calls.ResetByCommand(lane, epoch, (uint)seq, nowMs);
        }

        private string Annunciate(FlatJson json, long nowMs)
        {
            if (!json.TryNumber("seconds", 0, AnnunciateSMax, out long seconds) || !json.TryNumber("pattern", 1, 4, out long pattern))
            {
                return "out-of-range";
            }

            if (!_settings.Annunciator)
            {
                return "not-configured";
            }

            // Patterns 1..4 of the command are steady, slow, fast and double.
            _panel.Annunciate(Pattern.Steady + (int)pattern - 1, nowMs + (seconds * 1000));
            return "";
        }
    }
}
