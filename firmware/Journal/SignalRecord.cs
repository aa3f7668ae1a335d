namespace Gateway.Firmware.Journal
{
    /// <summary>One record of a lane: what <see cref="RecordCodec"/> stores and what a signal's payload is made of, and nothing else.</summary>
    public sealed class SignalRecord
    {
        /// <summary>Rises by one per record of the lane, from 1; set by the lane when it appends.</summary>
        public uint Seq;

        public int Kind;

        /// <summary>0..32; 0 is the board itself.</summary>
        public int Zone;

        public int State;

        /// <summary>Sequence number of the first press of the call this belongs to; 0 when there is none.</summary>
        public uint Call;

        /// <summary>Presses counted on this call so far, 1..65,535.</summary>
        public int Count;

        public int Value;
        public int Detail;
        public uint Boot;

        /// <summary>Monotonic ms of that boot when it happened.</summary>
        public long UpMs;

        /// <summary>UTC ms since 1970 when it happened; 0 when the clock is <see cref="ClockQuality.None"/>.</summary>
        public long AtMs;

        public int Clock;
        public bool Test;

        public void Clear()
        {
            Seq = 0;
            Kind = 0;
            Zone = 0;
            State = 0;
            Call = 0;
            Count = 1;
            Value = 0;
            Detail = 0;
            Boot = 0;
            UpMs = 0;
            AtMs = 0;
            Clock = 0;
            Test = false;
        }

        public void CopyFrom(SignalRecord other)
        {
            Seq = other.Seq;
            Kind = other.Kind;
            Zone = other.Zone;
            State = other.State;
            Call = other.Call;
            Count = other.Count;
            Value = other.Value;
            Detail = other.Detail;
            Boot = other.Boot;
            UpMs = other.UpMs;
            AtMs = other.AtMs;
            Clock = other.Clock;
            Test = other.Test;
        }
    }
}
