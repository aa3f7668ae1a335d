using Gateway.Firmware.Configuration;
using Gateway.Firmware.Feedback;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Supervision
{
    /// <summary>
    /// On the hub's command and by schedule: what the board can find out without a person, and a light and a beep for one who is there. Lamps and buzzer
    /// cannot be sensed; they are left out while a call is shown.
    /// </summary>
    public sealed class SelfTest
    {
        public const int Passed = 0;
        public const int FlashFailed = 1;
        public const int JournalFailed = 2;
        public const int AnalogFailed = 3;
        public const int LinkFailed = 4;

        private readonly SignalJournal _journal;
        private readonly IAnalog _analog;
        private readonly EventQueue _events;
        private readonly Panel _panel;
        private readonly GatewaySettings _settings;
        private long _lastMs;

        public SelfTest(GatewaySettings settings, SignalJournal journal, IAnalog analog, EventQueue events, Panel panel)
        {
            _journal = journal;
            _analog = analog;
            _events = events;
            _panel = panel;
            _settings = settings;
        }

        /// <summary>The schedule of the settings asks for a test; 0 hours never does.</summary>
        public bool IsDue(long nowMs)
        {
            return _settings.SelfTestHours != 0 && nowMs - _lastMs >= _settings.SelfTestHours * 3600000L;
        }

        /// <summary>When <see cref="IsDue"/> next says so; long.MaxValue when never, ms.</summary>
        public long DueMs
        {
            get { return _settings.SelfTestHours == 0 ? long.MaxValue : _lastMs + (_settings.SelfTestHours * 3600000L); }
        }

        /// <summary>One flash write, a lamp test of <see cref="Panel.TestMs"/>. Returns the first part that failed, or <see cref="Passed"/>.</summary>
        public int Run(bool online, long nowMs)
        {
            _lastMs = nowMs;
            _panel.Test(nowMs);

            // The state file is written whole and read back by the next boot: the cheapest write that proves the flash.
            if (!_journal.SaveState())
            {
                return FlashFailed;
            }

            if (_events.IsFailing)
            {
                return JournalFailed;
            }

            for (int channel = 0; channel < _analog.Count; channel++)
            {
                if (_analog.ReadMillivolts(channel) < 0)
                {
                    return AnalogFailed;
                }
            }

            return online ? Passed : LinkFailed;
        }

        /// <summary>The name in a result; empty when all is well.</summary>
        public static string Name(int part)
        {
            switch (part)
            {
                case Passed: return "";
                case FlashFailed: return "flash";
                case JournalFailed: return "journal";
                case AnalogFailed: return "analog";
                default: return "link";
            }
        }
    }
}
