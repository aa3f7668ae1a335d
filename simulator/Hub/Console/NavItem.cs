namespace Gateway.Hub.Console;

/// <summary>Where an entry of the navigation stands. The groups are shown in this order; one without an entry that the reader may see is left out.</summary>
public enum NavGroup
{
    /// <summary>Beside the groups, always in view: the pages that a call is worked on.</summary>
    Front,

    /// <summary>What the shift does besides the call in hand: incidents, patrol, visits, warnings, statistics, hand-over, review.</summary>
    Work,

    /// <summary>The equipment and the place: gateways, fleet, tests, the demo's boards.</summary>
    Station,

    /// <summary>Accounts, tokens, audit.</summary>
    Administration,

    /// <summary>In the menu under the reader's name, with language, theme and sign-out: settings, help.</summary>
    Own,
}

/// <summary>One entry of the navigation. Other rooms and assemblies add theirs: <c>services.AddNavItem(new NavItem(...))</c>.</summary>
/// <param name="Path">Where it leads; the entry is current when the page's path starts with it.</param>
/// <param name="Text">The entry's text in the reader's words.</param>
/// <param name="Right">The right (see <c>Accounts.Rights</c>) without which the entry is not shown; null shows it to everybody who is signed in.</param>
/// <param name="Order">Entries of a group stand in ascending order; leave gaps.</param>
public sealed record NavItem(string Path, Func<Words, string> Text, string? Right, int Order, NavGroup Group = NavGroup.Work)
{
    /// <summary>Whether a page at this path is the entry's own or below it.</summary>
    public bool IsCurrent(string path) => path.Equals(Path, StringComparison.Ordinal) || path.StartsWith(Path + "/", StringComparison.Ordinal);
}
