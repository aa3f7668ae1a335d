using Gateway.Hardware.Calculation;

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
    IReadOnlyList<Load> Peak,
    SupplyInput Supply,
    IReadOnlyList<Outlet> Outlets);

/// <summary>The supplies that may be connected at J1, with the percent that they may be under and over their nominal volts.</summary>
public sealed record SupplyInput(double LowestNominalVolts, double UnderPercent, double HighestNominalVolts, double OverPercent)
{
    public Span Volts => new(LowestNominalVolts * (1 - (UnderPercent / 100)), HighestNominalVolts * (1 + (OverPercent / 100)));
}

/// <summary>A 12 V terminal ("J3.AUX+") behind a resettable fuse: its largest continuous load and the fuse's largest resistance.</summary>
public sealed record Outlet(string Terminal, string Fuse, double MaxAmps, double FuseMaxOhm);

public sealed record ColdFactor(double Celsius, double Factor, string Note);

/// <summary>Rail: 5V, VBUS or BAT. Minutes only for loads of a call.</summary>
public sealed record Load(string Name, string Rail, double Milliamps, double Minutes = 0);

public sealed record PowerMode(string Id, string Name, IReadOnlyList<Load> Loads);
