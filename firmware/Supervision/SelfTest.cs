using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Supervision
{
    /// <summary>The hub's <c>selfTest</c>: what the board can find out without a person. Lamps and buzzer need eyes and ears: <c>identify</c>.</summary>
    public static class SelfTest
    {
        /// <summary>Empty when all is well; else the first part that failed.</summary>
        public static string Run(SignalJournal journal, IAnalog analog, EventQueue events)
        {
            // The state file is written whole and read back by the next boot: the cheapest write that proves the flash.
            if (!journal.SaveState())
            {
                return "flash";
            }

            if (events.IsFailing)
            {
                return "journal";
            }

            for (int channel = 0; channel < analog.Count; channel++)
            {
                if (analog.ReadMillivolts(channel) < 0)
                {
                    return "analog";
                }
            }

            return "";
        }
    }
}
