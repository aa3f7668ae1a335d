namespace Gateway.Firmware.Feedback
{
    /// <summary>How an output behaves over time. No lamp turns on more than 2.5 times a second: flashes above 3 Hz can trigger seizures (WCAG 2.3.1).</summary>
    public static class Pattern
    {
        public const int Off = 0;
        public const int Steady = 1;

        /// <summary>1 s on, 1 s off.</summary>
        public const int SlowBlink = 2;

        /// <summary>0.5 s on, 0.5 s off.</summary>
        public const int Blink = 3;

        /// <summary>Twice 0.2 s on in 2 s.</summary>
        public const int DoubleBlink = 4;

        /// <summary>0.1 s on in 2 s.</summary>
        public const int Flash = 5;

        /// <summary>Three times 0.2 s on in 2 s: a neighbour's call, and nothing else.</summary>
        public const int TripleBlink = 6;

        private const int PeriodMs = 2000;

        public static bool IsOn(int pattern, long elapsedMs)
        {
            int at = (int)(elapsedMs % PeriodMs);
            switch (pattern)
            {
                case Steady: return true;
                case SlowBlink: return at < 1000;
                case Blink: return at % 1000 < 500;
                case DoubleBlink: return at < 200 || (at >= 400 && at < 600);
                case Flash: return at < 100;
                case TripleBlink: return at < 1000 && at % 400 < 200;
                default: return false;
            }
        }

        /// <summary>How long the output stays as it is, ms; long.MaxValue for ever.</summary>
        public static long UntilChange(int pattern, long elapsedMs)
        {
            int at = (int)(elapsedMs % PeriodMs);
            switch (pattern)
            {
                case SlowBlink: return 1000 - (at % 1000);
                case Blink: return 500 - (at % 500);
                case DoubleBlink: return (at < 200 ? 200 : at < 400 ? 400 : at < 600 ? 600 : PeriodMs) - at;
                case Flash: return (at < 100 ? 100 : PeriodMs) - at;
                case TripleBlink: return at < 1000 ? 200 - (at % 200) : PeriodMs - at;
                default: return long.MaxValue;
            }
        }
    }
}
