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

        public static int Infer(SignalJournal journal)
        {
            if (journal.Report.StartedEmpty || journal.Report.StateLost)
            {
                return RestartReason.Unknown;
            }

            if (journal.FoundMarker != 0)
            {
                return journal.FoundMarker;
            }

            return journal.FoundShortBoots >= CrashLoopBoots ? RestartReason.Crash : RestartReason.Power;
        }
    }
}
