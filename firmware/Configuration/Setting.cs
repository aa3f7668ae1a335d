namespace Gateway.Firmware.Configuration
{
    /// <summary>One row of the table of settings: its name, its type and bounds, and who may set it.</summary>
    public sealed class Setting
    {
        public const int Text = 1;
        public const int Number = 2;
        public const int Flag = 3;

        public readonly string Name;

        /// <summary><see cref="Text"/>, <see cref="Number"/> or <see cref="Flag"/>.</summary>
        public readonly int Type;

        /// <summary>The least number, or the least number of characters.</summary>
        public readonly int Min;

        public readonly int Max;

        /// <summary>The hub may set it, and it is reported. All others are set at the box and never leave it.</summary>
        public readonly bool IsHubs;

        /// <summary>Never shown, never sent.</summary>
        public readonly bool IsSecret;

        public Setting(string name, int type, int min, int max, bool isHubs, bool isSecret)
        {
            Name = name;
            Type = type;
            Min = min;
            Max = max;
            IsHubs = isHubs;
            IsSecret = isSecret;
        }
    }
}
