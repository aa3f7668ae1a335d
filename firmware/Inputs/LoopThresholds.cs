namespace Gateway.Firmware.Inputs
{
    /// <summary>
    /// Millivolts at the pin that separate the states of a supervised loop, and the scale of the two dividers. Written by
    /// "dotnet run --project hardware/Drawings" from hardware/loop-thresholds.json, where every tolerance behind them is stated;
    /// do not edit by hand. One set serves normally-open and normally-closed contacts: both alarms lie on either side of normal.
    /// </summary>
    public static class LoopThresholds
    {
        /// <summary>Below this: the wires touch (ShortFault).</summary>
        public const int ShortBelowMillivolts = 388;

        /// <summary>From ShortBelow up to this: a normally-open contact has closed (Alarm).</summary>
        public const int AlarmLowBelowMillivolts = 817;

        /// <summary>From AlarmLowBelow up to this: at rest (Normal).</summary>
        public const int NormalBelowMillivolts = 1333;

        /// <summary>From NormalBelow up to this: a normally-closed contact has opened (Alarm). From here on: a wire is cut (OpenFault).</summary>
        public const int AlarmHighBelowMillivolts = 1973;

        /// <summary>A state is left only when the reading is this far beyond its border.</summary>
        public const int HysteresisMillivolts = 20;

        /// <summary>Pin millivolts = this + counts * AdcMicrovoltsPerCount / 1000, at 12 dB and the nominal reference.</summary>
        public const int AdcOffsetMillivolts = 142;

        public const int AdcMicrovoltsPerCount = 806;

        /// <summary>Battery millivolts = pin millivolts * BatteryScalePermille / 1000.</summary>
        public const int BatteryScalePermille = 6556;

        public const int BatteryLowMillivolts = 11600;

        public const int BatteryCriticalMillivolts = 11000;
    }
}
