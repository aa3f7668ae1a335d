namespace Gateway.Firmware.Ports
{
    /// <summary>The monotonic clock. All intervals come from it; wall time is data (<see cref="IWallClock"/>).</summary>
    public interface IClock
    {
        /// <summary>Milliseconds since this boot, never backwards, not moved by SNTP. On the board: Environment.TickCount64.</summary>
        long NowMs { get; }
    }
}
