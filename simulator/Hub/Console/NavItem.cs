namespace Gateway.Hub.Console;

/// <summary>One entry of the navigation. Other assemblies add theirs: <c>services.AddNavItem(new NavItem(...))</c>.</summary>
/// <param name="Path">Where it leads; the entry is current when the page's path starts with it.</param>
/// <param name="Text">The entry's text in the reader's words.</param>
/// <param name="Right">The right (see <c>Accounts.Rights</c>) without which the entry is not shown.</param>
/// <param name="Order">Entries stand in ascending order; the console's own are 10, 20, 30 ...</param>
public sealed record NavItem(string Path, Func<Words, string> Text, string Right, int Order);
