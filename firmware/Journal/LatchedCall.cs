namespace Gateway.Firmware.Journal
{
    /// <summary>A call that stays latched until a person resets it, also through reboots (I6). One for help, one for silent.</summary>
    public sealed class LatchedCall
    {
        /// <summary>Number of the first press in the call lane; 0 when none is latched there.</summary>
        public uint Call;

        /// <summary>Presses counted on it so far, those included that were not journalled.</summary>
        public int Count;

        /// <summary>Taken back by the presser, or closed by the station: still latched, but the next press is a new call.</summary>
        public bool Finished;

        /// <summary>Made under test: a real press is a new call.</summary>
        public bool Test;

        public void Clear()
        {
            Call = 0;
            Count = 0;
            Finished = false;
            Test = false;
        }

        /// <summary>Follows one record of the call lane, in live running and in replay alike.</summary>
        public void Follow(SignalRecord record, int kind)
        {
            if (record.Kind == kind && record.Call != 0)
            {
                if (Call != record.Call)
                {
                    Clear();
                    Call = record.Call;
                    Test = record.Test;
                }

                if (record.Count > Count)
                {
                    Count = record.Count;
                }
            }
            else if (record.Kind == SignalKind.Cancel && record.Call == Call)
            {
                Finished = true;
            }
            else if (record.Kind == SignalKind.Reset && record.Call == Call)
            {
                Clear();
            }
        }
    }
}
