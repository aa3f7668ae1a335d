namespace Gateway.Loads.Fleet;

/// <summary>How the boards of a fleet behave. Rates are per board and minute; shares are of all boards.</summary>
/// <param name="Events">Contacts and patrols.</param>
/// <param name="Presses">First presses of the help button; a latched call is reset by the key some seconds later.</param>
/// <param name="LinkLosses">Links that go without a word, and come back after <paramref name="AwaySeconds"/> at most.</param>
/// <param name="OutageShare">At a fifth of the time so many lose the mains, and half of these the link; at three fifths all come back at once.</param>
/// <param name="PanicShare">At a fifth of the time so many press within ten seconds.</param>
public sealed record FleetProfile(string Name, double Events, double Presses, double LinkLosses, int AwaySeconds = 20, double OutageShare = 0, double PanicShare = 0)
{
    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, FleetProfile> All { get; } = new FleetProfile[]
    {
        new("quiet-night", Events: 0.05, Presses: 0.01, LinkLosses: 0.005),
        new("shearing-season", Events: 4, Presses: 0.05, LinkLosses: 0.02),
        new("storm", Events: 2, Presses: 0.1, LinkLosses: 1),
        new("grid-outage", Events: 0.2, Presses: 0.05, LinkLosses: 0.02, OutageShare: 0.9),
        new("mass-panic", Events: 0.5, Presses: 0.1, LinkLosses: 0.02, PanicShare: 0.6),
    }.ToDictionary(profile => profile.Name, StringComparer.Ordinal);
}
