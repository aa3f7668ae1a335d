namespace Gateway.Firmware.Configuration
{
    /// <summary>What the hub is told of the configuration: what became of the newest one that it asked for ([GW-41], [GW-43]).</summary>
    public sealed class ConfigurationReport
    {
        /// <summary>There is news, or a birth was sent: the report follows it.</summary>
        public bool IsDue { get; private set; }

        /// <summary>The version that it speaks of; 0 before the first.</summary>
        public int Version { get; private set; }

        /// <summary>CRC-32 of the payload that carried it, its MAC left out; 0 when that is not known.</summary>
        public uint Sum { get; private set; }

        /// <summary>A <see cref="ConfigurationState"/>.</summary>
        public int State { get; private set; }

        /// <summary>Why it is refused or rolled back; else empty.</summary>
        public string Reason { get; private set; } = "";

        public void Tell(int version, uint sum, int state, string reason)
        {
            Version = version;
            Sum = sum;
            State = state;
            Reason = reason;
            IsDue = true;
        }

        /// <summary>To be said again, as it is.</summary>
        public void Ask()
        {
            IsDue = true;
        }

        /// <summary>The link has taken it.</summary>
        public void Said()
        {
            IsDue = false;
        }
    }
}
