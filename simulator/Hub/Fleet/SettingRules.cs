namespace Gateway.Hub.Fleet;

public enum SettingKind
{
    Switch,
    Number,
    Text,

    /// <summary>A zone, written as words (<see cref="ZoneText"/>).</summary>
    Zone,
}

/// <summary>What one setting of a board may be: a row of the table of settings in PROTOCOL.md section 10. A test holds the two together.</summary>
/// <param name="Min">For a number its lowest value, for a text its fewest characters.</param>
/// <param name="Max">For a number its highest value, for a text its most characters.</param>
/// <param name="Default">What the board takes when the setting is not sent; null when that is what it was provisioned with.</param>
public sealed record SettingRule(string Name, SettingKind Kind, int Min, int Max, object? Default);

/// <summary>Why a set of settings cannot be sent: the name of the offence as a board would say it, the member, and a sentence.</summary>
public sealed record SettingOffence(string Name, string Member, string Text);

/// <summary>The settings that the hub may ask of a board [GW-42], and their bounds: what a board would refuse is refused here, by the same names.</summary>
public static class SettingRules
{
    /// <summary>The table of settings that these are: the `schema` of a desired configuration.</summary>
    public const int Schema = 1;

    public const string UnknownMember = "unknown-member";
    public const string NotSettable = "not-settable";
    public const string WrongType = "wrong-type";
    public const string OutOfRange = "out-of-range";
    public const string Conflict = "conflict";

    public static readonly IReadOnlyList<SettingRule> All =
    [
        Text("host", 1, 64, null),
        Number("port", 1, 65_535, 1_883),
        Text("host2", 1, 64, null),
        Number("port2", 1, 65_535, null),
        Switch("tls", false),
        Switch("metered", false),
        Switch("buzzer", true),
        Switch("siren", false),
        Switch("annunciator", false),
        Number("glitchMs", 5, 25, 20),
        Number("debounceMs", 10, 200, 30),
        Number("stuckS", 10, 600, 30),
        Number("cancelWindowS", 0, 300, 30),
        Number("trialMin", 2, 60, 10),
        Switch("helpLoop", true),
        Number("swingerAlarms", 0, 20, 5),
        Number("batteryLowMv", 9_000, 14_000, 11_600),
        Number("batteryCriticalMv", 9_000, 14_000, 11_000),
        Number("batteryPermille", 800, 1_200, 1_000),
        Number("utcOffsetMin", -840, 840, 480),
        Zone("zone3", "contact1 door"),
        Zone("zone4", "contact2 door"),
        Zone("zone5", ""),
        Zone("zone6", ""),
        Zone("zone7", ""),
        Zone("zone8", ""),
    ];

    /// <summary>What only the box itself may be told.</summary>
    private static readonly string[] BoxOnly = ["device", "key", "user", "password", "virtual", "ssid", "wifiPassword"];

    public static SettingRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>The first offence, in the order of the members; null when a board would take them all.</summary>
    public static SettingOffence? Check(BoardSettings settings)
    {
        foreach (var (name, value) in settings.Members)
        {
            if (Find(name) is not { } rule)
            {
                return BoxOnly.Contains(name)
                    ? new SettingOffence(NotSettable, name, $"'{name}' is set at the box only.")
                    : new SettingOffence(UnknownMember, name, $"There is no setting '{name}'.");
            }

            if (Offence(rule, value) is { } offence)
            {
                return offence;
            }
        }

        return Together(settings);
    }

    private static SettingOffence? Offence(SettingRule rule, object value) => (rule.Kind, value) switch
    {
        (SettingKind.Switch, bool) => null,
        (SettingKind.Number, long number) when number >= rule.Min && number <= rule.Max && !(rule.Name == "swingerAlarms" && number is 1 or 2) => null,
        (SettingKind.Text, string text) when IsText(text, rule) => null,
        (SettingKind.Zone, string text) when IsText(text, rule) && (text.Length == 0 || ZoneText.InputOf(text) is not null) => null,
        (SettingKind.Number, long) => new SettingOffence(OutOfRange, rule.Name, $"'{rule.Name}' is {rule.Min} to {rule.Max}{(rule.Name == "swingerAlarms" ? ", but not 1 or 2" : "")}."),
        (SettingKind.Text, string) => new SettingOffence(OutOfRange, rule.Name, $"'{rule.Name}' has {rule.Min} to {rule.Max} printable characters without quotes and backslashes."),
        (SettingKind.Zone, string) => new SettingOffence(OutOfRange, rule.Name, $"'{rule.Name}' is empty, or INPUT KIND [life] [disarm=HHMM-HHMM] [name=TEXT], at most {rule.Max} characters."),
        (SettingKind.Switch, _) => new SettingOffence(WrongType, rule.Name, $"'{rule.Name}' is true or false."),
        (SettingKind.Number, _) => new SettingOffence(WrongType, rule.Name, $"'{rule.Name}' is a whole number."),
        _ => new SettingOffence(WrongType, rule.Name, $"'{rule.Name}' is a text."),
    };

    /// <summary>What no single setting can get wrong: one input in two zones, a critical battery that is not below a low one. Defaults count as sent.</summary>
    private static SettingOffence? Together(BoardSettings settings)
    {
        object? InForce(string name) => settings.Members.GetValueOrDefault(name) ?? Find(name)!.Default;
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var zone in All.Where(rule => rule.Kind == SettingKind.Zone))
        {
            if (ZoneText.InputOf((string)InForce(zone.Name)!) is { } input && !taken.Add(input))
            {
                return new SettingOffence(Conflict, zone.Name, $"The input of '{zone.Name}', {input}, is in another zone already.");
            }
        }

        return (long)InForce("batteryCriticalMv")! < (long)InForce("batteryLowMv")!
            ? null
            : new SettingOffence(Conflict, "batteryCriticalMv", "'batteryCriticalMv' is below 'batteryLowMv'.");
    }

    private static bool IsText(string text, SettingRule rule) =>
        text.Length >= rule.Min && text.Length <= rule.Max && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'));

    private static SettingRule Switch(string name, bool otherwise) => new(name, SettingKind.Switch, 0, 0, otherwise);

    private static SettingRule Number(string name, int min, int max, int? otherwise) => new(name, SettingKind.Number, min, max, (long?)otherwise);

    private static SettingRule Text(string name, int min, int max, string? otherwise) => new(name, SettingKind.Text, min, max, otherwise);

    private static SettingRule Zone(string name, string otherwise) => new(name, SettingKind.Zone, 0, 64, otherwise);
}
