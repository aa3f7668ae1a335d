namespace Gateway.Firmware.Supervision
{
    /// <summary>Faults as bits, so that all that are on fit into one number. The names travel in <c>fault</c> signals.</summary>
    public static class FaultId
    {
        /// <summary>The journal refused an append.</summary>
        public const int Journal = 0;

        /// <summary>The call lane is full of calls that the hub has not committed.</summary>
        public const int CallLaneFull = 1;

        /// <summary>Recovery found damaged records or lost state.</summary>
        public const int JournalDamage = 2;

        public const int HelpStuck = 3;
        public const int SilentStuck = 4;
        public const int Battery = 5;

        /// <summary>The line of the help button is cut or shorted.</summary>
        public const int HelpLine = 6;

        public const int SelfTest = 7;

        /// <summary>The board restarted too often and runs the call path only.</summary>
        public const int SafeMode = 8;

        public const int ClockJump = 9;
        public const int EventOverflow = 10;
        public const int StepError = 11;
        public const int Tamper = 12;

        /// <summary>A sensor toggles too often and is shut down until it rests.</summary>
        public const int Swinger = 13;

        /// <summary>A stored configuration or the provisioning file could not be used.</summary>
        public const int Configuration = 14;

        /// <summary>The line of some zone is cut or shorted; the zone's own signal says which and how.</summary>
        public const int ZoneLine = 15;

        /// <summary>The board restarted because its main loop stood still; told by the boot after it.</summary>
        public const int StuckMain = 20;

        /// <summary>The same for the link's worker.</summary>
        public const int StuckLink = 21;

        /// <summary>The same for the watchdog thread.</summary>
        public const int StuckWatchdog = 22;

        /// <summary>16 to 19 have no meaning yet.</summary>
        public const int Count = 23;

        /// <summary>The name as it is sent in <c>detail</c>.</summary>
        public static string Name(int fault)
        {
            switch (fault)
            {
                case Journal: return "journal";
                case CallLaneFull: return "call-lane-full";
                case JournalDamage: return "journal-damage";
                case HelpStuck: return "help-stuck";
                case SilentStuck: return "silent-stuck";
                case Battery: return "battery";
                case HelpLine: return "help-line";
                case SelfTest: return "self-test";
                case SafeMode: return "safe-mode";
                case ClockJump: return "clock-jump";
                case EventOverflow: return "event-overflow";
                case StepError: return "step-error";
                case Tamper: return "tamper";
                case Swinger: return "swinger";
                case Configuration: return "config";
                case StuckMain: return "stuck-main";
                case StuckLink: return "stuck-link";
                case StuckWatchdog: return "stuck-watchdog";
                case ZoneLine: return "zone-line";
                default: return "unknown";
            }
        }
    }
}
