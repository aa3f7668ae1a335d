using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Journal
{
    /// <summary>The names that a record can carry, as one byte. The numbers are on flash: never change or reuse one (JOURNAL.md).</summary>
    public static class SignalDetail
    {
        public const int None = 0;

        /// <summary>A reset by the key in the box, or by a command of the hub.</summary>
        public const int Key = 1;

        public const int Command = 2;

        /// <summary>The first of the restart reasons: this number + <see cref="RestartReason"/>.</summary>
        public const int FirstRestart = 8;

        /// <summary>The first of the faults: this number + <see cref="FaultId"/>.</summary>
        public const int FirstFault = 32;

        public static int OfRestart(int reason)
        {
            return FirstRestart + reason;
        }

        public static int OfFault(int fault)
        {
            return FirstFault + fault;
        }

        /// <summary>The name as sent in <c>detail</c>; empty for none.</summary>
        public static string Name(int detail)
        {
            switch (detail)
            {
                case None: return "";
                case Key: return "key";
                case Command: return "command";
                default:
                    return detail >= FirstFault ? FaultId.Name(detail - FirstFault) : RestartReason.Name(detail - FirstRestart);
            }
        }
    }
}
