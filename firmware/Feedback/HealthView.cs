namespace Gateway.Firmware.Feedback
{
    /// <summary>What the health lamp tells. Nothing in it comes from a silent call (I7).</summary>
    public sealed class HealthView
    {
        public bool Online;
        public bool MainsPresent = true;
        public bool HasFault;

        /// <summary>A fault goes before a lost link, that before lost mains.</summary>
        public int Pattern()
        {
            if (HasFault)
            {
                return Feedback.Pattern.DoubleBlink;
            }

            if (!Online)
            {
                return Feedback.Pattern.SlowBlink;
            }

            return MainsPresent ? Feedback.Pattern.Steady : Feedback.Pattern.Flash;
        }
    }
}
