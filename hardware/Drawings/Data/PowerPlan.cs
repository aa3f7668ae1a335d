namespace Gateway.Hardware.Data;

/// <summary>hardware/power.json: what each part takes and what a battery gives.</summary>
public sealed record PowerPlan(
    double BatteryVolts,
    double DiodeVolts,
    double BuckEfficiency,
    double AgingFactor,
    IReadOnlyList<ColdFactor> Temperature,
    IReadOnlyList<double> BatteriesAh,
    IReadOnlyList<Load> Common,
    IReadOnlyList<PowerMode> Modes,
    IReadOnlyList<Load> Call,
    IReadOnlyList<Load> Peak);

public sealed record ColdFactor(double Celsius, double Factor, string Note);

/// <summary>Rail: 5V, VBUS or BAT. Minutes only for loads of a call.</summary>
public sealed record Load(string Name, string Rail, double Milliamps, double Minutes = 0);

public sealed record PowerMode(string Id, string Name, IReadOnlyList<Load> Loads);
