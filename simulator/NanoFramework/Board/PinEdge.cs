namespace Gateway.NanoFramework.Board;

/// <summary>An output pin changed its level. <paramref name="Timestamp"/> is of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>, taken at the change.</summary>
public readonly record struct PinEdge(int Pin, bool High, long Timestamp);
