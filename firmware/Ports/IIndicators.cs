namespace Gateway.Firmware.Ports
{
    /// <summary>Lamps and sounders of the box. Level only: patterns (blink, beep) are made by Feedback from the clock.</summary>
    public interface IIndicators
    {
        /// <summary>Turns an output on or off; see <see cref="IndicatorId"/>. Cheap: the core calls it only on a change.</summary>
        void Set(int indicator, bool on);
    }
}
