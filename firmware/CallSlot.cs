using Gateway.Firmware.Journal;

namespace Gateway.Firmware
{
    /// <summary>One kind of call of this board: its latch on flash, the same in RAM when the flash refused, and the presses counted on it.</summary>
    public sealed class CallSlot
    {
        public readonly int Kind;
        public readonly int Zone;
        public readonly LatchedCall Durable;

        /// <summary>First press of the call in the volatile lane, when it is latched there; else 0.</summary>
        public uint VolatileCall;

        public bool VolatileTest;
        public bool VolatileFinished;
        public int Count;

        /// <summary>Monotonic ms; long.MinValue when it was before this boot.</summary>
        public long PressedMs = long.MinValue;

        public long SentMs;

        /// <summary>Presses were counted that no signal has told yet.</summary>
        public bool RepeatWaits;

        public long RepeatPressedMs;

        public CallSlot(int kind, int zone, LatchedCall durable)
        {
            Kind = kind;
            Zone = zone;
            Durable = durable;
        }

        public bool IsLatched
        {
            get { return VolatileCall != 0 || Durable.Call != 0; }
        }

        public bool IsFinished
        {
            get { return VolatileCall != 0 ? VolatileFinished : Durable.Finished; }
        }

        public bool IsTest
        {
            get { return VolatileCall != 0 ? VolatileTest : Durable.Test; }
        }

        /// <summary>Still latched, but the next press is a new call.</summary>
        public void Finish()
        {
            if (VolatileCall != 0)
            {
                VolatileFinished = true;
            }
            else
            {
                Durable.Finished = true;
            }

            RepeatWaits = false;
        }

        public void Clear()
        {
            VolatileCall = 0;
            VolatileFinished = false;
            Durable.Clear();
            Count = 0;
            RepeatWaits = false;
            PressedMs = long.MinValue;
        }
    }
}
