using Gateway.Hub.Ingest;

namespace Gateway.Hub.Delivery;

/// <summary>A request to a board (PROTOCOL.md section 9). Bounds are those of the protocol; <see cref="Offence"/> names the first member outside.</summary>
public abstract record GatewayCommand(string Name)
{
    public virtual string? Offence => null;

    /// <summary>Name and values, for the diary, the audit chain and the page.</summary>
    public virtual string Text => Name;

    public sealed record ResetLatch(Lane Lane, uint Epoch, uint Seq) : GatewayCommand("resetLatch");

    public sealed record Identify(int Seconds) : GatewayCommand("identify")
    {
        public override string? Offence => Within("seconds", Seconds, 1, 60);

        public override string Text => $"{Name} {Seconds} s";
    }

    public sealed record Siren(int Seconds) : GatewayCommand("siren")
    {
        public override string? Offence => Within("seconds", Seconds, 0, 600);

        public override string Text => $"{Name} {Seconds} s";
    }

    public sealed record Annunciate(int Seconds, int Pattern) : GatewayCommand("annunciate")
    {
        public override string? Offence => Within("seconds", Seconds, 0, 3_600) ?? Within("pattern", Pattern, 1, 4);

        public override string Text => $"{Name} {Seconds} s, pattern {Pattern}";
    }

    public sealed record WatchAlert(int Seconds) : GatewayCommand("watchAlert")
    {
        public override string? Offence => Within("seconds", Seconds, 0, 600);

        public override string Text => $"{Name} {Seconds} s";
    }

    public sealed record TestMode(int Zone, int Minutes) : GatewayCommand("testMode")
    {
        public override string? Offence => Within("zone", Zone, 0, 32) ?? Within("minutes", Minutes, 0, 120);

        public override string Text => $"{Name} zone {Zone}, {Minutes} min";
    }

    public sealed record SelfTest() : GatewayCommand("selfTest");

    public sealed record Reboot() : GatewayCommand("reboot");

    private static string? Within(string member, int value, int min, int max) => value < min || value > max ? $"{member} must be {min}..{max}, not {value}" : null;
}
