namespace Gateway.Firmware.Feedback
{
    /// <summary>
    /// The latched help call as its presser may see it. A silent call never comes near this object (I7). Stages only follow facts:
    /// the append, the receipt, the hub's notices.
    /// </summary>
    public sealed class CallView
    {
        /// <summary>Undelivered for this long is shown as such (I3), ms.</summary>
        public const int UndeliveredAfterMs = 20000;

        /// <summary>The end of a call is shown this long, also when the hub resets the latch at the same moment, ms.</summary>
        public const int ClosedShownMs = 60000;

        private int _noticed;
        private long _pressedMs;

        public bool IsLatched { get; private set; }

        /// <summary>False when the journal refused and the call lives in RAM only.</summary>
        public bool IsDurable { get; private set; }

        public bool IsReceived { get; private set; }

        /// <summary>When the present stage began, ms.</summary>
        public long StageMs { get; private set; }

        /// <summary>When the first press happened; the boot, for a call found latched at boot, ms.</summary>
        public long PressedMs
        {
            get { return _pressedMs; }
        }

        public int Stage { get; private set; }

        public void Begin(bool durable, long pressedMs, long nowMs)
        {
            IsLatched = true;
            IsDurable = durable;
            IsReceived = false;
            _noticed = CallStage.Idle;
            _pressedMs = pressedMs;
            Enter(CallStage.Journalled, nowMs);
        }

        /// <summary>The journal has taken the call after all.</summary>
        public void MadeDurable()
        {
            IsDurable = true;
        }

        /// <summary>The latch ended. By the key: all is dark at once. By the hub, after it closed the call: the presser still sees the end.</summary>
        public void Reset(bool byKey, long nowMs)
        {
            IsLatched = false;
            IsReceived = false;
            _noticed = CallStage.Idle;
            if (byKey || Stage != CallStage.Closed)
            {
                Enter(CallStage.Idle, nowMs);
            }
        }

        /// <summary>A receipt covers the very press that is latched ([GW-36]).</summary>
        public void Received(long nowMs)
        {
            if (IsLatched && !IsReceived)
            {
                IsReceived = true;
                Enter(_noticed > CallStage.Received ? _noticed : CallStage.Received, nowMs);
            }
        }

        /// <summary>The hub told how the call goes on ([GW-37]). The newest word counts: a stage can also be taken back.</summary>
        public void Noticed(int stage, long nowMs)
        {
            _noticed = stage;
            if (IsLatched && IsReceived)
            {
                Enter(stage, nowMs);
            }
        }

        /// <summary>When <see cref="Tick"/> has something to do; long.MaxValue when never, ms.</summary>
        public long DueMs
        {
            get
            {
                return Stage == CallStage.Journalled ? _pressedMs + UndeliveredAfterMs : Stage == CallStage.Closed ? StageMs + ClosedShownMs : long.MaxValue;
            }
        }

        /// <summary>Lets time pass: the transitions that nobody tells.</summary>
        public void Tick(long nowMs)
        {
            if (Stage == CallStage.Journalled && nowMs - _pressedMs >= UndeliveredAfterMs)
            {
                Enter(CallStage.Undelivered, nowMs);
            }
            else if (Stage == CallStage.Closed && nowMs - StageMs >= ClosedShownMs)
            {
                Enter(CallStage.Idle, nowMs);
            }
        }

        private void Enter(int stage, long nowMs)
        {
            if (stage != Stage)
            {
                Stage = stage;
                StageMs = nowMs;
            }
        }
    }
}
