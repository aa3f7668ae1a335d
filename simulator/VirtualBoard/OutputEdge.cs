namespace Gateway.VirtualBoard;

/// <summary>An indicator of a board changed.</summary>
/// <param name="Indicator">See <see cref="Firmware.Ports.IndicatorId"/>.</param>
/// <param name="Timestamp">Of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>, taken at the pin.</param>
public readonly record struct OutputEdge(int Indicator, bool On, long Timestamp);
