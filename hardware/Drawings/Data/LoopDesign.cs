namespace Gateway.Hardware.Data;

/// <summary>hardware/loop-thresholds.json: what the loop calculation assumes and the bands that follow from it.</summary>
public sealed record LoopDesign(
    EndOfLine EndOfLine,
    LoopAssumptions Assumptions,
    AdcScale Adc,
    LoopBands BandsMillivolts,
    BatteryScale Battery);

public sealed record EndOfLine(double ReOhm, double RbOhm, double RaOhm, double TolerancePercent);

public sealed record LoopAssumptions(
    double ResistorTolerancePercent,
    double ResistorTempcoPpmPerK,
    double TemperatureMinC,
    double TemperatureMaxC,
    double ReferenceTemperatureC,
    double LoopSupplyMillivolts,
    double LoopSupplyTolerancePercent,
    double WireResistanceMaxOhm,
    double ContactResistanceMaxOhm,
    double CableLeakageMinOhm,
    double AdcVrefMinMillivolts,
    double AdcVrefNominalMillivolts,
    double AdcVrefMaxMillivolts,
    double AdcResidualMillivolts)
{
    /// <summary>Relative error of one resistor over tolerance and temperature, worst case.</summary>
    public double ResistorError =>
        (ResistorTolerancePercent / 100)
        + (ResistorTempcoPpmPerK * 1e-6 * Math.Max(ReferenceTemperatureC - TemperatureMinC, TemperatureMaxC - ReferenceTemperatureC));
}

public sealed record AdcScale(int OffsetMillivolts, int MicrovoltsPerCount);

public sealed record LoopBands(int ShortBelow, int AlarmLowBelow, int NormalBelow, int AlarmHighBelow, int Hysteresis);

public sealed record BatteryScale(double DividerTopOhm, double DividerBottomOhm, int LowMillivolts, int CriticalMillivolts, int DisconnectMillivolts)
{
    public int ScalePermille => (int)Math.Round(1000 * (DividerTopOhm + DividerBottomOhm) / DividerBottomOhm);
}
