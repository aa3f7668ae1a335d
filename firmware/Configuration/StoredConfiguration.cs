namespace Gateway.Firmware.Configuration
{
    /// <summary>One copy of the stored configuration: what <see cref="ConfigurationFile"/> holds. <see cref="Content"/> is never changed once it is in one.</summary>
    public sealed class StoredConfiguration
    {
        /// <summary>On trial: not yet proved by reaching the hub. Else good.</summary>
        public bool IsTrial;

        /// <summary>Rises with each writing; the sound copy with the higher one counts.</summary>
        public uint Generation;

        /// <summary>Version of the desired configuration that <see cref="Content"/> is; 0: none yet.</summary>
        public int Version;

        /// <summary>The highest version that was ever put on trial.</summary>
        public int Judged;

        /// <summary>What became of <see cref="Judged"/>: a <see cref="ConfigurationState"/>; Applied when there is none.</summary>
        public int Outcome = ConfigurationState.Applied;

        /// <summary>A <see cref="RollbackReason"/>.</summary>
        public int Reason;

        /// <summary>CRC-32 of the payload that carried <see cref="Judged"/>, its MAC left out: it tells two of one version apart.</summary>
        public uint Sum;

        /// <summary>Boots under it while on trial.</summary>
        public int TrialBoots;

        /// <summary>Settings were changed at the box since <see cref="Version"/> was put into force.</summary>
        public bool IsLocal;

        /// <summary>One flat JSON object of settings.</summary>
        public byte[] Content = new byte[] { (byte)'{', (byte)'}' };

        public StoredConfiguration Copy()
        {
            StoredConfiguration copy = new StoredConfiguration();
            copy.IsTrial = IsTrial;
            copy.Generation = Generation;
            copy.Version = Version;
            copy.Judged = Judged;
            copy.Outcome = Outcome;
            copy.Reason = Reason;
            copy.Sum = Sum;
            copy.TrialBoots = TrialBoots;
            copy.IsLocal = IsLocal;
            copy.Content = Content;
            return copy;
        }
    }
}
