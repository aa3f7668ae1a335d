namespace Gateway.Hub.Fleet;

/// <summary>What one setting of a board may be. The bounds are the board's own (firmware/README.md, "Settings"); a test holds the two together.</summary>
/// <param name="Max">For a number its highest value, for a text its most characters; 0 for a switch.</param>
public sealed record SettingRule(string Name, SettingKind Kind, int Min, int Max, object Default);

public enum SettingKind
{
    Switch,
    Number,
    Text,
}

/// <summary>Why a set of settings cannot be sent: the name of the offence, the member, and a sentence.</summary>
public sealed record SettingOffence(string Name, string Member, string Text);

/// <summary>The settings that the hub may ask of a board [GW-42], and their bounds. Identity, keys and addresses are not among them: those come by provisioning.</summary>
public static class SettingRules
{
    public const string UnknownMember = "unknown-member";
    public const string WrongType = "wrong-type";
    public const string OutOfRange = "out-of-range";

    public static readonly IReadOnlyList<SettingRule> All =
    [
        Switch("annunciator", false),
        Switch("buzzer", true),
        Number("cancelWindowS", 0, 300, 30),
        Number("debounceMs", 10, 200, 30),
        Number("glitchMs", 5, 25, 20),
        Switch("metered", false),
        Switch("siren", false),
        Number("stuckS", 10, 600, 30),
    ];

    public static SettingRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>The first offence, in the order of the members; null when a board would take them all.</summary>
    public static SettingOffence? Check(BoardSettings settings)
    {
        foreach (var (name, value) in settings.Members)
        {
            if (Find(name) is not { } rule)
            {
                return new SettingOffence(UnknownMember, name, $"There is no setting '{name}'.");
            }

            if (Offence(rule, value) is { } offence)
            {
                return offence;
            }
        }

        return null;
    }

    private static SettingOffence? Offence(SettingRule rule, object value) => (rule.Kind, value) switch
    {
        (SettingKind.Switch, bool) => null,
        (SettingKind.Number, long number) when number >= rule.Min && number <= rule.Max => null,
        (SettingKind.Text, string text) when text.Length >= rule.Min && text.Length <= rule.Max && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\')) => null,
        (SettingKind.Number, long) => new SettingOffence(OutOfRange, rule.Name, $"'{rule.Name}' is {rule.Min} to {rule.Max}."),
        (SettingKind.Text, string) => new SettingOffence(OutOfRange, rule.Name, $"'{rule.Name}' has {rule.Min} to {rule.Max} printable characters without quotes and backslashes."),
        (SettingKind.Switch, _) => new SettingOffence(WrongType, rule.Name, $"'{rule.Name}' is true or false."),
        (SettingKind.Number, _) => new SettingOffence(WrongType, rule.Name, $"'{rule.Name}' is a whole number."),
        _ => new SettingOffence(WrongType, rule.Name, $"'{rule.Name}' is a text."),
    };

    private static SettingRule Switch(string name, bool otherwise) => new(name, SettingKind.Switch, 0, 0, otherwise);

    private static SettingRule Number(string name, int min, int max, int otherwise) => new(name, SettingKind.Number, min, max, (long)otherwise);
}
