using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Feedback
{
    /// <summary>
    /// Lamps and buzzer as one function of the call's stage and the board's health; the table is in firmware/README.md. Outputs are
    /// touched only when they change.
    /// </summary>
    public sealed class Panel
    {
        /// <summary>How long a lamp test lights every lamp, ms.</summary>
        public const int TestMs = 2000;

        private const int BeepMs = 150;
        private const int BeepPeriodMs = 400;

        private readonly GatewaySettings _settings;
        private readonly IIndicators _indicators;
        private readonly bool[] _on = new bool[IndicatorId.Count];
        private readonly bool[] _isSet = new bool[IndicatorId.Count];
        private readonly int[] _pattern = new int[IndicatorId.Count];
        private int _shownStage;
        private int _beeps;
        private long _beepsFromMs;
        private long _identifyUntilMs;
        private long _testFromMs = -TestMs;
        private long _sirenUntilMs;
        private long _annunciateUntilMs;
        private int _annunciatePattern;
        private long _watchUntilMs;
        private long _changesMs;

        public Panel(GatewaySettings settings, IIndicators indicators)
        {
            _settings = settings;
            _indicators = indicators;
        }

        /// <summary>All lamps blink until then.</summary>
        public void Identify(long untilMs)
        {
            _identifyUntilMs = untilMs;
        }

        /// <summary>All lamps for <see cref="TestMs"/> and one beep, unless a call is shown.</summary>
        public void Test(long nowMs)
        {
            _testFromMs = nowMs;
        }

        /// <summary>The siren sounds until then, where the configuration allows one.</summary>
        public void Siren(long untilMs)
        {
            _sirenUntilMs = untilMs;
        }

        /// <summary>The board at the station sounds this <see cref="Pattern"/> until then, or until a key stops it. This board's own beeps and its alarm go first.</summary>
        public void Annunciate(int pattern, long untilMs)
        {
            _annunciatePattern = pattern;
            _annunciateUntilMs = untilMs;
        }

        /// <summary>A neighbour's call: its own pattern until then. While a call of this board is shown it is silent, so that it hides nothing.</summary>
        public void WatchAlert(long untilMs)
        {
            _watchUntilMs = untilMs;
        }

        /// <summary>
        /// A key: what the hub made this board sound ends. False when nothing sounded. A neighbour's call behind a call of this board was not heard, and goes on.
        /// </summary>
        public bool Silence(long nowMs)
        {
            bool sounded = nowMs < _annunciateUntilMs;
            _annunciateUntilMs = 0;
            if (_shownStage == CallStage.Idle && nowMs < _watchUntilMs)
            {
                sounded = true;
                _watchUntilMs = 0;
            }

            return sounded;
        }

        /// <summary>Sets every output for now and returns when one of them will change by itself.</summary>
        public long Show(CallView call, HealthView health, long nowMs)
        {
            StartBeeps(call, nowMs);
            Choose(call, health, nowMs);
            long next = long.MaxValue;
            for (int i = 0; i < IndicatorId.Count; i++)
            {
                if (i != IndicatorId.Buzzer)
                {
                    Set(i, Pattern.IsOn(_pattern[i], nowMs - call.StageMs));
                    next = Sooner(next, nowMs, Pattern.UntilChange(_pattern[i], nowMs - call.StageMs));
                }
            }

            _changesMs = Sooner(next, nowMs, Buzz(call, nowMs));
            return _changesMs;
        }

        /// <summary>When an output changes by itself, or what it was asked to show ends, ms.</summary>
        public long DueMs(long nowMs)
        {
            long next = Sooner(_changesMs, nowMs, Left(_identifyUntilMs, nowMs));
            next = Sooner(next, nowMs, Left(_testFromMs + TestMs, nowMs));
            next = Sooner(next, nowMs, Left(_sirenUntilMs, nowMs));
            next = Sooner(next, nowMs, Left(_annunciateUntilMs, nowMs));
            return Sooner(next, nowMs, Left(_watchUntilMs, nowMs));
        }

        private static long Left(long untilMs, long nowMs)
        {
            return untilMs > nowMs ? untilMs - nowMs : long.MaxValue;
        }

        private void Choose(CallView call, HealthView health, long nowMs)
        {
            int stage = call.Stage;
            _pattern[IndicatorId.Journalled] = Journalled(call, stage);
            _pattern[IndicatorId.Received] = stage >= CallStage.Received ? Pattern.Steady : Pattern.Off;
            _pattern[IndicatorId.Accepted] = stage >= CallStage.Accepted ? Pattern.Steady : stage == CallStage.Cancelled ? Pattern.SlowBlink : Pattern.Off;
            _pattern[IndicatorId.OnTheWay] = OnTheWay(stage);
            _pattern[IndicatorId.Health] = health.Pattern();
            bool undelivered = stage == CallStage.Undelivered;
            _pattern[IndicatorId.Siren] = _settings.Siren && (undelivered || nowMs < _sirenUntilMs) ? Pattern.Steady : Pattern.Off;
            if (nowMs < _identifyUntilMs)
            {
                Lamps(Pattern.Blink);
            }
            else if (IsTesting(call, nowMs))
            {
                Lamps(Pattern.Steady);
            }
        }

        private void Lamps(int pattern)
        {
            for (int i = IndicatorId.Journalled; i <= IndicatorId.Health; i++)
            {
                _pattern[i] = pattern;
            }
        }

        private bool IsTesting(CallView call, long nowMs)
        {
            return call.Stage == CallStage.Idle && nowMs - _testFromMs < TestMs;
        }

        private static int Journalled(CallView call, int stage)
        {
            if (stage == CallStage.Idle)
            {
                return Pattern.Off;
            }

            if (stage == CallStage.Undelivered)
            {
                return Pattern.Blink;
            }

            return call.IsDurable || stage >= CallStage.Received ? Pattern.Steady : Pattern.DoubleBlink;
        }

        private static int OnTheWay(int stage)
        {
            switch (stage)
            {
                case CallStage.Dispatched: return Pattern.SlowBlink;
                case CallStage.EnRoute: return Pattern.Steady;
                case CallStage.OnScene: return Pattern.DoubleBlink;
                case CallStage.Closed: return Pattern.Steady;
                default: return Pattern.Off;
            }
        }

        /// <summary>One beep: noted here. Two: a stage forward. The alarm for "undelivered" is a pattern of its own.</summary>
        private void StartBeeps(CallView call, long nowMs)
        {
            if (call.Stage != _shownStage)
            {
                _shownStage = call.Stage;
                _beeps = call.Stage == CallStage.Idle || call.Stage == CallStage.Undelivered ? 0 : call.Stage == CallStage.Journalled ? 1 : 2;
                _beepsFromMs = nowMs;
            }
        }

        /// <returns>Ms until the buzzer changes.</returns>
        private long Buzz(CallView call, long nowMs)
        {
            long elapsed = nowMs - _beepsFromMs;
            bool beeps = elapsed < (long)_beeps * BeepPeriodMs;
            int pattern = SoundOf(call, nowMs);
            if (beeps)
            {
                long at = elapsed % BeepPeriodMs;
                Set(IndicatorId.Buzzer, _settings.Buzzer && at < BeepMs);
                return at < BeepMs ? BeepMs - at : BeepPeriodMs - at;
            }

            long tested = nowMs - _testFromMs;
            if (pattern == Pattern.Off && IsTesting(call, nowMs))
            {
                Set(IndicatorId.Buzzer, _settings.Buzzer && tested < BeepMs);
                return tested < BeepMs ? BeepMs - tested : TestMs - tested;
            }

            Set(IndicatorId.Buzzer, _settings.Buzzer && Pattern.IsOn(pattern, nowMs - call.StageMs));
            return Pattern.UntilChange(pattern, nowMs - call.StageMs);
        }

        private int SoundOf(CallView call, long nowMs)
        {
            if (call.Stage == CallStage.Undelivered)
            {
                return Pattern.Blink;
            }

            if (nowMs < _annunciateUntilMs)
            {
                return _annunciatePattern;
            }

            return call.Stage == CallStage.Idle && nowMs < _watchUntilMs ? Pattern.TripleBlink : Pattern.Off;
        }

        private void Set(int indicator, bool on)
        {
            if (!_isSet[indicator] || _on[indicator] != on)
            {
                _isSet[indicator] = true;
                _on[indicator] = on;
                _indicators.Set(indicator, on);
            }
        }

        private static long Sooner(long next, long nowMs, long inMs)
        {
            return inMs != long.MaxValue && nowMs + inMs < next ? nowMs + inMs : next;
        }
    }
}
