namespace Gateway.VirtualBoard.Simulated;

/// <summary>Thrown from <see cref="SimulatedFlash.OnWrite"/> to take the board's power at that moment; every later call of the flash and the log throws it again.</summary>
public sealed class SimulatedPowerCut() : Exception("The simulated board has no power.");
