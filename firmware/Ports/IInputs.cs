namespace Gateway.Firmware.Ports
{
    /// <summary>
    /// The digital inputs, already translated so that true means "asserted" (button pressed, contact open for a normally-closed door, mains present).
    /// An edge is a hint to sample early; the sampled level is the truth. So the port also says whether an input was asserted at any moment
    /// since the last call: the adapter latches that in its interrupt handler, and a press shorter than one loop is not missed.
    /// </summary>
    public interface IInputs
    {
        /// <summary>How many inputs there are; ids run from 0. See <see cref="InputId"/>.</summary>
        int Count { get; }

        /// <summary>The level now.</summary>
        bool IsAsserted(int input);

        /// <summary>
        /// Monotonic time at which the first edge towards "asserted" since the previous call was told, or -1 if there was none; reading clears it. The first, because
        /// a press that came and went while the loop wrote to flash ends in bounces, and the last of them says nothing of how long it was. After a stall of the
        /// interpreter that is later than the edge, at most by the stall.
        /// The queue of edges on the board drops the oldest when full: an edge may be missed, a level may not.
        /// </summary>
        long TakeAssertedEdgeMs(int input);
    }
}
