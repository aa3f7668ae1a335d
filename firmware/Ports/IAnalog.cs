namespace Gateway.Firmware.Ports
{
    /// <summary>The analogue inputs: four supervised loops and the battery divider. Millivolts at the pin.</summary>
    public interface IAnalog
    {
        int Count { get; }

        /// <summary>Millivolts at the pin, 0..3300; -1 when the channel cannot be read.</summary>
        int ReadMillivolts(int channel);
    }
}
