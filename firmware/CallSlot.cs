using Gateway.Firmware.Journal;

namespace Gateway.Firmware
{
    /// <summary>One kind of call of this board: its latch, and the presses counted on it.</summary>
    public sealed class CallSlot
    {
        public readonly int Kind;
        public readonly int Zone;
        public readonly LatchedCall Latch;
        public int Count;

        /// <summary>Monotonic ms; long.MinValue when it was before this boot.</summary>
        public long PressedMs = long.MinValue;

        public long SentMs;

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
        }

        public void Clear()
        {
            Latch.Clear();
            Count = 0;
            RepeatWaits = false;
            PressedMs = long.MinValue;
        }
    }
}
