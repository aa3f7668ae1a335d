using Gateway.World.Oracle;

namespace Gateway.World;

/// <summary>What a run came to.</summary>
/// <param name="Signals">Rows on the hub's disk.</param>
/// <param name="Presses">Pushes of help buttons and of hidden switches.</param>
/// <param name="Faults">How often each kind of fault struck.</param>
/// <param name="InvariantsChecked">How often each rule was applied to a fact.</param>
/// <param name="Violation">The first one; the run ended with it.</param>
/// <param name="TraceHash">Equal for equal runs.</param>
/// <param name="Steps">Steps of firmware cores.</param>
/// <param name="StepsLeftOut">Polls in which nothing changed, not run.</param>
/// <param name="Speed">Virtual time over real time.</param>
public sealed record SimulationReport(
    ulong Seed, int Boards, double VirtualDays, long Signals, long Presses, long Incidents, IReadOnlyDictionary<string, long> Faults,
    IReadOnlyDictionary<string, long> InvariantsChecked, Violation? Violation, string TraceHash, long Events, long Steps, long StepsLeftOut, double Speed);
