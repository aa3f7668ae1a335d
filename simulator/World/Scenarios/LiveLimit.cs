namespace Gateway.World.Scenarios;

/// <summary>Why a sentence can only be played, and not be told to a running hub and its virtual boards.</summary>
/// <param name="Name">Of the refusal.</param>
internal sealed record LiveLimit(string Name, string Why)
{
    /// <summary>Nothing of a virtual board may ever be mixed with what was counted of real calls.</summary>
    public static readonly LiveLimit NotCounted = new("not-counted", "a call of a virtual board counts in no statistics, and leads to no warning and no review");

    public static readonly LiveLimit HubPower = new("hub-power", "the hub of a demo is one process with its boards: they would lose their power with it");

    public static readonly LiveLimit NotShown = new("not-shown", "no board and no API shows it");
}
