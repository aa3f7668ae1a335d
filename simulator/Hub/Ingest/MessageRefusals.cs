namespace Gateway.Hub.Ingest;

/// <summary>The names under which the hub refuses what comes up from a board (PROTOCOL.md section 12). They are counted, shown and documented; never renamed.</summary>
public static class MessageRefusals
{
    public const string TooLarge = "too-large";
    public const string NotJson = "not-json";
    public const string BadMac = "bad-mac";
    public const string UnknownVersion = "unknown-version";
    public const string MissingMember = "missing-member";
    public const string OutOfRange = "out-of-range";
    public const string WrongHub = "wrong-hub";
    public const string StaleSession = "stale-session";
    public const string Replayed = "replayed";
    public const string UnknownDevice = "unknown-device";
    public const string UnknownTopic = "unknown-topic";
    public const string VirtualRefused = "virtual-refused";

    /// <summary>Not of the wire: the writer's queue was full, the publish was left unacknowledged and its connection closed.</summary>
    public const string QueueFull = "queue-full";

    /// <summary>Not of the wire: somebody came to the MQTT port under this device's id with a wrong or revoked password, or with another board's certificate.</summary>
    public const string BadCredentials = "bad-credentials";

    public static readonly IReadOnlyList<string> All =
    [
        TooLarge, NotJson, BadMac, UnknownVersion, MissingMember, OutOfRange, WrongHub, StaleSession, Replayed, UnknownDevice, UnknownTopic,
        VirtualRefused, QueueFull, BadCredentials,
    ];
}
