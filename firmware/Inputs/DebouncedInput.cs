using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Inputs
{
    /// <summary>
    /// One input behind a glitch filter (a shorter pulse is noise) and a hold after the change (bounce of the release is not a second press).
    /// The level is the truth; an edge tells when the level began, and that a pulse came and went while nobody sampled.
    /// </summary>
    public sealed class DebouncedInput
    {
        /// <summary>No sample for longer than this: the interpreter stood still, and edges in that time are told late, ms.</summary>
        public const int StallMs = 100;

        /// <summary>After a stall, an edge that is told within this may be one of it: the callbacks and the loop run in no certain order then, ms.</summary>
        public const int LateEdgeMs = 250;

        /// <summary>While a pulse is judged the loop looks every 5 ms: longer than this, something was written meanwhile, and nobody saw when the pulse ended, ms.</summary>
        public const int BlindMs = 20;

        private readonly int _input;
        private readonly bool _takesMissedPulses;
        private int _onMs;
        private int _offMs;
        private bool _isOn;
        private long _sinceMs = -1;
        private long _judgedEdgeMs = -1;
        private long _sampledMs = long.MaxValue;
        private long _stalledMs = -LateEdgeMs - 1;

        /// <param name="onMs">How long the level must be asserted, ms.</param>
        /// <param name="offMs">How long it must be released, ms.</param>
        /// <param name="takesMissedPulses">
        /// A pulse that is over at the sample counts if it may have been long enough. For calls, where a false one is better than a missed one.
        /// </param>
        /// <param name="isOn">What is assumed before the first sample; a difference is then reported as a change.</param>
        public DebouncedInput(int input, int onMs, int offMs, bool takesMissedPulses, bool isOn)
        {
            _input = input;
            _onMs = onMs;
            _offMs = offMs;
            _takesMissedPulses = takesMissedPulses;
            _isOn = isOn;
        }

        public bool IsOn
        {
            get { return _isOn; }
        }

        /// <summary>When the present state began, or the last known moment before it, ms.</summary>
        public long ChangedMs { get; private set; }

        /// <summary>A change is being judged: sample fast.</summary>
        public bool IsQualifying
        {
            get { return _sinceMs >= 0; }
        }

        /// <summary>Other times from now on; the state stays, so that a held button is no second press.</summary>
        public void SetTimes(int onMs, int offMs)
        {
            _onMs = onMs;
            _offMs = offMs;
        }

        /// <summary>It was sampled as often as ever until then, and was as it is.</summary>
        public void Rested(long nowMs)
        {
            _sampledMs = nowMs;
        }

        /// <summary>Samples once. True when the state has changed.</summary>
        public bool Sample(IInputs inputs, long nowMs)
        {
            return Sample(inputs, false, nowMs);
        }

        /// <param name="secondWitness">Something else than the pin says that the input is asserted.</param>
        public bool Sample(IInputs inputs, bool secondWitness, long nowMs)
        {
            bool level = inputs.IsAsserted(_input) || secondWitness;
            long edgeMs = inputs.TakeAssertedEdgeMs(_input);
            if (nowMs - _sampledMs > StallMs)
            {
                _stalledMs = nowMs;
            }

            bool wasBlind = nowMs - _sampledMs > BlindMs;
            _sampledMs = nowMs;
            if (level == _isOn)
            {
                // It was being judged, and is over, and nobody looked for a while: it may have lasted until just now. The hub's reset, written down in the very
                // step in which somebody began to press, is such a while.
                if (!_isOn && _takesMissedPulses && wasBlind && _sinceMs >= 0 && nowMs - _sinceMs >= _onMs)
                {
                    return Change(_sinceMs);
                }

                // Sampled low, but an edge was seen: the pulse was shorter than the time since that edge. If that is long enough for a
                // press, it is taken for one; the release follows through the filter. The time of an edge is when it was told: after a
                // stall it says nothing, and the pulse may have been as long as the stall, also if its last bit was sampled.
                bool wasStalled = nowMs - _stalledMs <= LateEdgeMs;
                edgeMs = wasStalled && edgeMs < 0 && _sinceMs >= 0 ? _judgedEdgeMs : edgeMs;
                _sinceMs = -1;
                bool mayBeLong = nowMs - edgeMs >= _onMs || wasStalled;
                if (!_isOn && _takesMissedPulses && edgeMs >= 0 && mayBeLong)
                {
                    return Change(edgeMs);
                }

                return false;
            }

            _judgedEdgeMs = edgeMs >= 0 || _sinceMs < 0 ? edgeMs : _judgedEdgeMs;
            if (_sinceMs < 0)
            {
                _sinceMs = level && edgeMs >= 0 && edgeMs < nowMs ? edgeMs : nowMs;
            }

            return nowMs - _sinceMs >= (level ? _onMs : _offMs) && Change(_sinceMs);
        }

        private bool Change(long sinceMs)
        {
            _isOn = !_isOn;
            ChangedMs = sinceMs;
            _sinceMs = -1;
            return true;
        }
    }
}
