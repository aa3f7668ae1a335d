namespace Gateway.Firmware.Journal
{
    /// <summary>A call that stays latched until a person resets it, also through reboots (I6). One for help, one for silent.</summary>
    public sealed class LatchedCall
    {
        /// <summary>Number of the first press; 0 when none is latched.</summary>
        public uint Call;

        /// <summary>0: <see cref="Call"/> is a number of the call lane. Else the journal refused the call, and this is the epoch of its volatile lane.</summary>
        public uint VolatileEpoch;

        /// <summary>Of a volatile call: the hub has receipted it. For one of the call lane the lane's cursor says so.</summary>
        public bool Received;

        /// <summary>Presses counted on it so far, those included that were not journalled.</summary>
        public int Count;

        /// <summary>Number of its newest press that was kept, in the lane of the call. Not stored: at boot the records of the lane tell it again.</summary>
        public uint LastPress;

        /// <summary>Taken back by the presser, or closed by the station: still latched, but the next press is a new call.</summary>
        public bool Finished;

        /// <summary>Made under test: a real press is a new call.</summary>
        public bool Test;

        public void Clear()
        {
            Call = 0;
            VolatileEpoch = 0;
            Received = false;
            Count = 0;
            LastPress = 0;
            Finished = false;
            Test = false;
        }

        /// <summary>Latches a call that is in the volatile lane only.</summary>
        public void LatchVolatile(uint epoch, uint call, bool test)
        {
            Clear();
            VolatileEpoch = epoch;
            Call = call;
            Count = 1;
            LastPress = call;
            Test = test;
        }

        /// <summary>A press in the call lane that the latch knows already: what it is as of the state file has this record in it.</summary>
        public void Recall(SignalRecord record, int kind)
        {
            if (record.Kind == kind && record.Call == Call && Call != 0 && VolatileEpoch == 0)
            {
                LastPress = record.Seq;
            }
        }

        /// <summary>Follows one record of the call lane, in live running and in replay alike.</summary>
        public void Follow(SignalRecord record, int kind)
        {
            if (record.Kind == kind && record.Call != 0)
            {
                // While a volatile call is latched, no record of another call of its kind is appended: this one came after it.
                if (Call != record.Call || VolatileEpoch != 0)
                {
                    Clear();
                    Call = record.Call;
                    Test = record.Test;
                }

                if (record.Count > Count)
                {
                    Count = record.Count;
                }

                LastPress = record.Seq;
            }
            else if (record.Kind == SignalKind.Cancel && record.Call == Call && VolatileEpoch == 0)
            {
                Finished = true;
            }
            else if (record.Kind == SignalKind.Reset && record.Call == Call && VolatileEpoch == 0)
            {
                Clear();
            }
        }
    }
}
