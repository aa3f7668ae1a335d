using Gateway.Firmware.Journal;

namespace Gateway.Firmware.Supervision
{
    /// <summary>Infers why this boot happened; see <see cref="RestartReason"/>.</summary>
    public static class Restart
    {
        /// <summary>A boot that lasts this long is no part of a crash loop, ms.</summary>
        public const int LongBootMs = 300000;

        /// <summary>So many short boots in a row are a crash loop.</summary>
        public const int CrashLoopBoots = 3;

        /// <param name="stuckLoop">The loop that the note of a supervised restart names; 0 for none.</param>
        public static int Infer(SignalJournal journal, int stuckLoop)
        {
            if (journal.Report.StartedEmpty || journal.Report.StateLost)
            {
                return RestartReason.Unknown;
            }

            if (stuckLoop != 0)
            {
                return RestartReason.Watchdog;
            }

            if (journal.FoundMarker != 0)
            {
                return journal.FoundMarker;
            }

            return IsCrashLoop(journal) ? RestartReason.Crash : RestartReason.Power;
        }

        /// <summary>The boots before this one all ended early: run the call path only (README.md, safe mode).</summary>
        public static bool IsCrashLoop(SignalJournal journal)
        {
            return journal.FoundShortBoots >= CrashLoopBoots;
        }
    }
}
