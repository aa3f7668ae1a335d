using Gateway.Hardware.Data;

namespace Gateway.Hardware.Calculation;

/// <summary>Battery current per mode and the hours that follow.</summary>
public sealed class PowerBudget(PowerPlan plan)
{
    /// <summary>Milliamperes drawn from the battery without mains.</summary>
    public double BatteryMilliamps(PowerMode mode) => plan.Common.Concat(mode.Loads).Sum(AtBattery);

    /// <summary>Ampere hours that one answered call takes on top.</summary>
    public double CallAh => plan.Call.Sum(l => AtBattery(l) * l.Minutes / 60 / 1000);

    /// <summary>Hours of an old battery in the cold with one call in them.</summary>
    public double Hours(PowerMode mode, double capacityAh, ColdFactor cold) =>
        Math.Max(0, ((capacityAh * plan.AgingFactor * cold.Factor) - CallAh) * 1000 / BatteryMilliamps(mode));

    /// <summary>
    /// Hours until a flat battery is at 80 %: the float voltage drives a current through the limiter into an electromotive force that rises
    /// evenly from 11.6 V (empty) to 13.0 V (full).
    /// </summary>
    public static double HoursToEightyPercent(double floatVolts, double limiterOhm, double capacityAh)
    {
        const double empty = 11.6;
        const double rise = 13.0 - empty;
        var tauHours = limiterOhm * capacityAh / rise;
        return -tauHours * Math.Log(1 - (0.8 * rise / (floatVolts - empty)));
    }

    private double AtBattery(Load load) => load.Rail == "5V"
        ? load.Milliamps * 5 / (plan.BuckEfficiency * (plan.BatteryVolts - plan.DiodeVolts))
        : load.Milliamps;
}
