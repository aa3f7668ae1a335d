using Gateway.Hardware.Data;

namespace Gateway.Hardware.Calculation;

/// <summary>The C# constants of the firmware, written from loop-thresholds.json.</summary>
public static class LoopThresholdsSource
{
    public const string Path = "firmware/Inputs/LoopThresholds.cs";

    public static string Write(LoopDesign design)
    {
        var bands = design.BandsMillivolts;
        return $$"""
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
                public const int ShortBelowMillivolts = {{bands.ShortBelow}};

                /// <summary>From ShortBelow up to this: a normally-open contact has closed (Alarm).</summary>
                public const int AlarmLowBelowMillivolts = {{bands.AlarmLowBelow}};

                /// <summary>From AlarmLowBelow up to this: at rest (Normal).</summary>
                public const int NormalBelowMillivolts = {{bands.NormalBelow}};

                /// <summary>From NormalBelow up to this: a normally-closed contact has opened (Alarm). From here on: a wire is cut (OpenFault).</summary>
                public const int AlarmHighBelowMillivolts = {{bands.AlarmHighBelow}};

                /// <summary>A state is left only when the reading is this far beyond its border.</summary>
                public const int HysteresisMillivolts = {{bands.Hysteresis}};

                /// <summary>Pin millivolts = this + counts * AdcMicrovoltsPerCount / 1000, at 12 dB and the nominal reference.</summary>
                public const int AdcOffsetMillivolts = {{design.Adc.OffsetMillivolts}};

                public const int AdcMicrovoltsPerCount = {{design.Adc.MicrovoltsPerCount}};

                /// <summary>Battery millivolts = pin millivolts * BatteryScalePermille / 1000.</summary>
                public const int BatteryScalePermille = {{design.Battery.ScalePermille}};

                public const int BatteryLowMillivolts = {{design.Battery.LowMillivolts}};

                public const int BatteryCriticalMillivolts = {{design.Battery.CriticalMillivolts}};
            }
        }

        """.ReplaceLineEndings("\n");
    }
}
