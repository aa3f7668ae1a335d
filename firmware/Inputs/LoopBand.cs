namespace Gateway.Firmware.Inputs
{
    /// <summary>
    /// The five bands of a supervised loop, from 0 mV upwards. Their borders are in <see cref="LoopThresholds"/>, computed from the end-of-line
    /// resistors and all tolerances in hardware/.
    /// </summary>
    public static class LoopBand
    {
        /// <summary>The wires touch.</summary>
        public const int Short = 0;

        /// <summary>A normally-open contact has closed.</summary>
        public const int AlarmLow = 1;

        public const int Normal = 2;

        /// <summary>A normally-closed contact has opened.</summary>
        public const int AlarmHigh = 3;

        /// <summary>A wire is cut, or the channel cannot be read: nobody watches this line.</summary>
        public const int Open = 4;

        /// <summary>The band of a reading. The present one is left only when the reading is beyond its border by the hysteresis.</summary>
        /// <param name="millivolts">Negative when the channel cannot be read.</param>
        public static int Of(int millivolts, int present)
        {
            if (millivolts < 0)
            {
                return Open;
            }

            bool isStillThere = millivolts >= From(present) - LoopThresholds.HysteresisMillivolts
                && (present == Open || millivolts < From(present + 1) + LoopThresholds.HysteresisMillivolts);
            if (isStillThere)
            {
                return present;
            }

            int band = Open;
            while (band > Short && millivolts < From(band))
            {
                band--;
            }

            return band;
        }

        /// <summary>The least reading of a band, mV.</summary>
        private static int From(int band)
        {
            switch (band)
            {
                case Short: return 0;
                case AlarmLow: return LoopThresholds.ShortBelowMillivolts;
                case Normal: return LoopThresholds.AlarmLowBelowMillivolts;
                case AlarmHigh: return LoopThresholds.NormalBelowMillivolts;
                default: return LoopThresholds.AlarmHighBelowMillivolts;
            }
        }
    }
}
