using Gateway.Hub.Incidents;

namespace Gateway.Hub.Work;

/// <summary>The bounds that the commands of all kinds share.</summary>
internal static class WorkBounds
{
    /// <summary>No plan reaches further than this.</summary>
    public const int PlanMaxDays = 366;

    public static Refusal? Text(string member, string? text) => Length(member, text, WorkCommand.TextMaxChars);

    public static Refusal? Name(string member, string? name) => Length(member, name, WorkCommand.NameMaxChars);

    /// <summary>A text that may be left out.</summary>
    public static Refusal? Optional(string member, string? text) => string.IsNullOrEmpty(text) ? null : Text(member, text);

    public static Refusal? Number(string member, int number, int min, int max) =>
        number >= min && number <= max ? null : OutOfBounds($"{member} is {min} to {max}, not {number}.");

    public static Refusal? Due(string member, DateTimeOffset dueAt, DateTimeOffset now) =>
        dueAt > now && dueAt <= now.AddDays(PlanMaxDays) ? null : OutOfBounds($"{member} lies in the future, at most {PlanMaxDays} days away.");

    public static Refusal OutOfBounds(string sentence) => new(RefusalNames.OutOfBounds, sentence);

    private static Refusal? Length(string member, string? text, int maxChars) =>
        string.IsNullOrWhiteSpace(text) ? new Refusal(RefusalNames.TextMissing, $"{member} must not be empty.")
        : text.Length > maxChars ? OutOfBounds($"{member} has {text.Length} characters; at most {maxChars} are allowed.")
        : null;
}
