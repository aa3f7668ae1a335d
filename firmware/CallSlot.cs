using Gateway.Firmware.Journal;

namespace Gateway.Firmware
{
    /// <summary>One kind of call of this board: its latch, and the presses counted on it.</summary>
    public sealed class CallSlot
    {
        /// <summary>
        /// Stands for the number of a call that neither journal nor RAM has taken yet. Neither lane can come to it, so that no receipt covers such a call.
        /// </summary>
        public const uint NoNumber = 4294967295;

        public readonly int Kind;
        public readonly int Zone;
        public readonly LatchedCall Latch;
        public int Count;

        /// <summary>Monotonic ms; long.MinValue when it was before this boot.</summary>
        public long PressedMs = long.MinValue;

        /// <summary>When its first press happened, ms.</summary>
        public long OpenedMs;

        public long SentMs;

        /// <summary>Neither journal nor RAM has taken the call: it is tried again, with all that is counted on it, until one of them does (I1).</summary>
        public bool IsUnkept;

        /// <summary>Presses were counted that no signal has told yet.</summary>
        public bool RepeatWaits;

        public long RepeatPressedMs;

        public CallSlot(int kind, int zone, LatchedCall latch)
        {
            Kind = kind;
            Zone = zone;
            Latch = latch;
        }

        public bool IsLatched
        {
            get { return Latch.Call != 0; }
        }

        /// <summary>The journal refused the call: its record is, or was, in RAM only.</summary>
        public bool IsVolatile
        {
            get { return Latch.VolatileEpoch != 0; }
        }

        public bool IsFinished
        {
            get { return Latch.Finished; }
        }

        public bool IsTest
        {
            get { return Latch.Test; }
        }

        /// <summary>Still latched, but the next press is a new call.</summary>
        public void Finish()
        {
            Latch.Finished = true;
            RepeatWaits = false;
            IsUnkept = false;
        }

        public void Clear()
        {
            Latch.Clear();
            Count = 0;
            RepeatWaits = false;
            IsUnkept = false;
            PressedMs = long.MinValue;
        }
    }
}
